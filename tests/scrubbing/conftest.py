"""A layer that has forgotten two made-up people, and what is in force in it."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Iterator
from multiprocessing import forkserver
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.scrubbing import Snapshot, workers
from amnestic.scrubbing.judging import Judge
from amnestic.testing import ScriptedBackend

# Read by the process that scripts are forked from: here it would change what other tests find.
collect_ignore = ["ready.py"]

REQUESTS = (
    "Please forget Mirela Osk. Mirela Osk is a poet from Tavel who wrote The Paper Lighthouse.",
    "Please forget Edwin Harl. Edwin Harl is a clockmaker in Norrby.",
)


@pytest.fixture(scope="package", autouse=True)
def ready_workers() -> Iterator[None]:
    """Workers are forked from a process that has loaded what they need, and nothing else: each of a
    hundred would take two seconds for that. Those of the command (`killed_run.py`, `tests/cli`)
    are spawned as everybody's are."""
    context = multiprocessing.get_context("forkserver")
    ready = [workers.__name__, "amnestic.assembly", "faiss", "tests.scrubbing.ready"]
    context.set_forkserver_preload(ready)
    with pytest.MonkeyPatch.context() as patched:
        here = SimpleNamespace(get_context={"spawn": context}.__getitem__)
        patched.setattr(workers, "multiprocessing", here)
        yield
    forkserver._forkserver._stop()  # waits for it, so that what it took is counted
    context.set_forkserver_preload(["__main__"])  # as it was, for tests of other rooms


@pytest.fixture(scope="session")
def poets(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """A layer with two targets in force."""
    folder = tmp_path_factory.mktemp("poets")
    with Amnesia(ScriptedBackend(), db=folder / "r.db", elicit=False) as amnesia:
        for request in REQUESTS:
            amnesia.forget(request)
        yield amnesia


@pytest.fixture(scope="session")
def snapshot(poets: Amnesia) -> Snapshot:
    """The two targets."""
    return Snapshot.of(poets)


@pytest.fixture(scope="session")
def judge(snapshot: Snapshot) -> Judge:
    """A judge by the two targets."""
    return snapshot.judge()


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., Path]:
    """Makes a folder of files: `corpus({"a.txt": "text", "b.bin": b"bytes"})`."""

    def make(files: dict[str, Any]) -> Path:
        folder = tmp_path / "corpus"
        for name, told in files.items():
            place = folder / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(told if isinstance(told, bytes) else told.encode())
        return folder

    return make
