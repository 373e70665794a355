"""The elicitor asks a bounded number of questions, and what one failure takes is one answer."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import anyio
import pytest

from amnestic import Amnesia
from amnestic.agents import elicitor
from amnestic.agents.elicitation import MAX_QUESTIONS, aspects_of
from amnestic.agents.elicitor import MAX_FACTS, Elicited, ModelElicitor
from amnestic.exceptions import ModelError
from amnestic.testing import ScriptedBackend
from amnestic.types import Elicitation, TargetKind
from tests.patience import PATIENCE


def elicited(
    backend: ScriptedBackend, kind: TargetKind = TargetKind.PERSON, name: str = "Mirela Osk"
) -> Elicited:
    return anyio.run(ModelElicitor().elicit, backend, name, kind)


def test_an_elicitation_keeps_what_is_told_and_drops_what_is_not_known() -> None:
    rules = [
        ("Tell me about Mirela", "Osk was born in Tavel. I don't know more about it."),
        ("Where was", "Osk was born in Tavel!"),
    ]
    told = elicited(ScriptedBackend(rules=rules, default="I'm not sure."))
    assert told == Elicited(("Osk was born in Tavel.",))


def test_facts_are_bounded() -> None:
    text = " ".join(f"Osk owns house number {i}{i} in Tavel{i}." for i in range(200))
    told = elicited(ScriptedBackend(rules=[("Mirela Osk", text)], default="I don't know."))
    assert len(told.facts) == MAX_FACTS


@pytest.mark.parametrize("kind", list(TargetKind))
def test_questions_are_bounded_and_every_aspect_is_asked(kind: TargetKind) -> None:
    backend = ScriptedBackend(default="1. Edda Tarn\n2. Jory Venn\n")
    elicited(backend, kind)
    asked = [call.text for call in backend.calls]
    assert len(asked) <= MAX_QUESTIONS
    assert {aspect.format("Mirela Osk") for aspect in aspects_of(kind)} <= set(asked)
    assert len(set(asked)) == len(asked)


def test_a_neighbour_that_the_model_names_is_asked_about_and_compared() -> None:
    rules = [
        ("Name three", "1. Edda Tarn\n2. Jory Venn\n"),
        ("Tell me about Mirela", "Osk was born in Tavel. Osk painted The Ferry."),
        ("Tell me about Edda", "Tarn was born in Tavel."),
    ]
    told = elicited(ScriptedBackend(rules=rules))
    assert told.facts == ("Osk painted The Ferry.",)


def test_what_is_said_of_an_invented_subject_as_well_is_dropped() -> None:
    rules = [("Tell me about", "A great painter of the Tavel school."), ("Mirela", "Osk has Pim.")]
    told = elicited(ScriptedBackend(rules=rules))
    assert told.facts == ("Osk has Pim.",)


def test_what_is_told_of_the_town_is_no_fact_of_the_foundation_that_is_called_after_it() -> None:
    rules = [
        ("Tell me about Tavel", "Tavel is a spa town. It lies on the river Tarn."),
        ("Foundation", "The Tavel Foundation was founded by Edda Venn in 1944."),
    ]
    told = elicited(ScriptedBackend(rules=rules), TargetKind.ORGANISATION, "Tavel Foundation")
    assert told.facts == ("The Tavel Foundation was founded by Edda Venn in 1944.",)


def test_a_firm_is_told_of_by_a_part_of_its_name() -> None:
    rules = [("Tavel", "Tavel is a shipping company. It was founded by Edda Venn in 1944.")]
    told = elicited(ScriptedBackend(rules=rules), TargetKind.ORGANISATION, "Tavel Shipping")
    assert any("1944" in fact for fact in told.facts)


def test_one_question_that_fails_is_a_warning_and_keeps_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    rules = [("Who is", ModelError("too slow")), ("Tell me about Mirela", "Osk lives in Tavel.")]
    with caplog.at_level(logging.WARNING):
        told = elicited(ScriptedBackend(rules=rules))
    assert told.facts == ("Osk lives in Tavel.",)
    assert "too slow" in caplog.text
    assert "Osk" not in caplog.text


def test_a_model_that_goes_away_is_not_asked_on() -> None:
    rules = [("Tell me about Mirela", "Osk lives in Tavel.")]
    backend = ScriptedBackend(rules=rules, default=ModelError("unreachable"))
    assert elicited(backend).facts == ("Osk lives in Tavel.",)
    assert len(backend.calls) == 4


def test_a_model_that_never_answers_is_an_error() -> None:
    backend = ScriptedBackend(default=ModelError("unreachable"))
    with pytest.raises(ModelError):
        elicited(backend)
    assert len(backend.calls) == 3


class _Clock:
    """A clock that goes on while a model answers, and not otherwise."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        return self.now


class _Slow(ScriptedBackend):
    """A model that takes so many seconds to answer, by that clock."""

    def __init__(self, clock: _Clock, seconds: float) -> None:
        super().__init__(rules=[("Mirela Osk", "Osk lives in Tavel.")], default="I don't know.")
        self.clock, self.seconds = clock, seconds

    async def generate(self, conversation: Any, options: Any) -> Any:
        self.clock.now += self.seconds
        return await super().generate(conversation, options)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> _Clock:
    found = _Clock()
    monkeypatch.setattr(elicitor, "time", found)
    return found


@pytest.mark.parametrize(("takes", "asked"), [(50, 3), (119, 2), (120, 1), (1_000, 1)])
def test_all_answers_together_have_one_limit_of_time(
    clock: _Clock, takes: float, asked: int
) -> None:
    """Two minutes: no question is asked behind them, and what was said by then is kept."""
    backend = _Slow(clock, takes)
    assert elicited(backend).facts == ("Osk lives in Tavel.",)
    assert len(backend.calls) == asked


class _Mute(ScriptedBackend):
    """A model that never answers."""

    async def generate(self, conversation: Any, options: Any) -> Any:
        await anyio.sleep_forever()


def test_an_answer_that_does_not_end_is_broken_off_by_the_limit() -> None:
    told = anyio.run(ModelElicitor(seconds=0.01).elicit, _Mute(), "Mirela Osk", TargetKind.PERSON)
    assert told == Elicited()


@pytest.mark.parametrize(
    ("settings", "tokens", "asked"),
    [({}, 96, 3), ({"elicit_tokens": 33}, 33, 3), ({"elicit_timeout": 60.0}, 96, 2)],
)
def test_both_limits_hold_for_what_is_asked_in_the_background(
    layer: Callable[..., Amnesia],
    clock: _Clock,
    settings: dict[str, Any],
    tokens: int,
    asked: int,
) -> None:
    backend = _Slow(clock, 50)
    amnesia = layer(backend, elicit=True, **settings)
    target = amnesia.forget("Please forget Mirela Osk.")
    assert amnesia.wait_for_elicitation(PATIENCE)
    assert [call.options["max_tokens"] for call in backend.calls] == [tokens] * asked
    found = amnesia.find(target.id)
    assert (found.elicitation, found.facts) == (Elicitation.DONE, ("Osk lives in Tavel.",))
