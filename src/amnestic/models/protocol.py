"""The one seam through which Amnestic speaks to a chat model."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from amnestic.types import Conversation, Generation

__all__ = ["ChatBackend"]


class ChatBackend(Protocol):
    """A chat model, whoever serves it.

    Implementations never log, trace or hand to callbacks what they receive or give: a draft is
    unverified text. They raise `amnestic.exceptions.ModelError` for every failure of the model.
    """

    @property
    def name(self) -> str:
        """What the model is called, for receipts and `doctor`; holds no key."""
        ...

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """Answer a conversation. `options` are the caller's own parameters (temperature, tools,
        n, …), passed through unchanged."""
        ...
