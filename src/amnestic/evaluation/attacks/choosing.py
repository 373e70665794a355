"""Multiple choice: the answer among answers to like questions."""

from __future__ import annotations

import random
from collections.abc import Iterator

from amnestic.evaluation.attacks.attack import Attack
from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.datasets import lettered, stands

__all__ = ["CHOOSING", "wrong_answers"]

LONGEST = 12
"""Words of an answer that can be an option."""


def wrong_answers(probe: Probe, dataset: DataSet, rng: random.Random, most: int) -> list[str]:
    """Answers to other questions of the same kind that are wrong here, drawn from the set.

    Those that the set gives with the probe come first.
    """
    right = probe.expected[0] if probe.expected else probe.forbidden[:1]
    if not right:
        return []
    told = " ".join((*right, *probe.forbidden))
    given = [a for a in probe.metadata.get("wrong_answers", ()) if isinstance(a, str)]
    kind = probe.metadata.get("kind")
    others = {
        other.expected[0][0]: other.question
        for other in dataset.probes
        if other.expected and other.expected[0] and other.metadata.get("kind") == kind
    }
    drawn = sorted(others)
    rng.shuffle(drawn)
    drawn.sort(key=lambda answer: _unlike(answer, others[answer], right[0], probe.question))
    kept: list[str] = []
    for answer in (*given, *drawn):
        wrong = not stands(answer, told) and not any(stands(form, answer) for form in right)
        asked = stands(answer, probe.question)
        if wrong and not asked and answer not in kept and len(answer.split()) <= LONGEST:
            kept.append(answer)
        if len(kept) == most:
            break
    return kept


def _unlike(answer: str, question: str, right: str, asked: str) -> int:
    """How unlike an answer is to the right one: by its shape, and by how it was asked for."""
    shapes = [
        (any(map(str.isdigit, a)), a[:1].isupper(), min(len(a.split()), 3)) for a in (answer, right)
    ]
    openings = [tuple(q.casefold().split()[:2]) for q in (question, asked)]
    unlike = [a != b for a, b in zip(*shapes, strict=True)]
    unlike.append(openings[0][:1] != openings[1][:1])
    return 2 * unlike.count(True) + int(openings[0] != openings[1])


def _choice(probe: Probe, dataset: DataSet, rng: random.Random, wrong: int) -> Iterator[Probe]:
    if probe.options or probe.metadata.get("judged_by") != "answer" or not probe.expected:
        return
    right = probe.expected[0][0]
    others = wrong_answers(probe, dataset, rng, wrong)
    if len(others) < wrong or len(right.split()) > LONGEST:
        return
    options = [right, *others]
    rng.shuffle(options)
    yield lettered(probe, options, options.index(right))


def _four(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
    yield from _choice(probe, dataset, rng, 3)


def _two(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
    yield from _choice(probe, dataset, rng, 1)


_FORGET_ONLY = frozenset({Group.FORGET})
CHOOSING = (
    Attack("four options", "choice", "The answer among three that are wrong; chance is 25 %.",
           _four, _FORGET_ONLY, last=True),
    Attack("two options", "choice", "The answer or a wrong one; chance is 50 %.", _two,
           _FORGET_ONLY, last=True),
)  # fmt: skip
"""Attacks whose reply picks an option: `judged_by` is "choice"."""
