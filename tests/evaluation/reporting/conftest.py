"""One report that most tests read."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from amnestic.evaluation.reporting import write_report
from amnestic.evaluation.reporting.reading import RunView, open_runs
from amnestic.evaluation.reporting.report import Written
from tests.evaluation.reporting.made_runs import write_run

FEW = ("plain", "cloze", "combined")


@dataclass(frozen=True)
class Made:
    run: Path
    written: Written
    page: str
    markdown: str

    @property
    def evidence(self) -> dict[str, Any]:
        return evidence_in(self.page)


def evidence_in(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="evidence">(.*?)</script>', page, re.S)
    assert found
    told: dict[str, Any] = json.loads(found[1])
    return told


def made(run: Path, out: Path, **options: Any) -> Made:
    written = write_report([run], out, **options)
    page, markdown = (f.read_text("utf-8") for f in (written.page, written.markdown))
    return Made(run, written, page, markdown)


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory) -> Made:
    folder = tmp_path_factory.mktemp("report")
    return made(write_run(folder / "run", families=FEW, probes=8, seeds=(0, 1)), folder / "out")


@pytest.fixture(scope="session")
def view(report: Made) -> RunView:
    return open_runs([report.run])[0]
