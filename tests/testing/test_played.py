"""A played model answers by the purpose of a call, and what it was not given it does not hide."""

from __future__ import annotations

from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.models.deltas import collect
from amnestic.models.protocol import StreamingBackend
from amnestic.models.purpose import asking_for
from amnestic.testing import HTTPFailure, PlayedModel, ScriptedBackend, UnplayedPurpose
from amnestic.types import Conversation, Message

pytestmark = pytest.mark.anyio
HELLO = (Message.of("user", "Hello."),)
REQUEST = "Please forget Ana Morel. Ana Morel is a painter from Tarnow."


async def said(model: PlayedModel, purpose: str, conversation: Conversation = HELLO) -> str:
    with asking_for(purpose):
        return (await model.generate(conversation, {})).choices[0].text


async def test_each_purpose_has_its_own_answer() -> None:
    model = PlayedModel(
        answer="Paris.", again=["first", "second"], elicit=lambda asked: asked[-1].text.upper()
    )
    assert isinstance(model, StreamingBackend)
    assert [await said(model, "again"), await said(model, "answer")] == ["first", "Paris."]
    assert [await said(model, "again"), await said(model, "answer")] == ["second", "Paris."]
    assert await said(model, "elicit") == "HELLO."


async def test_calls_are_counted_by_purpose() -> None:
    model = PlayedModel(answer="Paris.", again="Rome.")
    for purpose in ("answer", "again", "again"):
        await said(model, purpose)
    await model.generate(HELLO, {"temperature": 0})
    assert [call.purpose for call in model.calls] == ["answer", "again", "again", "answer"]
    assert len(model.calls_for("again")) == 2
    assert model.calls_for("answer")[1].options == {"temperature": 0}
    assert model.calls_for("elicit") == []


async def test_a_purpose_without_an_answer_is_named_with_the_mend() -> None:
    model = PlayedModel(answer="Paris.")
    with pytest.raises(UnplayedPurpose, match=r"'again' .* plays 'answer': .*\(again=…\)"):
        await said(model, "again")
    assert len(model.calls_for("again")) == 1


async def test_a_list_that_is_used_up_is_told() -> None:
    model = PlayedModel(again=["once"])
    await said(model, "again")
    with pytest.raises(UnplayedPurpose, match="'again' more often than its 1 answers"):
        await said(model, "again")


@pytest.mark.parametrize("question", ["Who painted the ceiling in Tarnow?", "What is a prime?"])
@pytest.mark.parametrize("is_streamed", [False, True])
def test_the_layer_makes_no_abstention_of_a_forgotten_purpose(
    tmp_path: Path, question: str, is_streamed: bool
) -> None:
    model = PlayedModel(elicit="Ana Morel painted the ceiling in Tarnow.")
    with Amnesia(model, db=tmp_path / "r.db", cache_dir=tmp_path) as amnesia:
        amnesia.forget(REQUEST)
        with pytest.raises(UnplayedPurpose, match="'answer'"):
            list(amnesia.stream(question)) if is_streamed else amnesia.chat(question)


def test_an_agent_that_was_forgotten_is_told_by_its_name(tmp_path: Path) -> None:
    model = PlayedModel(answer="Ana Morel painted it.")
    folder = {"db": tmp_path / "r.db", "cache_dir": tmp_path}
    layer = Amnesia(model, agent_model=model, elicit=False, rewrite_by="edit", **folder)
    with layer as amnesia, pytest.raises(UnplayedPurpose, match=r"'(probe|interpreter)'"):
        amnesia.forget(REQUEST)


async def test_a_streamed_answer_is_the_plain_one() -> None:
    model = PlayedModel(answer="One. Two, three.")
    streamed = await collect(model.stream(HELLO, {}))
    assert streamed.choices == (await model.generate(HELLO, {})).choices


async def test_a_providers_failure_can_be_played() -> None:
    model = PlayedModel(again=[HTTPFailure(503), ValueError("a bug")])
    with pytest.raises(ModelError, match="its server failed"):
        await said(model, "again")
    with pytest.raises(ValueError, match="a bug"):
        await said(model, "again")


async def test_other_scripted_models_tell_the_purpose_of_a_call_too() -> None:
    backend = ScriptedBackend("Paris.")
    with asking_for("identify"):
        await backend.generate(HELLO, {})
    assert [call.purpose for call in backend.calls] == ["identify"]
