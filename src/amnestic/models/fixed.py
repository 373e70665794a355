"""A backend that gives what it was made with: for checking what another system wrote."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.types import Conversation, Generation

__all__ = ["FixedBackend"]


class FixedBackend:
    """Answers every conversation with one generation.

    >>> from amnestic.types import Draft
    >>> FixedBackend(Generation((Draft(text="Hello."),))).name
    'fixed'
    """

    name = "fixed"

    def __init__(self, generation: Generation) -> None:
        self._generation = generation

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The generation that this backend was made with."""
        return self._generation
