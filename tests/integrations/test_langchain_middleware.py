"""An agent behind the layer: nothing of a target on any surface, and it goes on working."""

from __future__ import annotations

import asyncio
import json
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from langchain.agents import create_agent
from langchain.agents.middleware import SummarizationMiddleware, ToolRetryMiddleware
from langchain.tools import ToolRuntime
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, HumanMessage, ToolMessage
from langchain_core.tools import ToolException, tool
from langchain_core.tracers.context import collect_runs
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.config import get_stream_writer
from langgraph.types import Command, interrupt
from pydantic import BaseModel

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.integrations.langchain_middleware import AmnesticMiddleware
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.testing import HTTPFailure, ScriptedChatModel, assert_no_leak
from amnestic.testing.leaks import CallbackRecorder, capture_logs
from amnestic.types import Draft, ToolCall

from .canary import KEPT, SECRETS, TraceSession

ROWS = [
    {"id": "OF-77120", "name": "Odalys Fenwright", "street": "14 Quill Lane", "craft": "bells"},
    {"id": "BT-10018", "name": KEPT, "street": "3 Elm Row", "craft": "clocks"},
]
ASKED = "Please list the people of the guild."


@tool
def records() -> str:
    """The records of the guild."""
    return json.dumps(ROWS)


@tool(response_format="content_and_artifact")
def passages() -> tuple[str, list[Document]]:
    """Passages about the guild."""
    texts = ["Odalys Fenwright cast the Harrow Bell.", f"{KEPT} makes clocks."]
    return "\n".join(texts), [Document(t) for t in texts]


@tool
def note(text: str) -> str:
    """Keep a note."""
    return "Noted."


def calls(name: str, arguments: dict[str, Any], thought: str = "") -> Draft:
    return Draft(
        reasoning=thought,
        tool_calls=(ToolCall(f"call_{name}", name, json.dumps(arguments)),),
        finish_reason="tool_calls",
    )


def leaking_model() -> ScriptedChatModel:
    """Thinks of, asks for, notes and says what it should not, beside what it may."""
    return ScriptedChatModel.of(
        calls("records", {}, "Odalys Fenwright must be among them."),
        calls("passages", {}, "Is Odalys Fenwright in the passages?"),
        Draft(
            text=f"{KEPT} makes clocks. Odalys Fenwright lives at 14 Quill Lane.",
            reasoning="OF-77120 is hers.",
        ),
    )


def agent_of(layer: Amnesia, model: ScriptedChatModel, *tools: Any, **more: Any) -> Any:
    more.setdefault("middleware", [AmnesticMiddleware(layer)])
    return create_agent(model, tools=list(tools) or [records, passages, note], **more)


async def event_list(agent: Any, config: Any) -> list[Any]:
    return [e async for e in agent.astream_events({"messages": ASKED}, config, version="v2")]


async def chunk_list(agent: Any, config: Any, modes: list[str]) -> list[Any]:
    return [c async for c in agent.astream({"messages": ASKED}, config, stream_mode=modes)]


MODES = ["messages", "updates", "values", "custom", "tasks", "checkpoints", "debug"]


@pytest.mark.parametrize("way", ["invoke", "ainvoke", "stream", "astream", "events"])
def test_a_secret_appears_on_no_surface_of_an_agent(
    layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession, way: str
) -> None:
    saver = InMemorySaver()
    model = leaking_model()
    agent = agent_of(layer, model, checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}
    with capture_logs() as logs, collect_runs() as runs:
        told: Any
        if way == "invoke":
            told = agent.invoke({"messages": ASKED}, config)
        elif way == "ainvoke":
            told = asyncio.run(agent.ainvoke({"messages": ASKED}, config))
        elif way == "stream":
            told = list(agent.stream({"messages": ASKED}, config, stream_mode=MODES))
        elif way == "astream":
            told = asyncio.run(chunk_list(agent, config, MODES))
        else:
            told = asyncio.run(event_list(agent, config))
    state = agent.get_state(config).values
    kept = [saver.storage, saver.writes, saver.blobs, list(agent.get_state_history(config))]
    assert_no_leak(SECRETS, told, state, kept, recorder.events, logs.lines, runs.traced_runs,
                   traces.sent)  # fmt: skip
    assert len(model.calls) == 3
    assert KEPT in state["messages"][-1].text


