"""Any set of questions as JSON Lines, in the fields that this module lists."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.choices import lettered
from amnestic.evaluation.datasets.files import Row, read_rows
from amnestic.exceptions import DataSetError

__all__ = ["FIELDS", "is_jsonlines", "load_jsonlines"]

FIELDS = {
    "question": "what is asked",
    "answer": "the right answer, or a list of forms of it",
    "target": "the name of what is to be forgotten; may be left out where nothing is",
    "kind": "`forget`, `combined`, `neighbour` or `unrelated`",
    "id": "what the row is called; its number otherwise",
    "request": "the plain words that ask to forget the target, once for each target",
    "aliases": "other names of the target",
    "facts": "whole sentences that are true of the target",
    "forbidden": "strings of which none may stand in a reply, in place of the answer",
    "keep": "pieces that must stand in any reply to a `combined` row",
    "options": "the choices of a multiple-choice question, the answer among them",
    "family": "the family under which its figures are counted; `plain` otherwise",
}
"""The fields of a row; the first two are needed, and `target` where something is forgotten."""


def is_jsonlines(path: Path) -> bool:
    """Whether a file, or every `.jsonl` of a folder, has rows with `question` and `kind`."""
    tables = _tables(path)
    first = [row for table in tables[:1] for row in read_rows((table,))[:1]]
    return bool(first) and {"question", "kind"} <= set(first[0].values)


def load_jsonlines(path: Path, draw: Draw) -> DataSet:
    """The rows of a file or of a folder's `.jsonl` files. Raises `DataSetError`."""
    rows = read_rows(_tables(path))
    if not rows:
        raise DataSetError(f"{path} has no rows: give a .jsonl file with {', '.join(FIELDS)}")
    subjects = _subjects(rows)
    drawn = draw.taken(list(subjects.values()), draw.subjects, "targets")
    tally = Tally()
    kept = {subject.id for subject in drawn}
    probes = [
        probe
        for number, row in enumerate(rows, start=1)
        for probe in _probes(number, row, subjects.get(row.maybe("target")), kept, tally)
    ]
    return assembled(path.stem, drawn, probes, tally, draw)


def _tables(path: Path) -> list[Path]:
    return [path] if path.is_file() else sorted(path.glob("*.jsonl"))


def _subjects(rows: Sequence[Row]) -> dict[str, Subject]:
    """One subject for each target that a forget row names, with what all of its rows tell."""
    found: dict[str, Subject] = {}
    for row in rows:
        if not _group(row).forgets:
            continue
        name = row.text("target")
        had = found.get(name, Subject(f"target-{len(found)}", name, "", (name,)))
        found[name] = replace(
            had,
            request=row.maybe("request") or had.request,
            names=tuple(dict.fromkeys((*had.names, *row.texts("aliases")))),
            facts=tuple(dict.fromkeys((*had.facts, *row.texts("facts")))),
        )
    return {n: replace(s, request=s.request or request_for(n)) for n, s in found.items()}


def _group(row: Row) -> Group:
    kind = row.text("kind")
    try:
        return Group(kind)
    except ValueError:
        known = ", ".join(group.value for group in Group)
        raise DataSetError(f"{row.place}: the kind {kind!r} is none of {known}") from None


def _probes(
    number: int, row: Row, subject: Subject | None, kept: set[str], tally: Tally
) -> Iterator[Probe]:
    if subject and subject.id not in kept:
        return
    id, group, answers = row.maybe("id", str(number)), _group(row), row.texts("answer")
    if not answers and not row.texts("forbidden") and group.forgets:
        raise DataSetError(f"{row.place}: the field 'answer' must hold text")
    made = asked(
        id,
        group,
        row.text("question"),
        answers[0] if answers else row.texts("forbidden")[0] if group.forgets else "",
        subject,
        tally,
        family=row.maybe("family", "plain"),
        keep=tuple((piece,) for piece in row.texts("keep")),
    )
    for probe in made:
        yield _filled(row, probe, answers)


def _filled(row: Row, probe: Probe, answers: Sequence[str]) -> Probe:
    """The probe with what its row says in place of what its answer suggests."""
    if options := row.texts("options"):
        if answers[0] not in options:
            raise DataSetError(f"{row.place}: 'options' does not hold the answer")
        return lettered(probe, options, options.index(answers[0]))
    if probe.group.forgets and (told := row.texts("forbidden")):
        probe = replace(probe, forbidden=told)
    elif probe.group.forgets and len(answers) > 1:
        probe = replace(probe, forbidden=tuple(dict.fromkeys((*probe.forbidden, *answers))))
    if len(answers) > 1 and probe.expected:
        forms = tuple(dict.fromkeys((*probe.expected[0], *answers)))
        probe = replace(probe, expected=(forms, *probe.expected[1:]))
    return replace(probe, expected=(*probe.expected, *probe.keep))
