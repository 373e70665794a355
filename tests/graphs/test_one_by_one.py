"""Where no model is asked, a second cut is made only where the first can be bettered."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import anyio
import pytest

from amnestic.agents.contracts import Case, Rating
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.types import Draft, Generation, Message, Route
from tests.keyword_detector import KeywordDetector

SETTINGS = Settings(model="embedded", rewrite_by="edit")
CUTS = ("Marsh wrote it.", "Marsh and someone wrote it.")


class Cutter:
    """A rewriter that keeps how many cuts it was asked for."""

    def __init__(self, cuts: Sequence[str] = CUTS) -> None:
        self.cuts = tuple(cuts)
        self.counts: list[int] = []

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        self.counts.append(count)
        return self.cuts[:count]


class Rater:
    """A critic that gives each cut the marks that it is told, and keeps what it rated."""

    def __init__(self, marks: dict[str, int]) -> None:
        self.marks = marks
        self.rated: list[tuple[str, ...]] = []

    async def criticise(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        self.rated.append(tuple(candidates))
        return tuple(Rating(5, self.marks[text], 5, "so", "so") for text in candidates)


def ask(cutter: Cutter, rater: Rater, *, one_by_one: bool = True) -> Outcome:
    crew = local_crew(KeywordDetector("Osk"), SETTINGS)
    crew = replace(crew, rewriter=cutter, critic=rater, one_by_one=one_by_one)
    backend = FixedBackend(Generation((Draft(text="Osk and Marsh wrote it."),)))
    engine = UnlearningEngine(crew, SETTINGS)
    request = Request((Message.of("user", "Who wrote it?"),), backend, "default", {})
    return anyio.run(engine.run, request)


def test_what_nothing_can_be_better_than_is_the_only_cut() -> None:
    cutter, rater = Cutter(), Rater({CUTS[0]: 5, CUTS[1]: 5})
    assert ask(cutter, rater).text == CUTS[0]
    assert (cutter.counts, rater.rated) == ([1], [CUTS[:1]])


@pytest.mark.parametrize(("first", "second", "best"), [(4, 5, 1), (2, 3, 1), (4, 4, 0), (4, 2, 0)])
def test_else_the_better_of_two_is_taken(first: int, second: int, best: int) -> None:
    marks = {CUTS[0]: first, CUTS[1]: second}
    cutter, rater = Cutter(), Rater(marks)
    assert ask(cutter, rater).text == CUTS[best]
    assert rater.rated == [CUTS[:1], CUTS]
    both = Cutter(), Rater(marks)
    assert ask(*both, one_by_one=False).text == CUTS[best]
    assert both[0].counts == [SETTINGS.candidates]


def test_a_lone_cut_is_not_rated_twice() -> None:
    cutter, rater = Cutter(CUTS[:1]), Rater({CUTS[0]: 4})
    assert ask(cutter, rater).text == CUTS[0]
    assert rater.rated == [CUTS[:1]]


def test_where_both_fail_the_next_round_tries_both_again() -> None:
    cutter, rater = Cutter(), Rater({CUTS[0]: 1, CUTS[1]: 2})
    outcome = ask(cutter, rater)
    assert outcome.receipt.route is Route.ABSTAINED
    assert cutter.counts == [1, SETTINGS.candidates] * SETTINGS.rounds
    assert outcome.receipt.rounds == SETTINGS.rounds