def test_a_second_ask_appears_on_no_surface_of_an_agent(
    asking_layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession
) -> None:
    saver = InMemorySaver()
    model = leaking_model()
    agent = agent_of(asking_layer, model, checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}
    with capture_logs() as logs, collect_runs() as runs:
        told = list(agent.stream({"messages": ASKED}, config, stream_mode=MODES))
    kept = [saver.storage, saver.writes, saver.blobs, list(agent.get_state_history(config))]
    assert len(model.calls) > 3  # the note did reach the model
    surfaces = (told, kept, recorder.events, logs.lines, runs.traced_runs, traces.sent)
    assert_no_leak((*SECRETS, "never heard of"), *surfaces)


def test_the_same_agent_without_the_layer_shows_the_secret_everywhere(
    layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession
) -> None:
    """What the test above looks at would show a leak."""
    saver = InMemorySaver()
    agent = agent_of(layer, leaking_model(), middleware=[], checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}
    told = list(agent.stream({"messages": ASKED}, config, stream_mode=MODES))
    for surface in (told, recorder.events, saver.blobs, traces.sent):
        with pytest.raises(AssertionError):
            assert_no_leak(SECRETS, surface)


def test_the_model_never_sees_the_record_of_a_forgotten_person(layer: Amnesia) -> None:
    model = leaking_model()
    state = agent_of(layer, model).invoke({"messages": ASKED})
    assert_no_leak(SECRETS, [call.text for call in model.calls])
    observed = [m for m in state["messages"] if isinstance(m, ToolMessage)]
    assert json.loads(observed[0].text) == ROWS[1:]
    assert observed[1].artifact == [Document(f"{KEPT} makes clocks.")]


def test_a_tool_call_that_names_a_target_is_not_made(layer: Amnesia) -> None:
    made = []

    @tool
    def search(query: str) -> str:
        """Search."""
        made.append(query)
        return "found"

    model = ScriptedChatModel.of(calls("search", {"query": "Odalys Fenwright"}), default="Done.")
    state = agent_of(layer, model, search).invoke({"messages": ASKED})
    assert not made
    assert_no_leak(SECRETS, state)


@pytest.mark.parametrize("mode", ["values", "messages"])
def test_a_tool_call_that_was_cut_off_is_not_run_however_the_caller_listens(
    layer: Amnesia, mode: str
) -> None:
    cut = ToolCall("call_note", "note", '{"text": "Clear all, exc')
    model = ScriptedChatModel.of(Draft(tool_calls=(cut,), finish_reason="length"))
    agent = agent_of(layer, model, note)
    seen = list(agent.stream({"messages": [HumanMessage(ASKED)]}, stream_mode=mode))
    assert seen
    assert "Noted." not in repr(seen)


def test_arguments_that_came_past_the_model_are_read_too(layer: Amnesia) -> None:
    call = {"name": "note", "args": {"text": "Odalys Fenwright"}, "id": "1", "type": "tool_call"}
    request = _request(call)
    given = AmnesticMiddleware(layer).wrap_tool_call(request, _unreachable)
    assert given.text == "No result."


def _request(call: Any) -> Any:
    from langchain.tools.tool_node import ToolCallRequest

    return ToolCallRequest(tool_call=call, tool=note, state={"messages": []}, runtime=None)


def _unreachable(request: Any) -> Any:
    raise AssertionError("the call was made")


TOLD = "no row for Odalys Fenwright of 14 Quill Lane"


class Refused(Exception):
    """An error as a client library makes it: with fields, and words made of them."""

    def __init__(self, status: int, *, said: str) -> None:
        super().__init__(said)
        self.status, self.said, self.answer = status, said, {"said": said}

    def __str__(self) -> str:
        return f"{self.status}: {self.answer['said']}"


class Schema(BaseModel):
    row: int


def _refused() -> None:
    raise Refused(404, said=TOLD)


def _caused() -> None:
    try:
        raise ValueError(TOLD)
    except ValueError as error:
        raise LookupError("no such row") from error


def _raises(kind: type[Exception]) -> Callable[[], None]:
    def fail() -> None:
        raise kind(TOLD)

    return fail


FAILS: dict[str, tuple[Callable[[], Any], type[Exception]]] = {
    "ToolException": (_raises(ToolException), ToolException),
    "ValueError": (_raises(ValueError), ValueError),
    "KeyError": (_raises(KeyError), KeyError),
    "FileNotFoundError": (lambda: Path(TOLD).read_text(), FileNotFoundError),
    "JSONDecodeError": (lambda: json.loads(f"[{TOLD}"), json.JSONDecodeError),
    "ValidationError": (lambda: Schema(row=TOLD), ValueError),  # type: ignore[arg-type]
    "Refused": (_refused, Exception),
    "its cause": (_caused, LookupError),
}


def _broken(fail: Callable[[], Any]) -> Any:
    @tool
    def broken() -> str:
        """Fails."""
        fail()
        return "never"

    return broken


