"""A sweep that is killed leaves a store whole, and the next one ends what it began."""

from __future__ import annotations

import signal
import sqlite3
import warnings
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.sweeping import sweep, sweeps_of
from tests.prepared import run
from tests.sweeping.conftest import GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings

KILLED = """
import warnings; warnings.simplefilter("ignore")
from tests.sweeping.killed_sweep import main; main()
"""
EVERY = {**GOES, **STAYS, **MIXED}


def killed(step: int, address: str, poets: Amnesia) -> bool:
    """Sweep in a process that is killed at a step; whether it came so far."""
    done = run(KILLED, str(step), address, str(poets.settings.db))
    assert done.returncode in (-signal.SIGKILL, 0), done.stderr
    return done.returncode != 0


def make_store(file: Path) -> None:
    """A store of LangGraph in a SQLite file."""
    connection = sqlite3.connect(file)
    connection.execute("CREATE TABLE store (prefix text, key text, value text)")
    for name, text in EVERY.items():
        connection.execute(
            "INSERT INTO store VALUES ('m', ?, json_object('text', ?))", [name, text]
        )
    connection.commit()
    connection.close()


@pytest.mark.parametrize("step", [1, 3])
def test_a_database_is_as_it_was_or_swept(poets: Amnesia, tmp_path: Path, step: int) -> None:
    file = tmp_path / "s.sqlite"
    make_store(file)

    def told() -> dict[str, str]:
        with sqlite3.connect(file) as connection:
            return dict(connection.execute("SELECT key, value FROM store").fetchall())

    before = told()
    assert killed(step, f"store-sqlite:{file}", poets)
    assert told() == before
    [poet, _] = poets.targets()
    assert [e.state for e in sweeps_of(poets.registry, poet)] == ["begun"]
    report = sweep(f"store-sqlite:{file}", poets)
    assert report.is_clean
    assert {k: v for k, v in told().items() if k in STAYS} == {k: before[k] for k in STAYS}
    assert not told_of(str(told()))


@pytest.mark.parametrize("step", [2, 4, 6])
def test_a_folder_of_faiss_is_whole_for_the_next_sweep(
    poets: Amnesia, tmp_path: Path, step: int
) -> None:
    pytest.importorskip("faiss")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        vectorstores = pytest.importorskip("langchain_community.vectorstores")
    folder = tmp_path / "ix"
    store = vectorstores.FAISS.from_texts(list(EVERY.values()), WordEmbeddings(), ids=list(EVERY))
    store.save_local(str(folder))
    killed(step, f"faiss:{folder}", poets)
    assert sweep(f"faiss:{folder}", poets).is_clean
    read: Any = vectorstores.FAISS.load_local(
        str(folder), WordEmbeddings(), allow_dangerous_deserialization=True
    )
    assert set(read.docstore._dict) == set(STAYS)
    assert read.index.ntotal == len(STAYS)
    for name, text in STAYS.items():
        [found] = read.similarity_search(text, k=1)
        assert (found.id, found.page_content) == (name, text)
    assert sorted(p.name for p in folder.iterdir()) == ["index.faiss", "index.pkl"]


@pytest.mark.parametrize("step", [1, 3])
def test_a_log_is_as_it_was_or_swept(poets: Amnesia, tmp_path: Path, step: int) -> None:
    folder = tmp_path / "logs"
    folder.mkdir()
    before = "\n".join(EVERY.values()) + "\n"
    (folder / "app.log").write_text(before)
    assert killed(step, f"logs:{folder}", poets)
    lines = (folder / "app.log").read_text().splitlines()
    assert "\n".join(lines) + "\n" == before or not told_of(str(lines))
    assert sweep(f"logs:{folder}", poets).is_clean
    lines = (folder / "app.log").read_text().splitlines()
    assert lines[:3] == list(STAYS.values())
    assert [p.name for p in folder.iterdir()] == ["app.log"]
