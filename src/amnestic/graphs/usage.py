"""The tokens that a reply is said to have taken.

The base model's own count stands where its answer does. Of an answer that was touched it would
tell how much was withheld, and none at all would tell that nobody was asked: what was written is
estimated from what is said, what was read from what was asked where no model has counted it.
"""

from __future__ import annotations

from dataclasses import replace

from amnestic.types import Conversation, Draft, Usage

__all__ = ["tokens_of", "told_usage"]

_CHARS_PER_TOKEN = 4


def told_usage(conversation: Conversation, choices: tuple[Draft, ...], read: int) -> Usage:
    """The usage of a reply that was touched; `read` is what the base model counted, or 0.

    >>> from amnestic.types import Message
    >>> told_usage((Message.of("user", "Who was it?"),), (Draft("I don't know."),), 0)
    Usage(input_tokens=2, output_tokens=3)
    """
    asked = sum(len(message.text) for message in conversation) // _CHARS_PER_TOKEN
    return Usage(read or max(1, asked), tokens_of(*choices))


def tokens_of(*drafts: Draft) -> int:
    """About how many tokens answers have."""
    said = (replace(draft, beside="") for draft in drafts)
    texts = [text for draft in said for _, text in draft.channels()]
    return sum(max(1, len(text) // _CHARS_PER_TOKEN) for text in texts) or 1
