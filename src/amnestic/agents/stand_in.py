"""What a cut says in the place of an answer to one of several questions."""

from __future__ import annotations

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.contracts import Case, PartVerdict
from amnestic.tools.reading import read, segments, words_in
from amnestic.types import Band

__all__ = ["stand_in"]


def stand_in(case: Case) -> str:
    """What is said in the place of a dropped answer: an abstention for the part of a combined
    question that asks for a target, or that the leaking sentences answer."""
    verdict = case.verdict
    if case.channel != "answer" or len(verdict.parts) < 2:
        return ""
    asked = [p for p in verdict.parts if any(a.named or a.band is Band.LEAK for a in p.assessments)]
    part = asked[0] if asked else _answered(case)
    if part is None:
        return ""
    return worded_abstention(verdict.question[part.span.start : part.span.end])


def _answered(case: Case) -> PartVerdict | None:
    """The part of the question that shares the most with the sentences that leak, and no more with
    those that do not, which answer it still."""
    spans = [span for finding in case.findings for span in finding.spans]
    told: dict[bool, set[str]] = {True: set(), False: set()}
    for piece in segments(case.text):
        leaks = any(piece.start < s.end and s.start < piece.end for s in spans)
        told[leaks].update(words_in(read(piece.of(case.text))).weights)
    question, parts = case.verdict.question, case.verdict.parts
    asked = [words_in(read(question[p.span.start : p.span.end])).weights for p in parts]
    shared, others = (
        [sum(weight for word, weight in words.items() if word in told[leaks]) for words in asked]
        for leaks in (True, False)
    )
    most = max(shared)
    at = shared.index(most)
    return parts[at] if most > others[at] and shared.count(most) == 1 else None
