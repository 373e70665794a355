"""What a run does, put together: the subjects, the probes of each seed, and who is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from amnestic.evaluation.contract import DataSet, Probe, System
from amnestic.evaluation.running.caching import BareAnswers
from amnestic.evaluation.running.manifest import Request

__all__ = ["Plan", "Progress", "Source", "Step"]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a run has come: which system is at work, a word on what it does, and answers that
    are there, of how many."""

    system: str
    doing: str
    done: int
    total: int


Progress = Callable[[Step], None]


@dataclass(frozen=True, slots=True)
class Source:
    """A system that is made when its turn comes, so that one set of weights is held at a time.

    `make` may raise `amnestic.exceptions.AmnesticError`; it is given the bare answers at hand.
    """

    name: str
    make: Callable[[BareAnswers], System]
    description: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A run, ready to be made.

    `draws` are the probes of each seed, `options` what every system is asked with; where something
    is sampled, a seed that is made from the run's and the sample's number is added.
    """

    request: Request
    data: DataSet
    draws: Mapping[int, tuple[Probe, ...]]
    sources: tuple[Source, ...]
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def probes(self) -> dict[str, tuple[Probe, tuple[int, ...]]]:
        """Every probe by key, with the seeds by which it was drawn."""
        found: dict[str, tuple[Probe, tuple[int, ...]]] = {}
        for seed, drawn in self.draws.items():
            for probe in drawn:
                before = found.get(probe.key, (probe, ()))[1]
                found[probe.key] = (probe, tuple(dict.fromkeys((*before, seed))))
        return found

    def tasks(self) -> list[tuple[Probe, int, int]]:
        """What each system is asked: probe, seed and number of the sample."""
        return [
            (probe, seed, sample)
            for seed, drawn in self.draws.items()
            for probe in {p.key: p for p in drawn}.values()
            for sample in range(self.request.samples)
        ]

    def options_of(self, seed: int, sample: int) -> dict[str, Any]:
        """What a system is asked with."""
        if not self.request.temperature:
            return dict(self.options)
        return {**self.options, "seed": 1_000_003 * seed + sample}
