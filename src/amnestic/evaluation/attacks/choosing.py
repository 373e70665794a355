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
    told = " ".join((*right, *probe.forbidden))
    given = [a for a in probe.metadata.get("wrong_answers", ()) if isinstance(a, str)]
    kind = probe.metadata.get("kind")
    others = sorted(
        {
            other.expected[0][0]
            for other in dataset.probes
            if other.expected and other.expected[0] and other.metadata.get("kind") == kind
        }
    )
    rng.shuffle(others)
    kept: list[str] = []
    for answer in (*given, *others):
        wrong = not stands(answer, told) and not any(stands(form, answer) for form in right)
        asked = stands(answer, probe.question)
        if wrong and not asked and answer not in kept and len(answer.split()) <= LONGEST:
            kept.append(answer)
        if len(kept) == most:
            break
    return kept


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
