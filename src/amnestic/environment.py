"""Reading settings: what the environment names, what it misspells, and what cannot be."""

from __future__ import annotations

import difflib
import logging
import os
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any, TypeVar

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsError

from amnestic.exceptions import ConfigurationError

__all__ = ["made", "misspelt", "tell_of_unknown"]

S = TypeVar("S", bound=BaseSettings)

_log = logging.getLogger(__name__)


def made(kind: type[S], values: dict[str, Any]) -> S:
    """Settings of a kind, from `values`, then from the environment. Raises `ConfigurationError` in
    one line that names the setting and its variable, and never a value: it may be a key."""
    try:
        return kind(**values)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        field, *inner = map(str, first["loc"])
        raise ConfigurationError(
            _line(kind, field, ".".join([field, *inner]), first["msg"])
        ) from None
    except SettingsError as error:
        field = next((name for name in kind.model_fields if f'"{name}"' in str(error)), "")
        raise ConfigurationError(_line(kind, field, field, "it is not JSON")) from None


def _line(kind: type[BaseSettings], field: str, name: str, what: str) -> str:
    variable = f"{kind.model_config.get('env_prefix', '')}{field}".upper()
    return f"setting {name!r} ({variable}): {what}; see docs/settings.md"


def misspelt(names: Iterable[str], known: Iterable[str]) -> list[tuple[str, str | None]]:
    """Names that are not known, each with the known one that it is most like.

    >>> misspelt(["AMNESTIC_MODLE", "AMNESTIC_MODEL"], ["AMNESTIC_MODEL", "AMNESTIC_DB"])
    [('AMNESTIC_MODLE', 'AMNESTIC_MODEL')]
    """
    every = sorted(known)
    unknown = sorted(set(names) - set(every))
    return [(n, next(iter(difflib.get_close_matches(n, every, 1, 0.7)), None)) for n in unknown]


@cache
def tell_of_unknown(known: Callable[[], frozenset[str]], prefix: str, but: str = "\0") -> None:
    """Warn once of each variable of the environment that begins with `prefix`, and not with `but`,
    and is none of `known()`. Values are not told."""
    given = [name for name in os.environ if name.startswith(prefix) and not name.startswith(but)]
    for name, nearest in misspelt(given, known()):
        meant = f"; did you mean {nearest}?" if nearest else "; see docs/settings.md"
        _log.warning("the environment variable %s is not known%s", name, meant)
