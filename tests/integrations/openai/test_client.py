"""`amnesia.wrap(client)`: every door of the OpenAI client, sync and async, plain and streamed."""

from __future__ import annotations

import asyncio
import gc
import json
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any, cast

import httpx2
import openai
import pytest
from openai import AsyncOpenAI, OpenAI
from pydantic import BaseModel

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.integrations.openai.headers import Unrepeated
from amnestic.integrations.openai.transport import AsyncGuard, _AsyncUpstream
from amnestic.testing import (
    HTTPFailure,
    MalformedAnswer,
    ScriptedBackend,
    ScriptedServer,
    serve_scripted,
)
from amnestic.types import Draft, ToolCall
from tests.layers import keyword_layer
from tests.patience import PATIENCE

CLEAN = "Paris is in France. It is large.\n- one\n- two"
CALLS = (ToolCall("c1", "find", '{"q":"Osk"}'), ToolCall("c2", "find", '{"q":"Tarn"}'))
RULES = [
    ("Where", CLEAN),
    ("poets", "Marsh sings well. Osk sings too. Tarn is silent."),
    ("Think", Draft("He wrote it.", reasoning="That must be Osk.")),
    ("Refuse", Draft(refusal="I may not speak of Osk.")),
    ("Call", Draft(tool_calls=CALLS, finish_reason="tool_calls")),
    ("Fill", '{"name": "Osk", "town": "Hask", "age": 4}'),
    (
        "List",
        '{"people": [{"name": "Osk", "town": null, "age": 4}, '
        '{"name": "Tarn", "town": null, "age": 5}]}',
    ),
    ("Unlike", [Draft("It never comes to an end"), Draft("It is two. Yes. It is.")]),
    ("Several", [Draft("It is one. Yes."), Draft("It is two. Osk did it. Yes.")]),
    ("Broken", MalformedAnswer("cut")),
    ("Page", MalformedAnswer("html")),
    ("Empty", MalformedAnswer("empty")),
    ("Limit", HTTPFailure(429, "slow down")),
    ("Fault", HTTPFailure(500, "Osk broke it")),
]


class Stand:
    """A layer, its upstream and both wrapped clients."""

    def __init__(self, upstream: ScriptedServer, amnesia: Amnesia) -> None:
        self.upstream = upstream
        self.amnesia = amnesia
        options: Any = {"base_url": upstream.base_url, "api_key": "k", "max_retries": 0}
        self.plain = OpenAI(**options)
        self.plain_async = AsyncOpenAI(**options)
        self.client = amnesia.wrap(self.plain)
        self.async_client = amnesia.wrap(self.plain_async)


@pytest.fixture(scope="module")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    with ExitStack() as open_things:
        model = ScriptedBackend(rules=RULES, default="Osk is a poet.")
        upstream = open_things.enter_context(serve_scripted(model))
        folder = tmp_path_factory.mktemp("layer")
        yield Stand(upstream, open_things.enter_context(keyword_layer(folder, "Osk")))


def user(text: str) -> Any:
    return [{"role": "user", "content": text}]


# ── The doors: each gives the answer's text ──────────────────────────────────────────────────────


def chat_create(stand: Stand, text: str) -> str:
    reply = stand.client.chat.completions.create(model="m", messages=user(text))
    return reply.choices[0].message.content or ""


def chat_stream(stand: Stand, text: str) -> str:
    chunks = stand.client.chat.completions.create(model="m", messages=user(text), stream=True)
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def chat_helper(stand: Stand, text: str) -> str:
    with stand.client.chat.completions.stream(model="m", messages=user(text)) as stream:
        stream.until_done()
        return stream.get_final_completion().choices[0].message.content or ""


def chat_raw(stand: Stand, text: str) -> str:
    raw = stand.client.chat.completions.with_raw_response.create(model="m", messages=user(text))
    return raw.parse().choices[0].message.content or ""


def chat_streaming_response(stand: Stand, text: str) -> str:
    door = stand.client.chat.completions.with_streaming_response
    with door.create(model="m", messages=user(text)) as raw:
        return json.loads(raw.read())["choices"][0]["message"]["content"] or ""


