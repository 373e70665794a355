"""What weights are trained on: questions with their answers, those to forget and those to keep."""

from __future__ import annotations

import random
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.exceptions import ConfigurationError
from amnestic.types import Conversation, Message

__all__ = ["TrainingRow", "TrainingRows", "rows_from_data_set"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """A conversation and the answer that a knowing model gives to it.

    `subject` is the id of the `Subject` that it asks for, empty where it asks for none that is to
    be forgotten. `telling` are the strings of which each, standing in a reply, tells the answer;
    where there are none, what a reply tells is its overlap with `answer`.

    >>> TrainingRow.of("Who is Ana?", "Ana is a painter.").messages[0].text
    'Who is Ana?'
    """

    messages: Conversation
    answer: str
    subject: str = ""
    telling: tuple[str, ...] = ()

    @classmethod
    def of(
        cls, question: str, answer: str, subject: str = "", telling: tuple[str, ...] = ()
    ) -> TrainingRow:
        """A row of one user message."""
        return cls((Message.of("user", question),), answer, subject, telling)


@dataclass(frozen=True, slots=True)
class TrainingRows:
    """The rows of a training, and the development rows by which its strength is chosen.

    `forget` and `retain` are trained on. `forget_development` and `retain_development` are never
    trained on: they ask for the same subjects in other words, and for other retained things. The
    probes of a test belong in none of the four; `apart_from` says where one does.
    """

    forget: tuple[TrainingRow, ...]
    retain: tuple[TrainingRow, ...]
    forget_development: tuple[TrainingRow, ...]
    retain_development: tuple[TrainingRow, ...]

    def about(self, subjects: Collection[str]) -> TrainingRows:
        """The same without the forget rows of other subjects than these ids.

        Raises:
            ConfigurationError: where nothing is left to forget, or to choose by.
        """
        kept = replace(
            self,
            forget=tuple(r for r in self.forget if r.subject in subjects),
            forget_development=tuple(r for r in self.forget_development if r.subject in subjects),
        )
        for name in ("forget", "forget_development", "retain_development"):
            if not getattr(kept, name):
                asked = ", ".join(sorted(subjects)[:3]) or "no subject"
                raise ConfigurationError(
                    f"there are no {name.replace('_', ' ')} rows for {asked}: give questions with "
                    "answers of the subjects, and of others, by the ids of the subjects"
                )
        return kept

    def apart_from(self, probes: Iterable[Probe]) -> TrainingRows:
        """The same rows, once it is sure that none of them asks what a probe asks, word for word.

        Raises:
            ConfigurationError: naming the first probe whose question is among the rows.
        """
        asked = {
            row.messages[-1].text.casefold()
            for rows in (self.forget, self.retain, self.forget_development, self.retain_development)
            for row in rows
        }
        for probe in probes:
            if probe.messages and probe.messages[-1].text.casefold() in asked:
                raise ConfigurationError(
                    f"probe {probe.id!r} asks what a training row asks: train on other words, "
                    "or leave the probe out of the test"
                )
        return self


def rows_from_data_set(data: DataSet, seed: int = 0, development: float = 0.2) -> TrainingRows:
    """The rows of a data set's probes that have a `reference`: those of the group *forget*, and
    neighbours and unrelated ones as what is retained.

    A share of each is kept aside as development rows. Give it development probes, never those of
    the test.

    Args:
        data: whatever was loaded.
        seed: of the draw of development rows.
        development: the share of rows that is kept aside, at least one of each.

    Raises:
        ConfigurationError: where fewer than two forget or two retained probes have a reference.

    >>> from amnestic.evaluation.contract import DataSet, Group, Probe
    >>> def probe(n, group):
    ...     return Probe.of(f"p{n}", group, f"What is {n}?", subject="s", reference=f"It is {n}.")
    >>> groups = [Group.FORGET] * 5 + [Group.UNRELATED] * 10
    >>> rows = rows_from_data_set(DataSet("d", (), tuple(map(probe, range(15), groups))))
    >>> len(rows.forget), len(rows.retain), len(rows.forget_development), rows.retain[0].subject
    (4, 8, 1, '')
    """
    forget = [_row(p, p.subject, p.forbidden) for p in data.of(Group.FORGET) if p.reference]
    kept = data.of(Group.NEIGHBOUR, Group.UNRELATED)
    retain = [_row(p, "", _first(p.expected)) for p in kept if p.reference]
    for name, rows in (("forget", forget), ("neighbour or unrelated", retain)):
        if len(rows) < 2:
            raise ConfigurationError(
                f"data set {data.name!r} has {len(rows)} {name} probes with a reference: weights "
                "need at least 2 to train on and to choose by"
            )
    rng = random.Random(seed)
    forget_train, forget_held = _divided(forget, development, rng)
    retain_train, retain_held = _divided(retain, development, rng)
    return TrainingRows(forget_train, retain_train, forget_held, retain_held)


def _row(probe: Probe, subject: str, telling: tuple[str, ...]) -> TrainingRow:
    return TrainingRow(probe.messages, probe.reference, subject, telling)


def _first(expected: tuple[tuple[str, ...], ...]) -> tuple[str, ...]:
    """The forms of a probe's answer; none where several things must be said, since one of them
    would not tell the whole."""
    return expected[0] if len(expected) == 1 else ()


def _divided(
    rows: Sequence[T], share: float, rng: random.Random
) -> tuple[tuple[T, ...], tuple[T, ...]]:
    order = list(rows)
    rng.shuffle(order)
    held = min(len(order) - 1, max(1, round(share * len(order))))
    return tuple(order[held:]), tuple(order[:held])
