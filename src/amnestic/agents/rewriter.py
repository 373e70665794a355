"""The rewriter: what may stay is kept, what belongs to a target goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Case
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector
from amnestic.tools.redact import drop_segments, generalise_mentions, trim_asides
from amnestic.tools.redact_tree import redact_json_text
from amnestic.tools.segments import segments
from amnestic.types import Span, TargetKind

__all__ = ["LocalRewriter"]

_MANY = 64
_NOUNS = {
    TargetKind.PERSON: "someone",
    TargetKind.ORGANISATION: "an organisation",
    TargetKind.WORK: "a work",
    TargetKind.PLACE: "a place",
}


class LocalRewriter:
    """Text operations only, no model call: trim the aside or list item that names the target, drop
    the sentences and lines that tell of it, or put a general word in the place of its name.

    A later round is harsher: it only drops, and judges each sentence without its question too.
    """

    def __init__(self, auditor: LocalAuditor, detector: Detector) -> None:
        self._auditor = auditor
        self._detector = detector

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """Distinct candidates that differ from the draft; empty when nothing useful is left."""
        return await offload(self._rewrite, case, count)

    def _rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        found = dict.fromkeys(c for c in self._candidates(case) if c.strip() and c != case.text)
        return tuple(found)[:count]

    def _candidates(self, case: Case) -> Iterator[str]:
        leaks = self._first_look(case) if case.round == 0 else lambda s: self._leaks(s, case)
        as_json = redact_json_text(case.text, leaks)
        if as_json is not None:
            yield as_json
            return
        if case.round == 0:
            spans = tuple(s for f in case.findings for s in f.spans)
            trimmed = trim_asides(case.text, spans)
            yield drop_segments(trimmed, leaks, _stand_in(case))
            if len(segments(case.text)) > 1:  # a lone "Someone wrote it." answers nothing
                yield generalise_mentions(case.text, self._name_spans(case), self._noun(case))
            return
        yield drop_segments(
            case.text, lambda s: self._leaks(s, case) or self._leaks_alone(s, case), _stand_in(case)
        )

    def _first_look(self, case: Case) -> Callable[[str], bool]:
        """Judge only the pieces in which the audit of the whole found something; with very many of
        those, take its word for it. What that misses, the critic's audit finds, and the next
        round judges every piece."""
        flagged = {case.text[s.start : s.end].strip() for f in case.findings for s in f.spans}
        flagged.discard("")
        if not flagged:
            return lambda piece: self._leaks(piece, case)
        many = sum(map(case.text.count, flagged)) > _MANY

        def leaks(piece: str) -> bool:
            inside = piece.strip()
            if not any(found in piece or inside in found for found in flagged):
                return False
            return many or self._leaks(piece, case)

        return leaks

    def _leaks(self, piece: str, case: Case) -> bool:
        return bool(self._auditor.leaks(piece, case.verdict.question, case.verdict.context))

    def _leaks_alone(self, piece: str, case: Case) -> bool:
        return bool(self._auditor.leaks(piece, "", case.verdict.context))

    def _name_spans(self, case: Case) -> tuple[Span, ...]:
        return tuple(s for f in case.findings for s in f.spans if s.end - s.start <= 80)

    def _noun(self, case: Case) -> str:
        kinds = {self._detector.target(f.target_id).kind for f in case.findings}
        return _NOUNS.get(kinds.pop(), "something") if len(kinds) == 1 else "something"


def _stand_in(case: Case) -> str:
    """What is said in the place of a dropped answer: an abstention for each part of a combined
    question that asks for a target, and nothing when no part does."""
    verdict = case.verdict
    asked = [p for p in verdict.parts if p.assessments]
    if case.channel != "answer" or not asked or len(verdict.parts) < 2:
        return ""
    part = asked[0]
    return worded_abstention(verdict.question[part.span.start : part.span.end])
