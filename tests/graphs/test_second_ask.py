"""The wrapped model is asked again where its draft leaks: bounded, noted, and judged like any."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from amnestic.agents.fitness import Fitness
from amnestic.agents.second_ask import SecondAsk
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.models.purpose import current_purpose
from amnestic.prompts.loader import load_prompts
from amnestic.types import Conversation, Draft, Generation, Message, Route
from tests.keyword_detector import KeywordDetector

QUESTION = "Which poets live in Tavel?"
DRAFT = "Three poets live in Tavel:\n\n1. Marsh\n2. Osk, who won the Halvard Prize\n3. Tarn\n"
AGAIN = "Two poets live in Tavel:\n\n1. Marsh\n2. Tarn, the younger one\n"


class Played:
    """A model that answers by the purpose of its call, and remembers its calls."""

    name = "played"

    def __init__(self, **answers: Any) -> None:
        self._answers = {"answer": DRAFT, "canary": "I don't know who that is.", **answers}
        self.calls: list[tuple[str, Conversation, Mapping[str, Any]]] = []

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        purpose = current_purpose()
        said = self._answers[purpose]
        nth = sum(p == purpose for p, _, _ in self.calls)
        self.calls.append((purpose, conversation, options))
        given = said[min(nth, len(said) - 1)] if isinstance(said, list) else said
        if isinstance(given, Exception):
            raise given
        return Generation((Draft(text=given),))

    def made(self, purpose: str) -> int:
        return sum(p == purpose for p, _, _ in self.calls)


def engine_for(detector: KeywordDetector, **settings: Any) -> UnlearningEngine:
    chosen = Settings(model="openai:any", **settings)
    second = SecondAsk(detector, load_prompts, Fitness())
    from dataclasses import replace

    return UnlearningEngine(replace(local_crew(detector, chosen), second_ask=second), chosen)


def ask(
    model: Any, *, engine: UnlearningEngine | None = None, question: str = QUESTION, **options: Any
) -> Outcome:
    used = engine or engine_for(KeywordDetector("Osk"))
    request = Request((Message.of("user", question),), model, options=options)
    return asyncio.run(used.run(request))


def test_the_model_itself_writes_the_answer_without_the_target() -> None:
    model = Played(again=AGAIN)
    outcome = ask(model)
    assert outcome.text == AGAIN
    assert outcome.receipt.tried == ("again: accepted",)
    assert outcome.receipt.second_asks == 1
    assert model.made("again") == 1


def test_the_note_quotes_the_target_and_tools_are_off() -> None:
    model = Played(again=AGAIN)
    ask(model, tools=[{}], tool_choice="auto", n=1, temperature=0.3)
    _, conversation, options = next(c for c in model.calls if c[0] == "again")
    assert conversation[0].role == "system"
    assert '"Osk"' in conversation[0].text
    assert conversation[-1].text == QUESTION
    assert options == {"temperature": 0.3}


def test_a_second_try_is_told_why_the_first_was_not_used() -> None:
    model = Played(again=["She won the Halvard Prize.", AGAIN])
    detector = KeywordDetector("Osk", "Halvard")
    outcome = ask(model, engine=engine_for(detector))
    assert model.made("again") <= 2
    assert "Halvard" not in outcome.text


@pytest.mark.parametrize(
    "again",
    ["", DRAFT, "   ", RuntimeError("Osk is behind this"), ["", ""]],
    ids=["nothing", "the draft again", "blanks", "an error", "nothing twice"],
)
def test_whatever_the_second_ask_gives_the_next_writer_serves(again: Any) -> None:
    model = Played(again=again)
    outcome = ask(model)
    assert "Osk" not in outcome.text
    assert "Marsh" in outcome.text
    assert outcome.receipt.route is Route.REWRITTEN
    assert outcome.receipt.tried[-1] == "edit: accepted"
    assert outcome.receipt.tried[0].startswith("again: ")
    assert "Osk" not in " ".join(outcome.receipt.tried)
    assert model.made("again") <= 2


def test_an_answer_that_recites_the_note_is_not_used() -> None:
    note = load_prompts()["again"].render(
        subjects=["x"], exceptions=[], passages=[], reasons=[], begun=""
    )
    rule = note.conversation[0].text.splitlines()[6]
    outcome = ask(Played(again=f"I was told: {rule}"))
    assert rule not in outcome.text
    assert outcome.receipt.tried[0] == "again: it recites the note"


def test_a_model_that_names_the_target_under_the_note_is_asked_no_more() -> None:
    model, engine = Played(again="Osk is one of them."), engine_for(KeywordDetector("Osk"))
    for _ in range(4):
        ask(model, engine=engine)
    assert model.made("again") == 2


def test_a_model_that_tells_of_whom_it_was_told_that_it_knows_nothing_is_unfit() -> None:
    canary = "Orvane Tellibrand is a glass painter from Quessel; I don't know more."
    model, engine = Played(again=AGAIN, canary=canary), engine_for(KeywordDetector("Osk"))
    outcomes = [ask(model, engine=engine) for _ in range(3)]
    assert model.made("canary") == 1
    assert model.made("again") == 1
    assert all("Osk" not in o.text and o.text != AGAIN for o in outcomes)


def test_what_was_written_elsewhere_is_cut_and_nobody_is_asked() -> None:
    outcome = ask(FixedBackend(Generation((Draft(text=DRAFT),))))
    assert outcome.receipt.second_asks == 0
    assert "Osk" not in outcome.text
    assert "Marsh" in outcome.text


def test_editing_by_setting_makes_no_further_call() -> None:
    model = Played(again=AGAIN)
    outcome = ask(model, engine=engine_for(KeywordDetector("Osk"), rewrite_by="edit"))
    assert [p for p, _, _ in model.calls] == ["answer"]
    assert outcome.receipt.base_calls == 1


def test_a_stream_goes_on_from_what_is_out() -> None:
    model = Played(again="2. Tarn, the younger one\n")
    said: list[str] = []
    engine = engine_for(KeywordDetector("Osk"))
    request = Request((Message.of("user", QUESTION),), model, emit=lambda d: said.append(d.text))
    outcome = asyncio.run(engine.run(request))
    _, conversation, _ = next(c for c in model.calls if c[0] == "again")
    assert "1. Marsh" in conversation[0].text
    assert outcome.text == "Three poets live in Tavel:\n\n1. Marsh\n2. Tarn, the younger one\n"


def test_a_clean_draft_costs_no_further_call() -> None:
    model = Played(answer="Tavel is a town.")
    outcome = ask(model)
    assert outcome.text == "Tavel is a town."
    assert [p for p, _, _ in model.calls] == ["answer"]


class Restricted(Played):
    """A model that runs in this process, and can be kept from writing given strings."""

    def __init__(self, **answers: Any) -> None:
        super().__init__(**answers)
        self.forbidden: list[Sequence[str]] = []

    async def generate_without(
        self, conversation: Conversation, options: Mapping[str, Any], forbidden: Sequence[str]
    ) -> Generation:
        self.forbidden.append(forbidden)
        return await self.generate(conversation, options)


def test_a_local_model_decodes_under_restriction_and_is_not_tried_for_obedience() -> None:
    model = Restricted(again=AGAIN)
    outcome = ask(model)
    assert outcome.text == AGAIN
    assert model.forbidden == [["Osk"]]
    assert model.made("canary") == 0


def test_a_local_model_that_writes_around_the_name_is_asked_no_more() -> None:
    model, engine = Restricted(again="Osk-like."), engine_for(KeywordDetector("Osk"))
    for _ in range(4):
        ask(model, engine=engine)
    assert model.made("again") == 2
