"""Any LangChain chat model, behind the layer: `AmnesticChatModel(amnesia=…, inner=model)`."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from langchain_core.runnables import Runnable
from pydantic import ConfigDict, Field, PrivateAttr, model_validator

from amnestic.amnesia import Amnesia
from amnestic.conversation import parse_conversation
from amnestic.integrations.caller_messages import CallerMessagesBackend
from amnestic.integrations.langchain_forms import Form, asked_form, filled, with_parsed
from amnestic.integrations.rewiring import rewired
from amnestic.integrations.token_counts import counts_itself, token_ids
from amnestic.models.convert import draft_of
from amnestic.models.deltas import deltas_of_generation
from amnestic.models.langchain_fields import unlikely
from amnestic.models.langchain_replies import (
    call_chunks,
    call_options,
    chat_result,
    chunk_of,
    closing_chunk,
)
from amnestic.models.protocol import ChatBackend, Delta
from amnestic.sending import refuse_unsendable
from amnestic.types import Conversation, Generation, Usage

if TYPE_CHECKING:
    from amnestic.graphs.outcome import Outcome

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
    >>> folder.cleanup()
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    amnesia: Amnesia = Field(exclude=True, repr=False)
    inner: BaseChatModel | None = Field(default=None, exclude=True, repr=False)
    show_receipts: bool = False
    cache: Any = False
    """Never cached: an answer that was fit to be given yesterday may be forgotten today."""
    _structure: Any = PrivateAttr(default=None)

    @model_validator(mode="after")
    def _as_the_inner(self) -> AmnesticChatModel:
        """What LangChain asks a model about itself is answered as the wrapped model would."""
        if self.inner is not None and self.profile is None:
            self.profile = self.inner.profile
        return self

    def __deepcopy__(self, memo: dict[int, Any] | None = None) -> AmnesticChatModel:
        """A copy around the same layer and the same model, both of which may be shared."""
        memo = {} if memo is None else memo
        memo[id(self.inner)] = self.inner
        return super().__deepcopy__(memo)

    def __getstate__(self) -> dict[Any, Any]:
        mend = "send the layer, which can be, and make the model where it is used"
        refuse_unsendable(self.inner, "the wrapped model", mend)
        return super().__getstate__()

    @property
    def _llm_type(self) -> str:
        return "amnestic"

    @property
    def _identifying_params(self) -> Mapping[str, Any]:
        return {"wrapped": self.inner._llm_type if self.inner is not None else "own"}

    def get_token_ids(self, text: str) -> list[int]:
        """The tokens of a text, as the wrapped model cuts them; without a download where it has no
        way of its own."""
        if self.custom_get_token_ids is not None:
            return self.custom_get_token_ids(text)
        return token_ids(self._wrapped(), text)

    def get_num_tokens(self, text: str) -> int:
        """How many tokens a text has, as the wrapped model counts them, or as `get_token_ids`
        does."""
        wrapped = self._wrapped()
        if wrapped is not None and counts_itself(wrapped, "get_num_tokens"):
            with suppress(OSError):  # a tokenizer that cannot be fetched
                return wrapped.get_num_tokens(text)
        return super().get_num_tokens(text)

    def get_num_tokens_from_messages(
        self, messages: list[BaseMessage], tools: Sequence[Any] | None = None
    ) -> int:
        """How many tokens `messages` have, as the wrapped model counts them, or as `get_num_tokens`
        does."""
        wrapped = self._wrapped()
        if wrapped is not None and counts_itself(wrapped, "get_num_tokens_from_messages"):
            with suppress(OSError):
                return wrapped.get_num_tokens_from_messages(messages, tools)
        return super().get_num_tokens_from_messages(messages, tools)

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
        structured = self.model_copy()
        structured._structure = schema
        return rewired(chain, wrapped, structured)

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
        return self.amnesia.call(lambda: self._answer(messages, call_options(stop, kwargs)))

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return await self._answer(messages, call_options(stop, kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        options = call_options(stop, kwargs)
        if self._form(options):
            yield from self._replayed(self._generate(messages, stop, **kwargs))
            return
        conversation, backend = self._read(messages)
        with self.amnesia.stream(conversation, backend=backend, options=options) as stream:
            yield from filter(None, map(_said, stream))
            yield from self._end(stream.outcome)

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        options = call_options(stop, kwargs)
        if self._form(options):
            for chunk in self._replayed(await self._agenerate(messages, stop, **kwargs)):
                yield chunk
            return
        conversation, backend = self._read(messages)
        async with self.amnesia.astream(conversation, backend=backend, options=options) as stream:
            async for delta in stream:
                piece = _said(delta)
                if piece is not None:
                    yield piece
            for last in self._end(stream.outcome):
                yield last

    async def _answer(self, messages: list[BaseMessage], options: dict[str, Any]) -> ChatResult:
        conversation, backend = self._read(messages)
        outcome = await self.amnesia.acomplete(conversation, backend=backend, options=options)
        return await self._result(outcome, conversation, options)

    def _read(self, messages: list[BaseMessage]) -> tuple[Conversation, ChatBackend | None]:
        settings = self.amnesia.settings
        if self.inner is None:
            return parse_conversation(messages, max_chars=settings.max_chars), None
        backend = CallerMessagesBackend.reading(
            self.inner, messages, max_chars=settings.max_chars, timeout=settings.model_timeout
        )
        return backend.conversation, backend

    async def _result(
        self, outcome: Outcome, conversation: Conversation, options: Mapping[str, Any]
    ) -> ChatResult:
        """The wrapped model's own result where nothing was changed, else one built anew."""
        generation, form = outcome.generation, self._form(options)
        if form and outcome.receipt.touched():
            generation = await filled(self.amnesia, generation, form, conversation)
        raw = generation.raw
        own = isinstance(raw, ChatResult) and self.inner is not None  # else its fields are not read
        result = raw if own else chat_result(generation, self._name())
        if form and not own:
            result = with_parsed(result, form)
        if not outcome.receipt.is_far():  # what could have been said may tell of it
            result = unlikely(result)
        for choice in result.generations:
            choice.message.response_metadata |= self._receipt(outcome)
        return result

    def _form(self, options: Mapping[str, Any]) -> Form | None:
        return asked_form(options, self._structure)

    def _replayed(self, result: ChatResult) -> Iterator[ChatGenerationChunk]:
        message = _ai(result)
        draft = draft_of(message, result.generations[0].generation_info or {})
        yield from filter(None, map(_said, deltas_of_generation(Generation((draft,)))))
        yield from call_chunks(draft)
        last = closing_chunk(draft.finish_reason, Usage(), self._name(), {})
        last.message.usage_metadata = message.usage_metadata  # type: ignore[attr-defined]
        if (parsed := message.additional_kwargs.get("parsed")) is not None:
            last.message.additional_kwargs["parsed"] = parsed
        yield last

    def _end(self, outcome: Outcome) -> Iterator[ChatGenerationChunk]:
        draft, usage = outcome.generation.choices[0], outcome.generation.usage
        yield from call_chunks(*outcome.generation.choices)
        yield closing_chunk(draft.finish_reason, usage, self._name(), self._receipt(outcome))

    def _receipt(self, outcome: Outcome) -> dict[str, Any]:
        if not self.show_receipts:
            return {}
        return {"amnestic": outcome.receipt.model_dump(mode="json")}

    def _name(self) -> str | None:
        name = self._get_ls_params().get("ls_model_name")
        return str(name) if name else None

    def _get_ls_params(self, stop: list[str] | None = None, **kwargs: Any) -> Any:
        if self.inner is None:
            return super()._get_ls_params(stop, **kwargs)
        return self.inner._get_ls_params(stop, **kwargs)


def _said(delta: Delta) -> ChatGenerationChunk | None:
    """What is said as a chunk. Calls, which nothing is told of before they are whole, come last."""
    return None if delta.channel.startswith("tool_call:") else chunk_of(delta)


def _ai(result: ChatResult) -> AIMessage:
    message = result.generations[0].message
    assert isinstance(message, AIMessage)
    return message
