"""A detector that looks for fixed words, for tests of the graph rather than of detection."""

from __future__ import annotations

from amnestic.exceptions import TargetNotFoundError
from amnestic.tools.protocols import Context, Near
from amnestic.types import Assessment, Band, ForgetTarget, LeakKind, Span, TargetKind

__all__ = ["KeywordDetector"]


class KeywordDetector:
    """Finds each word of `words`, a target of that id, in any case."""

    def __init__(self, *words: str) -> None:
        self._words = words

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """The words that a question holds."""
        return self._find(text)

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """The words that a text holds."""
        return self._find(text)

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        """What is near: nothing, since each word is certain."""
        return ()

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        """The words that a name holds."""
        return tuple(a.target_id for a in self._find(name))

    def target(self, target_id: str) -> ForgetTarget:
        """A person called by the word."""
        if target_id not in self._words:
            raise TargetNotFoundError(target_id)
        return ForgetTarget(id=target_id, subject=target_id, kind=TargetKind.PERSON)

    def _find(self, text: str) -> tuple[Assessment, ...]:
        found = []
        for word in self._words:
            at = text.lower().find(word.lower())
            if at >= 0:
                spans = (Span(at, at + len(word)),)
                found.append(Assessment(word, 0.99, Band.LEAK, LeakKind.DIRECT, spans))
        return tuple(found)
