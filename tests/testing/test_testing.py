from __future__ import annotations

import logging
import threading

import openai
import pytest
from langchain_core.messages import HumanMessage

from amnestic.exceptions import ModelError
from amnestic.models.deltas import collect
from amnestic.testing import (
    CallbackRecorder,
    HTTPFailure,
    MalformedAnswer,
    Pieces,
    ScriptedBackend,
    ScriptedChatModel,
    assert_no_leak,
    capture_logs,
    serve_scripted,
)
from amnestic.types import Draft, Message, ToolCall

pytestmark = pytest.mark.anyio
SECRET = "canary 77/ü"
HELLO = (Message.of("user", "Hello."),)
RICH = Draft("Yes.", "Because.", "", (ToolCall("1", "find", '{"q": 1}'),), "tool_calls")


class Holder:
    def __init__(self, value: object) -> None:
        self.value = value


def chained() -> BaseException:
    try:
        try:
            raise ValueError(SECRET)
        except ValueError:
            raise RuntimeError("clean") from None
    except RuntimeError as error:
        return error


@pytest.mark.parametrize(
    "surface",
    [
        f"x {SECRET} y",
        SECRET.upper(),
        SECRET.encode(),
        {"a": [("b", {SECRET})]},
        {SECRET: 1},
        ValueError(SECRET),
        chained(),
        Message.of("user", SECRET),
        HumanMessage(SECRET),
        Holder(Holder(SECRET)),
        logging.LogRecord("n", 10, "p", 1, "%s", (SECRET,), None),
        '{"a": "canary 77/\\u00fc"}',
        "canary%2077/%C3%BC",
        "Y2FuYXJ5IDc3L8O8",
        SECRET[::-1],
    ],
)
def test_a_secret_is_found_on_every_kind_of_surface(surface):
    with pytest.raises(AssertionError, match="surface 2 of 2") as caught:
        assert_no_leak(SECRET, "clean", surface)
    assert SECRET not in str(caught.value)


def test_a_secret_is_found_in_files(tmp_path):
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "file.bin").write_bytes(b"\x00" + SECRET.encode() + b"\x00")
    with pytest.raises(AssertionError, match=r"file\.bin"):
        assert_no_leak(SECRET, tmp_path)


def test_clean_surfaces_pass():
    assert_no_leak(SECRET, "canary", {"a": 1}, None, ValueError("x"), [Holder(2.5)])


def test_logs_are_captured_from_loggers_that_are_off_or_do_not_propagate():
    quiet = logging.getLogger("quiet.library")
    quiet.propagate, quiet.disabled, quiet.level = False, True, logging.ERROR
    with capture_logs() as logs:
        quiet.debug("whisper")
    assert logs.lines == ["quiet.library: whisper"]
    assert quiet.disabled
    assert quiet.level == logging.ERROR
    assert not quiet.handlers
    quiet.propagate, quiet.disabled = True, False


def test_rules_come_before_the_queue_and_the_queue_before_the_default():
    model = ScriptedChatModel.of(
        "queued",
        rules=[("(?i)capital", "Paris."), (lambda c: len(c) > 1, lambda c: f"{len(c)} messages")],
        default="?",
    )
    ask = lambda *texts: model.invoke([HumanMessage(t) for t in texts]).content  # noqa: E731
    said = [ask("The Capital"), ask("a", "b"), ask("x"), ask("x")]
    assert said == ["Paris.", "2 messages", "queued", "?"]


async def test_what_is_scripted_to_fail_fails():
    with pytest.raises(KeyError):
        await ScriptedChatModel.of(KeyError("x")).ainvoke("Hi")
    with pytest.raises(KeyError):
        await ScriptedBackend(KeyError("x")).generate(HELLO, {})
    with pytest.raises(ModelError):
        await ScriptedBackend(TimeoutError("x")).generate(HELLO, {})


async def test_a_gate_holds_answers_back_until_it_is_set():
    gate = threading.Event()
    backend = ScriptedBackend("late", gate=gate)
    from asyncio import ensure_future, sleep

    task = ensure_future(backend.generate(HELLO, {}))
    while not backend.calls:  # noqa: ASYNC110
        await sleep(0)
    assert not task.done()
    gate.set()
    assert (await task).choices[0].text == "late"


