"""Pieces of an answer of local weights as LangChain's results and chunks."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.messages.tool import ToolCall as LangChainCall
from langchain_core.messages.tool import tool_call_chunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from amnestic.models.decoding import Piece

__all__ = ["chunk_of", "gather", "result_of"]


def gather(pieces: Iterable[Piece]) -> Piece:
    """All pieces of one answer as one."""
    every = list(pieces)
    last = every[-1]
    text = "".join(piece.text for piece in every)
    return replace(last, text=text)


def _usage(pieces: list[Piece]) -> UsageMetadata:
    read, written = pieces[0].prompt_tokens, sum(piece.tokens for piece in pieces)
    return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)


def result_of(answers: list[Piece], model: str) -> ChatResult:
    """The answers of a model as one result, with what they cost."""
    usage = _usage(answers)
    generations = [
        ChatGeneration(
            message=AIMessage(answer.text, tool_calls=_calls(answer), usage_metadata=usage),
            generation_info={"finish_reason": answer.finish},
        )
        for answer in answers
    ]
    tokens = {
        "prompt_tokens": usage["input_tokens"],
        "completion_tokens": usage["output_tokens"],
        "total_tokens": usage["total_tokens"],
    }
    return ChatResult(
        generations=generations, llm_output={"token_usage": tokens, "model_name": model}
    )


def _calls(answer: Piece) -> list[LangChainCall]:
    return [
        LangChainCall(name=call.name, args=json.loads(call.arguments), id=call.id)
        for call in answer.calls
    ]


def chunk_of(piece: Piece) -> ChatGenerationChunk:
    """A piece as a chunk of a stream."""
    if not piece.last:
        return ChatGenerationChunk(message=AIMessageChunk(content=piece.text))
    calls = [
        tool_call_chunk(name=call.name, args=call.arguments, id=call.id, index=i)
        for i, call in enumerate(piece.calls)
    ]
    message = AIMessageChunk(
        content=piece.text,
        tool_call_chunks=calls,
        usage_metadata=_usage([piece]),
        chunk_position="last",
    )
    return ChatGenerationChunk(message=message, generation_info={"finish_reason": piece.finish})