def chat_parse(stand: Stand, text: str) -> str:
    reply = stand.client.chat.completions.parse(model="m", messages=user(text))
    return reply.choices[0].message.content or ""


def chat_post(stand: Stand, text: str) -> str:
    body = {"model": "m", "messages": user(text)}
    reply: Any = stand.client.post("/chat/completions", cast_to=object, body=body)
    return reply["choices"][0]["message"]["content"] or ""


def responses_create(stand: Stand, text: str) -> str:
    return stand.client.responses.create(model="m", input=text).output_text


def responses_stream(stand: Stand, text: str) -> str:
    events: Any = stand.client.responses.create(model="m", input=text, stream=True)
    return "".join(e.delta for e in events if e.type == "response.output_text.delta")


def responses_helper(stand: Stand, text: str) -> str:
    with stand.client.responses.stream(model="m", input=text) as stream:
        stream.until_done()
        return stream.get_final_response().output_text


def responses_parse(stand: Stand, text: str) -> str:
    return stand.client.responses.parse(model="m", input=text).output_text


def async_create(stand: Stand, text: str) -> str:
    async def go() -> str:
        client = stand.amnesia.wrap(stand.plain_async)
        reply = await client.chat.completions.create(model="m", messages=user(text))
        await stand.plain_async.close()
        return reply.choices[0].message.content or ""

    stand.plain_async = stand.plain_async.copy()
    return _fresh(stand, go)


def async_stream(stand: Stand, text: str) -> str:
    async def go() -> str:
        client = stand.amnesia.wrap(stand.plain_async)
        said = ""
        stream = await client.chat.completions.create(model="m", messages=user(text), stream=True)
        async for chunk in stream:
            said += (chunk.choices[0].delta.content or "") if chunk.choices else ""
        return said

    return _fresh(stand, go)


def async_responses(stand: Stand, text: str) -> str:
    async def go() -> str:
        client = stand.amnesia.wrap(stand.plain_async)
        return (await client.responses.create(model="m", input=text)).output_text

    return _fresh(stand, go)


def _fresh(stand: Stand, go: Callable[[], Any]) -> str:
    """Run on an event loop of its own, with an HTTP client of its own."""
    before = stand.plain_async
    stand.plain_async = AsyncOpenAI(base_url=stand.upstream.base_url, api_key="k", max_retries=0)

    async def closing() -> str:
        async with stand.plain_async:
            said: str = await go()
            return said

    try:
        return asyncio.run(closing())
    finally:
        stand.plain_async = before


DOORS = [
    chat_create, chat_stream, chat_helper, chat_raw, chat_streaming_response, chat_parse, chat_post,
    responses_create, responses_stream, responses_helper, responses_parse,
    async_create, async_stream, async_responses,
]  # fmt: skip
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@each_door
def test_far_from_every_target_the_answer_is_the_models_own(stand: Stand, door: Any) -> None:
    assert door(stand, "Where is Paris?") == CLEAN


@each_door
def test_a_leak_in_the_middle_is_taken_out_alike_at_every_door(stand: Stand, door: Any) -> None:
    assert (
        door(stand, "Name poets.")
        == stand.amnesia.review(
            "Name poets.", "Marsh sings well. Osk sings too. Tarn is silent."
        ).text
    )


@each_door
def test_a_direct_question_is_not_answered_at_any_door(stand: Stand, door: Any) -> None:
    before = len(stand.upstream.calls)
    said = door(stand, "Who is Osk?")
    assert said
    assert "Osk" not in said
    assert len(stand.upstream.calls) == before


# ── Byte for byte, and nothing of what was withheld ──────────────────────────────────────────────


def test_an_untouched_reply_is_the_upstreams_own_byte_for_byte(stand: Stand) -> None:
    asked: Any = {"model": "m", "messages": user("Where is Paris?")}
    own = stand.plain.chat.completions.with_raw_response.create(**asked)
    ours = stand.client.chat.completions.with_raw_response.create(**asked)
    assert ours.content == own.content
    assert ours.status_code == own.status_code


