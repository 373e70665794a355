"""RETURN (Liu et al., 2024, arXiv 2407.10058): people of Wikipedia with questions on each."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.files import Row, find, read_rows
from amnestic.evaluation.datasets.strings import names_of_person
from amnestic.exceptions import DataSetError

__all__ = ["is_return", "load_return"]

SHARE = 10
"""Of one file for all people, one in so many is to be forgotten where no number is given."""


def is_return(path: Path) -> bool:
    """Whether a path is a table of RETURN, or a folder that holds one."""
    table = _whole(path) or (find(path, "forget_eval") if path.is_dir() else ())
    if not table:
        return False
    first = read_rows(table[:1])[:1]
    return bool(first) and {"name", "data"} <= set(first[0].values)


def load_return(path: Path, draw: Draw) -> DataSet:
    """RETURN from `forget_eval` and `retain_eval`, or from one table of all people, of whom some
    are drawn to be forgotten and the others are neighbours. Raises `DataSetError`."""
    tally = Tally()
    forget, retain = _people(path, draw, tally)
    subjects, probes = [], []
    for i, person in enumerate(forget):
        name = person.text("name")
        facts = tuple(_answer(row) for row in person.rows("data"))
        subject = Subject(
            f"return-{i}", name, request_for(name), names_of_person(name), facts, kind="person"
        )
        subjects.append(subject)
        probes += _probes(f"return-{i}", person, Group.FORGET, subject, tally)
    for i, person in enumerate(retain):
        probes += _probes(f"return-retain-{i}", person, Group.NEIGHBOUR, None, tally)
    return assembled("return", subjects, probes, tally, draw)


def _whole(path: Path) -> tuple[Path, ...]:
    if path.is_file():
        return (path,)
    return tuple(sorted(path.glob("RETURN*.jsonl")))[:1]


def _people(path: Path, draw: Draw, tally: Tally) -> tuple[Sequence[Row], Sequence[Row]]:
    if path.is_dir() and (found := find(path, "forget_eval")):
        forget = draw.taken(read_rows(found), draw.subjects, "people")
        return forget, read_rows(find(path, "retain_eval"))
    whole = _whole(path)
    if not whole:
        raise DataSetError(
            f"{path} has no forget_eval and no RETURN.jsonl: "
            "download zhliu/RETURN and give its folder"
        )
    people = read_rows(whole)
    most = draw.subjects or max(1, len(people) // SHARE)
    forget = draw.taken(people, most, "people")
    chosen = {row.place for row in forget}
    tally.lines.append(f"{len(forget)} of {len(people)} people are drawn to be forgotten")
    return forget, [row for row in people if row.place not in chosen]


def _answer(row: Row) -> str:
    return row.text("gold_answer", "answer")


def _probes(
    id: str, person: Row, group: Group, subject: Subject | None, tally: Tally
) -> list[Probe]:
    name, kind = person.text("name"), {"neighbour_kind": "person"}
    beside: dict[str, Any] = {"about": name, "family": "neighbour", "metadata": kind}
    beside = {} if subject else beside
    return [
        probe
        for i, row in enumerate(person.rows("data"))
        for probe in asked(
            f"{id}-{i}",
            group,
            row.text("question"),
            _answer(row),
            subject,
            tally,
            **beside,
        )
    ]
