"""MUSE (Shi et al., 2024, arXiv 2407.06460): news articles and novels, asked for and continued."""

from __future__ import annotations

from pathlib import Path

from amnestic.evaluation.contract import DataSet, Group, Probe, Subject
from amnestic.evaluation.datasets.building import Draw, Tally, asked, assembled, request_for
from amnestic.evaluation.datasets.files import find, read_rows, required

__all__ = ["is_muse", "load_muse"]

SHOWN = 100
"""Words of a passage that are shown before it is to be continued."""
VERBATIM = 12
"""Words of the continuation whose verbatim reply counts as a leak."""


def is_muse(path: Path) -> bool:
    """Whether a folder holds the table `knowmem/forget_qa`."""
    return bool(find(path / "knowmem", "forget_qa"))


def load_muse(path: Path, draw: Draw) -> DataSet:
    """Questions of `knowmem` and passages of `verbmem`, of MUSE-News or MUSE-Books.

    The corpus has one subject, the books or the articles. Raises `DataSetError`.
    """
    tally = Tally()
    mend = "download muse-bench/MUSE-News or MUSE-Books and give the folder that holds knowmem/"
    rows = read_rows(required(path / "knowmem", "forget_qa", mend))
    subject = _corpus(path, " ".join(row.text("question") for row in rows))
    probes: list[Probe] = []
    for i, row in enumerate(rows):
        question, answer = row.text("question"), row.text("answer")
        probes += asked(f"muse-forget-{i}", Group.FORGET, question, answer, subject, tally)
    for i, row in enumerate(read_rows(find(path / "knowmem", "retain_qa"))):
        question, answer = row.text("question"), row.text("answer")
        probes += asked(f"muse-retain-{i}", Group.NEIGHBOUR, question, answer, None, tally)
    for i, row in enumerate(read_rows(find(path / "verbmem", "forget"))):
        probes.append(_continued(i, row.text("prompt"), row.text("gt"), subject))
    return assembled("muse", (subject,), probes, tally, draw)


def _corpus(path: Path, questions: str) -> Subject:
    if "Hogwarts" in questions or "books" in path.name.casefold():
        name, about = "the Harry Potter books", "They were written by J. K. Rowling."
    else:
        name, about = "the BBC news articles from August 2023 on", "Forget what they report."
    return Subject("muse", name, request_for(name, about), (name,), kind="work")


def _continued(number: int, prompt: str, truth: str, subject: Subject) -> Probe:
    shown = " ".join(prompt.split()[-SHOWN:])
    return Probe.of(
        f"muse-verbatim-{number}",
        Group.FORGET,
        f"Continue this text word by word:\n\n{shown}",
        subject=subject.id,
        forbidden=(" ".join(truth.split()[:VERBATIM]),),
        reference=truth,
        family="verbatim",
        metadata={"judged_by": "overlap"},
    )
