"""`amnestic sweep`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amnestic import Amnesia
from amnestic.cli.app import app
from amnestic.testing import ScriptedBackend


@pytest.fixture
def db(tmp_path: Path) -> str:
    place = tmp_path / "r.db"
    with Amnesia(ScriptedBackend(), db=place, elicit=False) as amnesia:
        amnesia.forget("Please forget Mirela Osk. Mirela Osk is a poet from Tavel.")
    return str(place)


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    folder = tmp_path / "logs"
    folder.mkdir()
    (folder / "app.log").write_text("rain\nMirela Osk came.\n")
    return folder


def test_a_sweep_says_what_went_and_ends_with_zero(db: str, logs: Path) -> None:
    dry = CliRunner().invoke(app, ["sweep", f"logs:{logs}", "--dry-run", "--db", db])
    assert dry.exit_code == 0, dry.output
    assert "would go: remove  app.log:2" in dry.output
    assert (logs / "app.log").read_text() == "rain\nMirela Osk came.\n"
    told = CliRunner().invoke(app, ["sweep", f"logs:{logs}", "--db", db])
    assert told.exit_code == 0, told.output
    assert (logs / "app.log").read_text() == "rain\n"
    trail = CliRunner().invoke(app, ["trail", "--db", db])
    assert "1 removed, 0 rewritten, 0 left" in trail.output


def test_a_store_that_cannot_be_opened_is_said_and_the_others_are_swept(
    db: str, logs: Path
) -> None:
    given = ["sweep", "logs:/no/such", "nosuch:x", f"logs:{logs}", "--db", db, "--json"]
    told = CliRunner().invoke(app, given)
    assert told.exit_code == 1
    reports = json.loads(told.stdout)
    assert [bool(r["error"]) for r in reports] == [True, True, False]
    assert reports[2]["removed"] == 1
    assert "Mirela" not in told.output
