"""Putting something else at any one place of a JSON value."""

from __future__ import annotations

import copy
from collections.abc import Collection, Iterator
from typing import Any

__all__ = ["changed", "places"]

Place = tuple[Any, ...]
"""The keys and the indices that lead to a value inside of another."""


def places(value: Any, path: Place = (), *, but: Collection[str] = ()) -> Iterator[Place]:
    """The places of all values inside of a value, but those under some keys."""
    if not isinstance(value, dict | list):
        return
    for key, held in value.items() if isinstance(value, dict) else enumerate(value):
        if key not in but:
            yield (*path, key)
            yield from places(held, (*path, key), but=but)


def changed(value: Any, place: Place, held: Any) -> Any:
    """A copy of a value with something else at one place."""
    found = copy.deepcopy(value)
    holder = found
    for key in place[:-1]:
        holder = holder[key]
    holder[place[-1]] = held
    return found