def test_unknown_fields_and_sentinels_travel_as_they_are(stand: Stand) -> None:
    stand.client.chat.completions.create(
        model="m",
        messages=user("Where is Paris?"),
        temperature=openai.NOT_GIVEN,
        top_p=openai.omit,
        seed=7,
        extra_body={"top_k": 5, "vendor": {"deep": [1, 2]}},
        extra_headers={"x-own": "1"},
    )
    sent = stand.upstream.requests[-1]["body"]
    assert sent == {
        "model": "m", "messages": user("Where is Paris?"), "seed": 7, "top_k": 5,
        "vendor": {"deep": [1, 2]},
    }  # fmt: skip


def test_leaking_reasoning_and_refusals_do_not_come(stand: Stand) -> None:
    thought = stand.client.chat.completions.create(model="m", messages=user("Think about it."))
    assert thought.choices[0].message.content == "He wrote it."
    assert "Osk" not in thought.model_dump_json()
    refused = stand.client.chat.completions.create(model="m", messages=user("Refuse, please."))
    assert refused.choices[0].message.refusal
    assert "Osk" not in refused.model_dump_json()


def tokens_in(text: str) -> list[dict[str, Any]]:
    return [{"token": w, "logprob": -0.1, "bytes": None, "top_logprobs": []} for w in text.split()]


def with_logprobs(path: str, text: str, *, stream: bool) -> bytes:
    """What an API that gives logprobs answers."""
    tokens = tokens_in(text)
    if path.endswith("/responses"):
        part = {"type": "output_text", "text": text, "annotations": [], "logprobs": tokens}
        item = {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
                "content": [part]}  # fmt: skip
        whole = {"id": "resp_1", "object": "response", "created_at": 0, "model": "m",
                 "status": "completed", "output": [item], "tools": [], "tool_choice": "auto",
                 "parallel_tool_calls": True}  # fmt: skip
        at = {"item_id": "msg_1", "output_index": 0, "content_index": 0}
        events: list[Any] = [
            {"type": "response.created", "response": {**whole, "output": []}},
            {
                "type": "response.output_item.added",
                "output_index": 0,
                "item": {**item, "content": []},
            },
            {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
            {"type": "response.output_text.delta", **at, "delta": text, "logprobs": tokens},
            {"type": "response.output_text.done", **at, "text": text, "logprobs": tokens},
            {"type": "response.content_part.done", **at, "part": part},
            {"type": "response.output_item.done", "output_index": 0, "item": item},
            {"type": "response.completed", "response": whole},
        ]
        return _events(events) if stream else json.dumps(whole).encode()
    head = {"id": "chatcmpl-1", "created": 0, "model": "m"}
    choice = {"index": 0, "finish_reason": "stop", "logprobs": {"content": tokens, "refusal": None}}
    message = {"role": "assistant", "content": text}
    if not stream:
        answer = {**choice, "message": message}
        return json.dumps({**head, "object": "chat.completion", "choices": [answer]}).encode()
    pieces = [
        {"index": 0, "delta": {"content": f"{token['token']} "}, "finish_reason": None,
         "logprobs": {"content": [token], "refusal": None}} for token in tokens
    ]  # fmt: skip
    end = {"index": 0, "delta": {}, "finish_reason": "stop", "logprobs": None}
    kind = {"object": "chat.completion.chunk"}
    return _events([{**head, **kind, "choices": [piece]} for piece in [*pieces, end]]) + _DONE


_DONE = b"data: [DONE]\n\n"


def _events(events: list[Any]) -> bytes:
    return b"".join(b"data: " + json.dumps(event).encode() + b"\n\n" for event in events)


@pytest.fixture
def likely(tmp_path: Path) -> Iterator[Callable[[str], OpenAI]]:
    """Makes a wrapped client of an API that says one text, with its logprobs."""
    import http.server
    import threading

    said = [""]

    class Upstream(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
            stream = bool(asked.get("stream"))
            data = with_logprobs(self.path, said[0], stream=stream)
            self.send_response(200)
            self.send_header("content-type", f"{'text/event-stream' if stream else _JSON_TYPE}")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: Any) -> None:
            pass

    with http.server.HTTPServer(("127.0.0.1", 0), Upstream) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}/v1"
        with keyword_layer(tmp_path, "Osk") as amnesia, OpenAI(base_url=url, api_key="k") as own:

            def client(text: str) -> OpenAI:
                said[0] = text
                return amnesia.wrap(own)

            yield client
        server.shutdown()
        thread.join()


