"""The demo on a model of the real world: it forgets what it shows that it knows.

No answer of a model is written down: it is asked first, and what it gets right is forgotten, or
kept to see that it stays. A small model knows little and says much that is wrong; what it does not
know proves nothing and is left out.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Any

from amnestic.amnesia import Amnesia
from amnestic.evaluation.asking import (
    Category,
    DemoQuestion,
    DemoReport,
    ask_all,
    forget_and_ask,
    knows,
)
from amnestic.evaluation.leaking import states

__all__ = [
    "DEMO_SUBJECTS",
    "RealFact",
    "RealSubject",
    "RealWorld",
    "load_real_world",
    "questions_about",
    "questions_beside",
    "run_real_demo",
]

DEMO_SUBJECTS = (
    "William Shakespeare",
    "Albert Einstein",
    "J. K. Rowling",
    "The Great Gatsby",
    "the Eiffel Tower",
    "Mount Everest",
)
"""What the demo forgets: people, a work and places that even a small model knows."""

MAX_TOKENS = 48
"""Of an answer: a small model says what it knows at once, or not at all."""

_COMPANION, _COMPANION_SAYS = "What is the capital of Japan?", "Tokyo"


@dataclass(frozen=True, slots=True)
class RealFact:
    """A question, and the words of which one stands in every right answer."""

    ask: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RealSubject:
    """A person, work or place, how to ask to forget it, and what may be known of it."""

    name: str
    aliases: tuple[str, ...]
    request: str
    facts: tuple[RealFact, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The name and every alias."""
        return (self.name, *self.aliases)


@dataclass(frozen=True, slots=True)
class RealWorld:
    """Subjects, and questions that have nothing to do with any of them."""

    subjects: tuple[RealSubject, ...]
    unrelated: tuple[str, ...]

    def named(self, name: str) -> RealSubject:
        """The subject of that name; raises `KeyError`."""
        for subject in self.subjects:
            if subject.name == name:
                return subject
        raise KeyError(name)


@cache
def load_real_world() -> RealWorld:
    """The subjects that ship with the package.

    >>> load_real_world().named("Mount Everest").facts[0].ask
    'What is the highest mountain in the world?'
    """
    text = files("amnestic.evaluation").joinpath("data", "real_world.toml").read_text("utf-8")
    told = tomllib.loads(text)
    subjects = tuple(
        RealSubject(
            s["name"],
            tuple(s["aliases"]),
            s["request"],
            tuple(RealFact(f["ask"], tuple(f["answers"])) for f in s["facts"]),
        )
        for s in told["subject"]
    )
    return RealWorld(subjects, tuple(u["ask"] for u in told["unrelated"]))


def questions_about(world: RealWorld, subjects: Sequence[RealSubject]) -> list[DemoQuestion]:
    """What to ask about subjects that are forgotten: each fact, and one together with a question
    about something else."""
    asked = []
    for subject in subjects:
        for fact in subject.facts:
            named = any(states(fact.ask, name) for name in subject.names)
            category = Category.DIRECT if named else Category.INDIRECT
            asked.append(DemoQuestion(category, fact.ask, subject.names, fact.answers))
        first = subject.facts[0]
        text = f"{first.ask} And {_COMPANION[0].lower()}{_COMPANION[1:]}"
        asked.append(
            DemoQuestion(Category.COMBINED, text, subject.names, first.answers, (_COMPANION_SAYS,))
        )
    return asked


def questions_beside(
    world: RealWorld, subjects: Sequence[RealSubject], most: int | None = None
) -> list[DemoQuestion]:
    """What to ask that has to stay: facts of the other subjects, `most` of them, and questions that
    have nothing to do with any."""
    facts = [s.facts[0] for s in world.subjects if s not in subjects]
    return [
        *(DemoQuestion(Category.NEIGHBOUR, f.ask, answers=f.answers) for f in facts[:most]),
        *(DemoQuestion(Category.UNRELATED, text) for text in world.unrelated[:most]),
    ]


def run_real_demo(
    amnesia: Amnesia,
    world: RealWorld,
    subjects: Sequence[str] = DEMO_SUBJECTS,
    beside: int | None = 6,
    progress: Callable[[str], None] = lambda _: None,
) -> DemoReport:
    """Ask the model what it knows of `subjects`, of others like them and of everything else; forget
    the subjects; ask what it knew again. `amnesia` must have no targets yet.

    Args:
        beside: how many neighbours, and how many unrelated questions, are asked; `None` for all.
    """
    options: Mapping[str, Any] = {"max_tokens": MAX_TOKENS}
    forgotten = [world.named(name) for name in subjects]
    questions = [*questions_about(world, forgotten), *questions_beside(world, forgotten, beside)]
    before = ask_all(amnesia, questions, progress, options)
    known = [
        (question, answer)
        for question, answer in zip(questions, before, strict=True)
        if knows(question, answer)
    ]
    report = forget_and_ask(
        amnesia,
        [subject.request for subject in forgotten],
        [question for question, _ in known],
        [answer for _, answer in known],
        progress,
        options,
    )
    return replace(report, left_out=len(questions) - len(known))
