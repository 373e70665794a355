"""What the systems have in common: a wrapped chat model, timed and counted."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from amnestic.config import Settings
from amnestic.evaluation.contract import Answer, Preparation, Subject
from amnestic.evaluation.systems.turn import Turn
from amnestic.exceptions import ConfigurationError
from amnestic.models.protocol import ChatBackend, LocalBackend
from amnestic.models.resolve import ModelSpec, resolve_backend
from amnestic.types import Conversation, Draft

__all__ = ["REFUSAL", "Options", "Wrapped"]

REFUSAL = "I'm sorry, but I can't help with that."
"""What systems say that refuse in fixed words, as the published gates and filters do."""

_AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Options:
    """What a system is made with, beside its model.

    Attributes:
        settings: base URL, key, time-outs and threads of models; the environment's unless given.
        agent_model: the model of agents and judges; the wrapped model itself unless given, where a
            system does not insist on one.
        never_knew: the model that was trained without the subjects.
        retain: texts that must stay, for the methods whose papers train or calibrate on some; the
            common knowledge that ships with the package unless given. Never the probes of a test.
        elicit: whether Amnestic asks the wrapped model what it knows of a new target.
        threshold: of a similarity gate; calibrated by its stated rule unless given.
        concurrency: questions at a time; 1 for weights in this process, else 8, unless given.
        seed: of what is drawn or trained.
    """

    settings: Settings | None = None
    agent_model: ModelSpec | None = None
    never_knew: ModelSpec | None = None
    retain: tuple[str, ...] = ()
    elicit: bool = True
    threshold: float | None = None
    concurrency: int | None = None
    seed: int = 0


class Wrapped:
    """A chat model behind a method that makes it answer as if it had never learned some subjects.

    A method says in `_reply` what becomes of one question, and in `_prepare` what it needs before.
    Time, calls and tokens are counted here.

    Args:
        model: the wrapped model, as `amnestic.models.resolve_backend` takes it.
        options: everything else.
    """

    name: ClassVar[str]
    description: ClassVar[str]

    def __init__(self, model: ModelSpec, options: Options | None = None) -> None:
        self.options = options or Options()
        self.settings = self.options.settings or Settings()
        self.model = model
        self.backend: ChatBackend = resolve_backend(model, self.settings)

    @property
    def concurrency(self) -> int:
        """How many questions it can answer at the same time."""
        if self.options.concurrency is not None:
            return self.options.concurrency
        return 1 if isinstance(self.backend, LocalBackend) else _AT_ONCE

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        """Forget these subjects, in the place of those before."""
        turn = Turn(self.backend)
        begun = time.perf_counter()
        detail = await self._prepare(turn, tuple(subjects))
        return Preparation(time.perf_counter() - begun, turn.count.calls, detail)

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        """Answer a conversation. Raises `amnestic.exceptions.ModelError` where a model fails."""
        turn = Turn(self.backend, conversation, options)
        begun = time.perf_counter()
        draft, route = await self._reply(turn)
        took = time.perf_counter() - begun
        return Answer(
            text=draft.text,
            channels={name: text for name, text in draft.told() if name != "answer"},
            calls=turn.count.calls,
            tokens=turn.count.tokens,
            seconds=took,
            added=max(0.0, took - turn.own),
            route=route,
        )

    async def close(self) -> None:
        """Give back what it holds; nothing, unless a method says otherwise."""

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        """Whatever a method does with the subjects, and what there is to report of it."""
        return {}

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        """The answer to one question, and in one word what was done."""
        raise NotImplementedError

    def agents(self) -> ChatBackend:
        """The model of agents: that of the options, or the wrapped one."""
        if self.options.agent_model is None:
            return self.backend
        return resolve_backend(self.options.agent_model, self.settings)

    def refused(self) -> tuple[Draft, str]:
        """The reply of a method that refuses in fixed words."""
        return Draft(REFUSAL), "refused"

    def need_subjects(self, subjects: Sequence[Subject]) -> None:
        """Raises `ConfigurationError` where there is nothing to forget."""
        if not subjects:
            raise ConfigurationError(f"system {self.name!r} has no subjects to forget: give some")
