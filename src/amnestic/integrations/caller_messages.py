"""A LangChain model that is sent the caller's own messages wherever the layer left them alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from amnestic.conversation import parse_conversation
from amnestic.models.langchain_backend import LangChainBackend
from amnestic.models.langchain_fields import beside
from amnestic.types import Conversation, Generation, Message

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessage, BaseMessage
    from langchain_core.outputs import ChatResult

__all__ = ["CallerMessagesBackend"]


class CallerMessagesBackend(LangChainBackend):
    """Speaks to the caller's own LangChain model for one request.

    A message that was not scrubbed goes to the model as the object that the caller gave, with the
    provider's own marks on it (cache control, signed reasoning, ids); a scrubbed one is built anew.

    Args:
        model: the caller's model.
        messages: what the caller sent.
        parsed: the same messages, as the review path reads them.
        timeout: seconds that one answer may take.
    """

    def __init__(
        self,
        model: BaseChatModel,
        messages: Sequence[BaseMessage],
        parsed: Conversation,
        timeout: float,
    ) -> None:
        super().__init__(model, timeout=timeout)
        self._own = tuple(zip(parsed, messages, strict=True))

    @classmethod
    def reading(
        cls,
        model: BaseChatModel,
        messages: Sequence[BaseMessage],
        *,
        max_chars: int,
        timeout: float,
    ) -> CallerMessagesBackend:
        """The backend for `messages`; raises `InvalidRequestError` where they cannot be read."""
        return cls(
            model, messages, parse_conversation(list(messages), max_chars=max_chars), timeout
        )

    @property
    def conversation(self) -> Conversation:
        """The caller's messages, as the review path reads them."""
        return tuple(parsed for parsed, _ in self._own)

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Answer a conversation; what stands beside the answers is read too, since an answer that
        nothing was withheld from goes to the caller as the object that it is."""
        given = await super().generate(conversation, options)
        result: ChatResult = given.raw
        told = (beside(_ai(c.message), c.generation_info or {}) for c in result.generations)
        drafts = zip(given.choices, told, strict=True)
        choices = tuple(replace(draft, beside="\n".join(texts)) for draft, texts in drafts)
        return replace(given, choices=choices)

    def to_messages(self, conversation: Conversation) -> list[BaseMessage]:
        """The conversation for the model: the caller's own objects where nothing was changed."""
        if len(conversation) != len(self._own):
            return super().to_messages(conversation)
        return [self._message(i, message) for i, message in enumerate(conversation)]

    def _message(self, i: int, message: Message) -> BaseMessage:
        parsed, own = self._own[i]
        return own if message == parsed else super().to_messages((message,))[0]


def _ai(message: Any) -> AIMessage:
    given: AIMessage = message
    return given
