"""One judge protocol: a question, labelled data and an answer's form give a typed verdict.

Three ways lead to a verdict. Which of them a model can go is probed and remembered:
JSON schema through LangChain's structured output; plain prompted JSON with strict parsing and one
repair round; probabilities. What is unreadable after repair is no verdict, and the agent's local
engine goes on. A model that could go none of them, or was not to be found out about, is tried again
later: it may have been busy, or another may answer in its place by then.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from amnestic.agents.ledger import OutOfCalls, current_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.answers import Sealed
from amnestic.agents.model_engines.deciders import Decider, Decision, find_decider
from amnestic.agents.model_engines.parsing import Unreadable, parse_answer
from amnestic.agents.model_engines.probing import Ability, probe, probing
from amnestic.agents.model_engines.structured import schema_options
from amnestic.exceptions import ModelError
from amnestic.prompts.blocks import neutralise
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.types import Draft, Message, Usage

__all__ = ["Judge", "ModelJudge", "Task"]

A = TypeVar("A", bound=Sealed)
_SHOWN_AGAIN = 4_000  # characters of an unreadable answer that its repair sees
_AGAIN = 300.0  # seconds after which a model that failed its probe is probed again


@dataclass(frozen=True, slots=True)
class Task(Generic[A]):
    """What a judge is asked.

    `decisions` are the same question broken into single yes-or-no questions and marks, for models
    that give probabilities; `from_decisions` makes the answer of the seal and what they gave. A
    task without them needs words.
    """

    agent: str
    prompt: Rendered
    answer: type[A]
    decisions: Sequence[Decision] = ()
    from_decisions: Callable[[str, Sequence[float]], A] | None = None


@dataclass(frozen=True, slots=True)
class _Ways:
    """What was found out about a model; `until` when, by the judge's clock, it is believed."""

    ability: Ability
    decider: Decider | None = None
    until: float = float("inf")


class Judge(Protocol):
    """Gives typed verdicts."""

    @property
    def name(self) -> str:
        """The model behind it, for cache keys."""
        ...

    async def ability(self) -> Ability:
        """What the model can do."""
        ...

    async def judge(self, task: Task[A]) -> A:
        """The verdict; raises `ModelError` when there is none, and `OutOfCalls` when the request
        may ask for no more."""
        ...


class ModelJudge:
    """A judge on a chat model, by the best way that the model can go; `clock` gives seconds."""

    def __init__(
        self, model: AgentModel, prompts: Prompts, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.model = model
        self._prompts = prompts
        self._clock = clock
        self._found: _Ways | None = None

    @property
    def name(self) -> str:
        """The model behind it."""
        return self.model.name

    async def ability(self) -> Ability:
        """What the model can do, probed on the first call."""
        return (await self._ways()).ability

    async def judge(self, task: Task[A]) -> A:
        """The verdict on a task."""
        async with self.model.in_time():
            return await self._verdict(task)

    async def _verdict(self, task: Task[A]) -> A:
        ways = await self._ways()
        ability, decider = ways.ability, ways.decider
        if ability is Ability.SCHEMA:
            return await self._read(task, schema_options(self.model.backend, task.answer) or {})
        if decider is not None and task.from_decisions is not None:
            return await self._decide(task, decider, task.from_decisions)
        if ability is Ability.PROMPTED:
            return await self._read(task, {})
        raise ModelError(f"agent model {self.name!r} cannot answer in the form asked for")

    async def _ways(self) -> _Ways:
        if self._found is None or self._found.until <= self._clock():
            self._found = await self._probed()
        return self._found

    async def _probed(self) -> _Ways:
        ability = await probe(self.model, self._prompts["probe"])
        if ability is Ability.SCHEMA:
            return _Ways(ability)
        later = self._clock() + _AGAIN
        try:
            with probing():
                decider = await find_decider(self.model)
        except ModelError:
            if ability is Ability.PLAIN:
                raise
            return _Ways(ability, until=later)
        unable = ability is Ability.PLAIN and decider is None
        return _Ways(ability, decider, later if unable else float("inf"))

    async def _decide(
        self, task: Task[A], decider: Decider, make: Callable[[str, Sequence[float]], A]
    ) -> A:
        state = task.prompt.conversation[-1].text
        ledger, limits = current_ledger(), self.model.limits
        ledger.check(len(state) // 4 * len(task.decisions), limits.tokens)
        ledger.take_call(limits.calls)
        try:
            async with asyncio.timeout(limits.timeout):
                given = await decider.decide(state, task.decisions)
        except TimeoutError:
            raise ModelError(f"agent model {self.name!r} did not decide in time") from None
        ledger.book(task.agent, self.name, Usage(len(state) // 4, len(task.decisions)))
        return make(task.prompt.seal, given)

    async def _read(self, task: Task[A], options: Mapping[str, Any]) -> A:
        draft = await self.model.ask(task.agent, task.prompt.conversation, options)
        try:
            return parse_answer(draft, task.answer, task.prompt.seal)
        except Unreadable as error:
            problem = str(error)
        try:
            repaired = await self._repair(task, draft, problem, options)
            return parse_answer(repaired, task.answer, task.prompt.seal)
        except OutOfCalls:
            pass
        except Unreadable as error:
            problem = str(error)
        raise ModelError(
            f"agent model {self.name!r} gave no readable verdict as {task.agent}: {problem}"
        )

    async def _repair(
        self, task: Task[A], draft: Draft, problem: str, options: Mapping[str, Any]
    ) -> Draft:
        prompt = task.prompt
        repair = self._prompts["repair"].render(problem=problem, seal=prompt.seal)
        said = Message.of("assistant", neutralise(draft.text)[:_SHOWN_AGAIN] or "(nothing)")
        conversation = (*prompt.conversation, said, *repair.conversation)
        return await self.model.ask(task.agent, conversation, options)
