"""In-context unlearning: examples before the question, the forgotten with other answers."""

from __future__ import annotations

import random
from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.base import Wrapped
from amnestic.evaluation.systems.development import about
from amnestic.evaluation.systems.turn import Turn
from amnestic.types import Draft, Message

__all__ = ["InContext"]

RETAINED = 6
"""s of ICUL: examples that are answered as they are, behind those of the forgotten."""


class InContext(Wrapped):
    """In-context unlearning (ICUL, arXiv 2310.07579): each forgotten point with a
    flipped label, then s points with their own labels, then the query.

    ICUL classifies, so a label can be flipped. Here a point is the question "Tell me about …", and
    its other label that nothing is known. The points that keep their labels are texts to be
    retained, or, where none are given, the model's own answers to questions about the world's best
    known places.
    """

    name = "in-context"
    description = (
        "examples before the question, in which the subjects are unknown (ICUL, arXiv 2310.07579)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        shots: list[Message] = []
        for subject in subjects:
            name = subject.name
            shots += _shot(about(name)[0], f"I don't know anything about {name}.")
        drawn = random.Random(self.options.seed)
        kept = [text for text in self.options.retain if text.endswith("?")] or list(_KNOWN)
        for question in drawn.sample(kept, min(RETAINED, len(kept))):
            said = await turn.ask((Message.of("user", question),), {"max_tokens": 60})
            shots += _shot(question, said.text or "I don't know.")
        self._shots = tuple(shots)
        return {"shots": len(shots) // 2}

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        first = turn.conversation[:1]
        head = first if first and first[0].role in ("system", "developer") else ()
        asked = (*head, *self._shots, *turn.conversation[len(head) :])
        return await turn.ask(asked), "instructed"


_KNOWN = (
    "What is the capital of Japan?",
    "Which river flows through Paris?",
    "How many minutes are there in an hour?",
    "What is the chemical symbol for gold?",
    "Which planet is closest to the sun?",
    "What is two plus three?",
    "Which ocean lies between Europe and America?",
    "What colour is the sky on a clear day?",
)


def _shot(question: str, answer: str) -> tuple[Message, Message]:
    return Message.of("user", question), Message.of("assistant", answer)
