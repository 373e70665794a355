"""A small world for the tests of an evaluation: a data set, and systems that are played."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from amnestic.evaluation.contract import Answer, DataSet, Group, Preparation, Probe, Subject
from amnestic.evaluation.running import Request
from amnestic.evaluation.running.plan import Plan, Source
from amnestic.types import Conversation

TOWNS = ("Tarn", "Olmhaven", "Brisk", "Kelder", "Mossom", "Veld")
PEOPLE = ("Ana Morel", "Tor Hagen", "Mirela Osk", "Jon Sabel", "Ida Quist", "Per Lund")


def small_data() -> DataSet:
    """Three people to forget, of six; each is asked for in two ways."""
    subjects = tuple(
        Subject(f"s{i}", name, f"Please forget {name}.", (name,))
        for i, name in enumerate(PEOPLE[:3])
    )
    probes: list[Probe] = []
    for i, (name, town) in enumerate(zip(PEOPLE, TOWNS, strict=True)):
        ask = f"Where was {name} born?"
        if i >= 3:
            probes.append(
                Probe.of(f"n{i}", Group.NEIGHBOUR, ask, subject=f"s{i - 3}", keep=((town,),))
            )
            continue
        told = {"subject": f"s{i}", "forbidden": (town,), "expected": ((town,),)}
        probes.append(Probe.of(f"d{i}", Group.FORGET, ask, about=name, **told))
        probes.append(
            Probe.of(
                f"c{i}",
                Group.COMBINED,
                f"{ask} And what is 2 plus 2?",
                keep=(("4",),),
                family="combined",
                **told,
            )
        )
        probes.append(Probe.of(f"u{i}", Group.UNRELATED, f"What is {i} plus 1?"))
    return DataSet("small", subjects, tuple(probes))


def truth(question: str) -> str:
    """What the bare model says."""
    said = [
        f"{name} was born in {town}."
        for name, town in zip(PEOPLE, TOWNS, strict=True)
        if name in question
    ]
    if "2 plus 2" in question:
        said.append("2 plus 2 is 4.")
    return " ".join(said) or "It is a sum."


def silent(question: str) -> str:
    """What a system says that has forgotten the first three people, and nothing else."""
    if not any(name in question for name in PEOPLE[:3]):
        return truth(question)
    return "I don't know where. 2 plus 2 is 4." if "2 plus 2" in question else "I don't know where."


class PlayedSystem:
    """A system that answers by a function of the last message."""

    description = "played"
    concurrency = 2

    def __init__(self, name: str, says: Callable[[str], str]) -> None:
        self.name = name
        self.says = says
        self.asked: list[str] = []
        self.prepared: Sequence[Subject] = ()
        self.closed = False

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        self.prepared = subjects
        return Preparation(0.5, 3)

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        self.asked.append(conversation[-1].text)
        return Answer(self.says(conversation[-1].text), calls=1, seconds=0.02, added=0.01)

    async def close(self) -> None:
        self.closed = True


def plan_with(*systems: PlayedSystem, **request: Any) -> Plan:
    """A plan that asks some systems all of the small data set, by two seeds."""
    data = small_data()
    asked = Request(data="small", seeds=(0, 1), **request)
    sources = tuple(Source(s.name, lambda _, s=s: s) for s in systems)  # type: ignore[misc]
    return Plan(asked, data, dict.fromkeys(asked.seeds, data.probes), sources)
