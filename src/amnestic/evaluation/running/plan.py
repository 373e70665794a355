"""What a run does, put together: the subjects, the probes of each seed, and who is asked."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from amnestic.evaluation.contract import DataSet, Probe, System
from amnestic.evaluation.running.caching import BareAnswers
from amnestic.evaluation.running.manifest import Request

__all__ = ["Plan", "Progress", "Search", "Source", "Step"]


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


class Search(Protocol):
    """An attack that learns from replies: it proposes a question, is told how near the reply came
    to telling (0 to 1), and proposes the next; None where it has ended."""

    def propose(self) -> Probe | None:
        """The next question."""
        ...

    def tell(self, score: float) -> None:
        """How near the reply to it came."""
        ...


@dataclass(frozen=True, slots=True)
class Plan:
    """A run, ready to be made.

    `draws` are the probes of each seed, `options` what every system is asked with; where something
    is sampled, a seed that is made from the run's and the sample's number is added. `search` begins
    the search that a probe with a `budget` in its metadata asks for.
    """

    request: Request
    data: DataSet
    draws: Mapping[int, tuple[Probe, ...]]
    sources: tuple[Source, ...]
    options: Mapping[str, Any] = field(default_factory=dict)
    search: Callable[[Probe, int], Search] | None = None

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
            for sample in range(self._samples(probe))
        ]

    def _samples(self, probe: Probe) -> int:
        """How often a probe is asked: an attack by asking often says so itself."""
        wished = probe.metadata.get("samples")
        often = min(wished, self.request.often) if isinstance(wished, int) else 1
        return max(self.request.samples, often)

    def options_of(self, probe: Probe, seed: int, sample: int) -> dict[str, Any]:
        """What a system is asked a probe with."""
        own = probe.metadata.get("options")
        warm = self.request.temperature
        options: dict[str, Any] = {"temperature": warm} if warm else {}
        options |= {**self.options, **(own if isinstance(own, Mapping) else {})}
        if not options.get("temperature"):
            return options
        return {**options, "seed": 1_000_003 * seed + sample}
