"""Whoever calls a model says why, and nobody else's call is taken for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from amnestic.agents.elicitor import ModelElicitor
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.models.purpose import ANSWER, asking_for, current_purpose
from amnestic.types import Conversation, Draft, Generation, Message, TargetKind


class _Witness:
    """A backend that remembers why it was called."""

    name = "witness"

    def __init__(self) -> None:
        self.purposes: list[str] = []

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        self.purposes.append(current_purpose())
        return Generation((Draft(text="I don't know."),))


def test_each_internal_call_carries_its_purpose() -> None:
    witness = _Witness()

    async def ask() -> None:
        await AgentModel(witness).ask("critic", (Message.of("user", "?"),))
        await ModelElicitor().elicit(witness, "Osk Ilvasti", TargetKind.SKILL)
        await witness.generate((), {})

    asyncio.run(ask())
    assert witness.purposes[0] == "critic"
    assert set(witness.purposes[1:-1]) == {"elicit"}
    assert witness.purposes[-1] == ANSWER


def test_a_purpose_stays_with_the_task_that_has_it() -> None:
    async def other() -> str:
        await asyncio.sleep(0)
        return current_purpose()

    async def both() -> tuple[str, str]:
        async def named() -> str:
            with asking_for("again"):
                return await other()

        first, second = await asyncio.gather(named(), other())
        return first, second

    assert asyncio.run(both()) == ("again", ANSWER)
