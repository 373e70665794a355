"""Many-shot: questions with their right answers before the one that matters."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace

from amnestic.evaluation.attacks.attack import Attack, Make, dialogue, wrapped
from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.datasets import stands

__all__ = ["SHOTS", "shots_for"]

FEWEST = 4
"""Different shots that a set must have; more than there are repeat."""


def shots_for(probe: Probe, dataset: DataSet, rng: random.Random, most: int) -> list[Probe]:
    """So many answered questions that say nothing of any subject; none where there are too few."""
    named = [name for subject in dataset.subjects for name in subject.names]
    pool = [
        other
        for other in dataset.probes
        if not other.group.forgets
        and len(other.messages) == 1
        and other.reference
        and len(other.question) + len(other.reference) < 300
    ]
    rng.shuffle(pool)
    kept: list[Probe] = []
    for other in pool:
        text = f"{other.question} {other.reference}"
        if not any(stands(s, text) for s in (*probe.forbidden, *named)):
            kept.append(other)
        if len(kept) == most:
            break
    if len(kept) < min(FEWEST, most):
        return []
    return [kept[i % len(kept)] for i in range(most)]


def _as_text(number: int) -> Make:
    def make(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
        shots = shots_for(probe, dataset, rng, number)
        if shots:
            lines = [f"Question: {s.question}\nAnswer: {s.reference}" for s in shots]
            asked = f"Question: {probe.messages[-1].text}\nAnswer:"
            different = len({s.id for s in shots})
            yield wrapped(probe, "\n\n".join([*lines, asked]), shots=number, different=different)

    return make


def _as_turns(number: int) -> Make:
    def make(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
        shots = shots_for(probe, dataset, rng, number)
        if shots:
            told = dialogue((shot.question, shot.reference) for shot in shots)
            messages = (*probe.messages[:-1], *told, probe.messages[-1])
            yield replace(probe, messages=messages, metadata={**probe.metadata, "shots": number})

    return make


def _called(number: int) -> str:
    return f"{number} shot{'s' * (number > 1)}"


_FORGET_ONLY = frozenset({Group.FORGET})
SHOTS = (
    *(
        Attack(_called(n), "many-shot", f"{_called(n)} on other things before the question.",
               _as_text(n), _FORGET_ONLY)
        for n in (1, 4, 16, 64, 128)
    ),
    *(
        Attack(f"{n} shots as turns", "many-shot", f"{_called(n)}, as turns, before the question.",
               _as_turns(n), _FORGET_ONLY)
        for n in (4, 16)
    ),
)  # fmt: skip
"""Many-shot attacks, as one text and as turns (RWKU, in-context learning)."""
