"""Answers in LangChain's shapes: whole messages, the chunks of a stream, and a call's options."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from amnestic.models.convert import to_langchain
from amnestic.models.cut_calls import as_quoted, would_be_closed
from amnestic.models.protocol import Delta
from amnestic.types import Draft, Generation, Message, Usage

__all__ = ["call_chunks", "call_options", "chat_result", "chunk_of", "closing_chunk"]


def call_options(stop: list[str] | None, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """What LangChain hands to a model's call, as one mapping."""
    return dict(kwargs) if stop is None else {**kwargs, "stop": stop}


def chat_result(generation: Generation, model_name: str | None) -> ChatResult:
    """Every choice of an answer. It is built anew: logprobs, ids and whatever else might tell of a
    draft that was changed are not in it."""
    return ChatResult(
        generations=[
            ChatGeneration(
                message=_message(draft, generation.usage, model_name),
                generation_info={"finish_reason": draft.finish_reason},
            )
            for draft in generation.choices
        ]
    )


def chunk_of(delta: Delta) -> ChatGenerationChunk | None:
    """A piece as a chunk; `None` for one that only ends a choice.

    >>> chunk_of(Delta(text="Paris.")).text
    'Paris.'
    """
    if delta.channel.startswith("tool_call:"):
        index = int(delta.channel.partition(":")[2])
        part = tool_call_chunk(
            name=delta.tool_name, args=delta.text, id=delta.tool_call_id, index=index
        )
        return _chunk(AIMessageChunk(content="", tool_call_chunks=[part]))
    if not delta.text:
        return None
    if delta.channel == "answer":
        return _chunk(AIMessageChunk(content=delta.text))
    key = "refusal" if delta.channel == "refusal" else "reasoning_content"
    return _chunk(AIMessageChunk(content="", additional_kwargs={key: delta.text}))


def call_chunks(*choices: Draft) -> Iterator[ChatGenerationChunk]:
    """The calls of a whole answer, a chunk for each, those of all its choices one after another.

    LangChain closes the open ends of arguments when it joins chunks, so that a call that was cut
    off would be run with what had been said of it. Such arguments come as one string of JSON, which
    it leaves among `invalid_tool_calls`, where a plain answer has them.

    >>> from amnestic.types import ToolCall
    >>> (cut,) = call_chunks(Draft(tool_calls=(ToolCall("1", "remove", '{"all": tr'),)))
    >>> cut.message.tool_calls, cut.message.invalid_tool_calls[0]["name"]
    ([], 'remove')
    """
    calls = [(draft, call) for draft in choices for call in draft.tool_calls]
    for index, (draft, call) in enumerate(calls):
        is_last = call is draft.tool_calls[-1]
        unsaid = not call.arguments and is_last and draft.finish_reason == "length"
        is_cut = unsaid or would_be_closed(call.arguments)
        args = as_quoted(call.arguments) if is_cut else call.arguments
        part = tool_call_chunk(name=call.name, args=args, id=call.id, index=index)
        yield _chunk(AIMessageChunk(content="", tool_call_chunks=[part]))


def closing_chunk(
    finish_reason: str, usage: Usage, model_name: str | None, metadata: Mapping[str, Any]
) -> ChatGenerationChunk:
    """The last chunk: why the model stopped, what it used, and the operator's `metadata`."""
    told = {**_metadata(finish_reason, model_name), **metadata}
    end = AIMessageChunk(
        content="", response_metadata=told, usage_metadata=_usage(usage), chunk_position="last"
    )
    return _chunk(end, finish_reason=finish_reason)


def _message(draft: Draft, usage: Usage, model_name: str | None) -> AIMessage:
    parts = Message.of("assistant", draft.text).parts if draft.text else ()
    said = Message("assistant", parts, tool_calls=draft.tool_calls, reasoning=draft.reasoning)
    (message,) = to_langchain((said,))
    assert isinstance(message, AIMessage)
    if draft.refusal:
        message.additional_kwargs["refusal"] = draft.refusal
    message.response_metadata = _metadata(draft.finish_reason, model_name)
    message.usage_metadata = _usage(usage)
    return message


def _metadata(finish_reason: str, model_name: str | None) -> dict[str, Any]:
    named = {"model_name": model_name} if model_name else {}
    return {"finish_reason": finish_reason, **named}


def _usage(usage: Usage) -> UsageMetadata | None:
    read, written = usage.input_tokens, usage.output_tokens
    if not (read or written):
        return None
    return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)


def _chunk(message: AIMessageChunk, **info: Any) -> ChatGenerationChunk:
    return ChatGenerationChunk(message=message, generation_info=info or None)
