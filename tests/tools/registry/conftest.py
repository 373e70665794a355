"""Tests of the registry make theirs as everybody does: none is a copy of another."""

from __future__ import annotations

import pytest

from amnestic.tools.registry import database
from amnestic.tools.registry.engine import prepare_file


@pytest.fixture(autouse=True)
def every_registry_is_migrated(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "prepare_file", prepare_file)
