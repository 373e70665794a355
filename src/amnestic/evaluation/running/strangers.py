"""Names that belong to nobody, asked about as the listed ones are.

Whether a caller can tell who is on a list shows where the model knows neither the one nor the
other: a stranger's name is put together from the words of names of the data set, so that it has
their shape and sound, and is none of them.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import replace

from amnestic.evaluation.contract import DataSet, Group, Probe
from amnestic.evaluation.scoring import KIND, LISTED, STRANGER
from amnestic.types import Message

__all__ = ["strangers"]

_TRIES = 40


def strangers(data: DataSet, probes: Iterable[Probe], seed: int) -> list[Probe]:
    """A probe about a stranger for each that asks about a listed subject by its name; none where no
    name can be made.

    >>> from amnestic.evaluation.contract import Subject
    >>> names = ("Ana Morel", "Tor Hagen", "Mira Osk")
    >>> data = DataSet("d", tuple(Subject(n, n, "", (n,), kind="person") for n in names), ())
    >>> asked = Probe.of("p", Group.FORGET, "Who is Ana Morel?", subject="Ana Morel",
    ...                  about="Ana Morel", metadata={"membership": "listed"})
    >>> (made,) = strangers(data, [asked], 0)
    >>> made.about.split()[0] in {"Tor", "Mira"}, made.about in names, made.question[:7]
    (True, False, 'Who is ')
    """
    found = []
    for probe in probes:
        if probe.metadata.get(KIND) == LISTED and probe.about in probe.question:
            name = _name(data, probe, random.Random(f"{seed}|{probe.id}"))
            if name:
                found.append(_about(probe, name))
    return found


def _name(data: DataSet, probe: Probe, draw: random.Random) -> str:
    """Every word of a name from another one's same place, of the same kind and length."""
    kind = next((s.kind for s in data.subjects if s.id == probe.subject), "")
    same = [s.name for s in data.subjects if s.kind == kind]
    near = [p.about for p in data.of(Group.NEIGHBOUR) if p.about]
    known = {name.casefold() for name in (*(n for s in data.subjects for n in s.names), *near)}
    wanted = probe.about.split()
    pool = [n.split() for n in dict.fromkeys(same) if len(n.split()) == len(wanted)]
    for _ in range(_TRIES):
        words = [draw.choice(pool)[i] for i in range(len(wanted))] if pool else []
        name = " ".join(words)
        apart = len(wanted) > 1 and not set(words) & set(wanted)
        if apart and name.casefold() not in known:
            return name
    return ""


def _about(probe: Probe, name: str) -> Probe:
    last = probe.messages[-1]
    said = last.text.replace(probe.about, name)
    messages = (*probe.messages[:-1], Message.of(last.role, said))
    return replace(
        probe,
        id=f"{probe.id}/stranger",
        group=Group.NEIGHBOUR,
        messages=messages,
        question=probe.question.replace(probe.about, name),
        about=name,
        forbidden=(),
        expected=(),
        keep=(),
        metadata={**probe.metadata, KIND: STRANGER},
    )
