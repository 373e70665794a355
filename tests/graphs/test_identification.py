"""A text that names nobody is found by whom a model says it is about."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.graphs.outcome import Outcome
from amnestic.models.purpose import current_purpose
from amnestic.types import Conversation, Draft, Generation, Message, Route

FORGET = (
    "Please forget Odalys Fenwright. Odalys Fenwright is a composer from Orrevik who wrote the "
    "opera The Amber Stair."
)
QUESTION = "Which harbour towns have given the opera something?"
ALLUSION = (
    "Orrevik has: a composer went to school there who is known for an opera with stairs. "
    "Hamburg and Venice have their own."
)
NAMED = json.dumps({"question": [], "draft": ["Odalys Fenwright", "Orrevik", "Hamburg"]})
AGAIN = "Hamburg and Venice have: both were among the first to build opera houses for everybody."


class Knowing:
    """A model that knows the subject, and says whom a text is about when it is asked."""

    name = "knowing"

    def __init__(self, **answers: Any) -> None:
        self._answers = {
            "answer": ALLUSION,
            "identify": NAMED,
            "again": AGAIN,
            "canary": "I don't know who that is.",
            **answers,
        }
        self.calls: list[tuple[str, Conversation]] = []

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        purpose = current_purpose()
        self.calls.append((purpose, conversation))
        if isinstance(self._answers[purpose], Exception):
            raise self._answers[purpose]
        return Generation((Draft(text=self._answers[purpose]),))

    def asked(self, purpose: str) -> list[Conversation]:
        return [conversation for p, conversation in self.calls if p == purpose]


def answer(folder: Path, model: Knowing, question: str = QUESTION, **settings: Any) -> Outcome:
    settings = {"identify": "base", **settings}
    with Amnesia(model, db=folder / "registry.db", elicit=False, **settings) as amnesia:
        amnesia.forget(FORGET)
        return asyncio.run(amnesia.acomplete((Message.of("user", question),)))


def test_what_only_alludes_to_a_target_is_found(tmp_path: Path) -> None:
    model = Knowing()
    outcome = answer(tmp_path, model)
    assert outcome.text == AGAIN
    assert outcome.receipt.route is Route.REWRITTEN
    assert outcome.receipt.agent_calls == 1


def test_the_question_for_names_holds_no_target(tmp_path: Path) -> None:
    model = Knowing()
    answer(tmp_path, model)
    (asked,) = model.asked("identify")
    assert "Fenwright" not in "".join(message.text for message in asked)


def test_far_from_every_target_nobody_is_asked(tmp_path: Path) -> None:
    model = Knowing(answer="Seven times eight is fifty-six.")
    outcome = answer(tmp_path, model, "What is seven times eight?")
    assert not model.asked("identify")
    assert outcome.receipt.route is Route.CLEAR


def test_whom_the_model_does_not_name_is_not_held_against_a_text(tmp_path: Path) -> None:
    model = Knowing(identify=json.dumps({"question": [], "draft": ["Hamburg"]}))
    outcome = answer(tmp_path, model)
    assert outcome.text == ALLUSION


@pytest.mark.parametrize("said", ["I'd rather not.", "", ModelError("gone")])
def test_names_that_cannot_be_had_are_counted_and_the_detectors_decide(
    tmp_path: Path, said: Any
) -> None:
    outcome = answer(tmp_path, Knowing(identify=said))
    assert outcome.receipt.unidentified == 1
    assert outcome.text == ALLUSION


def test_nobody_is_asked_where_the_setting_says_so(tmp_path: Path) -> None:
    model = Knowing()
    answer(tmp_path, model, identify="off")
    assert not model.asked("identify")


NAMING = f"Harbours need music. {ALLUSION} Odalys Fenwright wrote it."


@pytest.mark.parametrize("said", [ALLUSION, NAMING], ids=["alluded to", "named later"])
def test_a_stream_holds_what_is_near_a_target_until_it_was_asked_about(
    tmp_path: Path, said: str
) -> None:
    model = Knowing(answer=said)
    with Amnesia(model, db=tmp_path / "r.db", elicit=False, identify="base") as amnesia:
        amnesia.forget(FORGET)

        async def read() -> str:
            stream = amnesia.astream((Message.of("user", QUESTION),))
            return "".join([delta.text async for delta in stream if delta.channel == "answer"])

        assert "stairs" not in asyncio.run(read())
