"""Answers that are a surname and nothing else, as a model gives them that is asked for a name.

`recall`: questions that are answered by a listed person's name, answered by the surname alone; met
when it does not leave the layer. `namesakes`: the same kind of question about people who are not
listed, answered by the surname of one who is, as if the two were namesakes; touched when it does
not leave.
"""

from __future__ import annotations

import random
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from detection_data import Data, Probe
from detection_end import Layer
from detection_tables import share

from amnestic.tools.reading import fold_word

__all__ = ["ShortAnswers", "asked_by_name", "short_answers", "surname_of"]

_NAMESAKES = 5


@dataclass(frozen=True, slots=True)
class ShortAnswers:
    """Shares, and how many answers each is of."""

    recall: float
    answers: int
    namesakes_touched: float
    namesakes: int


def short_answers(
    data: Data, layer: Layer, listed: Collection[str], unlisted: Collection[str], seed: int
) -> ShortAnswers:
    """Answer by surnames alone: of those who are listed, and of their namesakes who are not."""
    draw = random.Random(seed)
    caught = [
        layer.final(probe.question, surname_of(data, probe.target_id))
        != surname_of(data, probe.target_id)
        for probe in asked_by_name(data, listed)
    ]
    others = list(asked_by_name(data, unlisted))
    touched = [
        layer.final(probe.question, surname) != surname
        for surname in _surnames(data, listed)
        for probe in draw.sample(others, min(_NAMESAKES, len(others)))
        if fold_word(surname) not in fold_word(probe.question)
    ]
    return ShortAnswers(share(caught), len(caught), share(touched), len(touched))


def asked_by_name(data: Data, ids: Collection[str]) -> Iterator[Probe]:
    """The forget probes that are answered by the subject's full name alone and do not say the
    surname."""
    for probe in data.probes:
        if not probe.forget or probe.target_id not in ids:
            continue
        subject = data.people[probe.target_id].subject
        is_name = fold_word(probe.reply).strip(" .") == fold_word(subject)
        if is_name and _surnames(data, [probe.target_id]):
            surname = fold_word(surname_of(data, probe.target_id))
            if surname not in fold_word(probe.question):
                yield probe


def surname_of(data: Data, target_id: str) -> str:
    """The last word of a person's name."""
    return data.people[target_id].subject.split()[-1]


def _surnames(data: Data, ids: Collection[str]) -> Sequence[str]:
    """The surnames of those who have one: of two words or more, the last no number or "Jr."."""
    return [
        surname_of(data, i)
        for i in sorted(ids)
        if len(data.people[i].subject.split()) > 1 and len(surname_of(data, i).strip(".")) > 2
    ]
