"""Which wrapped models keep to a note about what they have never heard of.

A model is tried once with somebody who does not exist: one that tells of a person of whom it was
just told that it has never heard would do the same of a target. One that names a target under the
note is found unfit as well, and is not asked again.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum

from amnestic.agents.model_engines import Entry, current_ledger
from amnestic.models.fixed import FixedBackend
from amnestic.models.protocol import ChatBackend
from amnestic.models.purpose import asking_for
from amnestic.prompts.loader import Prompt
from amnestic.tools.reading import asks_back, says_ignorance
from amnestic.types import Message

__all__ = ["Fitness"]

_NOBODY = "Orvane Tellibrand"
_QUESTION = (
    "A friend told me: Orvane Tellibrand is a glass painter from Quessel who restored the windows "
    "of Marrow Abbey. Who is Orvane Tellibrand, and what do you know about the windows?"
)
_TOLD = ("glass painter", "quessel", "restored", "marrow abbey")
_STRIKES = 2


class _Word(StrEnum):
    FIT = "fit"
    UNFIT = "unfit"


class Fitness:
    """Remembers, by model, whether it is fit for a second ask."""

    def __init__(self) -> None:
        self._known: dict[str, _Word] = {}
        self._strikes: dict[str, int] = {}

    def may_ask(self, backend: ChatBackend) -> bool:
        """Whether a model can write at all, and has not been found unfit."""
        if isinstance(backend, FixedBackend):
            return False
        return self._known.get(_key(backend)) is not _Word.UNFIT

    async def check(self, backend: ChatBackend, prompt: Prompt, seconds: float) -> bool:
        """Whether a model is fit, by a trial with an invented person the first time. A trial that
        fails for another reason says nothing, and is made again the next time."""
        known = self._known.get(_key(backend))
        if known is not None:
            return known is _Word.FIT
        note = prompt.render(
            subjects=[f'"{_NOBODY}" (person)'], exceptions=[], passages=[], reasons=[], begun=""
        )
        messages = (
            Message.of("system", note.conversation[0].text),
            Message.of("user", _QUESTION),
        )
        try:
            async with asyncio.timeout(seconds):
                with asking_for("canary"):
                    given = await backend.generate(messages, {"temperature": 0})
        except Exception:  # noqa: BLE001 - a caller's model raises anything, and this is a trial
            return True
        current_ledger().probed([Entry("canary", backend.name, 1, given.usage)])
        answer = given.choices[0].text if given.choices else ""
        fit = _keeps_to_it(answer)
        self._known[_key(backend)] = _Word.FIT if fit else _Word.UNFIT
        return fit

    def named(self, backend: ChatBackend) -> None:
        """Note that a model named a target under the note; twice, and it is unfit."""
        key = _key(backend)
        self._strikes[key] = self._strikes.get(key, 0) + 1
        if self._strikes[key] >= _STRIKES:
            self._known[key] = _Word.UNFIT


def _keeps_to_it(answer: str) -> bool:
    if not (says_ignorance(answer) or asks_back(answer)):
        return False
    told = answer.lower()
    return sum(piece in told for piece in _TOLD) < 2


def _key(backend: ChatBackend) -> str:
    return f"{type(backend).__name__}:{backend.name}"
