"""openai-agents: both of its models; behind a wrapped client, too."""

from __future__ import annotations

from typing import Any

from asking import MODEL, THINKER, Answer, Door, look_up, main

from agents import (
    Agent,
    OpenAIChatCompletionsModel,
    OpenAIResponsesModel,
    Runner,
    function_tool,
    set_tracing_disabled,
)

set_tracing_disabled(True)
KINDS = {"chat": OpenAIChatCompletionsModel, "responses": OpenAIResponsesModel}
FORMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "tools": {"tools": [function_tool(look_up)]},
    "structured": {"output_type": Answer},
    "tools, thinking": {"tools": [function_tool(look_up)]},
}


def _cell(kind: Any, model: str, options: dict[str, Any], *, streamed: bool) -> Any:
    async def ask(door: Door, question: str) -> Any:
        agent = Agent(name="a", model=kind(model, door.async_openai()), **options)
        if not streamed:
            run: Any = await Runner.run(agent, question)
            return _seen(run), [run.new_items, run.raw_responses, run.to_input_list()]
        run = Runner.run_streamed(agent, question)
        events = [event async for event in run.stream_events()]
        deltas = [e.data.delta for e in events if getattr(e, "data", None) is not None
                  and e.data.type == "response.output_text.delta"]  # fmt: skip
        return [_seen(run), "".join(deltas)], [events, run.new_items, run.to_input_list()]

    return ask


def _seen(run: Any) -> Any:
    calls = [i.raw_item for i in run.new_items if i.type == "tool_call_item"]
    history = [(i.get("type"), i.get("id"), i.get("summary")) for i in run.to_input_list()]
    return [[(c.name, c.arguments) for c in calls], run.final_output, history]


main(
    {
        f"{name}, {form}{' streamed' if streamed else ''}": _cell(
            kind, THINKER if "thinking" in form else MODEL, options, streamed=streamed
        )
        for name, kind in KINDS.items()
        for form, options in FORMS.items()
        for streamed in (False, True)
    }
)
