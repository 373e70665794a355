"""A detector that looks at a text once in a request, however many agents ask."""

from __future__ import annotations

from amnestic.agents.ledger import current_ledger
from amnestic.agents.model_engines.cleared import without_cleared
from amnestic.agents.model_engines.verdict_cache import VerdictCache
from amnestic.agents.sealed import any_sealed
from amnestic.tools.protocols import Context, Near, Surveyor
from amnestic.types import Assessment, ForgetTarget

__all__ = ["RequestMemo"]


class RequestMemo:
    """Remembers assessments for as long as the request lasts, by the hash of what was judged, and
    what a judge has said of what is uncertain: that is cleared for whoever asks again.

    The next request looks again, so that a target added in the meantime is in force for it. Where a
    text tells of a sealed target, that is noted: the request is shown to no agents' model then.
    """

    def __init__(self, detector: Surveyor) -> None:
        self._detector = detector

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a question or instruction asks for."""
        return self._noted(self._detector.vet(text, context))

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        """Judge what a text tells."""
        memo = current_ledger().assessed
        key = VerdictCache.key(text, question, repr(context))  # all that surrounds it counts
        found = memo.get(key)
        if found is None:
            found = memo[key] = self._detector.audit(text, question, context)
        return without_cleared(text, self._noted(found))

    def _noted(self, found: tuple[Assessment, ...]) -> tuple[Assessment, ...]:
        if any_sealed(self._detector, (a.target_id for a in found)):
            current_ledger().sealed = True
        return found

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        """The targets near a text."""
        return self._detector.near(text, question, context)

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        """The targets that a name is a name of."""
        return self._detector.named(name, context)

    def target(self, target_id: str) -> ForgetTarget:
        """The target with this id."""
        return self._detector.target(target_id)