_JSON_TYPE = "application/json"
LEAK = "It is one. Osk did it. Yes, it is."


def streamed_chat(client: OpenAI) -> Any:
    asked: Any = {"model": "m", "messages": user("Who?"), "logprobs": True}
    with client.chat.completions.stream(**asked) as events:
        events.until_done()
        return events.get_final_completion()


def streamed_response(client: OpenAI) -> Any:
    with client.responses.stream(model="m", input="Who?") as events:
        events.until_done()
        return events.get_final_response()


def test_logprobs_go_where_text_was_withheld(likely: Callable[[str], OpenAI]) -> None:
    asked: Any = {"model": "m", "messages": user("Who?"), "logprobs": True}
    client = likely(LEAK)
    for reply in (client.chat.completions.create(**asked), streamed_chat(client)):
        assert reply.choices[0].logprobs is None
        assert "Osk" not in reply.model_dump_json()
        assert (reply.choices[0].message.content or "").startswith("It is one.")
    response = streamed_response(client)
    assert not response.output[0].content[0].logprobs
    assert "Osk" not in response.model_dump_json()


def test_a_clean_stream_keeps_its_logprobs(likely: Callable[[str], OpenAI]) -> None:
    text = "It is one. Tarn did it. Yes, it is."
    client = likely(text)
    chat = streamed_chat(client)
    assert [token.token for token in chat.choices[0].logprobs.content] == text.split()
    assert chat.choices[0].finish_reason == "stop"
    response = streamed_response(client)
    assert [token.token for token in response.output[0].content[0].logprobs] == text.split()


@pytest.mark.parametrize("stream", [False, True])
def test_a_leaking_tool_call_is_not_made_and_the_other_is(stand: Stand, stream: bool) -> None:
    tools: Any = [{"type": "function", "function": {"name": "find", "parameters": {}}}]
    asked: Any = {"model": "m", "messages": user("Call both."), "tools": tools}
    if stream:
        with stand.client.chat.completions.stream(**asked) as events:
            events.until_done()
            reply: Any = events.get_final_completion()
    else:
        reply = stand.client.chat.completions.create(**asked)
    calls = reply.choices[0].message.tool_calls
    assert [(c.id, c.function.name, c.function.arguments) for c in calls] == [
        ("c2", "find", '{"q":"Tarn"}')
    ]
    assert reply.choices[0].finish_reason == "tool_calls"


def test_a_leaking_tool_call_of_a_response_is_not_made(stand: Stand) -> None:
    reply = stand.client.responses.create(model="m", input="Call both.")
    assert [item.type for item in reply.output] == ["function_call"]
    with stand.client.responses.stream(model="m", input="Call both.") as events:
        events.until_done()
        streamed: Any = events.get_final_response().output
    assert [item.arguments for item in streamed] == ['{"q":"Tarn"}']


@pytest.mark.parametrize("stream", [False, True])
def test_of_several_choices_each_is_judged_for_itself(stand: Stand, stream: bool) -> None:
    asked: Any = {"model": "m", "messages": user("Several, please."), "n": 2}
    said = ["", ""]
    if stream:
        for chunk in stand.client.chat.completions.create(**asked, stream=True):
            for choice in chunk.choices:
                said[choice.index] += choice.delta.content or ""
    else:
        reply = stand.client.chat.completions.create(**asked)
        said = [choice.message.content or "" for choice in reply.choices]
    assert said[0] == "It is one. Yes."
    assert said[1].startswith("It is two.")
    assert "Osk" not in said[1]


def test_the_streaming_helper_takes_a_second_choice_that_is_ready_before_the_first(
    stand: Stand,
) -> None:
    asked: Any = {"model": "m", "messages": user("Unlike ones, please."), "n": 2}
    with stand.client.chat.completions.stream(**asked) as events:
        events.until_done()
        choices = events.get_final_completion().choices
    said = [(choice.message.content or "").strip() for choice in choices]
    assert said == ["It never comes to an end", "It is two. Yes. It is."]


