"""Any LangChain chat model, behind the layer: `AmnesticChatModel(amnesia=…, inner=model)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import ConfigDict, Field, model_validator

from amnestic.amnesia import Amnesia
from amnestic.integrations.caller_messages import CallerMessagesBackend
from amnestic.integrations.rewiring import rewired
from amnestic.models.convert import to_langchain
from amnestic.tools.segments import segments
from amnestic.types import Draft, Message, Usage

if TYPE_CHECKING:
    from amnestic.graphs.engine import Outcome

__all__ = ["AmnesticChatModel"]


class AmnesticChatModel(BaseChatModel):
    """A LangChain chat model whose every answer has passed the layer.

    Use it wherever the wrapped model was used: in chains, agents and graphs, with tools,
    structured output, streaming, batches, synchronously and asynchronously. The caller's
    callbacks, streams, traces and checkpoints see approved text only; the wrapped model itself
    runs out of their sight, and its answers are never cached.

    Attributes:
        amnesia: the layer.
        inner: the model to wrap; `None` for the layer's own.
        show_receipts: put the receipt into `response_metadata["amnestic"]`, for operators.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from amnestic.testing import ScriptedChatModel
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     inner = ScriptedChatModel.of("Ana Morel painted it.")
    ...     model = AmnesticChatModel(amnesia=amnesia, inner=inner)
    ...     "Morel" in model.invoke("Who painted the ceiling?").text
    False
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    amnesia: Amnesia = Field(exclude=True, repr=False)
    inner: BaseChatModel | None = Field(default=None, exclude=True, repr=False)
    show_receipts: bool = False
    cache: Any = False
    """Never cached: an answer that was fit to be given yesterday may be forgotten today."""

    @model_validator(mode="after")
    def _as_the_inner(self) -> AmnesticChatModel:
        """What LangChain asks a model about itself is answered as the wrapped model would."""
        if self.inner is not None and self.profile is None:
            self.profile = self.inner.profile
        return self

    @property
    def _llm_type(self) -> str:
        return "amnestic"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"wrapped": self.inner._llm_type if self.inner is not None else "own"}

    def get_num_tokens_from_messages(
        self, messages: list[BaseMessage], tools: Sequence[Any] | None = None
    ) -> int:
        """Tokens of `messages`, as the wrapped model counts them."""
        if self.inner is None:
            return super().get_num_tokens_from_messages(messages, tools)
        return self.inner.get_num_tokens_from_messages(messages, tools)

    # ── Tools and structured output ──────────────────────────────────────────────────────────────

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: Any = None, **kwargs: Any
    ) -> Runnable[Any, AIMessage]:
        """Bind tools in the shape that the wrapped model gives them."""
        chosen = {} if tool_choice is None else {"tool_choice": tool_choice}
        wrapped = self._wrapped()
        if wrapped is None:
            from langchain_core.utils.function_calling import convert_to_openai_tool

            return self.bind(tools=[convert_to_openai_tool(t) for t in tools], **chosen, **kwargs)
        bound: Any = wrapped.bind_tools(tools, **chosen, **kwargs)
        return rewired(bound, wrapped, self)

    def with_structured_output(
        self, schema: Any, *, include_raw: bool = False, **kwargs: Any
    ) -> Runnable[Any, Any]:
        """Structured output the wrapped model's own way, with this model in its place."""
        wrapped = self._wrapped()
        if wrapped is None:
            return super().with_structured_output(schema, include_raw=include_raw, **kwargs)
        chain = wrapped.with_structured_output(schema, include_raw=include_raw, **kwargs)
        return rewired(chain, wrapped, self)

    def _wrapped(self) -> BaseChatModel | None:
        if self.inner is not None:
            return self.inner
        model = getattr(self.amnesia.parts.backend, "model", None)
        return model if isinstance(model, BaseChatModel) else None

    # ── Answers ──────────────────────────────────────────────────────────────────────────────────

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        backend, options = self._backend(messages), _options(stop, kwargs)
        outcome = self.amnesia.complete(
            backend.conversation if backend else messages, backend=backend, options=options
        )
        return self._result(outcome)

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        backend, options = self._backend(messages), _options(stop, kwargs)
        outcome = await self.amnesia.acomplete(
            backend.conversation if backend else messages, backend=backend, options=options
        )
        return self._result(outcome)

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        yield from _chunks(self._generate(messages, stop, **kwargs))

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        for chunk in _chunks(await self._agenerate(messages, stop, **kwargs)):
            yield chunk

    def _backend(self, messages: list[BaseMessage]) -> CallerMessagesBackend | None:
        if self.inner is None:
            return None
        settings = self.amnesia.settings
        return CallerMessagesBackend.reading(
            self.inner, messages, max_chars=settings.max_chars, timeout=settings.model_timeout
        )

    def _result(self, outcome: Outcome) -> ChatResult:
        """The wrapped model's own result where nothing was changed; else one built anew, from
        which logprobs, reasoning and whatever else might tell of the draft are gone."""
        raw = outcome.generation.raw
        result = raw if isinstance(raw, ChatResult) else self._built(outcome)
        if self.show_receipts:
            receipt = outcome.receipt.model_dump(mode="json")
            for generation in result.generations:
                generation.message.response_metadata["amnestic"] = receipt
        return result

    def _built(self, outcome: Outcome) -> ChatResult:
        generation = outcome.generation
        name = self._get_ls_params().get("ls_model_name")
        return ChatResult(
            generations=[
                ChatGeneration(
                    message=_message(draft, generation.usage, name),
                    generation_info={"finish_reason": draft.finish_reason},
                )
                for draft in generation.choices
            ]
        )

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        if self.inner is None:
            return super()._get_ls_params(stop, **kwargs)
        return self.inner._get_ls_params(stop, **kwargs)


