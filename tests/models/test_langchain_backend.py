from __future__ import annotations

import asyncio
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_debug, set_llm_cache
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import RunnableLambda
from langchain_core.tracers.context import collect_runs
from langchain_openai import ChatOpenAI

from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.models import LangChainBackend, resolve_backend
from amnestic.models.deltas import collect
from amnestic.testing import (
    CallbackRecorder,
    HTTPFailure,
    MalformedAnswer,
    Pieces,
    ScriptedChatModel,
    assert_no_leak,
    capture_logs,
)
from amnestic.types import Draft, Message, ToolCall, Usage
from tests.patience import PATIENCE

pytestmark = pytest.mark.anyio

HELLO = (Message.of("user", "Hello."),)
SECRET = "canary-4417-marmalade"
RICH = Draft("Yes.", "Because.", "", (ToolCall("1", "find", '{"q":  "x"}'),), "tool_calls")


def backend_saying(*replies, **script) -> LangChainBackend:
    return LangChainBackend(ScriptedChatModel.of(*replies, **script), "scripted", timeout=PATIENCE)


async def test_every_channel_comes_through():
    given = await backend_saying(RICH).generate(HELLO, {})
    assert given.choices == (RICH,)
    assert given.usage.input_tokens == 2


async def test_streamed_pieces_join_to_the_plain_answer():
    for draft in (RICH, Draft(refusal="No."), Draft("one two three")):
        plain = await backend_saying(draft).generate(HELLO, {})
        assert await collect(backend_saying(draft).stream(HELLO, {})) == plain


class _Calling(BaseChatModel):
    """Streams pieces of tool calls."""

    pieces: list[dict[str, Any]]

    @property
    def _llm_type(self) -> str:
        return "calling"

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError

    async def _astream(self, *args: Any, **kwargs: Any) -> Any:
        for piece in self.pieces:
            told = [{"index": None, "type": "tool_call_chunk", **piece}]
            yield ChatGenerationChunk(message=AIMessageChunk(content="", tool_call_chunks=told))
        end = AIMessageChunk(content="", response_metadata={"finish_reason": "tool_calls"})
        yield ChatGenerationChunk(message=end)


def _piece(name: str | None, args: str | None, call_id: str | None, **index: int) -> dict[str, Any]:
    return {"name": name, "args": args, "id": call_id, **index}


FIND, NOTE = ToolCall("1", "find", '{"q": 1}'), ToolCall("2", "note", "{}")


@pytest.mark.parametrize(
    "pieces",
    [
        [_piece("find", FIND.arguments, "1"), _piece("note", "{}", "2")],
        [_piece("find", FIND.arguments, "1", index=0), _piece("note", "{}", "2", index=0)],
        [_piece("find", '{"q": ', "1"), _piece(None, "1}", None), _piece("note", "{}", "2")],
        [_piece("find", '{"q": ', "1"), _piece("find", "1}", "1"), _piece("note", "{}", "2")],
        [_piece("find", '{"q": ', "1", index=0), _piece(None, "1}", "7", index=0),
         _piece("note", None, "2", index=1), _piece(None, "{}", None, index=1)],
        [_piece("find", '{"q": ', "1", index=4), _piece("note", "{", "2", index=3),
         _piece(None, "1}", None, index=4), _piece(None, "}", None, index=3)],
    ],
)  # fmt: skip
async def test_calls_are_told_apart_however_their_model_numbers_them(pieces):
    model = LangChainBackend(_Calling(pieces=pieces), "calling", timeout=PATIENCE)
    given = await collect(model.stream(HELLO, {}))
    assert given.choices[0].tool_calls == (FIND, NOTE)


async def test_calls_without_ids_and_numbers_are_told_apart():
    pieces = [_piece("find", FIND.arguments, None), _piece("find", FIND.arguments, None)]
    model = LangChainBackend(_Calling(pieces=pieces), "calling", timeout=PATIENCE)
    given = await collect(model.stream(HELLO, {}))
    assert given.choices[0].tool_calls == (ToolCall("", "find", FIND.arguments),) * 2


