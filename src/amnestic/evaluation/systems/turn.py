"""One question on its way through a system, and what the model calls made for it took."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.evaluation.systems.counted import Count
from amnestic.models.protocol import BatchingBackend, ChatBackend, RestrictedBackend
from amnestic.types import Conversation, Draft, Generation, Message, Part

__all__ = ["Turn", "last_question", "under"]


@dataclass(slots=True)
class Turn:
    """Asks a model for a system, and counts the calls, their tokens and their seconds.

    `own` is the time of the calls that gave the answer itself, as the bare model would have taken
    it; what is asked beside that (`aside=True`) counts as added.
    """

    backend: ChatBackend
    conversation: Conversation = ()
    options: Mapping[str, Any] = field(default_factory=dict)
    count: Count = field(default_factory=Count)
    own: float = 0.0

    async def ask(
        self,
        conversation: Conversation | None = None,
        options: Mapping[str, Any] | None = None,
        *,
        backend: ChatBackend | None = None,
        aside: bool = False,
    ) -> Draft:
        """The first choice of an answer; of the turn's own conversation, options and model unless
        others are given. Raises `amnestic.exceptions.ModelError`."""
        asked = self.conversation if conversation is None else conversation
        chosen = self.options if options is None else options
        begun = time.perf_counter()
        given = await (backend or self.backend).generate(asked, chosen)
        return self._counted(given, begun, aside)

    async def ask_all(
        self,
        asked: Sequence[tuple[Conversation, Mapping[str, Any]]],
        backend: ChatBackend,
    ) -> list[Draft]:
        """The first choices of several answers that are asked beside the turn's own, made at once
        where the model can. Raises `amnestic.exceptions.ModelError`."""
        if not isinstance(backend, BatchingBackend):
            return [await self.ask(c, o, backend=backend, aside=True) for c, o in asked]
        begun = time.perf_counter()
        given = await backend.generate_all(asked)
        return [self._counted(each, begun, aside=True) for each in given]

    async def ask_without(
        self, backend: RestrictedBackend, forbidden: Sequence[str], *, aside: bool = False
    ) -> Draft:
        """The same from a model that is kept from writing strings."""
        begun = time.perf_counter()
        given = await backend.generate_without(self.conversation, self.options, forbidden)
        return self._counted(given, begun, aside)

    def _counted(self, given: Generation, begun: float, aside: bool) -> Draft:
        self.count.take(given.usage)
        if not aside:
            self.own += time.perf_counter() - begun
        return given.choices[0] if given.choices else Draft()


def last_question(conversation: Conversation) -> str:
    """The words of the last message of a user; of the last message where no user speaks.

    >>> last_question((Message.of("user", "Who?"), Message.of("assistant", "Ana.")))
    'Who?'
    """
    said = [message.text for message in conversation if message.role == "user"]
    return said[-1] if said else conversation[-1].text if conversation else ""


def under(conversation: Conversation, note: str) -> Conversation:
    """The conversation under an instruction: before that of its own where it has one, since many
    chat templates take one only.

    >>> [m.text for m in under((Message.of("user", "Who?"),), "Be brief.")]
    ['Be brief.', 'Who?']
    """
    first = conversation[0] if conversation else None
    if first is not None and first.role in ("system", "developer"):
        return (replace(first, parts=(Part("text", note), *first.parts)), *conversation[1:])
    return (Message.of("system", note), *conversation)
