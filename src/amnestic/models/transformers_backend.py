"""A model of transformers as a backend: `Amnesia("hf:<checkpoint>")`."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.models.batches import answer_batch
from amnestic.models.counting import tokens_written
from amnestic.models.decoding import Piece, Sampling
from amnestic.models.langchain_backend import LangChainBackend
from amnestic.models.restricted import Begun, Limits, answer_without
from amnestic.models.templates import template_message
from amnestic.models.transformers_chat import TransformersChatModel, set_threads
from amnestic.models.transformers_requests import request_of
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["TransformersBackend"]

_PLAIN = frozenset({"temperature", "max_tokens", "max_completion_tokens", "stop", "seed"})
"""Options that are a matter of choosing tokens one by one."""


class TransformersBackend(LangChainBackend):
    """The model as a backend that can be loaded before it is asked."""

    model: TransformersChatModel

    def load(self) -> None:
        """Load the weights now; raises `ModelNotFoundError`."""
        self.model.load()

    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        """An answer in which none of the strings stands, tools or not, gone on with from where it
        has `begun`."""
        limits = Limits(self.model.timeout, self.model.max_tokens)
        head = Begun(begun, await asyncio.to_thread(self._tokens_in, begun)) if begun else Begun()
        return await answer_without(self, conversation, options, forbidden, limits, head)

    def _tokens_in(self, text: str) -> int:
        return len(self.model.load().encode_text(text))

    async def generate_all(
        self, asked: Sequence[tuple[Conversation, Mapping[str, Any]]]
    ) -> list[Generation]:
        """Answers to several conversations, each with its options, made at once. Tools, schemas,
        restrictions, a `top_p` and several choices are for `generate`: whoever asks for one of
        them is answered by it."""
        if not all(_PLAIN.issuperset(options) for _, options in asked):
            return [await self.generate(conversation, options) for conversation, options in asked]
        pieces = await asyncio.to_thread(self._answered, asked)
        return [
            Generation(
                (Draft(piece.text, finish_reason=piece.finish or "stop"),),
                Usage(piece.prompt_tokens, piece.tokens),
            )
            for piece in pieces
        ]

    def _answered(self, asked: Sequence[tuple[Conversation, Mapping[str, Any]]]) -> list[Piece]:
        deadline = time.monotonic() + self.model.timeout
        loaded = self.model.load()
        set_threads(self.model.threads)
        prompts, samplings = [], []
        for conversation, options in asked:
            messages = [template_message(message) for message in conversation]
            prompts.append(loaded.encode(request_of(messages, options, False).messages))
            stop = options.get("stop")
            stops = [stop] if isinstance(stop, str) else stop
            samplings += Sampling.from_options(options, stops, self.model.max_tokens)
        return answer_batch(loaded, prompts, samplings, deadline)

    async def usage_of(
        self, conversation: Conversation, options: Mapping[str, Any], choices: Sequence[Draft]
    ) -> Usage:
        """What the model would have counted of an answer, by its own template and tokenizer."""
        return await asyncio.to_thread(self._counted, conversation, options, choices)

    def _counted(
        self, conversation: Conversation, options: Mapping[str, Any], choices: Sequence[Draft]
    ) -> Usage:
        if (loaded := self.model.at_hand) is None:
            raise ModelError(f"model {self.name!r} is not loaded", hint="call `load()` first")
        messages = [template_message(message) for message in conversation]
        asked = request_of(messages, options, loaded.reads_tools)
        read = loaded.encode(asked.messages, asked.tools)
        return Usage(len(read), tokens_written(choices, lambda t: len(loaded.encode_text(t))))
