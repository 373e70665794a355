"""The same conversations through every LangChain door give the same text and the same verdicts."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain_core.messages import BaseMessage

from amnestic import Amnesia
from amnestic.integrations.langchain_middleware import AmnesticMiddleware
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.models import LangChainBackend
from amnestic.models.convert import draft_of, to_langchain
from amnestic.testing import ScriptedChatModel
from amnestic.types import Draft, Route

from .conversations import Talk, answer_of, forget_requests, talks

Verdict = tuple[str, tuple[str, ...], str]


@pytest.fixture(scope="module")
def world_layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """A layer in which people of the embedded world are forgotten."""
    path: Path = tmp_path_factory.mktemp("parity") / "registry.db"
    model = ScriptedChatModel.of(default=answer_of)
    with Amnesia(LangChainBackend(model), db=path, elicit=False) as amnesia:
        for request in forget_requests():
            amnesia.forget(request)
        yield amnesia


async def through_sdk(layer: Amnesia, talk: Talk) -> Verdict:
    reply = await layer.achat(list(talk.messages))
    return (*_said(reply.drafts[0]), _plain(reply.receipt.route))


async def through_model(layer: Amnesia, talk: Talk) -> Verdict:
    reply = await _model(layer).ainvoke(list(talk.messages))
    return (*_said(draft_of(reply, {})), _verdict(reply))


async def through_stream(layer: Amnesia, talk: Talk) -> Verdict:
    pieces = [p async for p in _model(layer).astream(list(talk.messages))]
    whole: Any = sum(pieces[1:], pieces[0])
    return (*_said(draft_of(whole, {})), _verdict(whole))


async def through_middleware(layer: Amnesia, talk: Talk) -> Verdict:
    class Guarded(AmnesticMiddleware):
        def _guarded(self, request: Any) -> Any:
            return request.override(model=_model(layer))

    agent = create_agent(ScriptedChatModel.of(), middleware=[Guarded(layer)])
    asked: Any = {"messages": [dict(m) for m in talk.messages]}
    async for update in agent.astream(asked, stream_mode="updates"):
        if "model" in update:
            reply = update["model"]["messages"][-1]
            return (*_said(draft_of(reply, {})), _verdict(reply))
    raise AssertionError("the model was not asked")


def _model(layer: Amnesia) -> AmnesticChatModel:
    inner = ScriptedChatModel.of(default=answer_of)
    return AmnesticChatModel(amnesia=layer, inner=inner, show_receipts=True)


def _said(draft: Draft) -> tuple[str, tuple[str, ...]]:
    return draft.text, tuple(f"{c.name}({c.arguments})" for c in draft.tool_calls)


def _verdict(message: BaseMessage) -> str:
    return _plain(Route(message.response_metadata["amnestic"]["route"]))


def _plain(route: Route) -> str:
    """An agent's middleware cleans the history before the model is asked: then what would have
    passed after scrubbing is clear from the start."""
    return "passed" if route is Route.CLEAR else route.value


async def _all(layer: Amnesia, chosen: tuple[Talk, ...]) -> dict[str, list[Verdict]]:
    doors = (through_sdk, through_model, through_stream, through_middleware)
    return {door.__name__: [await door(layer, t) for t in chosen] for door in doors}


def _hold(layer: Amnesia, chosen: tuple[Talk, ...]) -> None:
    told = asyncio.run(_all(layer, chosen))
    plain = told.pop("through_sdk")
    for door, verdicts in told.items():
        different = [
            (t.id, a, b) for t, a, b in zip(chosen, plain, verdicts, strict=True) if a != b
        ]
        assert not different, f"{door}: {different[:3]}"
    assert len({route for _, _, route in plain}) >= 2


def test_every_door_gives_the_same_text_and_verdict(world_layer: Amnesia) -> None:
    _hold(world_layer, talks()[:15])


@pytest.mark.slow
def test_every_door_gives_the_same_text_and_verdict_over_all_conversations(
    world_layer: Amnesia,
) -> None:
    _hold(world_layer, talks())


def test_conversations_can_be_read_back_from_langchain() -> None:
    from amnestic.conversation import parse_conversation
    from amnestic.models.convert import from_langchain

    for talk in talks(60):
        read = parse_conversation(list(talk.messages))
        assert from_langchain(to_langchain(read)) == read
