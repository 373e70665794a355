"""Pieces of an answer of local weights as LangChain's results and chunks."""

from __future__ import annotations

from collections.abc import Iterable

from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from amnestic.models.decoding import Piece

__all__ = ["chunk_of", "gather", "result_of"]


def gather(pieces: Iterable[Piece]) -> Piece:
    """All pieces of one answer as one."""
    every = list(pieces)
    last = every[-1]
    text = "".join(piece.text for piece in every)
    return Piece(text, last.finish, last.prompt_tokens, last.tokens)


def _usage(pieces: list[Piece]) -> UsageMetadata:
    read, written = pieces[0].prompt_tokens, sum(piece.tokens for piece in pieces)
    return UsageMetadata(input_tokens=read, output_tokens=written, total_tokens=read + written)


def result_of(answers: list[Piece], model: str) -> ChatResult:
    """The answers of a model as one result, with what they cost."""
    usage = _usage(answers)
    generations = [
        ChatGeneration(
            message=AIMessage(answer.text, usage_metadata=usage),
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


def chunk_of(piece: Piece) -> ChatGenerationChunk:
    """A piece as a chunk of a stream."""
    if not piece.last:
        return ChatGenerationChunk(message=AIMessageChunk(content=piece.text))
    message = AIMessageChunk(
        content=piece.text, usage_metadata=_usage([piece]), chunk_position="last"
    )
    return ChatGenerationChunk(message=message, generation_info={"finish_reason": piece.finish})
