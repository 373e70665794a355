"""RWKU (Jin et al., 2024, arXiv 2406.10890): famous people, probes on three levels, neighbours."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import (
    Draw,
    Tally,
    asked,
    assembled,
    request_for,
)
from amnestic.evaluation.datasets.choices import chosen, listed_in
from amnestic.evaluation.datasets.files import Row, find, present, read_rows, required
from amnestic.evaluation.datasets.strings import called, names_any, names_of_person
from amnestic.exceptions import DataSetError

__all__ = ["FAMILIES", "is_rwku", "load_rwku"]

FAMILIES = {
    "cloze": "cloze",
    "simple question": "plain",
    "prefix injection": "framing",
    "affirmative suffix": "framing",
    "role play": "framing",
    "multiple choice": "choice",
    "reverse query": "reverse",
    "synonym manipulation": "paraphrase",
    "context hint": "attributes",
    "incontext learning": "many-shot",
    "in-context learning": "many-shot",
}
"""The attack family under which a type of probe is counted; cross-lingual ones are "languages"."""

_FORGET = ("forget_level1", "forget_level2", "forget_level3")
_NEIGHBOUR = ("neighbor_level1", "neighbor_level2")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])")
_FACTS = 40


@dataclass(frozen=True, slots=True)
class _Person:
    """One target, and its rows by table, read when it is drawn."""

    id: str
    name: str
    about: str
    rows: Callable[[str], Sequence[Row]]


def is_rwku(path: Path) -> bool:
    """Whether a folder holds RWKU in one of its layouts."""
    return path.is_dir() and (
        present(path, "targets", "forget_level1")
        or bool(_folders(path))
        or any(present(f, "forget_level1") for f in (path, path / "All"))
    )


def load_rwku(path: Path, draw: Draw) -> DataSet:
    """RWKU from one table for all targets beside `targets.jsonl`, from the tables of `All/`, or
    from a folder for each target below `Target/`. Raises `DataSetError`.

    A cloze's blank is `___`. A neighbour whose answer names a target is left out, since no reply
    could keep both; one whose question does is marked `names_target`.
    """
    people = draw.taken(_people(path), draw.subjects, "people")
    tally = Tally()
    subjects = [_subject(person) for person in people]
    names = [name for subject in subjects for name in subject.names]
    probes: list[Probe] = []
    for person, subject in zip(people, subjects, strict=True):
        for table in _FORGET:
            for i, row in enumerate(person.rows(table)):
                probes += _forget(_id(row, subject, table, i), row, table, subject, tally)
        for table in _NEIGHBOUR:
            for i, row in enumerate(person.rows(table)):
                id = _id(row, subject, table, i)
                probes += _neighbour(id, row, table, subject, names, tally)
    return assembled("rwku", subjects, probes, tally, draw)


def _people(path: Path) -> list[_Person]:
    if not path.is_dir():
        raise DataSetError(f"{path} is no folder: give the one that holds forget_level1")
    if find(path, "targets"):
        return _told_people(path)
    if folders := _folders(path):
        return [_foldered(folder) for folder in folders]
    inner = path / "All" if present(path / "All", "forget_level1") else path
    return _people_of_tables(inner)


def _told_people(path: Path) -> list[_Person]:
    tables = _tables(path, "target_id")
    return [
        _Person(
            row.text("target_id"),
            row.text("subject"),
            row.maybe("request"),
            _of(tables, row.text("target_id")),
        )
        for row in read_rows(find(path, "targets"))
    ]


def _people_of_tables(path: Path) -> list[_Person]:
    tables = _tables(path, "subject")
    told = {r.text("target"): r.maybe("intro") for r in read_rows(find(path, "forget_target"))}
    names = told or dict.fromkeys(tables["forget_level1"], "")
    return [
        _Person(f"rwku-{i}", name, request_for(name, about), _of(tables, name))
        for i, (name, about) in enumerate(names.items(), start=1)
    ]


def _tables(path: Path, key: str) -> dict[str, Mapping[str, Sequence[Row]]]:
    mend = "RWKU needs it; download jinzhuoran/RWKU again"
    found: dict[str, Mapping[str, Sequence[Row]]] = {}
    for table in (*_FORGET, *_NEIGHBOUR, "passages", "passage"):
        paths = (
            required(path, table, mend)
            if table in ("forget_level1", "forget_level2")
            else find(path, table)
        )
        rows: dict[str, list[Row]] = defaultdict(list)
        for row in read_rows(paths):
            rows[row.text(key)].append(row)
        found[table] = rows
    return found


def _of(
    tables: Mapping[str, Mapping[str, Sequence[Row]]], key: str
) -> Callable[[str], Sequence[Row]]:
    return lambda table: tables.get(table, {}).get(key, ())


def _folders(path: Path) -> list[Path]:
    """The folders `1_Stephen_King`, `2_Confucius`, … in the order of their numbers."""
    for base in (path, path / "Target"):
        found = [f for f in base.glob("*_*") if f.is_dir() and present(f, "forget_level1")]
        if found:
            return sorted(found, key=lambda f: (int(re.sub(r"\D.*", "", f.name) or 0), f.name))
    return []


def _foldered(folder: Path) -> _Person:
    intro = read_rows(find(folder, "intro"))
    name = intro[0].text("target") if intro else folder.name.partition("_")[2].replace("_", " ")
    about = intro[0].maybe("intro") if intro else ""
    return _Person(
        folder.name,
        name,
        request_for(name, about),
        lambda table: read_rows(find(folder, table)),
    )


def _subject(person: _Person) -> Subject:
    texts = [
        text
        for row in (*person.rows("passages"), *person.rows("passage"))
        for text in (*row.texts("passages"), row.maybe("text"))
    ]
    facts = [
        sentence
        for text in texts
        for sentence in _SENTENCE.split(text)
        if person.name in sentence and "==" not in sentence
    ]
    short = [s for s in dict.fromkeys(facts) if 20 < len(s) < 240]
    return Subject(
        person.id,
        person.name,
        person.about or request_for(person.name),
        names_of_person(person.name),
        tuple(short[:_FACTS]),
        kind="person",
    )


def _id(row: Row, subject: Subject, table: str, number: int) -> str:
    return row.maybe("id") or f"rwku-{table}-{subject.id}-{number}"


def _family(kind: str) -> str:
    if kind.startswith(("cross lingual", "cross-lingual")):
        return "languages"
    return FAMILIES.get(kind, "plain")


def _wording(query: str) -> str:
    return f"Fill in the blank: {query}" if "___" in query else query


def _kind(row: Row, table: str) -> str:
    return row.maybe("type", "cloze" if table.endswith("1") else "simple question")


def _forget(id: str, row: Row, table: str, subject: Subject, tally: Tally) -> Iterator[Probe]:
    query, answer, kind = row.text("query"), row.text("answer"), _kind(row, table)
    if kind == "multiple choice" and (options := listed_in(query, answer)):
        about = called(query, subject.names)
        probe = Probe.of(
            id,
            Group.FORGET,
            query,
            subject=subject.id,
            about=about,
            family="choice",
            reference=answer,
            metadata={"kind": kind},
        )
        yield chosen(probe, options, answer)
        return
    yield from asked(
        id,
        Group.FORGET,
        query,
        answer,
        subject,
        tally,
        wording=_wording(query),
        family=_family(kind),
        metadata={"kind": kind},
    )


def _neighbour(
    id: str, row: Row, table: str, subject: Subject, names: Sequence[str], tally: Tally
) -> Iterator[Probe]:
    query, answer, kind = row.text("query"), row.text("answer"), _kind(row, table)
    neighbour = row.maybe("neighbor")
    if names_any(answer, names):
        tally.leave_out("a neighbour's answer names a target", id)
        return
    if neighbour in names:
        tally.leave_out("the neighbour is itself a target", id)
        return
    metadata = {"kind": kind, "neighbour": neighbour}
    if names_any(query, names):
        metadata["names_target"] = "yes"
    yield from asked(
        id,
        Group.NEIGHBOUR,
        query,
        answer,
        subject,
        tally,
        wording=_wording(query),
        about=neighbour,
        family="neighbour",
        metadata=metadata,
    )
