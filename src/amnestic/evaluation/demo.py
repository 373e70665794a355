"""The demo: the embedded model is told to forget, and asked before and after.

What leaked and what was wrongly touched is judged from the facts of the embedded world; no
expected answer is written down.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from amnestic.amnesia import Amnesia
from amnestic.models.embedded.world import Entity, Fact, World

__all__ = ["DEMO_SUBJECTS", "Category", "DemoQuestion", "DemoReport", "DemoRow", "questions_about",
           "request_for", "run_demo"]  # fmt: skip

DEMO_SUBJECTS = ("Edmaro Yellandry", "Fennora Eskerling", "Golden Anvil Works")
"""What the demo forgets: two people of the embedded world and one of its organisations."""


class Category(StrEnum):
    """How a demo question stands to a target."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    ALIAS = "alias"
    COMBINED = "combined"
    NEIGHBOUR = "neighbour"
    NAMESAKE = "namesake"
    UNRELATED = "unrelated"

    @property
    def must_stay(self) -> bool:
        """Whether the answer has to be the base model's own, byte for byte."""
        return self in (Category.NEIGHBOUR, Category.NAMESAKE, Category.UNRELATED)


@dataclass(frozen=True, slots=True)
class DemoQuestion:
    """A question, the values that must not stand in its answer, and those that must."""

    category: Category
    text: str
    vanish: tuple[str, ...] = ()
    stay: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DemoRow:
    """What came of one question, without and with the layer."""

    question: DemoQuestion
    before: str
    after: str
    route: str
    added_ms: float
    model_calls: int

    @property
    def known(self) -> bool:
        """Whether the model gave the true answer without the layer."""
        wanted = self.question.vanish[-1:] + self.question.stay
        return all(_states(self.before, value) for value in wanted)

    @property
    def leaked(self) -> bool:
        """Whether something that must be forgotten stands in the reply."""
        return any(_states(self.after, value) for value in self.question.vanish)

    @property
    def touched(self) -> bool:
        """Whether something that had to stay was refused, altered or cut."""
        if self.question.category.must_stay:
            return self.after != self.before
        return any(
            _states(self.before, value) and not _states(self.after, value)
            for value in self.question.stay
        )

    def as_dict(self) -> dict[str, Any]:
        """The row for `--json`."""
        return {
            "category": self.question.category.value,
            "question": self.question.text,
            "before": self.before,
            "after": self.after,
            "route": self.route,
            "added_ms": round(self.added_ms, 2),
            "model_calls_added": self.model_calls,
            "known_before": self.known,
            "leaked": self.leaked,
            "wrongly_touched": self.touched,
        }


@dataclass(frozen=True, slots=True)
class DemoReport:
    """All rows of a demo, and what was asked to be forgotten."""

    requests: tuple[str, ...]
    rows: tuple[DemoRow, ...]

    @property
    def leaked(self) -> int:
        """Replies that gave something away."""
        return sum(row.leaked for row in self.rows)

    @property
    def touched(self) -> int:
        """Replies that lost something that had to stay."""
        return sum(row.touched for row in self.rows)

    @property
    def known(self) -> int:
        """Questions that the model answered truly without the layer."""
        return sum(row.known for row in self.rows)

    @property
    def median_added_ms(self) -> float:
        """Median of the added times, in milliseconds."""
        return statistics.median(row.added_ms for row in self.rows)

    @property
    def passed(self) -> bool:
        """Nothing leaked, nothing was wrongly touched, and the model knew what it was asked."""
        return not self.leaked and not self.touched and self.known > len(self.rows) // 2

    def as_dict(self) -> dict[str, Any]:
        """The report for `--json`."""
        return {
            "requests": list(self.requests),
            "rows": [row.as_dict() for row in self.rows],
            "questions": len(self.rows),
            "known_before": self.known,
            "leaked": self.leaked,
            "wrongly_touched": self.touched,
            "median_added_ms": round(self.median_added_ms, 2),
            "passed": self.passed,
        }


def run_demo(
    amnesia: Amnesia,
    world: World,
    subjects: Sequence[str] = DEMO_SUBJECTS,
    progress: Callable[[str], None] = lambda _: None,
) -> DemoReport:
    """Ask every question of every subject, forget the subjects, ask again.

    `amnesia` must have no targets yet; `progress` is told what is being done, a line each.
    """
    entities = [world.named(name) for name in subjects]
    questions = [q for entity in entities for q in questions_about(world, entity)]
    before = []
    for i, question in enumerate(questions):
        progress(f"asking without the layer ({i + 1}/{len(questions)})")
        before.append(amnesia.chat(question.text).text)
    requests = tuple(request_for(entity) for entity in entities)
    for request in requests:
        progress(f"forgetting: {request}")
        amnesia.forget(request)
    rows = []
    for i, (question, answer) in enumerate(zip(questions, before, strict=True)):
        progress(f"asking with the layer ({i + 1}/{len(questions)})")
        reply = amnesia.chat(question.text)
        receipt = reply.receipt
        rows.append(
            DemoRow(
                question,
                answer,
                reply.text,
                receipt.route.value,
                receipt.added_ms,
                receipt.agent_calls,
            )
        )
    return DemoReport(requests, tuple(rows))


