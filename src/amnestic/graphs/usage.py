"""The tokens that a reply is said to have taken.

The base model's own count stands where its answer does. Of an answer that was touched it would
tell how much was withheld, and none at all would tell that nobody was asked: told are the tokens of
what the caller asked and of what is said. A model that runs in this process counts them; of any
other they are estimated, what was read only where no model has counted it. An estimate goes by what
the model counted of answers that stood, so that it looks like them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amnestic.graphs.wording import token_limit
from amnestic.models.protocol import ChatBackend, CountingBackend
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["ModelCounts", "counted", "tokens_of"]

_SECONDS = 5.0  # that a caller waits for a count
_CHARS_PER_TOKEN = 4.0
_FEWEST_LETTERS = 0.1  # to a token of what is said: others were thought
_MODELS = 100  # that are remembered
_NEW = 0.2  # what the last answer weighs against those before it


@dataclass(frozen=True, slots=True)
class _Habit:
    """How a model counts: the fewest tokens that it has read beside the letters of what was asked
    (its template's own), and letters to a token of what it writes."""

    beside: int = 0
    letters: float = _CHARS_PER_TOKEN


class ModelCounts:
    """What models have counted of late, by their names.

    >>> from amnestic.types import Message
    >>> counts, asked = ModelCounts(), (Message.of("user", "Who was it?"),)
    >>> counts.told("m", asked, (Draft("I don't know."),), 0)
    Usage(input_tokens=2, output_tokens=3)
    >>> counts.note("m", asked, Generation((Draft("It was Hill."),), Usage(22, 3)))
    >>> counts.told("m", asked, (Draft("I don't know."),), 0)
    Usage(input_tokens=22, output_tokens=3)
    """

    def __init__(self) -> None:
        self._habits: dict[str, _Habit] = {}  # requests of several threads come here

    def note(self, model: str, conversation: Conversation, generation: Generation) -> None:
        """Note what a model counted of an answer of its own."""
        usage, said = generation.usage, sum(map(len, _said(*generation.choices)))
        if not (usage.input_tokens and usage.output_tokens and said):
            return
        beside = usage.input_tokens - _asked(conversation)
        letters = max(_FEWEST_LETTERS, said / usage.output_tokens)
        habit = self._habits.get(model) or _Habit(max(0, beside), letters)
        letters = (1 - _NEW) * habit.letters + _NEW * letters
        if len(self._habits) >= _MODELS:  # a caller may name any number of them
            self._habits.clear()
        self._habits[model] = _Habit(max(0, min(habit.beside, beside)), letters)

    def told(
        self, model: str, conversation: Conversation, choices: tuple[Draft, ...], read: int
    ) -> Usage:
        """The usage of a reply that was touched; `read` is what the base model counted, or 0."""
        habit = self._habits.get(model, _Habit())
        asked = max(1, _asked(conversation) + habit.beside)
        return Usage(read or asked, _tokens(choices, habit.letters))


async def counted(
    backend: ChatBackend,
    conversation: Conversation,
    options: Mapping[str, Any],
    choices: tuple[Draft, ...],
) -> Usage | None:
    """The tokens of a conversation and of what is said to it, as the model itself counts them;
    `None` where it cannot: an answer is not held up by its count. What the layer words itself is
    bounded in words, and is not told to be longer than the caller allowed.

    >>> from amnestic.testing import ScriptedBackend
    >>> asyncio.run(counted(ScriptedBackend(), (), {}, (Draft("Hello."),))) is None
    True
    """
    if not isinstance(backend, CountingBackend):
        return None
    try:
        async with asyncio.timeout(_SECONDS):
            usage = await backend.usage_of(conversation, options, choices)
    except Exception:  # noqa: BLE001 - options that no model was asked with are anything; an estimate serves
        return None
    most = token_limit(options)
    written = usage.output_tokens
    return (
        usage if most is None else replace(usage, output_tokens=min(written, most * len(choices)))
    )


def tokens_of(*drafts: Draft) -> int:
    """About how many tokens answers have."""
    return _tokens(drafts, _CHARS_PER_TOKEN)


def _tokens(drafts: tuple[Draft, ...], letters: float) -> int:
    return sum(max(1, int(len(text) / letters)) for text in _said(*drafts)) or 1


def _said(*drafts: Draft) -> list[str]:
    """The texts of answers, without what stands beside them."""
    told = (replace(draft, beside="") for draft in drafts)
    return [text for draft in told for _, text in draft.channels()]


def _asked(conversation: Conversation) -> int:
    """About how many tokens a conversation has."""
    return int(sum(len(message.text) for message in conversation) / _CHARS_PER_TOKEN)
