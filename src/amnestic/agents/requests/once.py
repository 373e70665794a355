"""What is found of one piece of text is found once for each reading of a request.

The readers of a request ask the same of the same sentences. What they were told is kept for as long
as one request is read, and no longer: it holds words of the request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

from amnestic.tools.reading import segments as cut_into_segments

__all__ = ["once", "one_reading", "segments"]

Found = TypeVar("Found")

_known: ContextVar[dict[tuple[Callable[..., Any], str], Any] | None] = ContextVar(
    "amnestic-one-reading", default=None
)


@contextmanager
def one_reading() -> Iterator[None]:
    """The time in which one request is read. A reading within another belongs to it."""
    if _known.get() is not None:
        yield
        return
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(look: Callable[[str], Found]) -> Callable[[str], Found]:
    """`look`, which is called once for each text in the time of one reading, and each time outside
    of one. For functions of the text alone, whose finds nobody changes.

    >>> looked = []
    >>> upper = once(lambda text: looked.append(text) or text.upper())
    >>> with one_reading():
    ...     upper("osk"), upper("osk")
    ('OSK', 'OSK')
    >>> upper("osk"), looked
    ('OSK', ['osk', 'osk'])
    """

    @wraps(look)
    def found(text: str) -> Found:
        known = _known.get()
        if known is None:
            return look(text)
        key = look, text
        if key not in known:
            known[key] = look(text)
        kept: Found = known[key]
        return kept

    return found


segments = once(cut_into_segments)
