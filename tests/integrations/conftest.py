"""One layer for the tests of a module: a person of our own invention is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from amnestic.testing.fixtures import *  # noqa: F403
from amnestic.testing.leaks import CallbackRecorder

from .canary import FORGET, TraceSession, traced


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """A layer in which one invented person is forgotten, and which asks nobody twice: the models of
    these tests count their calls."""
    path: Path = tmp_path_factory.mktemp("layer") / "registry.db"
    with Amnesia(ScriptedBackend(), db=path, elicit=False, rewrite_by="edit") as amnesia:
        amnesia.forget(FORGET)
        yield amnesia


@pytest.fixture(scope="module")
def asking_layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """The same, where the wrapped model is asked again when it leaks."""
    path: Path = tmp_path_factory.mktemp("asking") / "registry.db"
    with Amnesia(ScriptedBackend(), db=path, elicit=False, rewrite_by="again") as amnesia:
        amnesia.forget(FORGET)
        yield amnesia


@pytest.fixture
def traces() -> Iterator[TraceSession]:
    """What LangSmith would be sent during the test."""
    with traced() as session:
        yield session


@pytest.fixture
def recorder() -> CallbackRecorder:
    """A callback handler that keeps all that it is told."""
    return CallbackRecorder()
