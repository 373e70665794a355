"""A secret planted in each channel appears nowhere: not at the caller's, in logs, metrics, traces.

The upstream is the worst there is: it repeats all that it sees and the secret besides, in the
channel under test, plainly and streamed, in errors and in what it breaks off.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from typing import Any

import httpx
import openai
import pytest
from openai import AsyncOpenAI, OpenAI

from amnestic import Amnesia
from amnestic.testing import (
    HTTPFailure,
    LogCapture,
    ScriptedBackend,
    ScriptedServer,
    assert_no_leak,
    serve_scripted,
)
from amnestic.types import Conversation, Draft, ToolCall
from tests.integrations.canary import FORGET, SECRETS, traced
from tests.server.running import Proxy, running_proxy

LEAK = (
    "Odalys Fenwright lives at 14 Quill Lane, Tavelmoor. "
    "Her record number is OF-77120 and she cast the Harrow Bell."
)
FIRST = "A bell is cast in bronze."
ADMIN = {"authorization": "Bearer admin"}


def _told(draft: Draft) -> Callable[[Conversation], Draft]:
    def answer(conversation: Conversation) -> Draft:
        seen = " ".join(message.text for message in conversation)
        return Draft(f"{draft.text} {seen}" if draft.text else "", draft.reasoning, draft.refusal,
                     draft.tool_calls, draft.finish_reason)  # fmt: skip

    return answer


OUTBOUND: Mapping[str, Any] = {
    "answer": _told(Draft(LEAK)),
    "late in the answer": _told(Draft(f"{FIRST} It takes a mould. {LEAK} Then it cools.")),
    "list": Draft(f"{FIRST}\n- one\n- {LEAK}\n- two"),
    "code": Draft(f"{FIRST}\n```\nx = 1\nname = 'Odalys Fenwright'\n```\nDone."),
    "reasoning": Draft(FIRST, reasoning=LEAK),
    "refusal": Draft(refusal=f"I may not speak of this. {LEAK}"),
    "tool argument": Draft(
        tool_calls=(ToolCall("c", "find", json.dumps({"q": LEAK})),), finish_reason="tool_calls"
    ),
    "second choice": [Draft(FIRST), Draft(LEAK)],
    "structured": Draft(json.dumps({"name": "Odalys Fenwright", "note": LEAK})),
    "error": HTTPFailure(400, f"cannot serve: {LEAK}"),
    "server error": HTTPFailure(500, LEAK),
}
INBOUND: Mapping[str, list[dict[str, Any]]] = {
    "system": [{"role": "system", "content": f"You help. {LEAK}"}],
    "developer": [{"role": "developer", "content": LEAK}],
    "history": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": LEAK}],
    "earlier turn": [{"role": "user", "content": f"{LEAK} Note it."},
                     {"role": "assistant", "content": "Noted."}],
    "tool result": [
        {"role": "user", "content": "Look it up."},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "t", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
        {"role": "tool", "tool_call_id": "t", "content": json.dumps([{"text": LEAK}])},
    ],
    "tool call": [
        {"role": "user", "content": "Look it up."},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "t", "type": "function",
             "function": {"name": "f", "arguments": json.dumps({"q": LEAK})}}]},
        {"role": "tool", "tool_call_id": "t", "content": "Nothing found."},
    ],
    "passage": [{"role": "user", "content": f"Here is a passage.\n{LEAK}\nThank you."},
                {"role": "assistant", "content": "Thanks."}],
}  # fmt: skip
QUESTION = "How does one make a bell?"
SCHEMA = {
    "type": "json_schema",
    "json_schema": {
        "name": "note",
        "schema": {
            "type": "object",
            "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
            "required": ["name", "note"],
        },
    },
}


class Stand:
    """A layer, its upstream, the proxy, and what the upstream says next."""

    def __init__(self, running: ExitStack, folder: Any) -> None:
        self.next: Any = FIRST
        model = ScriptedBackend(rules=[(lambda conversation: True, self._answer)])
        self.upstream: ScriptedServer = running.enter_context(serve_scripted(model))
        self.layer = running.enter_context(Amnesia(model, db=folder / "r.db", elicit=False))
        self.layer.forget(FORGET)
        self.proxy: Proxy = running.enter_context(
            running_proxy(self.layer, upstream=self.upstream.base_url, admin_token="admin")
        )
        options: Any = {"api_key": "k", "max_retries": 0}
        self.wrapped = self.layer.wrap(OpenAI(base_url=self.upstream.base_url, **options))
        self.client = OpenAI(base_url=f"{self.proxy.url}/v1", **options)

    def _answer(self, conversation: Conversation) -> Any:
        return self.next


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with ExitStack() as running:
        yield Stand(running, tmp_path_factory.mktemp("canary"))


def chat(client: Any, asked: dict[str, Any]) -> Any:
    return client.chat.completions.with_raw_response.create(model="m", **asked).content


def chat_stream(client: Any, asked: dict[str, Any]) -> Any:
    return [
        chunk.model_dump()
        for chunk in client.chat.completions.create(model="m", stream=True, **asked)
    ]


def responses(client: Any, asked: dict[str, Any]) -> Any:
    return client.responses.create(model="m", **_as_response(asked)).model_dump_json()


def responses_stream(client: Any, asked: dict[str, Any]) -> Any:
    stream = client.responses.create(model="m", stream=True, **_as_response(asked))
    return [event.model_dump() for event in stream]


def _as_response(asked: dict[str, Any]) -> dict[str, Any]:
    items: list[Any] = []
    for message in asked["messages"]:
        for call in message.get("tool_calls", ()):
            items.append({"type": "function_call", "call_id": call["id"], **call["function"]})
        if message["role"] == "tool":
            items.append({"type": "function_call_output", "call_id": message["tool_call_id"],
                          "output": message["content"]})  # fmt: skip
        elif message.get("content"):
            items.append({"role": message["role"], "content": message["content"]})
    form = asked.get("response_format")
    text = {"text": {"format": {"type": "json_schema", **form["json_schema"]}}} if form else {}
    return {"input": items, **text}


DOORS = [chat, chat_stream, responses, responses_stream]
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
each_side = pytest.mark.parametrize("side", ["wrapped", "client"])


def asked_with(stand: Stand, side: str, door: Any, asked: dict[str, Any]) -> list[Any]:
    """Everything that can be seen of one request, its failure included."""
    seen: list[Any] = []
    with traced() as traces:
        try:
            seen.append(door(getattr(stand, side), asked))
        except openai.APIError as error:
            seen += [error, error.body, str(error)]
    seen += [traces.sent, httpx.get(f"{stand.proxy.url}/metrics", headers=ADMIN).text]
    return seen


@each_side
@each_door
@pytest.mark.parametrize("channel", OUTBOUND)
def test_a_secret_in_an_outbound_channel_appears_nowhere(
    stand: Stand, side: str, door: Any, channel: str, debug_logs: LogCapture
) -> None:
    stand.next = OUTBOUND[channel]
    asked: dict[str, Any] = {"messages": [{"role": "user", "content": QUESTION}]}
    if channel == "second choice" and "chat" in door.__name__:
        asked["n"] = 2
    if channel == "structured":
        asked["response_format"] = SCHEMA
    seen = asked_with(stand, side, door, asked)
    assert_no_leak(SECRETS, *seen, logged(debug_logs, side))


@each_side
@each_door
@pytest.mark.parametrize("channel", INBOUND)
def test_a_secret_in_an_inbound_channel_appears_nowhere(
    stand: Stand, side: str, door: Any, channel: str, debug_logs: LogCapture
) -> None:
    stand.next = _told(Draft("What I was told:"))
    question = {"role": "user", "content": QUESTION}
    seen = asked_with(stand, side, door, {"messages": [*INBOUND[channel], question]})
    sent = json.dumps(stand.upstream.requests[-1]["body"])
    assert_no_leak(SECRETS, *seen, sent, logged(debug_logs, side))


@pytest.mark.parametrize("channel", ["answer", "late in the answer", "reasoning", "tool argument"])
def test_an_async_client_sees_nothing_either(
    stand: Stand, channel: str, debug_logs: LogCapture
) -> None:
    stand.next = OUTBOUND[channel]
    seen: list[Any] = []

    async def go() -> None:
        own = AsyncOpenAI(base_url=stand.upstream.base_url, api_key="k", max_retries=0)
        async with own:
            client = stand.layer.wrap(own)
            messages: Any = [{"role": "user", "content": QUESTION}]
            reply = await client.chat.completions.create(model="m", messages=messages, n=2)
            seen.append(reply.model_dump())
            stream = await client.chat.completions.create(model="m", messages=messages, stream=True)
            seen.extend([chunk.model_dump() async for chunk in stream])

    asyncio.run(go())
    assert_no_leak(SECRETS, *seen, debug_logs.lines)


@pytest.mark.parametrize("channel", ["answer", "late in the answer", "code"])
def test_leaving_in_the_middle_shows_nothing(
    stand: Stand, channel: str, debug_logs: LogCapture
) -> None:
    stand.next = OUTBOUND[channel]
    messages: Any = [{"role": "user", "content": QUESTION}]
    seen = []
    for client in (stand.wrapped, stand.client):
        with client.chat.completions.create(model="m", messages=messages, stream=True) as stream:
            seen.append(next(iter(stream)).model_dump())
    assert_no_leak(SECRETS, *seen, debug_logs.lines)


def test_a_time_out_shows_nothing(tmp_path: Any, debug_logs: LogCapture) -> None:
    model = ScriptedBackend(default=LEAK)
    with (
        serve_scripted(model) as upstream,
        Amnesia(model, db=tmp_path / "r.db", elicit=False) as layer,
    ):
        layer.forget(FORGET)
        with running_proxy(layer, upstream=upstream.base_url, request_timeout=0.001) as proxy:
            body = {"model": "m", "messages": [{"role": "user", "content": QUESTION}]}
            plain = httpx.post(f"{proxy.url}/v1/chat/completions", json=body, timeout=20)
            streamed = httpx.post(
                f"{proxy.url}/v1/chat/completions", json={**body, "stream": True}, timeout=20
            )
    assert_no_leak(SECRETS, plain.text, streamed.text, debug_logs.lines)


def logged(logs: LogCapture, side: str) -> list[str]:
    """What was logged. The unwrapped client of the proxy is the caller's own: what the SDK logs of
    the caller's own request there is none of the layer's."""
    own = "Request options" if side == "client" else "nothing of this"
    return [line for line in logs.lines if own not in line]
