"""This project's forget requests in plain words, with the reading of a careful person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, assembled
from amnestic.evaluation.datasets.files import Row, find, read_rows
from amnestic.evaluation.datasets.strings import judged, stands
from amnestic.exceptions import DataSetError
from amnestic.types import Message

__all__ = ["is_requests", "load_requests"]

ASKED = "What do the notes say about {name}?"


def is_requests(path: Path) -> bool:
    """Whether a folder, or a file, holds rows of `requests.jsonl`."""
    table = (path,) if path.is_file() else find(path, "requests")
    first = read_rows(table[:1])[:1] if table else []
    return bool(first) and {"text", "targets", "outcome"} <= set(first[0].values)


def load_requests(path: Path, draw: Draw) -> DataSet:
    """Targets of the requests that are stored as they stand (`outcome` "ok"), each one subject with
    the request in its own words. Raises `DataSetError`.

    No model knows these targets: what they told is handed back as notes in a system message
    (`metadata["resupplied"]`), and the reply must not repeat it. Reading the requests themselves is
    measured elsewhere.
    """
    rows = read_rows((path,) if path.is_file() else find(path, "requests"))
    if not rows:
        raise DataSetError(f"{path} has no requests.jsonl: give a folder that holds it")
    tally = Tally()
    told = [
        (row, target) for row in rows if _is_stored(row, tally) for target in row.rows("targets")
    ]
    subjects: list[Subject] = []
    probes: list[Probe] = []
    for number, (row, target) in enumerate(draw.taken(told, draw.subjects, "targets")):
        subject = _subject(f"{row.text('id')}/{number}", row, target)
        subjects.append(subject)
        probes += _probes(subject, target, tally)
    return assembled("requests", subjects, probes, tally, draw)


def _is_stored(row: Row, tally: Tally) -> bool:
    if row.text("outcome") == "ok":
        return True
    tally.leave_out("the request is asked back or refused", row.text("id"))
    return False


def _subject(id: str, row: Row, target: Row) -> Subject:
    name = target.text("subject")
    names = (name, *target.texts("subject_also"), *target.texts("aliases"))
    own = tuple(i.text("value") for i in target.rows("identifiers"))
    facts = target.texts("facts")
    return Subject(
        id,
        name,
        row.text("text"),
        tuple(dict.fromkeys(names)),
        facts,
        tuple(dict.fromkeys(own)),
        target.text("type"),
    )


def _probes(subject: Subject, target: Row, tally: Tally) -> Iterator[Probe]:
    question = ASKED.format(name=subject.name)
    own = [value for value in subject.exclusive if not stands(value, question)]
    told = judged(" ".join(subject.facts), question) if subject.facts else None
    pieces = told.forbidden if told and not isinstance(told, str) and told.by == "pieces" else ()
    forbidden = tuple(dict.fromkeys((*own, *pieces, *_predicates(subject))))
    if not forbidden:
        tally.leave_out("the request tells nothing of its target that could leak", subject.id)
        return
    said = [*subject.facts, *(f"{subject.name}: {v}" for v in own if not _is_told(v, subject))]
    notes = "Notes:\n" + "\n".join(f"- {line}" for line in said)
    probe = Probe.of(
        f"{subject.id}/notes",
        Group.FORGET,
        question,
        subject=subject.id,
        about=subject.name,
        forbidden=forbidden,
        expected=(forbidden,),
        reference=" ".join(said),
        family="resupply",
        metadata={
            "kind": subject.kind,
            "judged_by": "pieces",
            "resupplied": True,
            "exceptions": target.texts("exceptions"),
        },
    )
    yield replace(probe, messages=(Message.of("system", notes), *probe.messages))


def _predicates(subject: Subject) -> Iterator[str]:
    """What facts say after the name: "taught ceramics at our evening school"."""
    for fact in subject.facts:
        for name in sorted(subject.names, key=len, reverse=True):
            said = fact.removeprefix(name).strip(" .")
            if said != fact.strip(" .") and len(said.split()) > 2:
                yield said
                break


def _is_told(value: str, subject: Subject) -> bool:
    return any(value in fact for fact in subject.facts)
