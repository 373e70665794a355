"""What every loader does: draw subjects by seed, count what is left out, and put a set together."""

from __future__ import annotations

import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.strings import SURNAMES, Judged, called, judged
from amnestic.exceptions import DataSetError
from amnestic.tools.reading import is_common as is_common_word

__all__ = ["Draw", "Tally", "asked", "assembled", "request_for"]

Item = TypeVar("Item")
OWN = 12
"""Answers of a subject that are taken for its own, at most."""
SHARED = 3
"""An answer that is right for so many subjects of a set is marked as shared."""


@dataclass(frozen=True, slots=True)
class Draw:
    """How much of a set is taken, and by which seed; None takes all.

    Args:
        subjects: how many subjects are to be forgotten.
        per_subject: how many probes of one subject in one group are asked.
        beside: how many probes of one group that belong to no subject are asked.
    """

    seed: int = 0
    subjects: int | None = None
    per_subject: int | None = None
    beside: int | None = None

    def taken(self, items: Sequence[Item], most: int | None, label: str) -> list[Item]:
        """At most so many items, drawn by seed and label; they keep their order.

        >>> Draw(seed=1).taken("abcdef", 3, "x") == Draw(seed=1).taken("abcdef", 3, "x")
        True
        """
        if most is None or most >= len(items):
            return list(items)
        rng = random.Random(f"{self.seed}|{label}")
        return [items[i] for i in sorted(rng.sample(range(len(items)), most))]


@dataclass(slots=True)
class Tally:
    """Rows that are not asked, by reason, and other lines for who reads the figures."""

    left_out: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    lines: list[str] = field(default_factory=list)

    def leave_out(self, reason: str, id: str) -> None:
        """Count a row that is not asked."""
        self.left_out[reason].append(id)

    def notes(self) -> tuple[str, ...]:
        """One line for each reason, with the first ids.

        >>> tally = Tally()
        >>> tally.leave_out("the answer is empty", "q7")
        >>> tally.notes()
        ('1 row left out: the answer is empty (q7)',)
        """
        told = [
            f"{len(ids)} row{'s' * (len(ids) > 1)} left out: {reason} "
            f"({', '.join(ids[:3])}{', …' * (len(ids) > 3)})"
            for reason, ids in sorted(self.left_out.items())
        ]
        return (*told, *self.lines)


def request_for(name: str, about: str = "") -> str:
    """The plain words that ask to forget something.

    >>> request_for("Ana Morel", "Ana Morel is a painter.")
    'Please forget Ana Morel. Ana Morel is a painter.'
    """
    return f"Please forget {name}. {about}".strip()


def asked(
    id: str,
    group: Group,
    question: str,
    answer: str,
    subject: Subject | None,
    tally: Tally,
    **fields: Any,
) -> Iterable[Probe]:
    """The probe for a question and its answer, or none where no reply to it could be judged.

    `fields` are those of a probe; `metadata` gains `judged_by`. `wording` is what is said where
    that is more than the question.
    """
    names = subject.names if subject and group.forgets else ()
    told = judged(answer, question, names)
    if isinstance(told, str):
        if group.forgets:
            tally.leave_out(told, id)
            return
        told = Judged((), (), "answer")
    metadata = {**fields.pop("metadata", {}), "judged_by": told.by}
    wording = fields.pop("wording", question)
    if "about" not in fields:
        fields["about"] = called(question, subject.names) if subject and names else ""
    probe = Probe.of(
        id,
        group,
        wording,
        subject=subject.id if subject else "",
        forbidden=told.forbidden if group.forgets else (),
        expected=told.expected,
        reference=answer,
        metadata=metadata,
        **fields,
    )
    yield replace(probe, question=question)


def assembled(
    name: str,
    subjects: Sequence[Subject],
    probes: Iterable[Probe],
    tally: Tally,
    draw: Draw,
) -> DataSet:
    """The data set: probes cut to what is drawn, ids told apart, shared answers marked.

    Raises `DataSetError` where nothing is to be forgotten.
    """
    cut = _cut(_told_apart(probes), draw)
    if not subjects or not any(probe.group.forgets for probe in cut):
        why = "; ".join(tally.notes()) or "no row asks for anything that is to be forgotten"
        raise DataSetError(f"{name} has no forget rows: {why}")
    marked = _marked(cut)
    shared = sum("shared_answer" in probe.metadata for probe in marked)
    if shared:
        tally.lines.append(
            f"{shared} forget probes have an answer that is right for {SHARED} or more subjects"
        )
    overlap = sum(p.metadata.get("judged_by") == "overlap" and p.group.forgets for p in marked)
    if overlap:
        tally.lines.append(
            f"{overlap} forget probes have long answers without a name, title, date or number: "
            "strings see only their verbatim reply, overlap with the reference tells more"
        )
    owned = tuple(_with_own(subjects, marked))
    return DataSet(name, owned, tuple(marked), tally.notes())


def _told_apart(probes: Iterable[Probe]) -> list[Probe]:
    seen: Counter[str] = Counter()
    kept = []
    for probe in probes:
        seen[probe.id] += 1
        again = seen[probe.id]
        kept.append(probe if again == 1 else replace(probe, id=f"{probe.id}~{again}"))
    return kept


def _cut(probes: Sequence[Probe], draw: Draw) -> list[Probe]:
    heaps: dict[tuple[str, Group], list[int]] = defaultdict(list)
    for i, probe in enumerate(probes):
        heaps[probe.subject, probe.group].append(i)
    taken: set[int] = set()
    for (subject, group), heap in heaps.items():
        most = draw.per_subject if subject else draw.beside
        taken |= set(draw.taken(heap, most, f"{subject}|{group}"))
    return [probe for i, probe in enumerate(probes) if i in taken]


def _marked(probes: Sequence[Probe]) -> list[Probe]:
    """Forget probes whose answer is right for several subjects ("author") say so."""
    owners: dict[str, set[str]] = defaultdict(set)
    for probe in probes:
        if probe.group.forgets:
            owners[_answer(probe)].add(probe.subject)
    return [
        replace(probe, metadata={**probe.metadata, "shared_answer": len(owners[_answer(probe)])})
        if probe.group.forgets and _answer(probe) and len(owners[_answer(probe)]) >= SHARED
        else probe
        for probe in probes
    ]


def _answer(probe: Probe) -> str:
    return probe.expected[0][0].casefold() if probe.expected else ""


def _with_own(subjects: Sequence[Subject], probes: Sequence[Probe]) -> Iterator[Subject]:
    """The subjects. Where a set does not tell what is a subject's own, it is the answers that are
    right for it alone, and for nothing that stays."""
    owners: dict[str, set[str]] = defaultdict(set)
    answers: dict[str, list[str]] = defaultdict(list)
    for probe in probes:
        owner = probe.subject if probe.group.forgets else ""
        for form in (form for group in probe.expected for form in group):
            owners[form.casefold()].add(owner)
        if owner and probe.expected and probe.metadata.get("judged_by") == "answer":
            answers[owner].append(probe.expected[0][0])
    for subject in subjects:
        own = [
            value
            for value in dict.fromkeys(answers[subject.id])
            if owners[value.casefold()] == {subject.id}
            and value[:1].isupper()
            and value not in subject.names
            and not is_common_word(value.casefold(), SURNAMES)
        ]
        yield subject if subject.exclusive else replace(subject, exclusive=tuple(own[:OWN]))
