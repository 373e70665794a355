"""The wrapped model is asked again where its draft leaks: bounded, noted, and judged like any."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from amnestic.agents.fitness import Fitness
from amnestic.agents.second_ask import SecondAsk
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.prompts.loader import load_prompts
from amnestic.testing import PlayedModel
from amnestic.tools.names import identifier_of
from amnestic.types import (
    Conversation,
    Draft,
    ForgetTarget,
    Generation,
    Message,
    Route,
    TargetKind,
)
from tests.keyword_detector import KeywordDetector

QUESTION = "Which poets live in Tavel?"
DRAFT = "Three poets live in Tavel:\n\n1. Marsh\n2. Osk, who won the Halvard Prize\n3. Tarn\n"
AGAIN = "Two poets live in Tavel:\n\n1. Marsh\n2. Tarn, the younger one\n"


def played(**answers: Any) -> PlayedModel:
    """A model whose draft leaks, and that keeps to a note."""
    return PlayedModel(**{"answer": DRAFT, "canary": "I don't know who that is.", **answers})


def purposes(model: PlayedModel) -> list[str]:
    return [call.purpose for call in model.calls]


def engine_for(detector: KeywordDetector, **settings: Any) -> UnlearningEngine:
    chosen = Settings(model="openai:any", **settings)
    second = SecondAsk(detector, load_prompts, Fitness())
    crew = replace(local_crew(detector, chosen), second_ask=second, one_by_one=True)
    return UnlearningEngine(crew, chosen)


def ask(
    model: Any, *, engine: UnlearningEngine | None = None, question: str = QUESTION, **options: Any
) -> Outcome:
    used = engine or engine_for(KeywordDetector("Osk"))
    request = Request((Message.of("user", question),), model, options=options)
    return asyncio.run(used.run(request))


def test_the_model_itself_writes_the_answer_without_the_target() -> None:
    model = played(again=AGAIN)
    outcome = ask(model)
    assert outcome.text == AGAIN
    assert outcome.receipt.tried == ("again: accepted",)
    assert outcome.receipt.second_asks == 1
    assert len(model.calls_for("again")) == 1


def test_the_note_quotes_the_target_and_tools_are_off() -> None:
    model = played(again=AGAIN)
    ask(model, tools=[{}], tool_choice="auto", n=1, temperature=0.3)
    (call,) = model.calls_for("again")
    assert call.conversation[0].role == "system"
    assert '"Osk"' in call.conversation[0].text
    assert call.conversation[-1].text == QUESTION
    assert call.options == {"temperature": 0.3}


class Identified(KeywordDetector):
    """Finds "Osk", who has another name, an e-mail address and a number as well."""

    def __init__(self, kind: TargetKind) -> None:
        super().__init__("Osk")
        self._kind = kind

    def target(self, target_id: str) -> ForgetTarget:
        return ForgetTarget(
            id=target_id,
            subject=target_id,
            aliases=("Ada Oskelly", "ada@tavel.org"),
            identifiers=(identifier_of("osk@tavel.org"), identifier_of("QX-20417", "case")),
            kind=self._kind,
        )


@pytest.mark.parametrize(
    ("kind", "told"),
    [(TargetKind.PERSON, '"Osk", also known as "Ada Oskelly" (person)'),
     (TargetKind.RECORD, '"Osk" (record)')],
)  # fmt: skip
def test_identifiers_that_nobody_has_said_are_not_told(kind: TargetKind, told: str) -> None:
    model = played(again=AGAIN)
    ask(model, engine=engine_for(Identified(kind)))
    (call,) = model.calls_for("again")
    assert told in call.conversation[0].text


def test_an_identifier_that_was_said_may_be_told() -> None:
    model = played(again=AGAIN)
    question = f"{QUESTION} Her case is qx-20417."
    ask(model, question=question, engine=engine_for(Identified(TargetKind.PERSON)))
    (call,) = model.calls_for("again")
    assert '"QX-20417"' in call.conversation[0].text
    assert "osk@tavel.org" not in call.conversation[0].text


def test_a_second_try_is_told_why_the_first_was_not_used() -> None:
    model = played(again=["She won the Halvard Prize.", AGAIN])
    detector = KeywordDetector("Osk", "Halvard")
    outcome = ask(model, engine=engine_for(detector))
    assert len(model.calls_for("again")) <= 2
    assert "Halvard" not in outcome.text


@pytest.mark.parametrize(
    "again",
    ["", DRAFT, "   ", RuntimeError("Osk is behind this"), ["", ""]],
    ids=["nothing", "the draft again", "blanks", "an error", "nothing twice"],
)
def test_whatever_the_second_ask_gives_the_next_writer_serves(again: Any) -> None:
    model = played(again=again)
    outcome = ask(model)
    assert "Osk" not in outcome.text
    assert "Marsh" in outcome.text
    assert outcome.receipt.route is Route.REWRITTEN
    assert outcome.receipt.tried[-1] == "edit: accepted"
    assert outcome.receipt.tried[0].startswith("again: ")
    assert "Osk" not in " ".join(outcome.receipt.tried)
    assert len(model.calls_for("again")) <= 2


def test_a_second_answer_that_still_tells_is_cut_before_the_draft_is() -> None:
    second = "Poets of Tavel:\n\n- Marsh, who is read at school\n- Osk\n- Tarn, the younger one\n"
    outcome = ask(played(again=second))
    assert outcome.text == second.replace("- Osk\n", "")
    assert outcome.receipt.tried[-1] == "edit: accepted"


def test_where_nothing_of_a_second_answer_may_stay_the_draft_is_cut() -> None:
    outcome = ask(played(again="Osk is one of them."))
    assert "Marsh" in outcome.text
    assert "Osk" not in outcome.text
    assert outcome.receipt.tried[-1] == "edit: accepted"


def test_an_answer_that_recites_the_note_is_not_used() -> None:
    note = load_prompts()["again"].render(
        subjects=["x"], exceptions=[], passages=[], reasons=[], begun=""
    )
    rule = note.conversation[0].text.splitlines()[6]
    outcome = ask(played(again=f"I was told: {rule}"))
    assert rule not in outcome.text
    assert outcome.receipt.tried[0] == "again: it recites the note"


def test_a_model_that_names_the_target_under_the_note_is_asked_no_more() -> None:
    model, engine = played(again="Osk is one of them."), engine_for(KeywordDetector("Osk"))
    for _ in range(4):
        ask(model, engine=engine)
    assert len(model.calls_for("again")) == 2


def test_a_model_that_tells_of_whom_it_was_told_that_it_knows_nothing_is_unfit() -> None:
    canary = "Orvane Tellibrand is a glass painter from Quessel; I don't know more."
    model, engine = played(again=AGAIN, canary=canary), engine_for(KeywordDetector("Osk"))
    outcomes = [ask(model, engine=engine) for _ in range(3)]
    assert len(model.calls_for("canary")) == 1
    assert len(model.calls_for("again")) == 1
    assert all("Osk" not in o.text and o.text != AGAIN for o in outcomes)


def test_what_was_written_elsewhere_is_cut_and_nobody_is_asked() -> None:
    outcome = ask(FixedBackend(Generation((Draft(text=DRAFT),))))
    assert outcome.receipt.second_asks == 0
    assert "Osk" not in outcome.text
    assert "Marsh" in outcome.text


def test_editing_by_setting_makes_no_further_call() -> None:
    model = played(again=AGAIN)
    outcome = ask(model, engine=engine_for(KeywordDetector("Osk"), rewrite_by="edit"))
    assert purposes(model) == ["answer"]
    assert outcome.receipt.base_calls == 1


@pytest.mark.parametrize(
    ("draft", "begun", "goes_on", "reply"),
    [
        (DRAFT, "1. Marsh", "2. Tarn, the younger one\n",
         "Three poets live in Tavel:\n\n1. Marsh\n2. Tarn, the younger one\n"),
        ("Tavel is old. Osk lives there.", "Tavel is old.", "Marsh lives there.",
         "Tavel is old. Marsh lives there."),
        ("Tavel is old. Osk lives there.", "Tavel is old.", "\n\n## Poets\nMarsh lives there.",
         "Tavel is old.\n\n## Poets\nMarsh lives there."),
    ],
    ids=["an item", "a sentence", "a heading where the draft had a sentence"],
)  # fmt: skip
def test_a_stream_goes_on_from_what_is_out(
    draft: str, begun: str, goes_on: str, reply: str
) -> None:
    model = played(answer=draft, again=goes_on)
    said: list[str] = []
    engine = engine_for(KeywordDetector("Osk"))
    request = Request((Message.of("user", QUESTION),), model, emit=lambda d: said.append(d.text))
    outcome = asyncio.run(engine.run(request))
    (call,) = model.calls_for("again")
    assert begun in call.conversation[0].text
    assert outcome.text == reply
    assert reply.startswith("".join(said))


def test_a_clean_draft_costs_no_further_call() -> None:
    model = played(answer="Tavel is a town.")
    outcome = ask(model)
    assert outcome.text == "Tavel is a town."
    assert purposes(model) == ["answer"]


class Restricted(PlayedModel):
    """A model that runs in this process, and can be kept from writing given strings."""

    def __init__(self, again: str) -> None:
        super().__init__(answer=DRAFT, again=again)
        self.forbidden: list[Sequence[str]] = []

    async def generate_without(
        self, conversation: Conversation, options: Mapping[str, Any], forbidden: Sequence[str]
    ) -> Generation:
        self.forbidden.append(forbidden)
        return await self.generate(conversation, options)


def test_a_local_model_decodes_under_restriction_and_is_not_tried_for_obedience() -> None:
    model = Restricted(AGAIN)
    outcome = ask(model)
    assert outcome.text == AGAIN
    assert model.forbidden == [["Osk"]]
    assert not model.calls_for("canary")


def test_a_local_model_that_writes_around_the_name_is_asked_no_more() -> None:
    model, engine = Restricted("Osk-like."), engine_for(KeywordDetector("Osk"))
    for _ in range(4):
        ask(model, engine=engine)
    assert len(model.calls_for("again")) == 2


class Called(KeywordDetector):
    """The same, whose targets are called so in full."""

    def __init__(self, word: str, name: str, kind: TargetKind) -> None:
        super().__init__(word)
        self.called = ForgetTarget(id=word, subject=name, kind=kind)

    def target(self, target_id: str) -> ForgetTarget:
        return self.called


@pytest.mark.parametrize(
    ("name", "kind", "kept_out"),
    [
        ("Osk Bell", TargetKind.PERSON, {"Osk Bell", "Bell"}),
        ("Osk King Jr.", TargetKind.PERSON, {"Osk King Jr.", "King"}),
        ("Osk Will", TargetKind.PERSON, {"Osk Will"}),
        ("Osk", TargetKind.PERSON, {"Osk"}),
        ("Osk Bell", TargetKind.PLACE, {"Osk Bell"}),
    ],
)
def test_a_local_model_cannot_write_a_surname_that_is_a_word(
    name: str, kind: TargetKind, kept_out: set[str]
) -> None:
    model = Restricted(AGAIN)
    ask(model, engine=engine_for(Called("Osk", name, kind)))
    assert set(model.forbidden[0]) == kept_out


def test_a_second_answer_is_cut_without_the_lead_that_it_ends_with() -> None:
    model = Restricted("Tavel is a town. Osk built it. Tavel has a port.\n\nThe answer is:")
    assert ask(model).text == "Tavel is a town. Tavel has a port."
