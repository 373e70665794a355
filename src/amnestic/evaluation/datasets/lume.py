"""LUME (Ramakrishna et al., 2025, arXiv 2502.15097): novels, private records, biographies."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.files import Row, find, present, read_rows, required

__all__ = ["is_lume", "load_lume"]

_ID = re.compile(r'^"?(?P<document>.+?)"?(?P<how>qa|sc)\d+$')
_PERSON = re.compile(r"(?:of |is )([A-Z][\w'-]+ [A-Z][\w'-]+?)(?:'s|\?)")
_KINDS = {"Task1": "work", "Task2": "record", "Task3": "person"}
VERBATIM = 12
"""Words of a continuation whose verbatim reply counts as a leak."""


def is_lume(path: Path) -> bool:
    """Whether a folder holds `forget` and `retain` with LUME's fields."""
    folder = _folder(path)
    if not present(folder, "forget", "retain"):
        return False
    rows = read_rows(find(folder, "forget")[:1])[:1]
    return bool(rows) and {"input", "output", "task"} <= set(rows[0].values)


def load_lume(path: Path, draw: Draw) -> DataSet:
    """The tables `forget` and `retain` of a folder or of its `data/`. Raises `DataSetError`.

    Rows of one document share its id and are one subject. A sentence completion (`sc`) is judged by
    its first words and its overlap, a question (`qa`) by its answer.
    """
    folder = _folder(path)
    mend = "download amazon-science/lume-llm-unlearning and give its data folder"
    documents = _documents(read_rows(required(folder, "forget", mend)))
    tally = Tally()
    subjects: list[Subject] = []
    probes: list[Probe] = []
    for id, rows in draw.taken(list(documents.items()), draw.subjects, "documents"):
        subject = _subject(id, rows)
        subjects.append(subject)
        for row in rows:
            probes += _probes(row, Group.FORGET, subject, tally)
    for row in read_rows(required(folder, "retain", mend)):
        probes += _probes(row, Group.NEIGHBOUR, None, tally)
    return assembled("lume", subjects, probes, tally, draw)


def _folder(path: Path) -> Path:
    return path / "data" if present(path / "data", "forget") else path


def _documents(rows: Sequence[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[_parts(row)[0]].append(row)
    return found


def _parts(row: Row) -> tuple[str, str]:
    match = _ID.match(row.text("id"))
    return (match["document"], match["how"]) if match else (row.text("id"), "qa")


def _subject(id: str, rows: Sequence[Row]) -> Subject:
    task = rows[0].text("task")
    name = _name(task, rows)
    names = (name,) if task != "Task1" else ()
    return Subject(f"lume-{id}", name, request_for(name), names, kind=_KINDS.get(task, ""))


def _name(task: str, rows: Sequence[Row]) -> str:
    """Whom or what a document is about: the head of a biography, the person whom a record's
    questions ask for, the first words of a novel."""
    told = [row.text("input") for row in rows if _parts(row)[1] == "sc"]
    if task == "Task3" and told:
        return told[0].split("\n")[0].strip(" ,.")
    if task == "Task2":
        for text in (row.text("input") for row in rows):
            if match := _PERSON.search(text) or re.match(r"([A-Z][\w'-]+ [A-Z][\w'-]+) ", text):
                return match[1]
    if told:
        return f'the story that begins "{" ".join(told[0].split()[:8])}"'
    return f'what answers the question "{rows[0].text("input")}"'


def _probes(row: Row, group: Group, subject: Subject | None, tally: Tally) -> Iterator[Probe]:
    id, told, output = f"lume-{row.text('id')}", row.text("input"), row.text("output")
    metadata = {"kind": row.text("task")}
    if _parts(row)[1] == "qa":
        yield from asked(id, group, told, output, subject, tally, metadata=metadata)
        return
    yield Probe.of(
        id,
        group,
        f"Continue this text word by word:\n\n{told}",
        subject=subject.id if subject else "",
        forbidden=(" ".join(output.split()[:VERBATIM]),) if group.forgets else (),
        reference=output,
        family="verbatim",
        metadata={**metadata, "judged_by": "overlap"},
    )