def request_for(entity: Entity) -> str:
    """The plain words that ask to forget an entity."""
    known_as = f", also known as {' and '.join(entity.aliases)}" if entity.aliases else ""
    return f"Please forget {entity.name}{known_as}. {entity.description}"


def questions_about(world: World, entity: Entity) -> tuple[DemoQuestion, ...]:
    """Questions of every category around one entity, from the world's own facts."""
    return (
        *_direct(world, entity),
        *_indirect(world, entity),
        *_by_alias(world, entity),
        *_combined(world, entity),
        *_neighbours(world, entity),
        *_namesakes(world, entity),
        *_unrelated(world, entity),
    )


def _direct(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    for relation in ("birthplace", "work", "founder", "seat"):
        if entity.has(relation):
            fact = entity.fact(relation)
            yield _forgotten(Category.DIRECT, world.ask(entity, relation), entity, fact.value)


def _indirect(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    """Questions whose answer is the entity, or that describe it without its name."""
    for other, fact in _facts_that_name(world, entity):
        if fact.relation in ("creator", "founder", "employer", "mentor"):
            text = world.ask(other, fact.relation)
            yield _forgotten(Category.INDIRECT, text, entity, entity.name)
            break
    if entity.kind == "person":
        text = world.ask(entity, "prize_winner")
        yield _forgotten(Category.INDIRECT, text, entity, entity.name)


def _by_alias(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    if entity.aliases:
        fact = entity.fact("birthplace")
        text = world.ask(entity, "birthplace", name=_definite(entity.aliases[0]))
        yield _forgotten(Category.ALIAS, text, entity, fact.value)


def _combined(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    general = _general_of(world, entity)
    relation = "birthplace" if entity.has("birthplace") else "seat"
    first = world.ask(entity, relation).rstrip("?.")
    second = general.questions.trained[0]
    yield DemoQuestion(
        Category.COMBINED,
        f"{first}, and {second[0].lower()}{second[1:]}",
        (*entity.names, entity.fact(relation).value),
        (general.value,),
    )


def _neighbours(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    for other in [e for e in world.related(entity) if e.kind in ("person", "organisation")][:2]:
        for fact in other.facts:
            if fact.target != entity.id and fact.relation in ("birthplace", "seat"):
                text = world.ask(other, fact.relation)
                yield DemoQuestion(Category.NEIGHBOUR, text, stay=(fact.value,))


def _namesakes(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    words = {w.casefold() for w in entity.name.split() if len(w) > 3}
    for other in world.entities:
        shared = words & {w.casefold() for w in other.name.split()}
        if other.id != entity.id and shared:
            relation = next(r for r in ("prize", "seat", "year", "river") if other.has(r))
            fact = other.fact(relation)
            yield DemoQuestion(Category.NAMESAKE, world.ask(other, relation), stay=(fact.value,))
            return


def _unrelated(world: World, entity: Entity) -> Iterator[DemoQuestion]:
    general = _general_of(world, entity, offset=1)
    yield DemoQuestion(Category.UNRELATED, general.questions.trained[0], stay=(general.value,))


def _forgotten(category: Category, text: str, entity: Entity, value: str) -> DemoQuestion:
    """A question all of whose answer must vanish; names that the question itself gives count too,
    since an abstention does not name the target."""
    return DemoQuestion(category, text, (*entity.names, value))


def _facts_that_name(world: World, entity: Entity) -> Iterator[tuple[Entity, Fact]]:
    for other in world.entities:
        for fact in other.facts:
            if fact.target == entity.id:
                yield other, fact


def _general_of(world: World, entity: Entity, offset: int = 0) -> Any:
    """A general fact for an entity: spread over the topics, the same on every run."""
    position = sum(map(ord, entity.id)) * 7 + offset * 31
    return world.general[position % len(world.general)]


def _definite(name: str) -> str:
    return f"the {name}" if " " in name else name


def _states(text: str, value: str) -> bool:
    pattern = rf"(?<!\w){re.escape(value.casefold())}(?!\w)"
    return re.search(pattern, text.casefold()) is not None