async def test_pieces_come_as_they_were_made():
    stream = backend_saying(Pieces.of("Pa", "ris.")).stream(HELLO, {})
    assert [d.text async for d in stream if d.text] == ["Pa", "ris."]


async def test_all_choices_come_through_streamed_and_plain():
    drafts = [Draft("one"), Draft("two")]
    assert (await backend_saying(drafts).generate(HELLO, {"n": 2})).choices == tuple(drafts)
    streamed = await collect(backend_saying(drafts).stream(HELLO, {"n": 2}))
    assert streamed.choices == tuple(drafts)


async def test_options_are_passed_unchanged():
    backend = backend_saying("ok")
    await backend.generate(HELLO, {"temperature": 0.3, "stop": "END", "seed": 5, "odd": [1]})
    sent = backend.model.calls[0].options
    assert sent == {"temperature": 0.3, "stop": ["END"], "seed": 5, "odd": [1]}


async def test_openai_tools_are_bound_in_the_models_own_way():
    tool = {"type": "function", "function": {"name": "find", "parameters": {}}}
    backend = backend_saying("ok")
    await backend.generate(HELLO, {"tools": [tool], "tool_choice": "auto"})
    assert backend.model.calls[0].options == {"tools": [tool], "tool_choice": "auto"}


async def test_nobody_who_listens_hears_the_draft(capfd):
    model = ScriptedChatModel.of(default=f"It is {SECRET}.")
    own, callers, cache = CallbackRecorder(), CallbackRecorder(), InMemoryCache()
    model.callbacks = [own]
    backend = LangChainBackend(model)

    async def node(_: str) -> int:
        await collect(backend.stream(HELLO, {}))
        return len((await backend.generate(HELLO, {})).choices)

    set_debug(True)
    set_llm_cache(cache)
    try:
        with collect_runs() as runs, capture_logs() as logs:
            chain = RunnableLambda(node)
            config = {"callbacks": [callers]}
            events = [e async for e in chain.astream_events("go", config, version="v2")]
    finally:
        set_debug(False)
        set_llm_cache(None)
    assert events
    assert callers.events
    assert_no_leak(SECRET, events, own.events, callers.events, runs.traced_runs, logs.records)
    assert_no_leak(SECRET, cache._cache, capfd.readouterr())


@pytest.mark.parametrize(
    ("error", "words", "retryable"),
    [
        (ConnectionRefusedError(SECRET), "could not be reached", True),
        (TimeoutError(SECRET), "in time", True),
        (HTTPFailure(401, SECRET), "API key", False),
        (HTTPFailure(404, SECRET), "model's name", False),
        (HTTPFailure(429, SECRET), "rate", True),
        (HTTPFailure(503, SECRET), "server failed", True),
        (HTTPFailure(400, SECRET), "malformed", False),
        (MalformedAnswer("empty"), "cannot be read", False),
    ],
)
async def test_a_providers_error_becomes_a_model_error_without_its_text(error, words, retryable):
    for run in (
        backend_saying(error).generate,
        lambda c, o: collect(backend_saying(error).stream(c, o)),
    ):
        with pytest.raises(ModelError, match=words) as caught:
            await run(HELLO, {})
        assert caught.value.retryable is retryable
        assert caught.value.__context__ is None
        assert caught.value.__cause__ is None
        assert_no_leak(SECRET, str(caught.value), caught.value.args)


class Never:
    def is_set(self) -> bool:
        return False


async def test_a_model_that_never_answers_is_given_up():
    backend = LangChainBackend(ScriptedChatModel.of("late", gate=Never()), "slow", timeout=0.01)
    for run in (backend.generate, lambda c, o: collect(backend.stream(c, o))):
        with pytest.raises(ModelError, match="in time") as caught:
            await run(HELLO, {})
        assert caught.value.retryable


async def test_the_callers_own_deadline_is_its_own_error():
    backend = backend_saying("late", gate=Never())
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await backend.generate(HELLO, {})


