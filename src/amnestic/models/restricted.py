"""An answer in which given strings do not stand: asked for with them, and read before it is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.models.decoding import WITHOUT
from amnestic.models.forbidden import ForbiddenText
from amnestic.models.protocol import ChatBackend
from amnestic.types import Conversation, Generation

__all__ = ["answer_without"]


async def answer_without(
    backend: ChatBackend,
    conversation: Conversation,
    options: Mapping[str, Any],
    forbidden: Sequence[str],
) -> Generation:
    """Ask a backend whose decoder heeds the option `WITHOUT`, and read what it wrote in every
    channel.

    Raises `ModelError` where one of the strings stands in it all the same: in a form of the
    caller's own, which a decoder keeps to first, or where a stop string or the last of the tokens
    cut a word down to a short name.
    """
    text = ForbiddenText(forbidden)
    generation = await backend.generate(conversation, {**options, WITHOUT: text})
    for draft in generation.choices:
        names = (call.name for call in draft.tool_calls)
        if any(map(text.stands_in, (*(told for _, told in draft.channels()), *names))):
            message = f"model {backend.name!r} wrote what it was kept from writing"
            raise ModelError(message, hint="ask without a form of the answer, or let it say less")
    return generation
