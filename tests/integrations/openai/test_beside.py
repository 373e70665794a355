"""What stands beside an answer is read like the answer: likelihoods, ids, calls, unknown fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import (
    Saying,
    answered,
    chat_chunk,
    chat_reply,
    response,
    streamed,
)
from tests.layers import keyword_layer

CLEAR: Json = {"model": "m", "messages": [{"role": "user", "content": "How is it?"}]}
NEAR: Json = {
    "model": "m",
    "messages": [
        {"role": "system", "content": "Osk is a poet."},
        {"role": "user", "content": "How is it?"},
    ],
}
CLEAR_ITEMS: Json = {"model": "m", "input": "How is it?"}
NEAR_ITEMS: Json = {**CLEAR_ITEMS, "instructions": "Osk is a poet."}
CLEAR_PROMPT: Json = {"model": "m", "prompt": "How is it?"}
NEAR_PROMPT: Json = {**CLEAR_PROMPT, "suffix": "Osk is a poet."}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("beside"), "Osk", model=model) as amnesia:
        yield amnesia


def place(token: str, *others: str) -> Json:
    return {
        "token": token,
        "logprob": -0.1,
        "bytes": [*token.encode()],
        "top_logprobs": [{"token": o, "logprob": -2.0, "bytes": [*o.encode()]} for o in others],
    }


LIKELY = [place("A"), place(" mild", " O", " w"), place(" day", "sk", "et"), place(".")]
HARMLESS = [place("A"), place(" mild", " wet"), place(" day", " eve"), place(".")]
LIKELY_OLD = {
    "tokens": ["A", " mild", " day", "."],
    "token_logprobs": [-0.1] * 4,
    "top_logprobs": [{"A": -1}, {" O": -1}, {"sk": -1}, {".": -1}],
}


def completion(text: str = "A mild day.", **fields: Any) -> Json:
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": "stop"}
    choice |= fields.pop("choice", {})
    return {
        "id": "cmpl-1",
        "object": "text_completion",
        "created": 1,
        "choices": [choice],
        **fields,
    }


def with_likelihoods(places: Any) -> list[tuple[Dialect, Json, Json, Json]]:
    content = {"content": places, "refusal": None}
    return [
        (ChatDialect(), CLEAR, NEAR, chat_reply(choice={"logprobs": content})),
        (ResponsesDialect(), CLEAR_ITEMS, NEAR_ITEMS, response(part={"logprobs": places})),
    ]


@pytest.mark.parametrize(
    ("dialect", "body", "near", "reply"),
    [
        *with_likelihoods(LIKELY),
        (
            CompletionsDialect(),
            CLEAR_PROMPT,
            NEAR_PROMPT,
            completion(choice={"logprobs": LIKELY_OLD}),
        ),
    ],
)
def test_words_that_were_likely_instead_are_read(
    layer: Amnesia, dialect: Dialect, body: Json, near: Json, reply: Json
) -> None:
    for asked in (body, near):
        said = answered(layer, dialect, asked, reply).decode()
        assert "mild day." in said
        assert '"sk"' not in said


@pytest.mark.parametrize(("dialect", "body", "near", "reply"), with_likelihoods(HARMLESS))
def test_likelihoods_go_with_an_answer_that_is_far_from_every_target_only(
    layer: Amnesia, dialect: Dialect, body: Json, near: Json, reply: Json
) -> None:
    assert json.loads(answered(layer, dialect, body, reply)) == reply
    said = answered(layer, dialect, near, reply).decode()
    assert "mild day." in said
    assert " wet" not in said


def chunks(places: list[Json]) -> list[Json]:
    return [
        chat_chunk({"content": p["token"]}, choice={"logprobs": {"content": [p], "refusal": None}})
        for p in places
    ] + [chat_chunk({}, "stop")]


def test_likelihoods_of_a_stream_are_read_too(layer: Amnesia) -> None:
    assert b" wet" in streamed(layer, ChatDialect(), CLEAR, chunks(HARMLESS))
    for body, places in ((CLEAR, LIKELY), (NEAR, LIKELY), (NEAR, HARMLESS)):
        content = {"content": places, "refusal": None}
        sent, reply = chunks(places), chat_reply(choice={"logprobs": content})
        upstream = Saying(lambda b, sent=sent, reply=reply: sent if b.get("stream") else reply)
        said = streamed(layer, ChatDialect(), body, upstream).decode()
        assert "mild day" in "".join(
            json.loads(line[6:])["choices"][0]["delta"].get("content") or ""
            for line in said.splitlines()
            if line.startswith("data: {")
        )
        assert "top_logprobs" not in said


def test_bytes_that_spell_something_else_than_their_token_are_read(layer: Amnesia) -> None:
    odd = [{**place("A mild day."), "bytes": [*b"Osk"]}]
    reply = chat_reply(choice={"logprobs": {"content": odd}})
    assert (
        json.loads(answered(layer, ChatDialect(), CLEAR, reply))["choices"][0]["logprobs"] is None
    )


CALL: Json = {"id": "call_1", "type": "function", "function": {"name": "find", "arguments": "{}"}}


@pytest.mark.parametrize(
    "reply",
    [
        chat_reply(id="chatcmpl-osk-1"),
        chat_reply(system_fingerprint="fp_osk"),
        chat_reply(model="osk"),
        chat_reply(citations=["Osk, a life"]),
        chat_reply(hints={"Osk": 1}),
        chat_reply(message={"annotations": [{"url": "https://osk.example"}]}),
        chat_reply(choice={"finish_reason": "Osk"}),
        chat_reply(message={"role": "Osk"}),
        chat_reply(message={"reasoning_details": [{"id": "osk", "text": "Hm."}]}),
        chat_reply(None, message={"tool_calls": [{**CALL, "id": "call_osk"}]}),
        chat_reply(None, message={"tool_calls": [{**CALL, "extra_content": {"a": "Osk"}}]}),
        chat_reply(
            None,
            message={"tool_calls": [{**CALL, "function": {"name": "find_osk", "arguments": "{}"}}]},
        ),
    ],
)
def test_every_field_of_a_reply_is_read(layer: Amnesia, reply: Json) -> None:
    said = answered(layer, ChatDialect(), CLEAR, reply).decode()
    assert "osk" not in said.lower()
    assert json.loads(said)["choices"][0]["message"]["role"] == "assistant"


@pytest.mark.parametrize(
    "reply",
    [
        response(id="resp_osk1"),
        response(metadata={"a": "Osk"}),
        response(user="Osk"),
        response(part={"annotations": [{"type": "url_citation", "title": "Osk"}]}),
        response(output=[{"type": "function_call", "id": "fc_1", "call_id": "osk", "name": "find",
                          "arguments": "{}"}]),
        response(output=[{"type": "function_call", "id": "fc_1", "call_id": "c", "name": "findOsk",
                          "arguments": "{}"}]),
        response(output=[{"type": "web_search_call", "action": {"query": "Osk"}}]),
    ],
)  # fmt: skip
def test_every_field_of_a_response_is_read(layer: Amnesia, reply: Json) -> None:
    assert b"osk" not in answered(layer, ResponsesDialect(), CLEAR_ITEMS, reply).lower()


def test_what_a_response_repeats_of_its_request_is_not_read_again(layer: Amnesia) -> None:
    body = {**CLEAR_ITEMS, "metadata": {"a": "b"}, "tools": []}
    reply = response(metadata={"a": "b"})
    assert json.loads(answered(layer, ResponsesDialect(), body, reply)) == reply


@pytest.mark.parametrize(
    "content",
    [
        b'{"id": "c", "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": '
        b'"assistant", "content": "Osk.", "content": "A mild day."}}]}',
        b'{"id": "c", "choices": [{"message": {"content": "Osk."}}], "choices": [{"message": '
        b'{"role": "assistant", "content": "A mild day."}}]}',
    ],
)
def test_a_reply_in_which_a_key_stands_twice_is_no_reply(layer: Amnesia, content: bytes) -> None:
    from amnestic.exceptions import ModelError

    with pytest.raises(ModelError):
        answered(layer, ChatDialect(), CLEAR, content)


@pytest.mark.parametrize(
    "delta",
    [
        {"content": "A mild day.", "hints": ["Osk"]},
        {"tool_calls": [{"index": 0, **CALL, "extra_content": {"a": "Osk"}}]},
        {"tool_calls": [{"index": 0, **CALL, "id": "call_osk"}]},
        {"tool_calls": [{"index": 0, **CALL, "function": {"name": "find_osk", "arguments": "{}"}}]},
    ],
)
def test_every_field_of_a_chunk_is_read(layer: Amnesia, delta: Json) -> None:
    sent = [chat_chunk(delta), chat_chunk({}, "stop")]
    assert b"osk" not in streamed(layer, ChatDialect(), CLEAR, sent).lower()


def test_a_clean_reply_with_fields_that_nobody_knows_is_the_upstreams_own(layer: Amnesia) -> None:
    reply = chat_reply(citations=["https://a.example"], message={"images": [{"url": "u"}]})
    content = json.dumps(reply, indent=2).encode()
    assert answered(layer, ChatDialect(), CLEAR, content) == content
    assert Saying(content).bodies == []
