"""The pieces of an answer in prose whose form must hold: tables, code, records and the like."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from amnestic.tools.documents.fences import code_tail, fences_in, rest_of_code
from amnestic.tools.documents.islands import bound, islands_in, tables_in
from amnestic.tools.documents.records import Leaks
from amnestic.tools.prose import Shape
from amnestic.types import Span

__all__ = ["shapes_in"]

_Redact = Callable[[str, Leaks], str]


def shapes_in(text: str, leaks: Leaks, names: Sequence[str] = ()) -> tuple[Shape, ...]:
    """The pieces of an answer in prose whose form must hold, in order.

    `names` are the targets' names as they stand in the text: in code they give way to a general
    word where that is enough.

    >>> text = "Found: [{\\"name\\": \\"Osk\\"}] in all."
    >>> [s.redact(text[s.span.start : s.span.end]) for s in shapes_in(text, lambda s: "Osk" in s)]
    ['[]']
    """
    found: list[Shape] = []
    at = 0
    for span, redact in _islands(text, names):
        if span.start >= at:
            found.append(Shape(span, bound(redact, leaks)))
            at = span.end
    return tuple(found)


def _islands(text: str, names: Sequence[str]) -> Iterator[tuple[Span, _Redact]]:
    """The shaped pieces between and in fences, in order."""
    at = code_tail(text)
    if at:
        yield Span(0, at), lambda piece, leaks: rest_of_code(piece, leaks, names)
    for span, redact in fences_in(text, names, at):
        yield from _unfenced(text, at, span.start)
        yield span, redact
        at = span.end
    yield from _unfenced(text, at, len(text))


def _unfenced(text: str, begin: int, end: int) -> Iterator[tuple[Span, _Redact]]:
    tables = [(Span(begin + span.start, begin + span.end), redact)
              for span, redact in tables_in(text[begin:end])]  # fmt: skip
    found = [*tables, *islands_in(text, begin, end)]
    yield from sorted(found, key=lambda f: (f[0].start, -f[0].end))
