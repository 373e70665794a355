"""The table of the cells, at the end. The scripts run in the environments of their clients, not in
the project's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

import pytest

from .cells import Cell
from .stand import Stand, standing

__all__ = ["Table"]

Table: TypeAlias = list[Cell]

collect_ignore = ["scripts"]
_CELLS: Table = []


@pytest.fixture(scope="session")
def table() -> Table:
    """The cells that were asked."""
    return _CELLS


@pytest.fixture(scope="package")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Both servers."""
    with standing(tmp_path_factory.mktemp("clients")) as running:
        yield running


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    if not _CELLS:
        return
    marks = {(c.client, c.form, c.door, c.kind): c.mark for c in _CELLS}
    doors = [(door, kind) for door in ("proxy", "wrapped") for kind in ("clear", "near")]
    terminalreporter.section("clients")
    head = "".join(f"{f'{door}, {kind}':15} " for door, kind in doors)
    terminalreporter.write_line(f"{'client':18}{'form':42}{head}")
    for client, form in dict.fromkeys((c.client, c.form) for c in _CELLS):
        told = "".join(f"{marks.get((client, form, *door), '-'):15} " for door in doors)
        terminalreporter.write_line(f"{client:18}{form:42}{told}")
    counts = [c.mark for c in _CELLS]
    for mark in dict.fromkeys(counts):
        terminalreporter.write_line(f"{counts.count(mark)} cells: {mark}")
    for why in dict.fromkeys(c.excuse for c in _CELLS if c.mark == "expected"):
        terminalreporter.write_line(f"expected: {why}")
