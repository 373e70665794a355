"""The critic: is a candidate clean, still useful, and natural?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from amnestic.agents.answered import answers_apart
from amnestic.agents.auditor import PIECES_TOLD, LocalAuditor
from amnestic.agents.contracts import NAMED, Case, Rating
from amnestic.agents.general_words import GENERAL_WORDS
from amnestic.agents.invariants import ANEW, broken
from amnestic.agents.own_evidence import views
from amnestic.tools.detection import is_by_place
from amnestic.tools.documents import is_data, is_json, is_json_string, keeps_forms
from amnestic.tools.offload import offload
from amnestic.types import Assessment, Draft, LeakKind

__all__ = ["LocalCritic"]

_QUOTED = 200
_ENOUGH = 3  # the mark from which a candidate is accepted
_TOLD = "a detector finds the target in it"
_WORD = re.compile(r"\w+")
_ARTEFACT = re.compile(
    r"[,;:][*_]*[ \t]*[.!?](?!\w)|\(\s*\)|[ \t][,.](?!\w)|,[ \t]*,|^\s*[,.;:]|\b(\w+) \1 \1\b"
)
_SPACED = re.compile(r"\s[;:!?]")  # as it is written in French
_NEAR = 8  # characters before a seam
_NAME_CHARS = 60
_GENERAL = re.compile(
    "|".join(rf"\b{re.escape(word)}\b" for words in GENERAL_WORDS.values() for word in words),
    re.IGNORECASE,
)
_TERMINAL = re.compile(r"[.!?…。！？:)\]}\"'”’`|*]\s*$")


class LocalCritic:
    """Rates by the detectors and by what is left of the draft; makes no model call.

    A detector hit gives forgetting 1, which no other mark outweighs (design.md §3.7).
    """

    def __init__(self, auditor: LocalAuditor) -> None:
        self._auditor = auditor

    async def criticise(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        """One rating a candidate, in order."""
        return await offload(self._rate_all, case, candidates)

    def _rate_all(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        return tuple(self._rate(case, candidate) for candidate in candidates)

    def _rate(self, case: Case, candidate: str) -> Rating:
        seen = views((Draft(text=candidate),), case.verdict, anew=case.obeyed)
        leaks = [
            leak
            for (told,), verdict in seen
            for leak in self._auditor.leaks(told.text, verdict.question, verdict.context)
        ]
        if leaks:
            named = any(leak.kind is LeakKind.DIRECT for leak in leaks)
            cause = NAMED if named else _TOLD
            return Rating(1, 3, 3, _quoting(cause, candidate, leaks), cause)
        if case.anew:
            wrong = broken(candidate, case, ANEW)
            return Rating(5, 1, 1, wrong, wrong) if wrong else Rating(5, 5, 5)
        useful, natural = _usefulness(case, candidate), _naturalness(case.text, candidate)
        if useful < _ENOUGH and self._answers(case, candidate):
            useful = _ENOUGH
        cause = "too little of the draft is left" if useful < _ENOUGH else "it does not read well"
        return Rating(5, useful, natural, "", cause if min(useful, natural) < _ENOUGH else "")

    def _answers(self, case: Case, candidate: str) -> bool:
        """Whether a candidate keeps what was said to a question that has nothing to do with the
        targets, and that tells nothing of one of which the talk just was."""
        near = {finding.target_id: PIECES_TOLD for finding in case.findings}
        context = replace(case.verdict.context, sticky=near)
        known = frozenset().union(*map(self._auditor.known_of, near))
        return any(
            said in candidate and not self._auditor.leaks(said, question, context)
            for question, said in answers_apart(case, known)
        )


def _quoting(cause: str, candidate: str, leaks: Sequence[Assessment]) -> str:
    """Why a candidate was refused, with the first passage in which the target was found."""
    spans = sorted((s.start, s.end) for leak in leaks for s in leak.spans)
    quote = " ".join(candidate[slice(*spans[0])].split())[:_QUOTED] if spans else ""
    return f'{cause}: "{quote}"' if quote else cause


def _usefulness(case: Case, candidate: str) -> int:
    """What is left of the draft, apart from the names that had to go. JSON with nothing in it is
    still what whoever reads JSON can use."""
    names = {w for n in _names(case) for w in _WORD.findall(n.lower())}
    before = set(_WORD.findall(case.text.lower()))
    after = set(_WORD.findall(candidate.lower()))
    wanted = before - names or before
    if not wanted:
        return 1
    kept = len(wanted & after) / len(wanted)
    least = 3 if is_json(candidate) or is_json_string(candidate) else 2
    return 5 if kept >= 0.7 else 4 if kept >= 0.4 else 3 if kept >= 0.12 else least


def _names(case: Case) -> list[str]:
    """The short pieces that the audit found: names, not the sentences around them."""
    certain = (f for f in case.findings if not is_by_place(f))
    found = (case.text[s.start : s.end] for f in certain for s in f.spans)
    return [piece for piece in found if len(piece) <= _NAME_CHARS]


def _naturalness(draft: str, candidate: str) -> int:
    if not keeps_forms(candidate, draft):
        return 1
    if is_data(candidate):
        return 5
    if _has_bad_seam(candidate, draft):
        return 2
    if _TERMINAL.search(draft) and not _TERMINAL.search(candidate):
        ends = candidate.rstrip().rpartition("\n")[2]
        return 5 if f"\n{ends}\n" in draft else 3  # the last item of a list needs no full stop
    return 4 if _GENERAL.search(candidate) and not _GENERAL.search(draft) else 5


def _has_bad_seam(candidate: str, draft: str) -> bool:
    """Whether marks stand in a candidate as a cut leaves them behind ("Asked:?"), where the draft
    does not have them so."""
    if _SPACED.search(candidate) and not _SPACED.search(draft):
        return True
    return any(
        candidate[max(0, seam.start() - _NEAR) : seam.end()] not in draft
        for seam in _ARTEFACT.finditer(candidate)
    )
