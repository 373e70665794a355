"""One judge protocol: a question, labelled data and an answer's form give a typed verdict.

Three ways lead to a verdict. Which of them a model can go is probed once and remembered:
JSON schema through LangChain's structured output; plain prompted JSON with strict parsing and one
repair round; probabilities. What is unreadable after repair is no verdict, and the request fails
closed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.answers import Sealed
from amnestic.agents.model_engines.deciders import Decider, Decision, find_decider
from amnestic.agents.model_engines.ledger import current_ledger
from amnestic.agents.model_engines.parsing import Unreadable, parse_answer
from amnestic.agents.model_engines.probing import Ability, probe, probing
from amnestic.agents.model_engines.structured import schema_options
from amnestic.exceptions import ModelError
from amnestic.prompts.blocks import neutralise
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.types import Message, Usage

__all__ = ["Judge", "ModelJudge", "Task"]

A = TypeVar("A", bound=Sealed)
_SHOWN_AGAIN = 4_000  # characters of an unreadable answer that its repair sees


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
        """The verdict; raises `ModelError` when there is none."""
        ...


class ModelJudge:
    """A judge on a chat model, by the best way that the model can go."""

    def __init__(self, model: AgentModel, prompts: Prompts) -> None:
        self.model = model
        self._prompts = prompts
        self._found: tuple[Ability, Decider | None] | None = None

    @property
    def name(self) -> str:
        """The model behind it."""
        return self.model.name

    async def ability(self) -> Ability:
        """What the model can do, probed on the first call."""
        return (await self._ways())[0]

    async def judge(self, task: Task[A]) -> A:
        """The verdict on a task."""
        ability, decider = await self._ways()
        if ability is Ability.SCHEMA:
            return await self._read(task, schema_options(self.model.backend, task.answer) or {})
        if decider is not None and task.from_decisions is not None:
            return await self._decide(task, decider, task.from_decisions)
        if ability is Ability.PROMPTED:
            return await self._read(task, {})
        raise ModelError(f"agent model {self.name!r} cannot answer in the form asked for")

    async def _ways(self) -> tuple[Ability, Decider | None]:
        if self._found is None:
            ability = await probe(self.model, self._prompts["probe"])
            with probing():
                decider = None if ability is Ability.SCHEMA else await find_decider(self.model)
            self._found = (ability, decider)
        return self._found

    async def _decide(
        self, task: Task[A], decider: Decider, make: Callable[[str, Sequence[float]], A]
    ) -> A:
        state = task.prompt.conversation[-1].text
        ledger, limits = current_ledger(), self.model.limits
        ledger.check(len(state) // 4 * len(task.decisions), limits.tokens)
        try:
            async with asyncio.timeout(limits.timeout):
                given = await decider.decide(state, task.decisions)
        except TimeoutError:
            raise ModelError(f"agent model {self.name!r} did not decide in time") from None
        ledger.book(task.agent, self.name, Usage(len(state) // 4, len(task.decisions)))
        return make(task.prompt.seal, given)

    async def _read(self, task: Task[A], options: Mapping[str, Any]) -> A:
        prompt = task.prompt
        draft = await self.model.ask(task.agent, prompt.conversation, options)
        try:
            return parse_answer(draft, task.answer, prompt.seal)
        except Unreadable as error:
            problem = str(error)
        repair = self._prompts["repair"].render(problem=problem, seal=prompt.seal)
        said = Message.of("assistant", neutralise(draft.text)[:_SHOWN_AGAIN] or "(nothing)")
        conversation = (*prompt.conversation, said, *repair.conversation)
        draft = await self.model.ask(task.agent, conversation, options)
        try:
            return parse_answer(draft, task.answer, prompt.seal)
        except Unreadable as error:
            problem = str(error)
        raise ModelError(
            f"agent model {self.name!r} gave no readable verdict as {task.agent}: {problem}"
        )
