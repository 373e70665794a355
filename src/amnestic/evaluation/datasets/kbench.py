"""K-Bench (arXiv 2609.12808): made-up people with a date of birth, address, job and employer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.files import Row, present, read_rows, required
from amnestic.exceptions import DataSetError

__all__ = ["is_kbench", "load_kbench"]

SAID = {
    "date_of_birth": "{name} was born on {value}.",
    "address": "{name} lives at {value}.",
    "occupation": "{name} works as {value}.",
    "employer": "{name} works for {value}.",
}
"""Each field as a sentence."""


def is_kbench(path: Path) -> bool:
    """Whether a folder holds people and queries in one of the two layouts."""
    return present(path, "people", "queries") or present(_published(path), "v1_facts", "v1_queries")


def load_kbench(path: Path, draw: Draw) -> DataSet:
    """K-Bench from `people` (with `set`) and `queries`, or as it is published: `v1_facts`,
    `v1_queries` and the lists of ids of its evaluation in `data/pii_facts`. Raises `DataSetError`.
    """
    people, queries, sets = _read(path)
    asked_of: dict[str, list[Row]] = defaultdict(list)
    for row in queries:
        asked_of[row.text("pii_id")].append(row)
    tally = Tally()
    forget = draw.taken([p for p in people if sets.get(p) == "forget"], draw.subjects, "people")
    subjects, probes = [], []
    for id in forget:
        subject = _subject(people[id])
        subjects.append(subject)
        probes += _probes(asked_of[id], Group.FORGET, subject, "", tally)
    for id in people:
        if sets.get(id) == "retain":
            name = people[id].text("name")
            probes += _probes(asked_of[id], Group.NEIGHBOUR, None, name, tally)
    return assembled("kbench", subjects, probes, tally, draw)


def _published(path: Path) -> Path:
    inner = path / "data" / "pii_facts"
    return inner if inner.is_dir() else path


def _read(path: Path) -> tuple[dict[str, Row], list[Row], Mapping[str, str]]:
    if present(path, "people"):
        mend = "give the folder that holds people and queries"
        rows = read_rows(required(path, "people", mend))
        sets = {row.text("id"): row.text("set") for row in rows}
        queries = read_rows(required(path, "queries", mend))
    else:
        folder = _published(path)
        mend = "give K-Bench's data/pii_facts"
        rows = read_rows(required(folder, "v1_facts", mend))
        queries = read_rows(required(folder, "v1_queries", mend))
        sets = {id: kind for kind in ("forget", "retain") for id in _ids(folder, kind)}
    return {row.text("id"): row for row in rows}, queries, sets


def _ids(folder: Path, kind: str) -> list[str]:
    path = folder / f"{kind}_ids_eval.txt"
    if not path.is_file():
        raise DataSetError(f"{path} is missing: K-Bench says by it who is asked for")
    return path.read_text("utf-8").split()


def _subject(row: Row) -> Subject:
    name = row.text("name")
    values = {field: row.text(field) for field in SAID}
    facts = tuple(form.format(name=name, value=values[f]) for f, form in SAID.items())
    request = request_for(name, row.maybe("bio"))
    own = (values["address"],)
    return Subject(row.text("id"), name, request, (name,), facts, own, "person")


def _probes(
    rows: list[Row], group: Group, subject: Subject | None, name: str, tally: Tally
) -> list[Probe]:
    beside: dict[str, Any] = {"about": name, "family": "neighbour"} if name else {}
    kind = {"neighbour_kind": "person"} if name else {}
    return [
        probe
        for row in rows
        for probe in asked(
            row.text("query_id"),
            group,
            row.text("query"),
            row.text("ground_truth"),
            subject,
            tally,
            metadata={"kind": row.text("field"), **kind},
            **beside,
        )
    ]