async def test_cancelling_reaches_the_model():
    backend, before = backend_saying("late", gate=Never()), asyncio.all_tasks()
    task = asyncio.ensure_future(backend.generate(HELLO, {}))
    while not backend.model.calls:  # noqa: ASYNC110
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert asyncio.all_tasks() == before


async def test_leaving_a_stream_early_leaves_no_task_behind():
    stream, before = backend_saying("one two three").stream(HELLO, {}), asyncio.all_tasks()
    await anext(stream)
    await stream.aclose()
    assert asyncio.all_tasks() == before


# ── Over HTTP ────────────────────────────────────────────────────────────────────────────────────


def over_http(server, **settings) -> LangChainBackend:
    chosen = Settings(**{"base_url": server.base_url, "api_key": "sk-good", **settings})
    return resolve_backend("openai:scripted", chosen)


async def test_an_openai_server_answers_plain_and_streamed(scripted_server):
    server = scripted_server(Draft("Paris."), Pieces.of("Pa", "ris."))
    backend = over_http(server)
    given = await backend.generate(HELLO, {"temperature": 0.2, "max_tokens": 9})
    assert given.choices[0].text == "Paris."
    assert given.usage == Usage(2, 2)
    pieces = [d.text async for d in backend.stream(HELLO, {}) if d.text]
    assert pieces == ["Pa", "ris."]
    assert server.requests[0]["body"]["temperature"] == 0.2


async def test_tool_calls_come_over_http(scripted_server):
    call = Draft(tool_calls=(ToolCall("c1", "find", '{"q": "x"}'),), finish_reason="tool_calls")
    backend = over_http(scripted_server(call, call))
    assert (await backend.generate(HELLO, {})).choices == (call,)
    assert (await collect(backend.stream(HELLO, {}))).choices == (call,)


async def test_a_wrong_key_is_said_without_the_key(scripted_server):
    backend = over_http(scripted_server("x", api_key="sk-good"), api_key="sk-very-wrong")
    with pytest.raises(ModelError, match="API key") as caught:
        await backend.generate(HELLO, {})
    assert_no_leak("sk-very-wrong", caught.value, backend.name, repr(backend.model))


async def test_an_unreachable_server_is_said():
    settings = Settings(base_url="http://127.0.0.1:9/v1", api_key="k")
    with pytest.raises(ModelError, match="could not be reached"):
        await resolve_backend("openai:m", settings).generate(HELLO, {})


@pytest.mark.parametrize("status", [400, 404, 429, 500])
async def test_a_failing_server_is_asked_once(scripted_server, status):
    server = scripted_server(default=HTTPFailure(status, SECRET))
    with pytest.raises(ModelError, match=str(status)) as caught:
        await over_http(server).generate(HELLO, {})
    assert len(server.calls) == 1
    assert_no_leak(SECRET, caught.value)


@pytest.mark.parametrize("kind", ["html", "empty", "no_choices"])
async def test_an_unreadable_answer_is_a_model_error(scripted_server, kind):
    with pytest.raises(ModelError):
        await over_http(scripted_server(MalformedAnswer(kind))).generate(HELLO, {})


@pytest.mark.parametrize("kind", ["cut", "html"])
async def test_a_broken_stream_is_a_model_error(scripted_server, kind):
    with pytest.raises(ModelError):
        await collect(over_http(scripted_server(MalformedAnswer(kind))).stream(HELLO, {}))


class Streaming(BaseChatModel):
    """A chat model of somebody's own: what its stream says, and what it says as a whole."""

    chunks: list[Any]
    whole: Any
    asked: int = 0

    @property
    def _llm_type(self) -> str:
        return "streaming"

    def _generate(self, messages, stop=None, run_manager=None, **options):
        self.asked += 1
        return ChatResult(generations=[ChatGeneration(message=self.whole)])

    def _stream(self, messages, stop=None, run_manager=None, **options):
        for chunk in self.chunks:
            yield ChatGenerationChunk(message=chunk)


STOP = {"finish_reason": "stop"}


def chunk(text: str = "", **fields: Any) -> AIMessageChunk:
    return AIMessageChunk(content=text, **fields)


