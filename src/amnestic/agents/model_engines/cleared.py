"""What judges of this request have found nothing in, sentence by sentence.

Detectors are not easy about much that a judge clears. What was cleared stays so for the rest of the
request: in the rewriter's pieces, under the local critic and in the last audit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from amnestic.agents.ledger import current_ledger
from amnestic.tools.protocols import Context, Detector
from amnestic.tools.reading import segments
from amnestic.types import Assessment, Band, ForgetTarget, Span

__all__ = ["CertainOnly", "clear", "without_cleared"]


_MARKER = re.compile(r"\s*(?:[>#*+•-]+|\d+[.)])+\s")
_WORD = re.compile(r"[^\W_]+")


def clear(text: str, target_id: str, told: Sequence[Span] = ()) -> None:
    """Note that a judge who has seen `text` found nothing of a target in it but at `told`."""
    current_ledger().cleared.setdefault(target_id, set()).update(
        _words(text[start:end])
        for start, end in _sentences(text)
        if not any(span.start < end and start < span.end for span in told)
    )


def without_cleared(text: str, found: Iterable[Assessment]) -> tuple[Assessment, ...]:
    """The assessments of a text, less what is not certain about targets of which all its sentences
    were cleared, or more than these. What is certain stays, whatever a judge has said."""
    cleared = current_ledger().cleared
    if not cleared:
        return tuple(found)
    pieces = [_words(text[start:end]) for start, end in _sentences(text)]
    return tuple(
        a
        for a in found
        if a.band is Band.LEAK or not _holds(cleared.get(a.target_id, set()), pieces)
    )


def _holds(cleared: Iterable[str], pieces: Iterable[str]) -> bool:
    return all(any(piece in sentence for sentence in cleared) for piece in pieces)


class CertainOnly:
    """A detector that speaks of what it is certain of: the rest is for a judge."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a question or instruction asks for."""
        return _certain(self._detector.vet(text, context))

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a text tells."""
        return _certain(self._detector.audit(text, question, context))

    def target(self, target_id: str) -> ForgetTarget:
        """The target with this id."""
        return self._detector.target(target_id)


def _certain(found: Iterable[Assessment]) -> tuple[Assessment, ...]:
    return tuple(a for a in found if a.band is Band.LEAK)


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    for segment in segments(text):
        if text[segment.start : segment.end].strip():
            yield segment.start, segment.end


def _words(sentence: str) -> str:
    """The words alone: an item that has moved up in its list is the same item."""
    marker = _MARKER.match(sentence)
    words = _WORD.findall(sentence[marker.end() :] if marker else sentence)
    return f" {' '.join(words)} ".casefold()
