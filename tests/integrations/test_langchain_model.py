"""A LangChain model behind the layer says only what has passed, in every way it can be asked."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.caches import InMemoryCache
from langchain_core.globals import set_llm_cache
from langchain_core.messages import AIMessage, HumanMessage, SystemMessage, ToolMessage
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import RunnableLambda
from langchain_core.tools import tool
from langchain_core.tracers.context import collect_runs
from langchain_openai import ChatOpenAI
from pydantic import BaseModel

from amnestic import Amnesia
from amnestic.exceptions import AmnesticError, ConfigurationError, ModelCodeError, ModelError
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.integrations.rewiring import rewired
from amnestic.models.langchain_replies import call_chunks
from amnestic.testing import HTTPFailure, ScriptedChatModel, assert_no_leak
from amnestic.testing.leaks import CallbackRecorder, capture_logs
from amnestic.types import Draft, ToolCall

from .canary import KEPT, SECRETS, TraceSession

LEAK = "Odalys Fenwright lives at 14 Quill Lane."
SAID = f"{KEPT} makes clocks. {LEAK}"
ASKED = "Please tell me of the guild."
ROWS = json.dumps([{"name": "Odalys Fenwright", "street": "14 Quill Lane"}, {"name": KEPT}])


def wrapped(layer: Amnesia, *replies: Any, **script: Any) -> AmnesticChatModel:
    return AmnesticChatModel(amnesia=layer, inner=ScriptedChatModel.of(*replies, **script))


async def gathered(stream: Any) -> list[Any]:
    return [piece async for piece in stream]


WAYS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "invoke": lambda m, x, c: m.invoke(x, c),
    "ainvoke": lambda m, x, c: asyncio.run(m.ainvoke(x, c)),
    "stream": lambda m, x, c: list(m.stream(x, c)),
    "astream": lambda m, x, c: asyncio.run(gathered(m.astream(x, c))),
    "batch": lambda m, x, c: m.batch([x, x], c),
    "abatch": lambda m, x, c: asyncio.run(m.abatch([x, x], c)),
    "events": lambda m, x, c: asyncio.run(gathered(m.astream_events(x, c, version="v2"))),
    "generate": lambda m, x, c: m.generate([x], callbacks=c["callbacks"]),
    "n=2": lambda m, x, c: m.bind(n=2).invoke(x, c),
}
OUTBOUND = {
    "answer": Draft(text=SAID),
    "reasoning": Draft(text=f"{KEPT} makes clocks.", reasoning=LEAK),
    "refusal": Draft(refusal=f"I cannot talk of Odalys Fenwright. {LEAK}"),
    "tool call": Draft(
        tool_calls=(ToolCall("1", "note", json.dumps({"text": LEAK})),), finish_reason="tool_calls"
    ),
    "structured output": Draft(text=ROWS),
    "error": HTTPFailure(500, LEAK),
    "time-out": TimeoutError(LEAK),
    "bug": ValueError(LEAK),
}
INBOUND = {
    "system prompt": [SystemMessage(f"{LEAK} {KEPT} makes clocks."), HumanMessage(ASKED)],
    "history": [HumanMessage("Hello."), AIMessage(f"Hello. {LEAK}"), HumanMessage(ASKED)],
    "tool result": [
        HumanMessage(ASKED),
        AIMessage("", tool_calls=[{"name": "rows", "args": {}, "id": "1"}]),
        ToolMessage(ROWS, tool_call_id="1"),
    ],
    "retrieved passage": [HumanMessage(f"{KEPT} makes clocks. {LEAK}\n\nWhat does he make?")],
    "tool arguments": [
        HumanMessage(ASKED),
        AIMessage("", tool_calls=[{"name": "note", "args": {"text": LEAK}, "id": "1"}]),
        ToolMessage("Noted.", tool_call_id="1"),
        HumanMessage("And now?"),
    ],
}


@pytest.mark.parametrize("channel", OUTBOUND)
@pytest.mark.parametrize("way", WAYS)
def test_a_secret_in_any_outbound_channel_is_seen_nowhere(
    layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession, way: str, channel: str
) -> None:
    model = wrapped(layer, default=OUTBOUND[channel])
    told: Any
    with capture_logs() as logs, collect_runs() as runs:
        try:
            told = WAYS[way](model, [HumanMessage(ASKED)], {"callbacks": [recorder]})
        except AmnesticError as error:
            told = error
    assert_no_leak(SECRETS, told, recorder.events, logs.lines, runs.traced_runs, traces.sent)
    assert (channel in ("error", "time-out")) == isinstance(told, ModelError)
    assert (channel == "bug") == isinstance(told, ModelCodeError)


# What is left of a connection whose loop is closed warns when it is collected.
@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_one_model_is_asked_synchronously_and_from_several_loops(
    layer: Amnesia, scripted_server: Any
) -> None:
    server = scripted_server(default="Paris.")
    inner = ChatOpenAI(model="m", base_url=server.base_url, api_key="k", max_retries=0)
    model = AmnesticChatModel(amnesia=layer, inner=inner)
    for _ in range(2):
        assert model.invoke("The capital of France?").text == "Paris."
        assert asyncio.run(model.ainvoke("The capital of France?")).text == "Paris."
        pieces = asyncio.run(gathered(model.astream("The capital of France?")))
        assert "".join(piece.text for piece in pieces) == "Paris."
    gc.collect()


# As above.
@pytest.mark.filterwarnings("ignore:unclosed transport:ResourceWarning")
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("first", ["batch", "abatch"])
def test_a_model_that_keeps_many_connections_is_asked_from_another_loop(
    layer: Amnesia, scripted_server: Any, first: str
) -> None:
    server = scripted_server(default="Paris.")
    inner = ChatOpenAI(model="m", base_url=server.base_url, api_key="k", max_retries=0)
    model = AmnesticChatModel(amnesia=layer, inner=inner)
    many = ["The capital of France?"] * 8
    told = model.batch(many) if first == "batch" else asyncio.run(model.abatch(many))
    assert {reply.text for reply in told} == {"Paris."}
    assert asyncio.run(model.ainvoke(many[0])).text == "Paris."
    assert model.invoke(many[0]).text == "Paris."
    gc.collect()


def test_a_request_is_sent_once_whatever_the_order_of_calls(
    layer: Amnesia, scripted_server: Any
) -> None:
    server = scripted_server(default="Paris.")
    inner = ChatOpenAI(model="m", base_url=server.base_url, api_key="k", max_retries=0)
    model = AmnesticChatModel(amnesia=layer, inner=inner)
    model.invoke("The capital of France?")
    asyncio.run(model.ainvoke("The capital of France?"))
    model.batch(["The capital of France?"] * 4)
    asyncio.run(model.abatch(["The capital of France?"] * 4))
    assert len(server.calls) == 10


@pytest.mark.parametrize("channel", INBOUND)
@pytest.mark.parametrize("way", ["invoke", "astream"])
def test_the_wrapped_model_sees_nothing_of_a_target_in_any_inbound_channel(
    layer: Amnesia, way: str, channel: str
) -> None:
    inner = ScriptedChatModel.of(default=lambda talk: "\n".join(m.text for m in talk))
    model = AmnesticChatModel(amnesia=layer, inner=inner)
    told = WAYS[way](model, INBOUND[channel], {})
    assert_no_leak(SECRETS, told, [call.conversation for call in inner.calls])


def test_a_question_with_pasted_documents_is_answered_from_those_that_may_stay(
    layer: Amnesia,
) -> None:
    prompt = f"Answer from the context.\n\n{LEAK}\n\n{KEPT} makes clocks.\n\nQuestion: {{}}"
    model = wrapped(layer, default=f"{KEPT} makes clocks.")
    assert model.invoke(prompt.format(f"What does {KEPT} make?")).text == f"{KEPT} makes clocks."
    asked = wrapped(layer, default=LEAK).invoke(prompt.format("Where does Odalys Fenwright live?"))
    assert_no_leak(SECRETS, asked, model.inner.calls)  # type: ignore[union-attr]


def test_a_cancelled_request_shows_nothing_and_ends_the_inner_call(
    layer: Amnesia, recorder: CallbackRecorder
) -> None:
    gate = threading.Event()
    model = wrapped(layer, default=SAID, gate=gate)

    async def cancelled() -> None:
        work = asyncio.ensure_future(model.ainvoke(ASKED, {"callbacks": [recorder]}))
        while not model.inner.calls:  # type: ignore[union-attr]  # noqa: ASYNC110
            await asyncio.sleep(0)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    with capture_logs() as logs:
        asyncio.run(cancelled())
    gate.set()
    assert_no_leak(SECRETS, recorder.events, logs.lines)


def test_what_the_model_may_say_is_still_said(layer: Amnesia) -> None:
    assert wrapped(layer, SAID).invoke(ASKED).text == f"{KEPT} makes clocks."


def test_far_from_every_target_the_reply_is_the_models_own(layer: Amnesia) -> None:
    draft = Draft(text="It will rain.", reasoning="Clouds.")
    own = ScriptedChatModel.of(draft).invoke("Will it rain?")
    given = wrapped(layer, draft).invoke("Will it rain?")
    assert given.model_dump(exclude={"id"}) == own.model_dump(exclude={"id"})


def test_streamed_pieces_join_to_the_plain_reply(layer: Amnesia) -> None:
    far = "It will rain. Take a coat.\n\n- boots\n- hat\n"
    for said, asked in ((SAID, ASKED), (far, "Will it rain?"), (LEAK, "Who is Odalys Fenwright?")):
        plain = wrapped(layer, said).invoke(asked)
        pieces = list(wrapped(layer, said).stream(asked))
        assert "".join(p.text for p in pieces) == plain.text
        joined = sum(pieces[1:], pieces[0])
        assert joined.response_metadata["finish_reason"] == "stop"
    assert len(list(wrapped(layer, far).stream("Will it rain?"))) >= 2


def test_an_untouched_message_goes_to_the_model_as_the_object_that_it_was(layer: Amnesia) -> None:
    marked = SystemMessage(
        [{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}]
    )
    seen: list[Any] = []

    class Recording(ScriptedChatModel):
        async def _agenerate(self, messages: Any, *args: Any, **kwargs: Any) -> Any:
            seen.extend(messages)
            return await super()._agenerate(messages, *args, **kwargs)

    model = AmnesticChatModel(amnesia=layer, inner=Recording.of("Yes."))
    model.invoke([marked, HumanMessage("Will it rain?")])
    assert seen[0] is marked


# ── Tools and structured output ──────────────────────────────────────────────────────────────────


@tool
def note(text: str) -> str:
    """Keep a note."""
    return text


class Report(BaseModel):
    """What is told."""

    who: str
    facts: list[str]


def test_tools_are_bound_as_the_wrapped_model_binds_them(layer: Amnesia) -> None:
    call = ToolCall("1", "note", '{"text": "rain"}')
    model = wrapped(layer, Draft(tool_calls=(call,), finish_reason="tool_calls"))
    reply = model.bind_tools([note], tool_choice="note").invoke("Will it rain?")
    options = model.inner.calls[0].options  # type: ignore[union-attr]
    assert options["tools"] == [note]
    assert options["tool_choice"] == "note"
    assert reply.tool_calls[0]["args"] == {"text": "rain"}


def test_streamed_tool_calls_join_to_the_plain_ones(layer: Amnesia) -> None:
    call = ToolCall("1", "note", '{"text": "rain"}')
    draft = Draft(tool_calls=(call,), finish_reason="tool_calls")
    pieces = list(wrapped(layer, draft).stream("Will it rain?"))
    joined = sum(pieces[1:], pieces[0])
    assert joined.tool_calls == wrapped(layer, draft).invoke("Will it rain?").tool_calls


def test_calls_of_all_choices_are_streamed(layer: Amnesia) -> None:
    calls = [ToolCall(n, "note", '{"text": "rain"}') for n in "12"]
    drafts = [Draft(tool_calls=(call,), finish_reason="tool_calls") for call in calls]
    pieces = list(wrapped(layer, tuple(drafts)).bind(n=2).stream("Will it rain?"))
    assert [call["id"] for call in sum(pieces[1:], pieces[0]).tool_calls] == ["1", "2"]


WHOLE = json.dumps({"text": "rain", "to": ["letters", 12, True, None]})


@pytest.mark.parametrize("way", ["stream", "astream"])
def test_a_tool_call_that_was_cut_off_is_none_wherever_the_cut_is(layer: Amnesia, way: str) -> None:
    fit = ToolCall("1", "note", "{}")
    for at in range(len(WHOLE)):
        cut = ToolCall("2", "note", WHOLE[:at])
        model = wrapped(layer, Draft(tool_calls=(fit, cut), finish_reason="length"))
        pieces = WAYS[way](model, "Will it rain?", {})
        joined = sum(pieces[1:], pieces[0])
        assert [call["id"] for call in joined.tool_calls] == ["1"], cut.arguments
        (invalid,) = joined.invalid_tool_calls
        assert invalid["args"] in (cut.arguments, json.dumps(cut.arguments))


def test_a_name_in_arguments_that_were_cut_off_is_found_when_they_are_sent_again(
    layer: Amnesia,
) -> None:
    escaped = "".join(f"\\u{ord(letter):04x}" for letter in "Odalys Fenwright")
    (cut,) = call_chunks(Draft(tool_calls=(ToolCall("1", "note", f'{{"text": "{escaped}'),)))
    model = wrapped(layer, "Yes.")
    sent = [HumanMessage("Note it."), cut.message, ToolMessage("No.", tool_call_id="1")]
    model.invoke([*sent, HumanMessage("And now?")])
    assert "\\u004f" not in repr(model.inner.calls)  # type: ignore[union-attr]


@pytest.mark.parametrize("given", ["{'text': 'rain'}", "[1]", "rain", "[" * 90 + "1"])
def test_arguments_that_nothing_closes_are_invalid_as_they_are(layer: Amnesia, given: str) -> None:
    draft = Draft(tool_calls=(ToolCall("1", "note", given),), finish_reason="tool_calls")
    pieces = list(wrapped(layer, draft).stream("Will it rain?"))
    joined = sum(pieces[1:], pieces[0])
    assert (joined.tool_calls, joined.invalid_tool_calls[0]["args"]) == ([], given)


@pytest.mark.parametrize(
    "given", ["", "{}", WHOLE, '{"text": "over\nlines"}', '{"text": {"a": {}}} ']
)
def test_a_whole_call_is_streamed_as_it_is(layer: Amnesia, given: str) -> None:
    draft = Draft(tool_calls=(ToolCall("1", "note", given),), finish_reason="tool_calls")
    pieces = list(wrapped(layer, draft).stream("Will it rain?"))
    joined = sum(pieces[1:], pieces[0])
    assert joined.tool_call_chunks[0]["args"] == given
    assert joined.tool_calls[0]["args"] == json.loads(given or "{}", strict=False)


@pytest.mark.parametrize(
    "behind", ["\n</tool_call>", ";", "```", " Done.", "{}", '{"text": "sn', "\0"]
)
def test_what_stands_behind_whole_arguments_takes_no_call_away(layer: Amnesia, behind: str) -> None:
    call = ToolCall("1", "note", WHOLE + behind)
    draft = Draft(tool_calls=(call,), finish_reason="tool_calls")
    pieces = list(wrapped(layer, draft).stream("Will it rain?"))
    joined = sum(pieces[1:], pieces[0])
    assert joined.tool_call_chunks[0]["args"] == call.arguments
    assert joined.tool_calls[0]["args"] == json.loads(WHOLE)


def test_of_whole_arguments_none_are_taken_away(layer: Amnesia) -> None:
    given = '{"text": {"a": 1}, "to": 2} {{'  # LangChain reads {"text": {"a": 1}}
    draft = Draft(tool_calls=(ToolCall("1", "note", given),), finish_reason="tool_calls")
    pieces = list(wrapped(layer, draft).stream("Will it rain?"))
    joined = sum(pieces[1:], pieces[0])
    assert (joined.tool_calls, joined.invalid_tool_calls[0]["name"]) == ([], "note")


class _WithSchema(ScriptedChatModel):
    """Gives structured output as OpenAI's models do: by a forced tool, or as JSON."""

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        from langchain_core.utils.function_calling import convert_to_openai_tool

        return self.bind(tools=[convert_to_openai_tool(t) for t in tools], tool_choice=tool_choice)