async def test_the_scripted_backend_streams_what_it_answers():
    plain = await ScriptedBackend(RICH).generate(HELLO, {})
    assert await collect(ScriptedBackend(RICH).stream(HELLO, {})) == plain
    pieces = [d.text async for d in ScriptedBackend(Pieces.of("a", "b")).stream(HELLO, {})]
    assert pieces == ["a", "b", ""]


def test_a_recorder_hears_every_token():
    recorder = CallbackRecorder()
    list(ScriptedChatModel.of("one two").stream("Hi", config={"callbacks": [recorder]}))
    assert [name for name, _ in recorder.events].count("on_llm_new_token") >= 2


# ── The server, spoken to by the official client ─────────────────────────────────────────────────


@pytest.fixture
def client_of():
    clients = []

    def make(server, **options) -> openai.OpenAI:
        client = openai.OpenAI(base_url=server.base_url, api_key="k", max_retries=0, **options)
        clients.append(client)
        return client

    yield make
    for client in clients:
        client.close()


ASK = {"model": "m", "messages": [{"role": "user", "content": "Hello."}]}


def test_chat_completions_plain_and_streamed(scripted_server, client_of):
    server = scripted_server(RICH, Pieces.of("a", "b"), [Draft("one"), Draft("two")])
    create = client_of(server).chat.completions.create
    plain = create(**ASK).choices[0]
    assert plain.message.content == "Yes."
    assert plain.message.tool_calls[0].function.arguments == '{"q": 1}'
    chunks = list(create(**ASK, stream=True))
    assert [c.choices[0].delta.content for c in chunks if c.choices] == ["", "a", "b", None]
    assert len(create(**ASK, n=2).choices) == 2
    assert server.calls[0].text == "Hello."


def test_responses_plain_and_streamed(scripted_server, client_of):
    server = scripted_server(RICH, Pieces.of("a", "b"))
    create = client_of(server).responses.create
    assert create(model="m", input="Hello.", instructions="Be kind.").output_text == "Yes."
    assert server.calls[0].text == "Be kind.\nHello."
    events = list(create(model="m", input=[{"role": "user", "content": "Hi"}], stream=True))
    assert [e.delta for e in events if e.type == "response.output_text.delta"] == ["a", "b"]
    assert events[-1].response.output_text == "ab"


def test_a_response_repeats_what_it_was_asked_for(scripted_server, client_of):
    create = client_of(scripted_server("Yes.", "Yes.")).responses.create
    asked = {"model": "m", "input": "Hello.", "instructions": "Be kind.", "top_p": 0.5,
             "text": {"format": {"type": "json_object"}}}  # fmt: skip
    whole = create(**asked)
    *_, last = create(**asked, stream=True)
    for response in (whole, last.response):
        assert (response.instructions, response.top_p) == ("Be kind.", 0.5)
        assert response.text.format.type == "json_object"


def test_a_streamed_response_refuses_in_the_events_for_that(scripted_server, client_of):
    client = client_of(scripted_server(Draft(refusal="I may not.")))
    with client.responses.stream(model="m", input="Hello.") as events:
        said = [e.delta for e in events if e.type == "response.refusal.delta"]
        whole = events.get_final_response()
    assert said == ["I may not."]
    assert whole.output[0].content[0].refusal == "I may not."


def test_models_are_listed(scripted_server, client_of):
    assert [m.id for m in client_of(scripted_server()).models.list()] == ["scripted"]


def test_failures_come_over_the_wire(scripted_server, client_of):
    client = client_of(scripted_server(HTTPFailure(429), MalformedAnswer("html")))
    with pytest.raises(openai.RateLimitError):
        client.chat.completions.create(**ASK)
    assert "<html>" in str(client.chat.completions.create(**ASK))


def test_a_wrong_key_is_refused(client_of):
    serving = serve_scripted(ScriptedBackend("x"), api_key="other")
    with serving as server, pytest.raises(openai.AuthenticationError):
        client_of(server).chat.completions.create(**ASK)


def test_silence_ends_with_the_server(scripted_server, client_of):
    server = scripted_server(MalformedAnswer("silence"))
    with pytest.raises(openai.APITimeoutError):
        client_of(server, timeout=0.2).chat.completions.create(**ASK)