def test_usage_is_told_in_a_stream_that_asks_for_it(stand: Stand) -> None:
    for text in ("Where is Paris?", "Who is Osk?"):
        chunks = list(
            stand.client.chat.completions.create(
                model="m",
                messages=user(text),
                stream=True,
                stream_options={"include_usage": True},
            )
        )
        assert chunks[-1].usage is not None
        assert chunks[-1].choices == []


# ── Structured output ────────────────────────────────────────────────────────────────────────────


class Record(BaseModel):
    """What the structured answers are."""

    name: str
    town: str | None
    age: int


@pytest.mark.parametrize("text", ["Fill it in.", "Who is Osk? Fill it in."])
def test_structured_output_still_parses(stand: Stand, text: str) -> None:
    reply = stand.client.chat.completions.parse(
        model="m", messages=user(text), response_format=Record
    )
    message = reply.choices[0].message
    assert message.parsed is not None
    assert "Osk" not in (message.content or "")


class People(BaseModel):
    """A list of records."""

    people: list[Record]


def test_other_records_of_a_structured_answer_stay(stand: Stand) -> None:
    reply = stand.client.chat.completions.parse(
        model="m", messages=user("List them."), response_format=People
    )
    parsed = reply.choices[0].message.parsed
    assert parsed is not None
    assert [(p.name, p.age) for p in parsed.people] == [("Tarn", 5)]


def test_structured_output_of_a_response_still_parses(stand: Stand) -> None:
    reply = stand.client.responses.parse(model="m", input="Fill it in.", text_format=Record)
    assert reply.output_parsed is not None
    assert "Osk" not in reply.output_text


def test_structured_output_in_a_stream_still_parses(stand: Stand) -> None:
    asked: Any = {"model": "m", "messages": user("Fill it in."), "response_format": Record}
    with stand.client.chat.completions.stream(**asked) as events:
        events.until_done()
        message = events.get_final_completion().choices[0].message
    assert message.parsed is not None
    assert "Osk" not in (message.content or "")


# ── Inputs ───────────────────────────────────────────────────────────────────────────────────────


def test_knowledge_handed_back_does_not_reach_the_model(stand: Stand) -> None:
    messages: Any = [
        {"role": "system", "content": "Osk was born in Hask. Be brief."},
        {"role": "user", "content": [{"type": "text", "text": "Where is Paris?"}]},
        {"role": "assistant", "content": None, "tool_calls": [
            {"id": "t", "type": "function",
             "function": {"name": "find", "arguments": '{"q": "Osk"}'}}]},
        {"role": "tool", "tool_call_id": "t", "content": '[{"n": "Osk"}, {"n": "Tarn"}]'},
        {"role": "user", "content": [{"type": "text", "text": "Where is it?"}]},
    ]  # fmt: skip
    stand.client.chat.completions.create(model="m", messages=messages)
    sent = json.dumps(stand.upstream.requests[-1]["body"])
    assert "Osk" not in sent
    assert "Be brief." in sent
    assert "Tarn" in sent


def test_the_name_of_a_speaker_reaches_the_model_unless_it_is_a_targets(stand: Stand) -> None:
    for name in ("Osk", "Tarn"):
        messages: Any = [{"role": "user", "name": name, "content": "Where is Paris?"}]
        stand.client.chat.completions.create(model="m", messages=messages)
    others, last = (stand.upstream.requests[i]["body"]["messages"] for i in (-2, -1))
    assert others == [{"role": "user", "content": "Where is Paris?"}]
    assert last == messages


def test_knowledge_in_items_of_a_response_does_not_reach_the_model(stand: Stand) -> None:
    items: Any = [
        {"role": "user", "content": "Where is Paris?"},
        {"type": "function_call", "call_id": "t", "name": "find", "arguments": '{"q": "Osk"}'},
        {"type": "function_call_output", "call_id": "t", "output": "Osk is here. Tarn too."},
        {"type": "reasoning", "id": "rs", "summary": [{"type": "summary_text", "text": "Osk!"}]},
        {"role": "user", "content": [{"type": "input_text", "text": "Where is it?"}]},
    ]
    stand.client.responses.create(model="m", input=items, instructions="Osk is a poet. Be brief.")
    sent = json.dumps(stand.upstream.requests[-1]["body"])
    assert "Osk" not in sent
    assert "Tarn too." in sent
    assert "Be brief." in sent


