"""What a caller could tell a listed subject by, other than its words: errors, tokens, calls."""

from __future__ import annotations

from typing import Any

import anyio
import pytest

from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.usage import ModelCounts
from amnestic.models.fixed import FixedBackend
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Generation, Message, Route, Usage
from tests.keyword_detector import KeywordDetector

ASKING = Settings(model="embedded", direct="ask")
DOWN = ModelError("the wrapped model cannot be reached", retryable=True)


def ask(text: str, backend: Any, settings: Settings = ASKING) -> Outcome:
    engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), settings), settings)
    return anyio.run(engine.run, Request((Message.of("user", text),), backend))


@pytest.mark.parametrize("text", ["Who is Osk?", "Who is Tarn?"])
@pytest.mark.parametrize("abstention", ["worded", "counterfactual"])
def test_a_model_that_is_down_is_down_for_every_subject(text: str, abstention: Any) -> None:
    settings = ASKING.model_copy(update={"abstention": abstention})
    with pytest.raises(ModelError, match="cannot be reached"):
        ask(text, ScriptedBackend(DOWN), settings)


def test_a_listed_subject_costs_the_one_call_that_any_other_costs() -> None:
    backend = ScriptedBackend(default="Osk is a poet.")
    outcome = ask("Who is Osk?", backend)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.receipt.base_calls == len(backend.calls) == 1
    assert "poet" not in outcome.text


@pytest.mark.parametrize("direct", ["ask", "abstain"])
@pytest.mark.parametrize("text", ["Who is Osk?", "Who wrote it?"])
def test_the_tokens_of_a_withheld_answer_are_those_of_what_is_said(text: str, direct: Any) -> None:
    long = Generation((Draft(text="Osk is a poet. " * 90),), Usage(9, 360))
    settings = ASKING.model_copy(update={"direct": direct})
    outcome = ask(text, FixedBackend(long), settings)
    assert 0 < outcome.generation.usage.output_tokens < 60
    assert outcome.generation.usage.input_tokens > 0


def test_an_untouched_answer_keeps_the_models_own_count() -> None:
    own = Generation((Draft(text="Paris."),), Usage(9, 77))
    assert ask("Where?", FixedBackend(own)).generation.usage == Usage(9, 77)


@pytest.mark.parametrize("direct", ["ask", "abstain"])
def test_the_tokens_of_a_withheld_answer_are_like_those_of_others(direct: Any) -> None:
    settings = ASKING.model_copy(update={"direct": direct})
    engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), settings), settings)

    def used(text: str, said: str, usage: Usage) -> Usage:
        backend = FixedBackend(Generation((Draft(text=said),), usage))
        request = Request((Message.of("user", text),), backend)
        return anyio.run(engine.run, request).generation.usage

    far = used("Who is Tarn?", "I don't know who that is.", Usage(33, 13))
    near = used("Who is Osk?", "Osk is a poet.", Usage(33, 5))
    assert far == Usage(33, 13)
    assert abs(near.input_tokens - 33) <= 1
    assert 5 <= near.output_tokens <= 30  # two letters a token, as it has counted


class Counting(FixedBackend):
    """Counts by letters; what it is to do about it is told."""

    def __init__(self, told: Any) -> None:
        super().__init__(Generation((Draft(text="Osk is a poet. " * 90),), Usage(9, 360)))
        self._told = told

    async def usage_of(self, conversation: Any, options: Any, choices: Any) -> Usage:
        await self._told()
        return Usage(sum(len(m.text) for m in conversation), sum(len(c.text) for c in choices))


async def _counts() -> None:
    return None


@pytest.mark.parametrize("direct", ["ask", "abstain"])
@pytest.mark.parametrize("text", ["Who is Osk?", "Who wrote it?"])
def test_a_model_that_counts_tokens_tells_those_of_what_was_asked_and_is_said(
    text: str, direct: Any
) -> None:
    settings = ASKING.model_copy(update={"direct": direct})
    outcome = ask(text, Counting(_counts), settings)
    assert outcome.receipt.touched()
    assert "poet" not in outcome.text
    assert outcome.generation.usage == Usage(len(text), len(outcome.text))


@pytest.mark.parametrize("limit", ["max_tokens", "max_completion_tokens"])
def test_no_more_tokens_are_told_than_the_caller_allows(limit: str) -> None:
    engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), ASKING), ASKING)
    asked = (Message.of("user", "Who is Osk?"),)
    request = Request(asked, Counting(_counts), options={limit: 3, "n": 2})
    outcome = anyio.run(engine.run, request)
    assert len(outcome.text) > 3
    assert outcome.generation.usage.output_tokens == 6


async def _fail() -> None:
    raise DOWN


async def _stumble() -> None:
    raise KeyError("function")


@pytest.mark.parametrize(
    "told", [_fail, _stumble, anyio.sleep_forever], ids=["fails", "stumbles", "hangs"]
)
def test_an_answer_is_not_held_up_by_its_count(told: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("amnestic.graphs.usage._SECONDS", 0.0)
    outcome = ask("Who is Osk?", Counting(told))
    assert outcome.receipt.route is Route.ABSTAINED
    assert 0 < outcome.generation.usage.output_tokens < len(outcome.text)


def test_a_model_that_counts_strangely_is_no_reason_to_fail() -> None:
    counts, asked = ModelCounts(), (Message.of("user", "Who?"),)
    for usage in (Usage(1, 10**9), Usage(10**9, 1), Usage(0, 0)):
        counts.note("m", asked, Generation((Draft("Hill."),), usage))
    assert counts.told("m", asked, (Draft("Hill."),), 0).output_tokens <= 10**4
    for i in range(1_000):
        counts.note(f"m{i}", asked, Generation((Draft("Hill."),), Usage(2, 2)))
    assert counts.told("m999", asked, (Draft("Hill."),), 0) == Usage(2, 2)
