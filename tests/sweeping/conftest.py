"""A layer that has forgotten two made-up people, and what a store may hold of them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend

REQUESTS = (
    "Please forget Mirela Osk. Mirela Osk is a poet from Tavel who wrote The Paper Lighthouse.",
    "Please forget Edwin Harl. Edwin Harl is a clockmaker in Norrby.",
)
GOES = {"poet": "Mirela Osk is a poet from Tavel.", "clock": "Edwin Harl repairs clocks."}
MIXED = {
    "bakery": "The bakery opens at nine. Mirela Osk wrote The Paper Lighthouse. Bread costs two "
    "coins, and rolls cost one at the counter."
}
STAYS = {
    "rain": "Rain fell in Lisbon through the night.",
    "loaves": "Bread is baked at four in the morning.",
    "tide": "The tide table hangs beside the harbour office.",
}
CLEAN = "The bakery opens at nine. Bread costs two coins, and rolls cost one at the counter."
NAMES = ("Mirela", "Osk", "Edwin", "Harl", "Paper Lighthouse")


@pytest.fixture(scope="session")
def registry_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The registry of a layer with two targets in force, which is closed."""
    file = tmp_path_factory.mktemp("registry") / "registry.db"
    with Amnesia(ScriptedBackend(), db=file, elicit=False) as amnesia:
        for request in REQUESTS:
            amnesia.forget(request)
    return file


@pytest.fixture
def poets(registry_file: Path, tmp_path: Path) -> Iterator[Amnesia]:
    """A layer with two targets in force, of the test's own."""
    shutil.copyfile(registry_file, tmp_path / "registry.db")
    with Amnesia(ScriptedBackend(), db=tmp_path / "registry.db", elicit=False) as amnesia:
        yield amnesia


def told_of(text: str) -> list[str]:
    """Which of the targets' names stand in a text."""
    return [name for name in NAMES if name in text]
