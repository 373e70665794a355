"""Scripted chat models: one for LangChain, one for the layer's own seam."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field

from amnestic.models.convert import from_langchain
from amnestic.models.failures import describe
from amnestic.models.langchain_replies import call_options, chat_result, chunk_of, closing_chunk
from amnestic.models.protocol import Delta
from amnestic.testing.script import Answer, Call, Script
from amnestic.types import Conversation, Generation

__all__ = ["ScriptedBackend", "ScriptedChatModel"]


class ScriptedChatModel(BaseChatModel):
    """A LangChain chat model that says what its script says, and records what it was sent.

    >>> model = ScriptedChatModel.of("Paris.")
    >>> model.invoke("The capital of France?").content
    'Paris.'
    >>> model.calls[0].text
    'The capital of France?'
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    script: Script = Field(default_factory=Script, exclude=True, repr=False)

    @classmethod
    def of(cls, *replies: Answer, **script: Any) -> ScriptedChatModel:
        """A model with `Script(*replies, **script)`."""
        return cls(script=Script(*replies, **script))

    @property
    def calls(self) -> list[Call]:
        """What the model was sent, call by call."""
        return self.script.calls

    @property
    def _llm_type(self) -> str:
        return "amnestic-scripted"

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        """Bind tools; they are recorded in the options of the call."""
        chosen = {} if tool_choice is None else {"tool_choice": tool_choice}
        return self.bind(tools=list(tools), **chosen, **kwargs)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        given = self.script.answer(from_langchain(messages), call_options(stop, kwargs))
        return chat_result(given, None)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        given = await self.script.aanswer(from_langchain(messages), call_options(stop, kwargs))
        return chat_result(given, None)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        given = self.script.answer(from_langchain(messages), call_options(stop, kwargs))
        for chunk in self._chunks(given):
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        given = await self.script.aanswer(from_langchain(messages), call_options(stop, kwargs))
        for chunk in self._chunks(given):
            if run_manager:
                await run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk

    def _chunks(self, generation: Generation) -> Iterator[ChatGenerationChunk]:
        draft = generation.choices[0]
        for delta in self.script.deltas(Generation((draft,))):
            if chunk := chunk_of(delta):
                yield chunk
        yield closing_chunk(draft.finish_reason, generation.usage, None, {})


class ScriptedBackend:
    """A `ChatBackend` that says what its script says, without LangChain in between.

    >>> import asyncio
    >>> from amnestic.types import Message
    >>> backend = ScriptedBackend("Paris.")
    >>> asyncio.run(backend.generate((Message.of("user", "?"),), {})).choices[0].text
    'Paris.'
    """

    def __init__(self, *replies: Answer, name: str = "scripted", **script: Any) -> None:
        self.script = Script(*replies, **script)
        self._name = name

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    @property
    def calls(self) -> list[Call]:
        """What the model was sent, call by call."""
        return self.script.calls

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The scripted answer; raises `ModelError` where a provider's failure is scripted, and any
        other exception as it is."""
        try:
            return await self.script.aanswer(conversation, options)
        except Exception as error:  # noqa: BLE001 - a script may raise anything, as providers do
            failure = describe(self._name, error)
        raise failure

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """The scripted answer, piece by piece."""
        given = await self.generate(conversation, options)
        for delta in self.script.deltas(given):
            yield delta