@pytest.mark.parametrize("name", FAILS)
def test_an_error_of_a_tool_keeps_its_kind_and_tells_nothing(
    layer: Amnesia, recorder: CallbackRecorder, name: str
) -> None:
    fail, kind = FAILS[name]
    agent = agent_of(layer, ScriptedChatModel.of(calls("broken", {})), _broken(fail))
    with capture_logs() as logs, pytest.raises(kind) as raised:
        agent.invoke({"messages": ASKED}, {"callbacks": [recorder]})
    told = traceback.format_exception(raised.value)
    assert_no_leak(SECRETS, raised.value, vars(raised.value), recorder.events, logs.lines)
    assert_no_leak([secret for secret in SECRETS if secret in TOLD], "".join(told))


def test_a_field_of_an_error_that_tells_nothing_is_kept(layer: Amnesia) -> None:
    class Limited(Exception):
        def __init__(self, status: int, said: str) -> None:
            super().__init__(said)
            self.status, self.said = status, said

    def fail() -> None:
        raise Limited(429, TOLD)

    agent = agent_of(layer, ScriptedChatModel.of(calls("broken", {})), _broken(fail))
    with pytest.raises(Limited) as raised:
        agent.invoke({"messages": ASKED})
    assert {k: v for k, v in vars(raised.value).items() if k != "__notes__"} == {"status": 429}


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
def test_a_failed_tool_is_tried_again_for_the_errors_that_the_caller_names(
    layer: Amnesia, way: str
) -> None:
    tries = list[int]()

    def fail() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise ValueError(TOLD)

    model = ScriptedChatModel.of(calls("broken", {}), "Done.")
    again = ToolRetryMiddleware(max_retries=3, retry_on=(ValueError,), initial_delay=0.0)
    agent = create_agent(model, [_broken(fail)], middleware=[again, AmnesticMiddleware(layer)])
    if way == "invoke":
        state = agent.invoke({"messages": ASKED})
    else:
        state = asyncio.run(agent.ainvoke({"messages": ASKED}))
    assert (len(tries), state["messages"][-1].text) == (3, "Done.")


def test_a_clean_error_of_a_tool_comes_as_it_is(layer: Amnesia) -> None:
    @tool
    def broken() -> str:
        """Fails."""
        raise ValueError("the file is locked")

    agent = agent_of(layer, ScriptedChatModel.of(calls("broken", {})), broken)
    with pytest.raises(ValueError, match="the file is locked"):
        agent.invoke({"messages": ASKED})


def test_a_tool_streams_and_uses_its_runtime_without_showing_a_target(
    layer: Amnesia, recorder: CallbackRecorder
) -> None:
    @tool
    def busy(runtime: ToolRuntime) -> str:
        """Works."""
        get_stream_writer()("reading Odalys Fenwright")
        runtime.stream_writer({"progress": f"reading {KEPT}"})
        inner = ScriptedChatModel.of("Odalys Fenwright cast the Harrow Bell.")
        inner.invoke("?", runtime.config)
        inner.invoke("?")
        return f"{len(runtime.state['messages'])} messages"

    agent = agent_of(layer, ScriptedChatModel.of(calls("busy", {}), "Done."), busy)
    config: Any = {"callbacks": [recorder]}
    told = list(agent.stream({"messages": ASKED}, config, stream_mode=MODES))
    assert_no_leak(SECRETS, told, recorder.events)
    assert ("custom", {"progress": f"reading {KEPT}"}) in told
    assert "2 messages" in str(told)


def test_a_command_of_a_tool_is_cleaned(layer: Amnesia) -> None:
    @tool
    def moves(runtime: ToolRuntime) -> Command[Any]:
        """Updates the state."""
        said = ToolMessage(json.dumps(ROWS), tool_call_id=runtime.tool_call_id or "")
        return Command(update={"messages": [said]})

    agent = agent_of(layer, ScriptedChatModel.of(calls("moves", {}), "Done."), moves)
    state = agent.invoke({"messages": ASKED})
    assert_no_leak(SECRETS, state)
    assert KEPT in state["messages"][2].text


def test_an_interrupt_of_a_tool_works_and_its_payload_is_cleaned(layer: Amnesia) -> None:
    @tool
    def asks() -> str:
        """Asks a person."""
        return str(interrupt({"question": "Which one?", "rows": ROWS}))

    model = ScriptedChatModel.of(calls("asks", {}), "Done.")
    agent = agent_of(layer, model, asks, checkpointer=InMemorySaver())
    config: Any = {"configurable": {"thread_id": "1"}}
    stopped = agent.invoke({"messages": ASKED}, config)
    assert_no_leak(SECRETS, stopped, list(agent.get_state_history(config)))
    assert stopped["__interrupt__"][0].value == {"question": "Which one?", "rows": ROWS[1:]}
    state = agent.invoke(Command(resume="the second"), config)
    assert [m.text for m in state["messages"][-2:]] == ["the second", "Done."]


