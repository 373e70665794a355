"""What an attack is: one way to ask a probe so that what was forgotten may come back."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.datasets import stands
from amnestic.types import Conversation, Message

__all__ = [
    "Attack",
    "Make",
    "compose",
    "dialogue",
    "rephrased",
    "said",
    "seed_of",
    "wrapped",
]

Make = Callable[[Probe, DataSet, random.Random], Iterable[Probe]]
"""Makes attacked probes of one; nothing where the attack does not apply."""

FORGETTING = frozenset({Group.FORGET, Group.COMBINED})


@dataclass(frozen=True, slots=True)
class Attack:
    """One transform of probes, deterministic by seed, that needs no chat model.

    Args:
        name: what it is called in tables and in `held_out`.
        family: under which its figures are counted.
        describe: one sentence: what it does, and after whom.
        make: makes the probes; messages and judgement, not ids.
        groups: the groups of probes that it takes.
        last: whether nothing may be composed after it, since the last message is not the question.
        parts: the names of what it is composed of; its own where it is not.
    """

    name: str
    family: str
    describe: str
    make: Make
    groups: frozenset[Group] = FORGETTING
    last: bool = False
    parts: tuple[str, ...] = ()

    def apply(self, probe: Probe, dataset: DataSet, rng: random.Random) -> tuple[Probe, ...]:
        """The attacked probes; none where it does not apply, or where nothing could be judged.
        `metadata["of"]` is the id of the probe that all attacks began with.

        A string that the conversation says itself is no longer forbidden, so that an echo is no
        leak; a probe that is left without any is not asked. Two kinds are excepted and say so:
        `judged_by` "choice" (what counts is the option picked) and `resupplied` (the conversation
        hands the knowledge back on purpose, and repeating it is the leak). None is made of a probe
        that is judged as a "case": its written draft answers its own words alone.
        """
        if probe.group not in self.groups or probe.metadata.get("judged_by") == "case":
            return ()
        made = [self._named(probe, found) for found in self.make(probe, dataset, rng)]
        settled = [_settled(found) for found in made]
        kept = [found for found in settled if found is not None]
        return tuple(
            replace(found, id=f"{found.id}~{i}") if len(kept) > 1 else found
            for i, found in enumerate(kept, start=1)
        )

    def _named(self, probe: Probe, found: Probe) -> Probe:
        return replace(
            found,
            id=f"{probe.id}/{self.name}",
            family=self.family,
            attacks=(*probe.attacks, *(self.parts or (self.name,))),
            metadata={**found.metadata, "of": probe.metadata.get("of", probe.id)},
        )


def compose(first: Attack, second: Attack, family: str = "composed") -> Attack:
    """One attack after another: the second is done to all that the first makes.

    >>> from amnestic.evaluation.attacks.registry import ATTACKS
    >>> both = compose(ATTACKS["role play"], ATTACKS["base64"])
    >>> both.name, both.family
    ('role play + base64', 'composed')

    Raises ValueError where nothing can come after the first.
    """
    if first.last:
        raise ValueError(f"nothing can be composed after {first.name!r}")

    def make(probe: Probe, dataset: DataSet, rng: random.Random) -> Iterable[Probe]:
        for found in first.apply(probe, dataset, rng):
            yield from second.apply(found, dataset, rng)

    name = f"{first.name} + {second.name}"
    describe = f"{first.describe} Then: {second.describe}"
    parts = (*(first.parts or (first.name,)), *(second.parts or (second.name,)))
    groups = first.groups & second.groups
    return Attack(name, family, describe, make, groups, second.last, parts)


def said(probe: Probe) -> str:
    """All that a conversation says, tools' arguments as well."""
    calls = [c.arguments for m in probe.messages for c in m.tool_calls]
    return "\n".join([*(m.text for m in probe.messages), *calls])


def wrapped(probe: Probe, text: str, **metadata: Any) -> Probe:
    """The probe with another text as its last message; what is asked stays the same."""
    messages = (*probe.messages[:-1], probe.messages[-1].with_text(text))
    return replace(probe, messages=messages, metadata={**probe.metadata, **metadata})


def rephrased(probe: Probe, question: str, **changes: Any) -> tuple[Probe, ...]:
    """The probe with another question in place of its own; none where the last message, which an
    attack has hidden, no longer says its question."""
    last = probe.messages[-1]
    if probe.question not in last.text or question == probe.question:
        return ()
    messages = (
        *probe.messages[:-1],
        last.with_text(last.text.replace(probe.question, question)),
    )
    return (replace(probe, messages=messages, question=question, **changes),)


def dialogue(turns: Iterable[tuple[str, str]]) -> Conversation:
    """What a user said and what was answered, in turn."""
    return tuple(
        message
        for user, reply in turns
        for message in (Message.of("user", user), Message.of("assistant", reply))
    )


def seed_of(*parts: object) -> random.Random:
    """A generator of its own for some parts, the same in every process.

    >>> seed_of(0, "base64").random() == seed_of(0, "base64").random()
    True
    """
    return random.Random("|".join(map(str, parts)))


def _settled(probe: Probe) -> Probe | None:
    if not probe.group.forgets:
        return probe
    if probe.metadata.get("judged_by") == "choice" or probe.metadata.get("resupplied"):
        return probe if probe.forbidden else None
    told = said(probe)
    forbidden = tuple(dict.fromkeys(f for f in probe.forbidden if not stands(f, told)))
    answers = {form for group in probe.expected for form in group} & set(probe.forbidden)
    if not forbidden or (answers and not answers & set(forbidden)):
        return None
    return replace(probe, forbidden=forbidden)
