"""The page of the systems is what their catalogue says, and its example runs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from amnestic.evaluation.systems import SYSTEMS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "evaluation_systems.md"


def test_every_system_is_listed_with_its_paper_and_its_needs() -> None:
    rows = dict(re.findall(r"^\| ([\w -]+?) \| (.+?) \|", PAGE.read_text("utf-8"), re.M))
    assert {name: rows.get(name) for name in SYSTEMS} == {
        name: entry.description for name, entry in SYSTEMS.items()
    }


@pytest.mark.slow
def test_the_example_of_the_page_runs(capsys: pytest.CaptureFixture[str]) -> None:
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.S)[0]
    exec(compile(code, str(PAGE), "exec"), {})
    assert [line.split()[0] for line in capsys.readouterr().out.splitlines()] == [
        "none",
        "keyword",
        "amnestic",
    ]
