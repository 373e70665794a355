"""A model of this process begins its answer while its question is vetted, and tells none of it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import anyio
import pytest

from amnestic.agents.contracts import VetVerdict
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.streaming import ReviewedStream
from amnestic.models.deltas import collect
from amnestic.models.protocol import Delta
from amnestic.types import Conversation, Generation, Message, Route
from tests.keyword_detector import KeywordDetector

FAR = "What is the highest hill of Tavel?"
NEAR = "Who is Osk?"
BESIDE = "Tavel is a town. Osk lives there. What is Tavel?"
ANSWER = "It is Mount Marsh. It is 812 m high."


class Elsewhere:
    """A model that notes what it is asked, and how many of its answers were ended early."""

    name = "model"

    def __init__(
        self, answer: str = ANSWER, failure: Exception | None = None, endless: str = ""
    ) -> None:
        self.answer = answer
        self.endless = endless  # the question to which its answer does not end
        self.failure = failure
        self.asked: list[Conversation] = []
        self.broken_off = 0
        self.is_asked = asyncio.Event()

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        return await collect(self.stream(conversation, options))

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        self.asked.append(conversation)
        self.is_asked.set()
        is_whole = False
        try:
            if self.failure is not None:
                raise self.failure
            for word in self.answer.split():
                yield Delta(text=f"{word} ")
                await asyncio.sleep(0)
            if conversation[-1].text == self.endless:
                await asyncio.Event().wait()
            yield Delta(finish_reason="stop")
            is_whole = True
        finally:
            self.broken_off += not is_whole


class Here(Elsewhere):
    """The same in this process."""

    def load(self) -> None:
        pass


class Waiting:
    """A vetter that has done its work once a model was asked, or after many turns of the loop."""

    def __init__(self, vetter: Any, model: Elsewhere) -> None:
        self.vetter = vetter
        self.model = model
        self.asked_before: bool | None = None
        self.out: list[str] = []

    async def vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        verdict: VetVerdict = await self.vetter.vet(conversation, namespace)
        for _ in range(100):
            await asyncio.sleep(0)
        self.asked_before = self.model.is_asked.is_set()
        self.out_before = [*self.out]
        return verdict


def streamed(
    model: Elsewhere, question: str | Sequence[Message], **settings: Any
) -> tuple[str, Outcome, Waiting]:
    """What a stream tells, its outcome, and the vetter that saw it."""
    chosen = Settings(model="gguf:any", model_timeout=10, **settings)
    crew = local_crew(KeywordDetector("Osk"), chosen)
    vetter = Waiting(crew.vetter, model)
    engine = UnlearningEngine(replace(crew, vetter=vetter), chosen)
    asked = (Message.of("user", question),) if isinstance(question, str) else tuple(question)

    async def go() -> tuple[str, Outcome]:
        stream = ReviewedStream(lambda emit: engine.run(Request(asked, model, emit=emit)))
        async for delta in stream:
            vetter.out.append(delta.text)
        return "".join(vetter.out), stream.outcome

    return *anyio.run(go), vetter


def test_the_answer_begins_before_the_verdict_and_comes_behind_it() -> None:
    model = Here()
    told, outcome, vetter = streamed(model, FAR)
    assert vetter.asked_before
    assert not vetter.out_before
    assert told.strip() == ANSWER
    assert not outcome.receipt.touched()
    assert len(model.asked) == outcome.receipt.base_calls == 1
    assert not model.broken_off


@pytest.mark.parametrize(
    ("model", "question"),
    [
        pytest.param(Elsewhere(), FAR, id="elsewhere"),
        pytest.param(Here(), f"{FAR} {'Hm. ' * 600}", id="long"),
    ],
)
def test_what_would_leave_this_machine_or_cost_much_waits(model: Elsewhere, question: str) -> None:
    told, _, vetter = streamed(model, question)
    assert vetter.asked_before is False
    assert told.strip() == ANSWER
    assert len(model.asked) == 1


def test_where_targets_may_be_sealed_no_model_is_told_of_them_ahead() -> None:
    told, _, vetter = streamed(Here(), FAR, seal_key="k" * 43)
    assert vetter.asked_before is False
    assert told.strip() == ANSWER


def test_what_is_asked_for_a_target_alone_is_ended_and_nothing_told_of_it() -> None:
    model = Here("Osk is a sculptor.", endless=NEAR)
    told, outcome, vetter = streamed(model, NEAR)
    assert vetter.asked_before
    assert model.broken_off == 1
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.receipt.base_calls == 0
    assert "Osk" not in told
    assert "sculptor" not in told


def test_what_is_asked_of_a_model_that_is_asked_anyway_is_asked_once() -> None:
    model = Here("Osk is a sculptor.")
    told, outcome, _ = streamed(model, NEAR, direct="ask")
    assert len(model.asked) == outcome.receipt.base_calls == 1
    assert "sculptor" not in told


def test_a_question_that_is_changed_is_asked_as_it_was_changed() -> None:
    model = Here(endless=BESIDE)
    told, _, vetter = streamed(model, BESIDE)
    assert vetter.asked_before
    assert model.broken_off == 1
    first, second = (conversation[-1].text for conversation in model.asked)
    assert first == BESIDE
    assert "Osk" not in second
    assert "812" in told


def test_its_failure_is_its_callers_and_that_of_one_ended_is_nobodys() -> None:
    with pytest.raises(ModelError, match="gone"):
        streamed(Here(failure=ModelError("gone")), FAR)
    told, outcome, _ = streamed(Here(failure=ModelError("gone")), NEAR)
    assert outcome.receipt.route is Route.ABSTAINED
    assert told


def test_whoever_leaves_ends_it() -> None:
    model = Here(endless=FAR)
    crew = local_crew(KeywordDetector("Osk"), Settings(model="gguf:any"))
    engine = UnlearningEngine(crew, Settings(model="gguf:any"))

    async def go() -> None:
        asked = (Message.of("user", FAR),)
        async with ReviewedStream(
            lambda emit: engine.run(Request(asked, model, emit=emit))
        ) as all_:
            reading = asyncio.ensure_future(anext(all_))
            await model.is_asked.wait()
            reading.cancel()
            await asyncio.wait((reading,))

    anyio.run(go)
    assert model.broken_off == 1