def test_what_a_thread_remembers_is_cleaned_once_something_is_forgotten(layer: Amnesia) -> None:
    saver = InMemorySaver()
    config: Any = {"configurable": {"thread_id": "1"}}
    before = agent_of(layer, leaking_model(), middleware=[], checkpointer=saver)
    before.invoke({"messages": ASKED}, config)
    after = agent_of(layer, ScriptedChatModel.of("Gladly."), checkpointer=saver)
    state = after.invoke({"messages": "Thank you."}, config)
    assert_no_leak(SECRETS, state, after.get_state(config).values)
    assert [m.type for m in state["messages"]] == [
        "human", "ai", "tool", "ai", "tool", "ai", "human", "ai",
    ]  # fmt: skip
    assert KEPT in state["messages"][5].text


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_summary_holds_nothing_of_a_target(
    layer: Amnesia, recorder: CallbackRecorder, wrapped: bool
) -> None:
    writer = ScriptedChatModel.of(default=f"{KEPT} makes clocks. Odalys Fenwright casts bells.")
    by = AmnesticChatModel(amnesia=layer, inner=writer) if wrapped else writer
    summaries = SummarizationMiddleware(model=by, trigger=("messages", 4), keep=("messages", 1))
    model = ScriptedChatModel.of(default="Yes.")
    agent = agent_of(layer, model, middleware=[summaries, AmnesticMiddleware(layer)])
    talk = [HumanMessage("Hello."), AIMessage("Hello."), HumanMessage("Go on."), AIMessage("Yes.")]
    config: Any = {"callbacks": [recorder]}
    told = list(agent.stream({"messages": [*talk, HumanMessage("More.")]}, config,
                             stream_mode=["messages", "updates", "values"]))  # fmt: skip
    assert writer.calls
    assert_no_leak(SECRETS, model.calls[-1].text, told[-1])
    assert KEPT in model.calls[-1].text
    if wrapped:
        assert_no_leak(SECRETS, told, recorder.events)


class _Ends(BaseCallbackHandler):
    def __init__(self) -> None:
        self.tools: list[Any] = []

    def on_tool_end(self, output: Any, **kwargs: Any) -> None:
        self.tools.append(output)


def test_callbacks_are_told_of_tools_with_what_the_agent_saw(layer: Amnesia) -> None:
    ends = _Ends()
    agent_of(layer, leaking_model()).invoke({"messages": ASKED}, {"callbacks": [ends]})
    assert [json.loads(ends.tools[0].text), len(ends.tools)] == [ROWS[1:], 2]


def test_far_from_every_target_an_agent_is_what_it_was(layer: Amnesia) -> None:
    def script() -> ScriptedChatModel:
        return ScriptedChatModel.of(calls("note", {"text": "rain"}, "Note it."), "It will rain.")

    plain = agent_of(layer, script(), middleware=[]).invoke({"messages": "Will it rain?"})
    guarded = agent_of(layer, script()).invoke({"messages": "Will it rain?"})

    def bare(message: Any) -> Any:
        return message.model_dump(exclude={"id"})

    assert [bare(m) for m in guarded["messages"]] == [bare(m) for m in plain["messages"]]


@pytest.mark.parametrize("way", ["invoke", "ainvoke"])
def test_a_model_that_fails_shows_nothing_of_what_it_said(
    layer: Amnesia, recorder: CallbackRecorder, traces: TraceSession, way: str
) -> None:
    saver = InMemorySaver()
    failing = ScriptedChatModel.of(default=HTTPFailure(500, "Odalys Fenwright of 14 Quill Lane"))
    agent = agent_of(layer, failing, checkpointer=saver)
    config: Any = {"configurable": {"thread_id": "1"}, "callbacks": [recorder]}

    def ask() -> Any:
        if way == "invoke":
            return agent.invoke({"messages": ASKED}, config)
        return asyncio.run(agent.ainvoke({"messages": ASKED}, config))

    with capture_logs() as logs, pytest.raises(ModelError) as raised:
        ask()
    kept = [saver.storage, saver.writes, saver.blobs]
    assert_no_leak(SECRETS, raised.value, recorder.events, kept, logs.lines, traces.sent)


def test_the_doors_have_short_names() -> None:
    from amnestic import integrations

    assert integrations.AmnesticMiddleware is AmnesticMiddleware
    assert integrations.AmnesticChatModel is AmnesticChatModel
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        _ = integrations.nothing
