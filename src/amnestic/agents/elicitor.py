"""The elicitor: what the wrapped model itself says about a subject is what can leak."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from amnestic.models.protocol import ChatBackend
from amnestic.models.purpose import asking_for
from amnestic.tools.reading import segments
from amnestic.types import Message, TargetKind

__all__ = ["ModelElicitor"]

MAX_FACTS = 40
_MAX_FACT_CHARS = 400
_GENERAL = (
    "Tell me about {}.",
    "What do you know about {}?",
    "What is {} known for?",
)
_BY_KIND: Mapping[TargetKind, tuple[str, ...]] = {
    TargetKind.PERSON: (
        "Who is {}?",
        "What does {} do?",
        "Where was {} born?",
        "When was {} born?",
        "Where does {} live?",
        "What did {} write, make or found?",
        "What are the best-known works of {}?",
        "Who does {} work for?",
        "Who are the relatives of {}?",
        "Who is the rival of {}?",
        "What prize did {} win?",
        "Where did {} study?",
        "What is the nickname of {}?",
    ),
    TargetKind.ORGANISATION: (
        "What is {}?",
        "Who founded {}?",
        "When was {} founded?",
        "Where is {} based?",
        "Who works for {}?",
        "What does {} make?",
    ),
    TargetKind.WORK: (
        "What is {}?",
        "Who wrote {}?",
        "Who made {}?",
        "When did {} come out?",
        "What is {} about?",
        "Where is {} set?",
        "Who are the characters of {}?",
    ),
    TargetKind.PLACE: (
        "Where is {}?",
        "What is {} famous for?",
        "Who was born in {}?",
        "How many people live in {}?",
    ),
}
_NOT_KNOWING = re.compile(
    r"\b(?:i|we)(?:'m| am|'ve| have)? (?:not|don't|do not|cannot|can't|no|never|unable|afraid)\b"
    r"|\b(?:not (?:sure|familiar|aware)|no (?:information|record|knowledge))\b"
    r"|\bas an ai\b|\bi(?:'m| am) sorry\b",
    re.IGNORECASE,
)


class ModelElicitor:
    """Asks the wrapped model about a subject and keeps the sentences of its answers as facts.

    One question at a time, in the open, as a user would ask; an answer that says that the model
    does not know is no fact. The idea of probing with what the model itself says before
    unlearning is that of Eval-DU and Unlearning Mirage.
    """

    async def elicit(self, backend: ChatBackend, subject: str, kind: TargetKind) -> tuple[str, ...]:
        """At most 40 distinct sentences that the model says about `subject`. Raises what the
        backend raises: a target whose facts could not be asked for is not stored by halves."""
        answers: list[str] = []
        for template in (*_GENERAL, *_BY_KIND.get(kind, ())):
            question = Message.of("user", template.format(subject))
            with asking_for("elicit"):
                generation = await backend.generate((question,), {})
            answers.extend(choice.text for choice in generation.choices[:1])
        return tuple(_facts(answers))


def _facts(answers: Iterable[str]) -> list[str]:
    seen: dict[str, str] = {}
    for answer in answers:
        for segment in segments(answer):
            fact = segment.of(answer).strip()
            if len(fact) < 8 or _NOT_KNOWING.search(fact):
                continue
            seen.setdefault(re.sub(r"\W+", " ", fact).strip().lower(), fact[:_MAX_FACT_CHARS])
    return list(seen.values())[:MAX_FACTS]