def _report(facts: list[str]) -> ToolCall:
    return ToolCall("1", "Report", json.dumps({"who": KEPT, "facts": facts}))


@pytest.mark.parametrize("way", ["invoke", "ainvoke", "stream", "astream"])
def test_structured_output_that_leaked_still_parses(layer: Amnesia, way: str) -> None:
    draft = Draft(tool_calls=(_report([LEAK]),), finish_reason="tool_calls")
    model = AmnesticChatModel(amnesia=layer, inner=_WithSchema.of(draft))
    given = WAYS[way](model.with_structured_output(Report), ASKED, {})
    found = given[-1] if isinstance(given, list) else given
    assert isinstance(found, Report)
    assert_no_leak(SECRETS, given)


def test_structured_output_far_from_a_target_is_what_it_was(layer: Amnesia) -> None:
    draft = Draft(tool_calls=(_report(["clocks"]),), finish_reason="tool_calls")
    model = AmnesticChatModel(amnesia=layer, inner=_WithSchema.of(draft))
    chain = model.with_structured_output(Report, include_raw=True)
    found = chain.invoke("Will it rain?")
    assert found["parsed"] == Report(who=KEPT, facts=["clocks"])


def test_json_of_a_schema_that_leaked_keeps_its_shape(layer: Amnesia) -> None:
    schema = Report.model_json_schema()
    wanted = {"type": "json_schema", "json_schema": {"name": "Report", "schema": schema}}
    model = wrapped(layer, json.dumps({"who": "Odalys Fenwright", "facts": [LEAK, "It rains."]}))
    told = model.bind(response_format=wanted).invoke(ASKED).text
    assert_no_leak(SECRETS, told)
    Report.model_validate_json(told)


