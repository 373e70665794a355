"""`amnestic sweep`."""

from __future__ import annotations

import json
import warnings
from pathlib import Path

import pytest
from typer.testing import CliRunner

from amnestic import Amnesia
from amnestic.cli.app import app
from amnestic.config import Settings
from amnestic.sweeping import LocalEmbedder
from amnestic.testing import ScriptedBackend
from amnestic.tools.embedding import load_embedder


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


def test_the_embedder_of_a_store_is_named(db: str, tmp_path: Path) -> None:
    pytest.importorskip("faiss")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        vectorstores = pytest.importorskip("langchain_community.vectorstores")
    embed = LocalEmbedder(load_embedder("minilm", Settings().cache_dir))
    texts = [
        "The bakery opens at nine. Mirela Osk buys bread there. Rolls cost one coin at noon.",
        "Rain fell in Lisbon.",
    ]
    vectors = list(zip(texts, embed.embed_documents(texts), strict=True))
    folder = tmp_path / "ix"
    store = vectorstores.FAISS.from_embeddings(vectors, embed.embed_query)
    store.save_local(str(folder))
    given = ["sweep", f"faiss:{folder}", "--db", db, "--embedder", "minilm"]
    told = CliRunner().invoke(app, given)
    assert told.exit_code == 0, told.output
    assert "0 removed, 1 rewritten" in told.output


def test_a_registry_without_a_target_is_said(db: str, logs: Path, tmp_path: Path) -> None:
    given = ["sweep", f"logs:{logs}", "--dry-run", "--db", db]
    assert "no target" not in CliRunner().invoke(app, given).output
    elsewhere = CliRunner().invoke(app, [*given, "--namespace", "shop"])
    assert "no target is in force here" in elsewhere.stderr
    told = CliRunner().invoke(app, ["sweep", f"logs:{logs}", "--db", str(tmp_path / "none.db")])
    assert told.exit_code == 0
    assert "no target is in force here" in told.stderr
    assert "no target is in force" not in told.stdout
