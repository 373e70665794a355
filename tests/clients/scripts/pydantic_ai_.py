"""pydantic-ai: both of its OpenAI models; behind a wrapped client, too."""

from __future__ import annotations

from typing import Any

from asking import MODEL, Answer, Door, look_up, main
from pydantic_ai import Agent, NativeOutput
from pydantic_ai.models.openai import OpenAIChatModel, OpenAIResponsesModel
from pydantic_ai.providers.openai import OpenAIProvider

KINDS: dict[str, Any] = {"chat": OpenAIChatModel, "responses": OpenAIResponsesModel}
FORMS: dict[str, dict[str, Any]] = {
    "plain": {},
    "tools": {"tools": [look_up]},
    "structured": {"output_type": Answer},
    "structured natively": {"output_type": NativeOutput(Answer)},
    "structured, with tools": {"output_type": Answer, "tools": [look_up]},
}


def _cell(kind: Any, options: dict[str, Any], *, streamed: bool) -> Any:
    async def ask(door: Door, question: str) -> Any:
        model = kind(MODEL, provider=OpenAIProvider(openai_client=door.async_openai()))
        agent: Any = Agent(model, **options)
        if not streamed:
            made = await agent.run(question)
            return [_calls(made), made.output], [made.output, made.all_messages()]
        pieces = []
        async with agent.run_stream(question) as stream:
            async for piece in stream.stream_output():
                pieces.append(piece)
        return [_calls(stream), pieces[-1]], [pieces, stream.all_messages()]

    return ask


def _calls(made: Any) -> Any:
    parts = [part for message in made.all_messages() for part in message.parts]
    return [(p.tool_name, p.args) for p in parts if p.part_kind == "tool-call"]


main(
    {
        f"{name}, {form}{' streamed' if streamed else ''}": _cell(kind, options, streamed=streamed)
        for name, kind in KINDS.items()
        for form, options in FORMS.items()
        for streamed in (False, True)
    }
)