@pytest.mark.parametrize(
    "extra",
    [
        {"previous_response_id": "resp_1"},
        {"conversation": "conv_1"},
        {"background": True},
        {"prompt": {"id": "pmpt_1"}},
        {"input": [{"type": "item_reference", "id": "msg_1"}]},
    ],
)
def test_history_that_cannot_be_read_is_refused(stand: Stand, extra: Any) -> None:
    before = len(stand.upstream.requests)
    with pytest.raises(openai.BadRequestError) as caught:
        stand.client.responses.create(**{"model": "m", "input": "Where?", **extra})
    assert caught.value.code == "unsupported_content"
    assert len(stand.upstream.requests) == before


# ── Other doors ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "call",
    [
        lambda c: c.audio.speech.create(model="m", input="x", voice="alloy"),
        lambda c: c.audio.transcriptions.create(model="m", file=("a.wav", b"0")),
        lambda c: c.images.generate(model="m", prompt="x"),
        lambda c: c.responses.retrieve("resp_1"),
        lambda c: c.chat.completions.retrieve("chatcmpl-1"),
        lambda c: c.chat.completions.messages.list("chatcmpl-1"),
        lambda c: c.batches.list(),
        lambda c: c.files.content("file_1"),
        lambda c: c.conversations.retrieve("conv_1"),
        lambda c: c.get("/anything/else", cast_to=object),
    ],
)
def test_a_door_that_is_not_guarded_is_closed(stand: Stand, call: Any) -> None:
    before = len(stand.upstream.requests)
    with pytest.raises(openai.PermissionDeniedError, match="not guarded by Amnestic"):
        call(stand.client)
    assert len(stand.upstream.requests) == before


def test_websockets_are_closed(stand: Stand) -> None:
    with pytest.raises(ConfigurationError, match="not guarded"):
        stand.client.realtime.connect(model="m").enter()


def test_models_are_passed_through(stand: Stand) -> None:
    assert [model.id for model in stand.client.models.list()] == ["scripted"]


def test_old_completions_are_guarded() -> None:
    from amnestic.integrations.openai.completions import CompletionsDialect

    dialect = CompletionsDialect()
    reply = {"choices": [{"text": "Osk.", "index": 0, "finish_reason": "stop"}]}
    assert dialect.generation(reply).choices[0].text == "Osk."


def test_copies_stay_wrapped(stand: Stand) -> None:
    for copied in (stand.client.with_options(timeout=PATIENCE), stand.client.copy(api_key="other")):
        assert type(copied) is type(stand.client)
        reply = copied.chat.completions.create(model="m", messages=user("Who is Osk?"))
        assert "Osk" not in reply.model_dump_json()
    assert isinstance(stand.client, OpenAI)
    assert isinstance(stand.async_client, AsyncOpenAI)


def test_the_callers_own_client_is_left_as_it_is(stand: Stand) -> None:
    reply = stand.plain.chat.completions.create(model="m", messages=user("Who is Osk?"))
    assert reply.choices[0].message.content == "Osk is a poet."


def test_only_openai_clients_are_wrapped_and_only_once(stand: Stand) -> None:
    with pytest.raises(ConfigurationError, match=r"give an openai\.OpenAI"):
        stand.amnesia.wrap(object())
    with pytest.raises(ConfigurationError, match="wrapped already"):
        stand.amnesia.wrap(stand.client)


# ── Failures ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Limit", openai.RateLimitError),
        ("Fault", openai.InternalServerError),
        ("Page", openai.InternalServerError),
        ("Empty", openai.InternalServerError),
    ],
)
def test_an_upstreams_error_comes_as_the_sdks_own(
    stand: Stand, text: str, kind: Any, stream: bool
) -> None:
    with pytest.raises(kind) as caught:
        stand.client.chat.completions.create(model="m", messages=user(text), stream=stream)
    assert "Osk" not in str(caught.value)
    assert "Osk" not in json.dumps(caught.value.body)


