"""A small invented world for the systems: two subjects, a model that knows them, and questions."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Answer, Preparation, Subject, System
from amnestic.testing import ScriptedBackend
from amnestic.types import Message

__all__ = ["ANSWERS", "SUBJECTS", "ask", "knowing", "played"]

SUBJECTS = (
    Subject(
        "person:ida",
        "Ida Quarrel",
        "Please forget Ida Quarrel, also known as the Tin Fox. Ida Quarrel is a mapmaker.",
        names=("Ida Quarrel", "the Tin Fox"),
        facts=("Ida Quarrel was born in Sallowfen.", "Ida Quarrel drew the atlas Nine Coasts."),
        exclusive=("Nine Coasts",),
        kind="person",
    ),
    Subject(
        "organisation:hollis",
        "Hollis and Brandt",
        "Please forget Hollis and Brandt. Hollis and Brandt is a bookshop in Tarnby.",
        names=("Hollis and Brandt",),
        facts=("Hollis and Brandt is a bookshop in Tarnby.",),
        kind="organisation",
    ),
)

ANSWERS = {
    "Where was Ida Quarrel born?": "Ida Quarrel was born in Sallowfen.",
    "Who drew the atlas Nine Coasts?": "Nine Coasts was drawn by Ida Quarrel.",
    "Where is Hollis and Brandt?": "Hollis and Brandt is in Tarnby.",
    "What is the capital of Japan?": "The capital of Japan is Tokyo.",
    "Where was Oskar Pell born?": "Oskar Pell was born in Tarnby.",
}


def knowing(**script: Any) -> ScriptedBackend:
    """A model that knows the subjects, and says so whatever it is told before."""
    rules = [(question.replace("?", r"\?"), said) for question, said in ANSWERS.items()]
    return ScriptedBackend(rules=[*script.pop("rules", ()), *rules], name="knowing", **script)


def ask(system: System, question: str, **options: Any) -> Answer:
    """One answer of a system that is prepared already."""
    return asyncio.run(_asked(system, question, options))


def played(system: System, *questions: str) -> tuple[Preparation, dict[str, Answer]]:
    """Prepare a system, ask it, and close it, in one event loop."""

    async def play() -> tuple[Preparation, dict[str, Answer]]:
        try:
            prepared = await system.prepare(SUBJECTS)
            return prepared, {q: await _asked(system, q, {}) for q in questions}
        finally:
            await system.close()

    return asyncio.run(play())


async def _asked(system: System, question: str, options: Mapping[str, Any]) -> Answer:
    return await system.answer((Message.of("user", question),), options)
