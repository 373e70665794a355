"""A model of transformers as a backend: `Amnesia("hf:<checkpoint>")`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.models.counting import tokens_written
from amnestic.models.langchain_backend import LangChainBackend
from amnestic.models.restricted import Begun, Limits, answer_without
from amnestic.models.templates import template_message
from amnestic.models.transformers_chat import TransformersChatModel
from amnestic.models.transformers_requests import request_of
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["TransformersBackend"]


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
