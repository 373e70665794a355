"""The one seam through which Amnestic speaks to a chat model."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = [
    "BatchingBackend",
    "ChatBackend",
    "CountingBackend",
    "Delta",
    "LocalBackend",
    "RestrictedBackend",
    "StreamingBackend",
]


@runtime_checkable
class ChatBackend(Protocol):
    """A chat model, whoever serves it.

    Implementations never log, trace or hand to callbacks what they receive or give: a draft is
    unverified text. They raise `amnestic.exceptions.ModelError` for every failure of the provider.
    """

    @property
    def name(self) -> str:
        """What the model is called, for receipts and `doctor`; holds no key."""
        ...

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Answer a conversation. `options` are the caller's own parameters (temperature, tools,
        n, …), passed through unchanged."""
        ...


@dataclass(frozen=True, slots=True)
class Delta:
    """One piece of a streamed answer: unverified text, for the layer's own reading.

    `choice` counts the choices from 0. `channel` is `"answer"`, `"reasoning"`, `"refusal"` or
    `"tool_call:<i>"`, whose `text` is a piece of the raw JSON arguments. `tool_call_id` and
    `tool_name` stand on the first piece of a call, `finish_reason` on a choice's last piece, and
    `usage`, when the model tells it, on the last piece of all.
    """

    choice: int = 0
    channel: str = "answer"
    text: str = ""
    finish_reason: str | None = None
    tool_call_id: str | None = None
    tool_name: str | None = None
    usage: Usage | None = None


@runtime_checkable
class StreamingBackend(ChatBackend, Protocol):
    """A chat model that can also give its answer piece by piece."""

    def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """Answer a conversation piece by piece; joined, the pieces are what `generate` gives."""
        ...


@runtime_checkable
class LocalBackend(ChatBackend, Protocol):
    """A chat model whose weights are loaded into this process."""

    def load(self) -> None:
        """Load the weights now, instead of in the first request; raises `ModelNotFoundError`."""
        ...


@runtime_checkable
class CountingBackend(ChatBackend, Protocol):
    """A chat model that counts tokens without answering: one that runs in this process."""

    async def usage_of(
        self, conversation: Conversation, options: Mapping[str, Any], choices: Sequence[Draft]
    ) -> Usage:
        """What the model would have counted, had it been asked `conversation` and said `choices`,
        whoever said them. Loads no weights: raises `ModelError` where they are not at hand, and
        whatever `generate` raises of what cannot be asked."""
        ...


@runtime_checkable
class BatchingBackend(ChatBackend, Protocol):
    """A chat model that makes several answers at once in less time than one after the other."""

    async def generate_all(
        self, asked: Sequence[tuple[Conversation, Mapping[str, Any]]]
    ) -> Sequence[Generation]:
        """What `generate` gives for each conversation with its options, in their order; where two
        tokens are all but equally likely, the other one may be chosen. Raises what it raises."""
        ...


@runtime_checkable
class RestrictedBackend(ChatBackend, Protocol):
    """A chat model that can be kept from writing given strings: one that runs in this process."""

    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        """An answer in whose text none of the strings stands, whatever its case or spacing and
        however it is cut into tokens; what standing in a text means,
        `amnestic.models.forbidden.ForbiddenText` says. One that has `begun`, in the middle of a
        sentence perhaps, is gone on with from there and given whole, as far as its tokens reach;
        strings that stand in the beginning are not kept out. Raises `ModelError` where a string
        stands in it all the same, and whatever `generate` raises."""
        ...
