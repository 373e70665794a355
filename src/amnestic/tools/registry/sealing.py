"""How a sealed target stands in the tables: its open fields in clear, and all else in one column.

The column is bound to the open fields: a row in which any of them was changed by hand, or that was
put in another's place, does not open.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from amnestic.exceptions import RegistryCorruptError
from amnestic.tools.registry.schema import read_target, target_row
from amnestic.tools.registry.seals import Seals
from amnestic.types import OPEN_FIELDS, ForgetTarget

__all__ = ["hashes_of", "opened_row", "opened_version", "sealed_row", "sealed_version"]


def sealed_row(target: ForgetTarget, seals: Seals) -> dict[str, Any]:
    """The columns of a sealed target."""
    hidden = target.model_dump(mode="json", exclude=set(OPEN_FIELDS))
    blank = target_row(target.masked())
    nothing = dict.fromkeys(("subject", "search", "sort_name"), "")
    return blank | nothing | {"sealed": seals.seal(hidden, _bound(target))}


def opened_row(row: Mapping[Any, Any], seals: Seals) -> ForgetTarget:
    """The sealed target that a row holds; raises `SealError` where it cannot be opened."""
    shown = read_target(row, ())
    what = f"the target `{shown.id}`"
    hidden = seals.opened(row["sealed"], _bound(shown), what)
    return _target_of({**hidden, **{name: getattr(shown, name) for name in OPEN_FIELDS}}, what)


def sealed_version(target: ForgetTarget, seals: Seals) -> str:
    """What is kept of a sealed target before it is edited."""
    told = target.model_dump(mode="json")
    return seals.seal(told, _bound_version(target.id, target.version, target.namespace))


def opened_version(sealed: str, target: ForgetTarget, version: int, seals: Seals) -> ForgetTarget:
    """The version that was kept of a sealed target, which is told as it is now."""
    what = f"version {version} of the target `{target.id}`"
    told = seals.opened(sealed, _bound_version(target.id, version, target.namespace), what)
    return _target_of(told, what)


def hashes_of(target: ForgetTarget, seals: Seals) -> list[str]:
    """The hashes of a sealed target's names and identifiers under the key that seals."""
    told = (target.subject, *target.aliases, *target.translations, *target.terms)
    values = (identifier.value for identifier in target.identifiers)
    hashes = (seals.hashed(words, target.namespace)[0] for words in (*told, *values))
    return list(dict.fromkeys(hashes))


def _target_of(told: Any, what: str) -> ForgetTarget:
    """The target that plain data tells; the error of one that does not hold its words."""
    try:
        return ForgetTarget.model_validate(told)
    except (TypeError, ValueError):
        raise RegistryCorruptError(
            f"{what} holds what this version does not know; install a newer amnestic"
        ) from None


def _bound(target: ForgetTarget) -> str:
    told = target.model_dump(mode="json", include=set(OPEN_FIELDS))
    return json.dumps(told, ensure_ascii=False, sort_keys=True)


def _bound_version(target_id: str, version: int, namespace: str) -> str:
    return json.dumps(["version", target_id, version, namespace], ensure_ascii=False)
