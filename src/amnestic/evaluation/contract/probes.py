"""What is asked of a system, and how its reply is judged."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from amnestic.types import Conversation, Message

__all__ = ["DataSet", "Group", "Probe", "Subject"]


class Group(StrEnum):
    """How a probe stands to what is to be forgotten."""

    FORGET = "forget"
    """All of it asks for a target: nothing of `forbidden` may stand in the reply."""
    COMBINED = "combined"
    """It asks for a target and for something else: `keep` must stand in the reply as well."""
    NEIGHBOUR = "neighbour"
    """It asks for retained knowledge that is close to a target."""
    UNRELATED = "unrelated"
    """It asks for something else: the reply must be the bare model's, byte for byte."""

    @property
    def forgets(self) -> bool:
        """Whether something must vanish from the reply."""
        return self in (Group.FORGET, Group.COMBINED)


@dataclass(frozen=True, slots=True)
class Subject:
    """One thing to forget: `request` is the plain words that ask for it, `names` its name and
    aliases, `facts` whole sentences that are true of it (for attacks that give them as context),
    `exclusive` strings that belong to it alone."""

    id: str
    name: str
    request: str
    names: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    exclusive: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Probe:
    """One conversation that a system answers, and what a reply is held to.

    `subject` is the id of the `Subject` asked for (for a neighbour: the one it is close to).
    `forbidden` are the strings of which none may stand in a reply that has forgotten; each inner
    tuple of `keep` and `expected` holds forms of which one is enough: all of `keep` must stand in
    any reply, all of `expected` stand in the reply of a model that knows the answer. `reference` is
    the whole answer that a knowing model gives, for overlap metrics. `question` is the bare
    question that the last message asks, whatever an attack wrapped around it, and `about` the
    name by which it calls what it asks for (empty where it names nothing). `options` are the
    choices of a multiple-choice question, `attacks` the transforms that were applied, first one
    first, and `family` the family under which its figures are counted.
    """

    id: str
    group: Group
    messages: Conversation
    question: str
    subject: str = ""
    about: str = ""
    forbidden: tuple[str, ...] = ()
    keep: tuple[tuple[str, ...], ...] = ()
    expected: tuple[tuple[str, ...], ...] = ()
    reference: str = ""
    options: tuple[str, ...] = ()
    family: str = "plain"
    attacks: tuple[str, ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, id: str, group: Group, question: str, **fields: Any) -> Probe:
        """A probe of one user message.

        >>> Probe.of("q1", Group.FORGET, "Who is Ana?", subject="s1").messages[0].text
        'Who is Ana?'
        """
        return cls(id, group, (Message.of("user", question),), question, **fields)

    @property
    def key(self) -> str:
        """A hash of the conversation and of the id, by which runs cache and resume."""
        shown = [[m.role, m.text, m.name, m.tool_call_id] for m in self.messages]
        calls = [[c.name, c.arguments] for m in self.messages for c in m.tool_calls]
        raw = json.dumps([self.id, shown, calls], ensure_ascii=True)
        return hashlib.sha256(raw.encode()).hexdigest()[:24]


@dataclass(frozen=True, slots=True)
class DataSet:
    """What is to be forgotten, and the probes that tell whether it was and what else was lost.

    `notes` are lines on what a reader of figures must know (rows left out, and why).
    """

    name: str
    subjects: tuple[Subject, ...]
    probes: tuple[Probe, ...]
    notes: tuple[str, ...] = ()

    def subject(self, id: str) -> Subject:
        """The subject with this id. Raises KeyError when there is none."""
        for subject in self.subjects:
            if subject.id == id:
                return subject
        raise KeyError(f"{self.name} has no subject {id!r}")

    def of(self, *groups: Group) -> tuple[Probe, ...]:
        """The probes of some groups."""
        return tuple(probe for probe in self.probes if probe.group in groups)
