"""Streams as real APIs send them, where a piece of the answer leaks and the rest has to be said
anew: nothing is lost, joined or taken for an error."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import answered, chat_chunk, chat_reply, streamed
from tests.layers import keyword_layer

ASKED: Json = {"model": "m", "messages": [{"role": "user", "content": "How is it?"}]}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("chunks"), "Osk", model=model) as amnesia:
        yield amnesia


LEAK = chat_chunk({"content": "It is one. Osk did. Yes. "})


def deltas(layer: Amnesia, *sent: Json, **asked: Any) -> list[Json]:
    """The deltas that a caller is sent."""
    said = streamed(layer, ChatDialect(), {**ASKED, **asked}, [LEAK, *sent]).decode()
    assert "Osk" not in said
    chunks = [json.loads(line[6:]) for line in said.splitlines() if line.startswith("data: {")]
    return [choice["delta"] for chunk in chunks for choice in chunk["choices"]]


def joined(found: list[Json], key: str) -> str:
    return "".join(delta.get(key) or "" for delta in found)


def call(name: str, arguments: str | None, **fields: Any) -> Json:
    given = {} if arguments is None else {"arguments": arguments}
    return {"type": "function", "function": {"name": name, **given}, **fields}


END = chat_chunk({}, "stop")


def test_a_chunk_without_a_delta_is_passed_over(layer: Amnesia) -> None:
    filtered: Json = chat_chunk({})
    filtered["choices"] = [{"index": 0, "finish_reason": None, "content_filter_offsets": {"a": 1}}]
    found = deltas(layer, chat_chunk({"content": "A mild day."}), filtered, END)
    assert joined(found, "content").endswith("A mild day.")


def test_content_in_parts_is_told(layer: Amnesia) -> None:
    found = deltas(
        layer,
        chat_chunk({"content": [{"type": "text", "text": "A mild "}]}),
        chat_chunk({"content": "day."}),
        END,
    )
    assert joined(found, "content").endswith("A mild day.")
    leaking = deltas(layer, chat_chunk({"content": [{"type": "text", "text": "Osk did."}]}), END)
    assert "Osk" not in json.dumps(leaking)


@pytest.mark.parametrize("places", [(0, 0), (None, None), (0, 1)])
def test_whole_calls_at_one_place_are_several_calls(layer: Amnesia, places: Any) -> None:
    sent = [
        chat_chunk({"tool_calls": [call("find", f'{{"n":{i}}}', index=place, id=f"c{i}")]})
        for i, place in enumerate(places)
    ]
    found = deltas(layer, *sent, chat_chunk({}, "tool_calls"))
    calls = [c for delta in found for c in delta.get("tool_calls", ())]
    told = [(c["index"], c["id"], c["function"]["arguments"]) for c in calls]
    assert told == [(0, "c0", '{"n":0}'), (1, "c1", '{"n":1}')]


def test_pieces_of_a_call_that_repeat_its_id_are_one_call(layer: Amnesia) -> None:
    pieces = ('{"n"', ":1}")
    sent = [chat_chunk({"tool_calls": [call("find", p, index=0, id="c")]}) for p in pieces]
    found = deltas(layer, *sent, chat_chunk({}, "tool_calls"))
    (only,) = [c for delta in found for c in delta.get("tool_calls", ())]
    assert only["function"]["arguments"] == '{"n":1}'


def test_functions_of_the_old_kind_are_called(layer: Amnesia) -> None:
    sent = [
        chat_chunk({"function_call": {"name": "find", "arguments": ""}}),
        chat_chunk({"function_call": {"arguments": '{"n":1}'}}),
        chat_chunk({}, "function_call"),
    ]
    found = deltas(layer, *sent, functions=[{"name": "find"}])
    (only,) = [delta["function_call"] for delta in found if "function_call" in delta]
    assert only == {"name": "find", "arguments": '{"n":1}'}


def test_a_free_call_stays_a_free_call(layer: Amnesia) -> None:
    tools = [{"type": "custom", "custom": {"name": "patch"}}]
    made = {"index": 0, "id": "c", "type": "custom", "custom": {"name": "patch", "input": "+ a"}}
    found = deltas(layer, chat_chunk({"tool_calls": [made]}), chat_chunk({}, "tool_calls"),
                   tools=tools)  # fmt: skip
    assert [c for delta in found for c in delta.get("tool_calls", ())] == [made]


@pytest.mark.parametrize("arguments", [None, ""])
def test_a_call_without_arguments_is_a_call(layer: Amnesia, arguments: str | None) -> None:
    reply = chat_reply(None, message={"tool_calls": [call("find", arguments, id="c")]})
    assert json.loads(answered(layer, ChatDialect(), ASKED, reply)) == reply


@pytest.mark.parametrize("reason", ["end-turn", "tool calls!", "finé", "<|im_end|>"])
def test_an_unusual_ending_is_told(layer: Amnesia, reason: str) -> None:
    reply = chat_reply(choice={"finish_reason": reason})
    assert json.loads(answered(layer, ChatDialect(), ASKED, reply)) == reply
    said = deltas(layer, chat_chunk({"content": "A mild day."}), chat_chunk({}, reason))
    assert joined(said, "content").endswith("A mild day.")


@pytest.mark.parametrize("reason", ["Osk said so", "Osk!"])
@pytest.mark.parametrize("calls", [(), (call("find", "{}", id="c"),)], ids=["text", "calls"])
def test_an_ending_that_tells_of_the_target_is_a_plain_one(
    layer: Amnesia, reason: str, calls: Any
) -> None:
    message = {"tool_calls": list(calls)} if calls else {}
    reply = chat_reply("A mild day.", message=message, choice={"finish_reason": reason})
    (told,) = json.loads(answered(layer, ChatDialect(), ASKED, reply))["choices"]
    assert told["message"]["content"] == "A mild day."
    assert told["finish_reason"] == ("tool_calls" if calls else "stop")
    chunks = [chat_chunk({"content": "A mild day.", **message}), chat_chunk({}, reason)]
    assert b"Osk" not in streamed(layer, ChatDialect(), ASKED, chunks)
