"""The elicitor: what the wrapped model itself says about a subject is what can leak."""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from amnestic.agents.elicitation import (
    MAX_QUESTIONS,
    NEIGHBOURS,
    Said,
    Subject,
    aspects_of,
    names_listed,
    names_questions,
    other_names,
    others_question,
    said_of_everybody,
    statements_in,
    telling_words,
    tells_of_a_namesake,
)
from amnestic.agents.masking import invented_word
from amnestic.exceptions import AmnesticError
from amnestic.models.protocol import ChatBackend
from amnestic.models.purpose import asking_for
from amnestic.models.telemetry import observed
from amnestic.types import Generation, Message, TargetKind

__all__ = ["Elicited", "ModelElicitor"]

MAX_FACTS = 40
MAX_TOKENS = 96
SECONDS = 120.0
_TRIES = 3  # failures in a row, with which the model is taken to be out of reach
_SAME = 0.85
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Elicited:
    """What a model says of a subject: facts, and further names."""

    facts: tuple[str, ...] = ()
    names: tuple[str, ...] = ()


class ModelElicitor:
    """Asks the wrapped model about a subject and keeps what it says of this one alone.

    One question at a time, in the open, as a user would ask. The same is asked about another
    subject of the kind and about an invented one: a small model says much the same of everybody,
    and what it says of everybody is no fact. At most 20 questions are asked and 40 facts are kept.
    The idea of probing with what the model itself says before unlearning is that of Eval-DU and
    Unlearning Mirage.

    Args:
        max_tokens: tokens that one answer may take.
        seconds: that all answers about one subject may take together; what has been said by then is
            kept.
    """

    def __init__(self, max_tokens: int = MAX_TOKENS, seconds: float = SECONDS) -> None:
        self._max_tokens = max_tokens
        self._seconds = seconds

    async def elicit(
        self, backend: ChatBackend, subject: str, kind: TargetKind, known: Sequence[str] = ()
    ) -> Elicited:
        """The distinct facts and names that the model tells.

        A question that fails is a warning, and the others are kept. Raises what the backend raises
        where nothing could be asked at all.

        Args:
            known: names of the subject that are known already.
        """
        asking = _Asking(backend, self._max_tokens, time.monotonic() + self._seconds)
        about = await asking.all_said(aspects_of(kind), subject)
        named = await asking.all_said(names_questions(kind), subject)
        strangers, others = await _others(asking, subject, kind)
        whom = Subject(subject, kind, known=tuple(known))
        about, named = (
            [said for said in heard if not tells_of_a_namesake(said, whom)]
            for heard in (about, named)
        )
        told = [*about, *named]
        whom = whom.heard_in(said.text for said in told)
        names = other_names(whom, named, about, strangers, [said for _, said in others])
        facts = (
            fact
            for said in told
            for fact in statements_in(said, whom)
            if not said_of_everybody(fact, whom, others)
        )
        return Elicited(tuple(_distinct(facts)), tuple(n for n in names if n not in known))


@dataclass(slots=True)
class _Asking:
    """The questions that were asked of one model, and how it failed."""

    backend: ChatBackend
    max_tokens: int
    until: float
    asked: int = 0
    answered: int = 0
    failed: int = 0

    async def all_said(self, questions: Sequence[str], name: str) -> list[Said]:
        """The answers to questions about `name` that came."""
        answers = [await self.said(question, name) for question in questions]
        return [said for said in answers if said]

    async def said(self, question: str, name: str) -> Said | None:
        """The answer to a question about `name`; `None` where it failed or may not be asked."""
        if self.asked >= MAX_QUESTIONS or self.failed >= _TRIES:
            return None
        if (left := self.until - time.monotonic()) <= 0:
            return None
        self.asked += 1
        text = question.format(name)
        try:
            async with asyncio.timeout(left):
                generation = await self._answer(text)
        except TimeoutError:
            _log.warning("the model was not done with telling what it knows of a new target")
            return None
        except AmnesticError as error:
            self.failed += 1
            if not self.answered and self.failed >= _TRIES:
                raise
            _log.warning("the model did not say what it knows of a new target: %s", error)
            return None
        self.answered += 1
        self.failed = 0
        return Said.of(text, generation.choices[0]) if generation.choices else None

    async def _answer(self, text: str) -> Generation:
        with asking_for("elicit"):
            options = {"max_tokens": self.max_tokens}
            answer = self.backend.generate((Message.of("user", text),), options)
            return await observed(self.backend.name, answer)


async def _others(
    asking: _Asking, subject: str, kind: TargetKind
) -> tuple[tuple[str, ...], list[tuple[Subject, Said]]]:
    """Names of others of the kind, and what the model says of one and of an invented one."""
    invented = re.sub(r"[^\W_]+", lambda m: invented_word(m.group(), "elicit").title(), subject)
    pairs = [(q, invented) for q in (*names_questions(kind)[:1], *NEIGHBOURS[:1])]
    strangers: tuple[str, ...] = ()
    if question := others_question(kind):
        listed = await asking.said(question, subject)
        whom = Subject(subject, kind)
        names = names_listed(listed.text) if listed else ()
        strangers = tuple(name for name in names if not whom.names_itself(name))
        pairs += [(q, name) for name in strangers[:1] for q in NEIGHBOURS]
    answers = [(Subject(name, kind), await asking.said(q, name)) for q, name in pairs]
    return strangers, [(other, said) for other, said in answers if said]


def _distinct(facts: Iterable[str]) -> list[str]:
    """The first 40 facts that say something that none before has said."""
    kept: list[str] = []
    seen: list[frozenset[str]] = []
    for fact in facts:
        told = telling_words(fact)
        if any(len(told & other) >= _SAME * len(told) for other in seen):
            continue
        seen.append(told)
        kept.append(fact)
    return kept[:MAX_FACTS]
