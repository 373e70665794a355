"""The same conversations through SDK, wrapped client and proxy, plain and streamed: one answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from openai import OpenAI

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, serve_scripted
from amnestic.types import Draft
from tests.integrations.conversations import Talk, answer_of, forget_requests, talks
from tests.server.running import running_proxy

Said = tuple[str, tuple[str, ...]]
Door = Callable[[Talk], Said]


@pytest.fixture(scope="module")
def doors(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Door]]:
    """Every door to one layer, by name; the first is the SDK's own."""
    with ExitStack() as running:
        model = ScriptedBackend(default=answer_of)
        upstream = running.enter_context(serve_scripted(model))
        db = tmp_path_factory.mktemp("parity") / "registry.db"
        layer = running.enter_context(Amnesia(model, db=db, elicit=False))
        for request in forget_requests():
            layer.forget(request)
        own = OpenAI(base_url=upstream.base_url, api_key="k", max_retries=0)
        proxy = running.enter_context(running_proxy(layer, upstream=upstream.base_url))
        client = OpenAI(base_url=f"{proxy.url}/v1", api_key="k", max_retries=0)
        yield {
            "sdk": lambda talk: sdk(layer, talk),
            "sdk stream": lambda talk: sdk_stream(layer, talk),
            "wrapped": lambda talk: chat(layer.wrap(own), talk),
            "wrapped stream": lambda talk: chat_stream(layer.wrap(own), talk),
            "wrapped responses": lambda talk: responses(layer.wrap(own), talk),
            "proxy": lambda talk: chat(client, talk),
            "proxy stream": lambda talk: chat_stream(client, talk),
            "proxy responses stream": lambda talk: responses_stream(client, talk),
        }


def sdk(layer: Amnesia, talk: Talk) -> Said:
    return _said(layer.chat(list(talk.messages)).drafts[0])


def sdk_stream(layer: Amnesia, talk: Talk) -> Said:
    with layer.stream(list(talk.messages)) as stream:
        deltas = list(stream)
    calls = tuple(f"{d.tool_name}({d.text})" for d in deltas if d.channel.startswith("tool_call"))
    return "".join(d.text for d in deltas if d.channel == "answer"), calls


def chat(client: OpenAI, talk: Talk) -> Said:
    asked: Any = {"model": "m", "messages": list(talk.messages)}
    return _of_message(client.chat.completions.create(**asked).choices[0].message)


def chat_stream(client: OpenAI, talk: Talk) -> Said:
    asked: Any = {"model": "m", "messages": list(talk.messages)}
    with client.chat.completions.stream(**asked) as stream:
        stream.until_done()
        return _of_message(stream.get_final_completion().choices[0].message)


def responses(client: OpenAI, talk: Talk) -> Said:
    asked: Any = {"model": "m", "input": _items(talk)}
    return _of_output(client.responses.create(**asked).output)


def responses_stream(client: OpenAI, talk: Talk) -> Said:
    asked: Any = {"model": "m", "input": _items(talk)}
    with client.responses.stream(**asked) as stream:
        stream.until_done()
        return _of_output(stream.get_final_response().output)


def _items(talk: Talk) -> list[Any]:
    items: list[Any] = []
    for message in talk.messages:
        for call in message.get("tool_calls", ()):
            items.append({"type": "function_call", "call_id": call["id"], **call["function"]})
        if message["role"] == "tool":
            items.append({"type": "function_call_output", "call_id": message["tool_call_id"],
                          "output": message["content"]})  # fmt: skip
        elif message.get("content"):
            items.append({"role": message["role"], "content": message["content"]})
    return items


def _said(draft: Draft) -> Said:
    return draft.text, tuple(f"{c.name}({c.arguments})" for c in draft.tool_calls)


def _of_message(message: Any) -> Said:
    calls = (call.function for call in message.tool_calls or ())
    return message.content or "", tuple(f"{c.name}({c.arguments})" for c in calls)


def _of_output(output: Sequence[Any]) -> Said:
    parts = [part for item in output if item.type == "message" for part in item.content]
    calls = [item for item in output if item.type == "function_call"]
    text = "".join(part.text for part in parts)
    return text, tuple(f"{c.name}({c.arguments})" for c in calls)


def hold(doors: dict[str, Door], chosen: Sequence[Talk]) -> None:
    told = {talk.id: doors["sdk"](talk) for talk in chosen}
    for name, door in doors.items():
        differ = [(t.id, told[t.id], said) for t in chosen if (said := door(t)) != told[t.id]]
        assert not differ, f"{name}: {len(differ)} differ, such as {differ[:2]}"
    untouched = sum(told[t.id] == _said(t.draft) for t in chosen)
    assert 0 < untouched < len(chosen)


def test_every_door_gives_the_same_answer(doors: dict[str, Door]) -> None:
    hold(doors, talks()[:15])


@pytest.mark.slow
def test_every_door_gives_the_same_answer_over_all_conversations(doors: dict[str, Door]) -> None:
    hold(doors, talks())