def test_a_chain_that_hides_its_model_is_refused() -> None:
    model = ScriptedChatModel.of()
    with pytest.raises(ConfigurationError, match="does not show the model"):
        rewired(RunnableLambda(lambda x: model.invoke(x)), model, None)


# ── As part of an application ────────────────────────────────────────────────────────────────────


def test_a_model_in_a_chain_streams_through_it(layer: Amnesia) -> None:
    chain = ChatPromptTemplate.from_template("{q}") | wrapped(layer, SAID) | (lambda m: m.text)
    assert chain.invoke({"q": ASKED}) == f"{KEPT} makes clocks."


def test_an_answer_is_never_taken_from_a_cache(layer: Amnesia) -> None:
    set_llm_cache(InMemoryCache())
    try:
        model = wrapped(layer, "It will rain.", "It will not.")
        assert [model.invoke("Will it rain?").text for _ in range(2)] == [
            "It will rain.",
            "It will not.",
        ]
    finally:
        set_llm_cache(None)


def test_receipts_are_shown_only_where_they_are_asked_for(layer: Amnesia) -> None:
    hidden = wrapped(layer, SAID).invoke(ASKED)
    assert "amnestic" not in str(hidden)
    shown = AmnesticChatModel(
        amnesia=layer, inner=ScriptedChatModel.of(SAID), show_receipts=True
    ).invoke(ASKED)
    assert shown.response_metadata["amnestic"]["route"] == "rewritten"
    assert_no_leak(SECRETS, shown)


def test_without_an_inner_model_the_layers_own_answers(layer: Amnesia) -> None:
    model = AmnesticChatModel(amnesia=layer)
    assert model.invoke("Will it rain?").text == "I don't know."
    assert model.bind_tools([note]).invoke("Will it rain?").text == "I don't know."
