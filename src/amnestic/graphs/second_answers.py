"""Second answers that still tell of a target are cut, before the draft is.

Whoever was told to know nothing of a target has told less of it than whoever was not: of such an
answer less has to go, and what is left of it is still a whole answer (design.md §5, rewrite). A cut
of it is judged as a cut of the draft is; that its writer was told not to tell counts for nothing.
"""

from __future__ import annotations

from dataclasses import replace

from amnestic.agents.beside import beside
from amnestic.agents.leads import without_lead
from amnestic.graphs.auditing import findings_in
from amnestic.graphs.choices import behind, for_next_writer
from amnestic.graphs.state import Attempt, Deps, State
from amnestic.types import Draft

__all__ = ["back_at_draft", "for_cutting", "on_second"]

_CLEAN = 5  # the mark of an answer in which nothing was found


def for_cutting(attempt: Attempt) -> Attempt:
    """The attempt as the writer gets it who cuts, with the second answer that was refused for what
    it tells of a target: one refused for something else is of no use to it."""
    if attempt.best is not None or attempt.writer != "again":
        return for_next_writer(attempt)
    told = [
        text
        for rating, text in zip(attempt.ratings, attempt.candidates, strict=False)
        if rating.forgetting < _CLEAN and text.startswith(attempt.kept)
    ]
    return replace(for_next_writer(attempt), second=told[0] if told else "")


async def on_second(attempt: Attempt, state: State, deps: Deps) -> Attempt:
    """The attempt with its second answer as what is to be cut, and the draft put aside. Only where
    no model is asked for it: the calls of those are counted."""
    if not attempt.second or attempt.best is not None:
        return attempt
    text = without_lead(attempt.second)
    told = Draft(text=text if text.startswith(attempt.kept) else attempt.second)
    left = replace(attempt, second="")
    if not deps.crew.one_by_one or told.text.strip() == attempt.case.text.strip():
        return left
    verdict = state["verdict"]
    found = await findings_in(deps.crew.auditor, (told,), verdict)
    if not found:
        return left
    named = tuple(replace(f, choice=0, spans=()) for f in attempt.case.findings)
    under = beside(verdict, (*found, *named), (told,))
    case = replace(attempt.case, verdict=behind(under, attempt.kept), text=told.text)
    return replace(left, case=replace(case, findings=found), draft=attempt.case)


def back_at_draft(attempt: Attempt) -> Attempt:
    """The attempt with its draft as what is to be cut again, where a second answer was in vain."""
    if attempt.draft is None or attempt.best is not None:
        return attempt
    return for_next_writer(replace(attempt, case=attempt.draft, draft=None))
