"""TOFU (Maini et al., 2024, arXiv 2401.06121): made-up authors, twenty questions on each."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.files import Row, find, read_rows, required
from amnestic.evaluation.datasets.strings import names_of_person
from amnestic.exceptions import DataSetError

__all__ = ["is_tofu", "load_tofu"]

PER_AUTHOR = 20
_FORGET = ("forget10", "forget05", "forget01")
_RETAIN = {"forget10": "retain90", "forget05": "retain95", "forget01": "retain99"}
_NAME = re.compile(r"[A-Z][\w’'-]*\w(?: (?:(?:bin|ibn|al|de|da|van|von) )?[A-Z][\w’'-]*\w\.?)+")
_OPENS = frozenset(
    "what who where when which how has have is are was were did does do can could in the".split()
)


def is_tofu(path: Path) -> bool:
    """Whether a path is a forget table of TOFU or a folder that holds one."""
    return bool(_forget_table(path))


def load_tofu(path: Path, draw: Draw) -> DataSet:
    """The largest forget table of a folder, or the one that is given as a file, with its retain
    table as neighbours, real authors and world facts as unrelated. Raises `DataSetError`."""
    found = _forget_table(path)
    if found is None:
        required(path, "forget10", "download locuslab/TOFU and give its folder")
        raise DataSetError(f"{path} is no forget table of TOFU: give forget10.json or its folder")
    folder, stem = found
    tally = Tally()
    authors = _authors(read_rows(_table(folder, stem)), f"{folder}/{stem}")
    authors = draw.taken(authors, draw.subjects, "authors")
    other = _by_question(read_rows(find(folder, f"{stem}_perturbed")))
    subjects: list[Subject] = []
    probes: list[Probe] = []
    for number, rows in authors:
        subject = _author(number, rows)
        subjects.append(subject)
        for i, row in enumerate(rows):
            probes += _asked_twice(f"tofu-{number}-{i}", row, subject, other, tally)
    if not other:
        tally.lines.append(f"{stem}_perturbed is not there: no paraphrased questions")
    for stem_beside, group in (
        (_RETAIN[stem], Group.NEIGHBOUR),
        ("real_authors", Group.UNRELATED),
        ("world_facts", Group.UNRELATED),
    ):
        table = _table(folder, stem_beside)
        if not table:
            tally.lines.append(f"{stem_beside} is not there: nothing of it is asked")
        for i, row in enumerate(read_rows(table)):
            question, answer = row.text("question"), row.text("answer")
            probes += asked(f"tofu-{stem_beside}-{i}", group, question, answer, None, tally)
    return assembled("tofu", subjects, probes, tally, draw)


def _forget_table(path: Path) -> tuple[Path, str] | None:
    stem = path.stem.removesuffix("_dataset")
    if path.is_file() and stem in _FORGET:
        return path.parent, stem
    for stem in _FORGET:
        if path.is_dir() and _table(path, stem):
            return path, stem
    return None


def _table(folder: Path, stem: str) -> tuple[Path, ...]:
    """The card's first revisions call the tables `forget10_dataset.json`."""
    return find(folder, stem) or find(folder, f"{stem}_dataset")


def _authors(rows: Sequence[Row], where: str) -> list[tuple[int, Sequence[Row]]]:
    if not rows or len(rows) % PER_AUTHOR:
        raise DataSetError(
            f"{where} holds {len(rows)} rows, not {PER_AUTHOR} for each author: download it again"
        )
    return [
        (start // PER_AUTHOR, rows[start : start + PER_AUTHOR])
        for start in range(0, len(rows), PER_AUTHOR)
    ]


def _author(number: int, rows: Sequence[Row]) -> Subject:
    """The author of twenty rows. No field names it: it is the name that most rows say."""
    said: Counter[str] = Counter()
    for row in rows:
        said.update(set(_names(f"{row.text('question')} {row.text('answer')}")))
    if not said:
        raise DataSetError(f"{rows[0].place}: no row of this author says a name")
    name = max(said, key=lambda n: (said[n], len(n)))
    facts = tuple(row.text("answer") for row in rows)
    return Subject(
        f"tofu-{number}",
        name,
        request_for(name, f"{name} is an author."),
        names_of_person(name),
        facts,
        kind="person",
    )


def _names(text: str) -> Iterator[str]:
    for match in _NAME.finditer(text):
        words = re.sub(r"['’]s$", "", match.group()).split()
        while words and words[0].casefold() in _OPENS:
            words = words[1:]
        if len(words) > 1:
            yield " ".join(words)


def _by_question(rows: Sequence[Row]) -> dict[str, Row]:
    return {row.text("question"): row for row in rows}


def _asked_twice(
    id: str, row: Row, subject: Subject, other: dict[str, Row], tally: Tally
) -> Iterator[Probe]:
    question, answer = row.text("question"), row.text("answer")
    yield from asked(id, Group.FORGET, question, answer, subject, tally)
    more = other.get(question)
    if more is None:
        return
    if again := more.maybe("paraphrased_question"):
        wrong = more.texts("perturbed_answer")
        for probe in asked(f"{id}-again", Group.FORGET, again, answer, subject, tally):
            metadata = {**probe.metadata, "wrong_answers": wrong}
            yield replace(probe, family="paraphrase", metadata=metadata)
