"""The model as a LangChain model in the same process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any, NoReturn

from langchain_core.language_models import BaseChatModel
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.utils.function_calling import convert_to_openai_tool
from pydantic import ConfigDict, Field

from amnestic.models.convert import from_langchain
from amnestic.models.deltas import deltas_of_generation
from amnestic.models.langchain_replies import chat_result, chunk_of, closing_chunk
from amnestic.testing import HTTPFailure
from amnestic.types import Draft, Generation, ToolCall

from .upstream import Part

__all__ = ["LocalModel"]


class LocalModel(BaseChatModel):
    """Plays `part`, which changes from cell to cell."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    part: Any = Field(default=None, exclude=True, repr=False)

    @property
    def _llm_type(self) -> str:
        return "worst"

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        """Tools in OpenAI's shape."""
        chosen = {} if tool_choice is None else {"tool_choice": tool_choice}
        return self.bind(tools=[convert_to_openai_tool(t) for t in tools], **chosen, **kwargs)

    def _generate(self, *args: Any, **kwargs: Any) -> ChatResult:
        raise NotImplementedError("the layer asks asynchronously")

    async def _agenerate(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> ChatResult:
        part: Part = self.part.whose()
        generation = self._said(messages, kwargs)
        if part.ending == "hangs":
            await _hang(part)
        if (failure := part.failure(generation)) is not None:
            raise HTTPFailure(500, failure)
        return chat_result(generation, None)

    async def _astream(
        self, messages: Any, stop: Any = None, run_manager: Any = None, **kwargs: Any
    ) -> AsyncIterator[ChatGenerationChunk]:
        part: Part = self.part.whose()
        generation = self._said(messages, kwargs)
        if not part.cell.channel.error:
            for chunk in _chunks(generation.choices[0]):
                yield chunk
        if part.ending == "hangs":
            await _hang(part)
        if (failure := part.failure(generation)) is not None:
            raise HTTPFailure(500, failure)
        yield closing_chunk(generation.choices[0].finish_reason, generation.usage, None, {})

    def _said(self, messages: Any, options: Mapping[str, Any]) -> Generation:
        generation = self.part.whose().generation(from_langchain(messages), options)
        if not _is_forced(options):
            return generation
        return replace(generation, choices=tuple(map(_forced, generation.choices)))


async def _hang(part: Part) -> NoReturn:
    part.reached.set()
    await asyncio.Event().wait()
    raise AssertionError("nobody sets it")


def _chunks(draft: Draft) -> Iterator[ChatGenerationChunk]:
    """The draft's channels, its text word by word."""
    spoken = draft.text.split(" ") if draft.text else []
    for word in spoken:
        for delta in deltas_of_generation(Generation((Draft(f"{word} "),))):
            if chunk := chunk_of(delta):
                yield chunk
    for delta in deltas_of_generation(Generation((replace(draft, text=""),))):
        if chunk := chunk_of(delta):
            yield chunk


def _is_forced(options: Mapping[str, Any]) -> bool:
    return bool(options.get("tool_choice"))


def _forced(draft: Draft) -> Draft:
    """A draft whose text is the arguments of the tool that must be called."""
    if not draft.text.startswith("{"):
        return draft
    call = ToolCall("f", "note", json.dumps(json.loads(draft.text)))
    return replace(draft, text="", tool_calls=(call, *draft.tool_calls), finish_reason="tool_calls")
