"""A scripted chat model that knows why it is called."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Mapping
from typing import Any, NoReturn, TypeAlias

from amnestic.models.failures import describe
from amnestic.models.protocol import Delta
from amnestic.models.purpose import current_purpose
from amnestic.testing.script import Answer, Call, Script
from amnestic.types import Conversation, Generation

__all__ = ["Played", "PlayedModel", "UnplayedPurpose"]

Played: TypeAlias = "Answer | list[Answer]"
"""What is answered to one purpose: the same each time, or a list whose items are used once each."""


class UnplayedPurpose(BaseException):
    """A `PlayedModel` was called for something that the test gives no answer to.

    Like the outcomes of pytest it is no `Exception`: the layer fails closed and would make an
    abstention of one, in which the test would not see what it forgot.
    """


class PlayedModel:
    """A `StreamingBackend` that answers by purpose, for tests of what the layer asks for itself.

    The purpose is `answer` for the caller's own question. `elicit` is what the model knows of a new
    target; `again`, `canary`, `voice` and `identify` are asked around a draft; an agent whose
    `agent_model` this is asks by its own name (`vetter`, `auditor`, `rewriter`, `critic`,
    `composer`), and `probe` finds out what an agent's model can do.

    Args:
        name: what the model is called.
        answers: by purpose, an answer as `ScriptedBackend` takes it: a text, a `Draft`, an
            exception, a function of the conversation, …; or a list of them, each used once.

    A call for a purpose that has no answer, or none left, raises `UnplayedPurpose`.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from amnestic import Amnesia
    >>> model = PlayedModel(
    ...     elicit="Ana Morel is a painter.",
    ...     answer="Ana Morel painted it, in 1921.",
    ...     again=["I don't know who painted it, but it was in 1921."],
    ...     canary="I don't know that name.",
    ... )
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     with Amnesia(model, db=Path(folder) / "r.db", cache_dir=Path(folder)) as amnesia:
    ...         target = amnesia.forget("Please forget Ana Morel, the painter.")
    ...         reply = amnesia.chat("Who painted the ceiling, and when?")
    >>> reply.text
    "I don't know who painted it, but it was in 1921."
    >>> len(model.calls_for("again"))
    1
    """

    def __init__(self, *, name: str = "played", **answers: Played) -> None:
        self._name = name
        self._scripts = {purpose: _script(purpose, given) for purpose, given in answers.items()}
        self._lock = threading.Lock()
        self.calls: list[Call] = []

    @property
    def name(self) -> str:
        """What the model is called."""
        return self._name

    def calls_for(self, purpose: str) -> list[Call]:
        """The calls that were made for a purpose, in their order."""
        return [call for call in self.calls if call.purpose == purpose]

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The answer for the purpose of this call. Raises `ModelError` where a provider's failure
        is played, and any other exception as it is."""
        return await self._answer(self._called(conversation, options), conversation, options)

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """The same, piece by piece."""
        script = self._called(conversation, options)
        for delta in script.deltas(await self._answer(script, conversation, options)):
            yield delta

    def _called(self, conversation: Conversation, options: Mapping[str, Any]) -> Script:
        """The script that answers the call, which is recorded."""
        purpose = current_purpose()
        with self._lock:
            self.calls.append(Call(conversation, dict(options), purpose))
        if purpose not in self._scripts:
            _unplayed(f"the model was called for {purpose!r} and plays {self._plays()}", purpose)
        return self._scripts[purpose]

    async def _answer(
        self, script: Script, conversation: Conversation, options: Mapping[str, Any]
    ) -> Generation:
        try:
            return await script.aanswer(conversation, options)
        except Exception as error:  # noqa: BLE001 - a script may raise anything, as providers do
            failure = describe(self._name, error)
        raise failure

    def _plays(self) -> str:
        return ", ".join(map(repr, self._scripts)) or "nothing"


def _script(purpose: str, given: Played) -> Script:
    if not isinstance(given, list):
        return Script(default=given)
    said = f"the model was called for {purpose!r} more often than its {len(given)} answers"

    def used(conversation: Conversation) -> NoReturn:
        _unplayed(said, purpose)

    return Script(*given, default=used)


def _unplayed(what: str, purpose: str) -> NoReturn:
    raise UnplayedPurpose(f"{what}: give it an answer, PlayedModel({purpose}=…)")
