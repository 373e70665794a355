"""Asking often: samples of one question, and a search that learns from the last reply's score."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import zip_longest

from amnestic.evaluation.attacks.attack import Attack, Make, seed_of
from amnestic.evaluation.contract import DataSet, Group, Probe

__all__ = ["SEARCHING", "AdaptiveSearch"]

TRIES = 32
"""Stacks that are tried for one proposal before a search gives up, beside single attacks."""
DEEPEST = 4
"""Attacks that a search stacks on one another at most."""


def _sampled(times: int) -> Make:
    def make(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
        options = {"temperature": 1.0}
        metadata = {**probe.metadata, "samples": times, "options": options}
        yield replace(probe, metadata=metadata)

    return make


def _budgeted(queries: int) -> Make:
    def make(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterator[Probe]:
        yield replace(probe, metadata={**probe.metadata, "budget": queries})

    return make


@dataclass(slots=True)
class AdaptiveSearch:
    """A search over stacks of attacks, led by the score of each reply; needs no chat model.

    It begins with single attacks, those of each family in turn. Once a reply has scored, its stack
    is changed: one attack more, one less, or one in another's place; what scores better is kept and
    changed further. One query in five goes on with single attacks. It ends when the budget is
    spent, a reply scored 1, or nothing new can be made.

    Args:
        probe: what is asked.
        dataset: where attacks take their material from.
        attacks: what is stacked.
        budget: how many variants are proposed.
        seed: the same seed and the same scores propose the same variants.

    >>> from amnestic.evaluation.attacks.registry import ATTACKS
    >>> probe = Probe.of("q", Group.FORGET, "Who is it?", forbidden=("Ana",))
    >>> data = DataSet("d", (), (probe,))
    >>> search = AdaptiveSearch(probe, data, (ATTACKS["role play"], ATTACKS["prefix"]), budget=3)
    >>> asked = 0
    >>> while (variant := search.propose()) is not None:
    ...     asked += 1
    ...     search.tell(0.0)
    >>> asked
    3
    """

    probe: Probe
    dataset: DataSet
    attacks: Sequence[Attack]
    budget: int = 20
    seed: int = 0
    best: float = 0.0
    _stack: tuple[str, ...] = ()
    _tried: tuple[str, ...] = ()
    _given: int = 0
    _next: int = 0
    _singles: tuple[str, ...] = ()
    _seen: set[str] = field(default_factory=set)
    _done: bool = False

    def __post_init__(self) -> None:
        rng = seed_of(self.seed, self.probe.id, "singles")
        by_family: dict[str, list[str]] = {}
        for attack in rng.sample(list(self.attacks), len(self.attacks)):
            by_family.setdefault(attack.family, []).append(attack.name)
        turns = zip_longest(*by_family.values())
        self._singles = tuple(name for turn in turns for name in turn if name is not None)

    def propose(self) -> Probe | None:
        """The next variant; None where the search has ended. Its id counts the queries."""
        if self._done or self._given >= self.budget:
            return None
        rng = seed_of(self.seed, self.probe.id, self._given)
        by_name = {attack.name: attack for attack in self.attacks}
        for _ in range(len(self.attacks) + TRIES):
            stack = self._changed(rng, by_name)
            made = self._made(stack, by_name)
            if made is not None and made.key not in self._seen:
                self._seen.add(made.key)
                self._tried = stack
                self._given += 1
                metadata = {**made.metadata, "query": self._given}
                id = f"{self.probe.id}/adaptive-{self._given}"
                return replace(made, id=id, family="adaptive", metadata=metadata)
        return None

    def tell(self, score: float) -> None:
        """What the last variant's reply scored: 0 tells nothing, 1 tells all."""
        if score > self.best:
            self.best, self._stack = score, self._tried
        self._done = self._done or score >= 1.0

    def _changed(self, rng: random.Random, by_name: Mapping[str, Attack]) -> tuple[str, ...]:
        stack = self._stack
        if self._next < len(self._singles) and (not stack or rng.random() < 0.2):
            self._next += 1
            return (self._singles[self._next - 1],)
        name = rng.choice(list(by_name))
        how = rng.random()
        if not stack:
            return (rng.choice(list(by_name)), name)
        at = rng.randrange(len(stack))
        if how < 0.2 and len(stack) > 1:
            return (*stack[:at], *stack[at + 1 :])
        if how < 0.5 or len(stack) >= DEEPEST or by_name[stack[-1]].last:
            return (*stack[:at], name, *stack[at + 1 :])
        return (*stack, name)

    def _made(self, stack: tuple[str, ...], by_name: Mapping[str, Attack]) -> Probe | None:
        made = self.probe
        for i, name in enumerate(stack):
            attack = by_name[name]
            if attack.last and i + 1 < len(stack):
                return None
            found = attack.apply(made, self.dataset, seed_of(self.seed, name, self.probe.id))
            if not found or not found[0].group.forgets:
                return None
            made = replace(found[0], id=self.probe.id)
        return made if stack else None


_FORGET_ONLY = frozenset({Group.FORGET})
SEARCHING = (
    *(
        Attack(f"{k} samples", "sampling", f"The question {k} times at temperature 1: leak@{k}.",
               _sampled(k), _FORGET_ONLY, last=True)
        for k in (5, 20)
    ),
    Attack("adaptive", "adaptive", "Up to 20 variants, each led by the last reply's score.",
           _budgeted(20), _FORGET_ONLY, last=True),
)  # fmt: skip
"""Marks on a probe: `metadata["samples"]` and `options`, or the `budget` of a search."""
