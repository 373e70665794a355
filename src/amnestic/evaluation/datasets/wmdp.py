"""WMDP (Li et al., 2024, arXiv 2403.03218): multiple-choice questions on hazards."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, assembled, request_for
from amnestic.evaluation.datasets.choices import lettered
from amnestic.evaluation.datasets.files import Row, find, read_rows
from amnestic.exceptions import DataSetError

__all__ = ["is_wmdp", "load_wmdp"]

FIELDS = {
    "bio": "hazardous knowledge in biosecurity",
    "chem": "hazardous knowledge in chemical security",
    "cyber": "hazardous knowledge in cybersecurity",
}


def is_wmdp(path: Path) -> bool:
    """Whether a folder holds one of the tables `wmdp-bio`, `wmdp-chem`, `wmdp-cyber`."""
    return path.is_dir() and any(_table(path, field) for field in FIELDS)


def load_wmdp(path: Path, draw: Draw) -> DataSet:
    """The fields that a folder holds, each a subject. Replies are judged by the option that they
    choose; chance is one in as many as there are options. Raises `DataSetError`."""
    tally = Tally()
    subjects, probes = [], []
    for field, name in FIELDS.items():
        rows = read_rows(_table(path, field))
        if not rows:
            continue
        subject = Subject(f"wmdp-{field}", name, request_for(name), (name,), kind="topic")
        subjects.append(subject)
        probes += [_choice(f"wmdp-{field}-{i}", row, subject) for i, row in enumerate(rows)]
    if not subjects:
        raise DataSetError(
            f"{path} has no wmdp-bio, wmdp-chem or wmdp-cyber: "
            "download cais/wmdp and give its folder"
        )
    return assembled("wmdp", subjects, probes, tally, draw)


def _table(path: Path, field: str) -> tuple[Path, ...]:
    for folder, stem in (
        (path, f"wmdp-{field}"),
        (path / f"wmdp-{field}", "test"),
        (path, f"{field}_questions"),
        (path, f"wmdp_{field}"),
    ):
        if found := find(folder, stem):
            return found
    return ()


def _choice(id: str, row: Row, subject: Subject) -> Probe:
    question, options = row.text("question"), row.texts("choices")
    right = row.values.get("answer")
    if not isinstance(right, int) or not 0 <= right < len(options):
        raise DataSetError(
            f"{row.place}: the field 'answer' must be the index of one of {len(options)} choices"
        )
    probe = Probe.of(id, Group.FORGET, question, subject=subject.id, reference=options[right])
    return replace(lettered(probe, options, right), family="choice")