async def test_a_stream_that_says_nothing_is_asked_for_as_a_whole():
    refused = AIMessage("", additional_kwargs={"refusal": "No."}, response_metadata=STOP)
    empty = [chunk(additional_kwargs={"reasoning_content": "Hm."}), chunk(response_metadata=STOP)]
    refused.additional_kwargs["reasoning_content"] = "Hm."
    model = Streaming(chunks=empty, whole=refused)
    found = await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
    assert found.choices == (Draft("", "Hm.", "No."),)
    assert model.asked == 1


@pytest.mark.parametrize("reason", ["length", "content_filter"])
async def test_a_stream_that_says_why_it_says_nothing_is_not_asked_for_again(reason):
    model = Streaming(chunks=[chunk(response_metadata={"finish_reason": reason})], whole=None)
    found = await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
    assert (found.choices[0].finish_reason, model.asked) == (reason, 0)


async def test_a_refusal_that_langchain_openai_drops_from_a_stream_is_said(scripted_server):
    server = scripted_server(default=Draft(refusal="No."))
    model = ChatOpenAI(model="m", base_url=server.base_url, api_key="k", max_retries=0)
    found = await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
    assert found.choices == (Draft(refusal="No."),)


async def test_a_cut_stream_is_none_of_whichever_model_object(scripted_server):
    server = scripted_server(default=MalformedAnswer("cut"))
    given = {"model": "m", "base_url": server.base_url, "api_key": "k", "max_retries": 0}

    class Own(ChatOpenAI):
        """Made of langchain-openai's."""

    class Telling(Streaming):
        """Says why its answers end."""

    said = AIMessage("Paris is large.", response_metadata=STOP)
    models = [ChatOpenAI(**given), Own(**given), Telling(chunks=[chunk("Paris")], whole=said)]
    for model in models:
        with pytest.raises(ModelError, match="broke off") as caught:
            await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
        assert caught.value.retryable


async def test_a_model_that_never_says_why_it_ends_is_asked_for_that_once():
    class Silent(Streaming):
        """Never says why."""

    model = Silent(chunks=[chunk("Paris")], whole=AIMessage("Paris"))
    for _ in range(3):
        found = await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
        assert found.choices[0].text == "Paris"
    assert model.asked == 1


async def test_the_tokens_of_a_stream_are_not_added_up_twice():
    def used(read: int, written: int) -> dict[str, int]:
        return {"input_tokens": read, "output_tokens": written, "total_tokens": read + written}

    for counts, told in (
        ([(20, 0), (20, 3), (20, 5)], Usage(20, 5)),  # a running total
        ([(20, 1), (0, 4)], Usage(20, 5)),  # what came with each piece
    ):
        chunks = [chunk("a", usage_metadata=used(*count)) for count in counts]
        model = Streaming(chunks=[*chunks, chunk(response_metadata=STOP)], whole=None)
        found = await collect(LangChainBackend(model, timeout=PATIENCE).stream(HELLO, {}))
        assert found.usage == told


@pytest.mark.parametrize("kind", ["silence", "endless"])
async def test_a_stream_without_end_is_given_up(scripted_server, kind):
    backend = over_http(scripted_server(default=MalformedAnswer(kind)), model_timeout=0.3)
    with pytest.raises(ModelError, match="in time"):
        await collect(backend.stream(HELLO, {}))


async def test_the_sdks_debug_log_does_not_hold_the_conversation(scripted_server):
    backend = over_http(scripted_server(default=f"It is {SECRET}."))
    question = (Message.of("user", f"What about {SECRET}?"),)
    with capture_logs() as logs:
        await backend.generate(question, {})
        await collect(backend.stream(question, {}))
    assert_no_leak(SECRET, logs.records)


def test_one_backend_serves_several_event_loops(scripted_server):
    backend = over_http(scripted_server(default="Paris."))
    for _ in range(3):
        given = asyncio.run(backend.generate(HELLO, {}))
        assert given.choices[0].text == "Paris."
