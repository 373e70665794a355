"""One file of settings, beside the environment: TOML or YAML, with the server's in `server`.

No error tells a value, which may be a key.
"""

from __future__ import annotations

import logging
import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from amnestic.exceptions import ConfigurationError
from amnestic.private_files import others_may_read

__all__ = ["CONFIG", "check_names", "config_in", "has_password", "warn_of_keys"]

CONFIG = "AMNESTIC_CONFIG"
"""The variable that names the file."""

_log = logging.getLogger("amnestic.config")
_MOST_BYTES = 1_000_000
_AT = re.compile(r"line \d+, column \d+|end of document")


def config_in(file: Path) -> dict[str, Any]:
    """What a file says. Raises `ConfigurationError` for one that cannot be read.

    >>> import tempfile
    >>> with tempfile.NamedTemporaryFile("w+", suffix=".toml") as made:
    ...     _ = made.write("rounds = 1")
    ...     made.flush()
    ...     config_in(Path(made.name))
    {'rounds': 1}
    """
    readers = {".toml": _toml, ".yaml": _yaml, ".yml": _yaml}
    if (read := readers.get(file.suffix.lower())) is None:
        raise _refused(file, "name it .toml or .yaml, which says in what it is written")
    try:
        with file.open("rb") as stream:
            content = stream.read(_MOST_BYTES + 1)
        text = content.decode("utf-8-sig")
    except OSError as error:
        raise _refused(file, error.strerror or type(error).__name__) from None
    except UnicodeDecodeError:
        raise _refused(file, "it is no text in UTF-8") from None
    if len(content) > _MOST_BYTES:
        raise _refused(file, f"it has more than {_MOST_BYTES:,} bytes")
    told = read(file, text)
    if not isinstance(told, dict) or not all(isinstance(key, str) for key in told):
        raise _refused(file, "write a line such as `rounds = 1` for each setting")
    return told


def _toml(file: Path, text: str) -> Any:
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise _refused(file, f"it is no TOML ({_place_in(str(error))})") from None


def _yaml(file: Path, text: str) -> Any:
    import yaml  # type: ignore[import-untyped]

    try:
        return yaml.safe_load(text) or {}
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        at = f"line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise _refused(file, f"it is no YAML ({_place_in(at)})") from None


def _place_in(message: str) -> str:
    found = _AT.search(message)
    return found.group() if found else "somewhere in it"


def _refused(file: Path, why: str) -> ConfigurationError:
    return ConfigurationError(f"the settings in `{file}` cannot be read: {why}")


def check_names(file: Path, told: Mapping[str, Any], known: Mapping[str, Collection[str]]) -> None:
    """Refuse what is no setting. `known` has the settings of each table, "" for those outside of
    all. Raises `ConfigurationError` for the first, with the one that is nearest to it."""
    every = [f"{table}.{name}".lstrip(".") for table, names in known.items() for name in names]
    for name in _names(told, known):
        if name in every or name in known:
            continue
        alone = {known_name.rpartition(".")[2]: known_name for known_name in every}
        near = get_close_matches(name, every, 1) or get_close_matches(name, alone, 1)
        meant = f"did you mean `{alone.get(near[0], near[0])}`?" if near else "see docs/settings.md"
        raise ConfigurationError(f"`{file}`: {name!r} is no setting; {meant}")
    for table in known:
        if table and not isinstance(told.get(table, {}), Mapping):
            raise ConfigurationError(f"`{file}`: {table!r} is a table, such as [{table}] in TOML")


def _names(told: Mapping[str, Any], known: Mapping[str, Collection[str]]) -> Iterator[str]:
    for name, value in told.items():
        if name in known and isinstance(value, Mapping):
            yield from (f"{name}.{inner}" for inner in value)
        else:
            yield name


@cache
def warn_of_keys(file: Path) -> None:
    """Warn, once in a process, of a file that holds secrets and that others may read."""
    if others_may_read(file):
        _log.warning("`%s` holds keys, and other users may read it; `chmod 600` it", file)


def has_password(value: Any) -> bool:
    """Whether a value is an address with a password in it.

    >>> has_password("postgresql://me:word@host/db"), has_password("https://api.example/v1")
    (True, False)
    """
    try:
        return isinstance(value, str) and bool(urlsplit(value).password)
    except ValueError:
        return False
