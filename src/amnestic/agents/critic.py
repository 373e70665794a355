"""The critic: is a candidate clean, still useful, and natural?"""

from __future__ import annotations

import re
from collections.abc import Sequence

from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Case, Rating
from amnestic.tools.offload import offload

__all__ = ["LocalCritic"]

_WORD = re.compile(r"\w+")
_ARTEFACT = re.compile(r"[,;:]\s*[.!?]|\(\s*\)|\s[,.;:!?]|,\s*,|^\s*[,.;:]|\b(\w+) \1 \1\b")
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
        verdict = case.verdict
        leaks = self._auditor.leaks(candidate, verdict.question, verdict.context)
        useful = _usefulness(case.text, candidate)
        natural = _naturalness(case.text, candidate)
        reason = "a detector finds the target in it" if leaks else ""
        return Rating(1 if leaks else 5, useful, natural, reason)


def _usefulness(draft: str, candidate: str) -> int:
    before, after = set(_WORD.findall(draft.lower())), set(_WORD.findall(candidate.lower()))
    if not before:
        return 1
    kept = len(before & after) / len(before)
    return 5 if kept >= 0.7 else 4 if kept >= 0.4 else 3 if kept >= 0.12 else 2


def _naturalness(draft: str, candidate: str) -> int:
    if _ARTEFACT.search(candidate) and not _ARTEFACT.search(draft):
        return 2
    if _TERMINAL.search(draft) and not _TERMINAL.search(candidate):
        return 3
    return 4 if re.search(r"\b(?:someone|something)\b", candidate) else 5