def _options(stop: list[str] | None, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    return dict(kwargs) if stop is None else {**kwargs, "stop": stop}


def _message(draft: Draft, usage: Usage, model_name: str | None) -> AIMessage:
    parts = Message.of("assistant", draft.text).parts if draft.text else ()
    said = Message("assistant", parts, tool_calls=draft.tool_calls, reasoning=draft.reasoning)
    (message,) = to_langchain((said,))
    assert isinstance(message, AIMessage)
    if draft.refusal:
        message.additional_kwargs["refusal"] = draft.refusal
    message.response_metadata = {"finish_reason": draft.finish_reason}
    if model_name:
        message.response_metadata["model_name"] = model_name
    read, written = usage.input_tokens, usage.output_tokens
    if read or written:
        message.usage_metadata = UsageMetadata(
            input_tokens=read, output_tokens=written, total_tokens=read + written
        )
    return message


def _chunks(result: ChatResult) -> Iterator[ChatGenerationChunk]:
    """An approved answer, sentence by sentence; put together, it is the answer."""
    generation = result.generations[0]
    message = generation.message
    assert isinstance(message, AIMessage)
    if isinstance(message.content, str):
        for segment in segments(message.content):
            yield _chunk(AIMessageChunk(content=segment.of(message.content)))
    elif message.content:
        yield _chunk(AIMessageChunk(content=message.content))
    extras = {k: v for k, v in message.additional_kwargs.items() if k != "tool_calls"}
    if extras:
        yield _chunk(AIMessageChunk(content="", additional_kwargs=extras))
    raw = {c.get("id"): c["function"]["arguments"] for c in _raw_calls(message)}
    for i, call in enumerate((*message.tool_calls, *message.invalid_tool_calls)):
        arguments = raw.get(call["id"], _as_json(call["args"]))
        part = tool_call_chunk(name=call["name"], args=arguments, id=call["id"], index=i)
        yield _chunk(AIMessageChunk(content="", tool_call_chunks=[part]))
    end = AIMessageChunk(
        content="",
        response_metadata=message.response_metadata,
        usage_metadata=message.usage_metadata,
        chunk_position="last",
    )
    yield ChatGenerationChunk(message=end, generation_info=generation.generation_info)


def _raw_calls(message: AIMessage) -> Sequence[Mapping[str, Any]]:
    return message.additional_kwargs.get("tool_calls") or ()


def _as_json(arguments: Any) -> str:
    import json

    if isinstance(arguments, str):
        return arguments
    return json.dumps(arguments, ensure_ascii=False)


def _chunk(message: AIMessageChunk) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=message)
