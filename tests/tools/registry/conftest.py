"""Where a registry is to be made as everybody makes theirs, and is no copy of another."""

from __future__ import annotations

import pytest

from amnestic.tools.registry import database
from amnestic.tools.registry.engine import prepare_file


@pytest.fixture
def own_migration(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files of the test's registries are no copies of a migrated one (see `tests/sharing.py`)."""
    monkeypatch.setattr(database, "prepare_file", prepare_file)
