"""Fixtures for all tests: a layer around a scripted model, on a database of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.patience import PATIENCE

pytest_plugins = [
    "amnestic.testing.fixtures",
    "tests.sharing",
    "tests.postgresql",
    "tests.thoroughness",
]

# Read when torch is imported, here and in the processes that tests start. The models of the tests
# are so small that a second thread mostly waits, and waiting takes a core as working does.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Where nothing may be written beside the sources, each process that tests start compiles the
# package anew, which takes it half a second.
sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
# So that a busy machine is not taken for an agent or a model that does not answer.
os.environ.setdefault("AMNESTIC_AGENT_TIMEOUT", str(PATIENCE))
os.environ.setdefault("AMNESTIC_MODEL_TIMEOUT", str(PATIENCE))


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """The layer runs in asyncio, whatever else is installed beside it."""
    return "asyncio"


@pytest.fixture
def layer(tmp_path: Path) -> Iterator[Callable[..., Amnesia]]:
    """Makes layers: `layer("a reply", elicit=False)`; all are closed after the test."""
    with ExitStack() as opened:

        def make(model: Any = "I see.", **settings: Any) -> Amnesia:
            backend = ScriptedBackend(default=model) if isinstance(model, str) else model
            given = {"db": tmp_path / "registry.db", "elicit": False, **settings}
            return opened.enter_context(Amnesia(backend, **given))

        yield make