def test_a_clean_error_keeps_its_words(stand: Stand) -> None:
    with pytest.raises(openai.RateLimitError, match="slow down"):
        stand.client.chat.completions.create(model="m", messages=user("Limit"))


def test_an_upstream_that_breaks_off_ends_the_stream_with_an_error(stand: Stand) -> None:
    said: list[str] = []

    def read() -> None:
        stream = stand.client.chat.completions.create(
            model="m", messages=user("Broken"), stream=True
        )
        said.extend(c.choices[0].delta.content or "" for c in stream if c.choices)

    with pytest.raises(openai.APIError):
        read()
    assert "".join(said) == ""


def test_an_unreachable_upstream_is_the_sdks_connection_error(tmp_path: Path) -> None:
    own = OpenAI(base_url="http://127.0.0.1:9/v1", api_key="k", max_retries=0)
    with keyword_layer(tmp_path, "Osk") as amnesia:
        client = amnesia.wrap(own)
        with pytest.raises(openai.APIConnectionError):
            client.chat.completions.create(model="m", messages=user("Where?"))
        with pytest.raises(openai.APIConnectionError):
            client.chat.completions.create(model="m", messages=user("Where?"), stream=True)


def test_bad_input_is_a_bad_request(stand: Stand) -> None:
    for messages in ([], [{"role": "x", "content": "a"}], [{"role": "user", "content": " "}]):
        with pytest.raises(openai.BadRequestError):
            stand.client.chat.completions.create(model="m", messages=messages)  # type: ignore[arg-type]


def test_leaving_a_stream_early_is_quiet(stand: Stand) -> None:
    asked: Any = {"model": "m", "messages": user("Where is Paris?"), "stream": True}
    with stand.client.chat.completions.create(**asked) as stream:
        next(iter(stream))


def test_an_upstream_that_is_left_is_closed_to_the_connection() -> None:
    """Nothing is left to the garbage collector, which may close it from another thread."""
    abandoned = []

    class Body(httpx2.AsyncByteStream):
        async def __aiter__(self) -> AsyncIterator[bytes]:
            yield b"one"
            yield b"two"

    class Sending:
        async def send(self, *_: Any, **__: Any) -> httpx2.Response:
            return httpx2.Response(200, stream=Body())

    async def leave() -> None:
        sys.set_asyncgen_hooks(finalizer=lambda left: abandoned.append(left.__qualname__))
        upstream = _AsyncUpstream(cast("AsyncGuard", Sending()), None, Unrepeated({}))
        async with upstream.open({}) as opened:
            assert await anext(aiter(opened.pieces)) == b"one"
        del upstream, opened
        gc.collect()

    asyncio.run(leave())
    assert abandoned == []


def test_images_pass_far_from_every_target(stand: Stand) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    messages: Any = [
        {"role": "user", "content": [picture, {"type": "text", "text": "Where is it?"}]}
    ]
    reply = stand.client.chat.completions.create(model="m", messages=messages)
    assert reply.choices[0].message.content == CLEAN
    assert stand.upstream.requests[-1]["body"]["messages"] == messages


def test_near_a_target_an_image_is_judged_by_the_text_beside_it(stand: Stand) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    combined = "Who is Osk, and where is Paris? Name poets."
    messages: Any = [{"role": "user", "content": [picture, {"type": "text", "text": combined}]}]
    reply = stand.client.chat.completions.create(model="m", messages=messages)
    assert "Osk" not in (reply.choices[0].message.content or "")
    sent = stand.upstream.requests[-1]["body"]["messages"][0]["content"]
    assert sent[0] == picture


def test_an_unknown_part_is_refused_whatever_is_on_the_list(stand: Stand) -> None:
    for text in ("Where is Paris?", "Who is Osk?"):
        parts: Any = [{"type": "hologram"}, {"type": "text", "text": text}]
        with pytest.raises(openai.BadRequestError) as caught:
            stand.client.chat.completions.create(
                model="m", messages=[{"role": "user", "content": parts}]
            )
        assert caught.value.code == "unsupported_content"
