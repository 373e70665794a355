"""What a door needs of a layer, so that doors stand below the class that they open into."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Protocol, TypeVar

from amnestic.config import Settings
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.streaming import ReviewedStream
from amnestic.models.protocol import ChatBackend
from amnestic.types import Conversation, Draft, Reply

__all__ = ["Reviewer"]

T = TypeVar("T")


class Reviewer(Protocol):
    """Reviews conversations, answered by whichever backend the door gives: an `Amnesia`."""

    @property
    def settings(self) -> Settings:
        """How the layer behaves."""
        ...

    async def acomplete(
        self,
        messages: Conversation,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> Outcome:
        """A whole answer, reviewed."""
        ...

    def astream(
        self,
        messages: Conversation,
        *,
        backend: ChatBackend | None = None,
        options: Mapping[str, Any] | None = None,
    ) -> ReviewedStream:
        """The same answer, piece by piece."""
        ...

    async def aclean_fields(self, fields: Mapping[str, Any]) -> dict[str, Any]:
        """What may stay of the fields around a conversation."""
        ...

    async def areview(self, conversation: Conversation | str, draft: str | Draft) -> Reply:
        """What may stay of something that was said elsewhere."""
        ...

    def call(self, make: Callable[[], Awaitable[T]]) -> T:
        """Run a coroutine in the layer's own thread, for synchronous doors."""
        ...
