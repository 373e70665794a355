"""The table of the cells, at the end, which is kept as well. The scripts run in the environments of
their clients, not in the project's own."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from .cells import Run
from .results import DOORS, QUESTIONS, write
from .stand import Stand, standing

collect_ignore = ["scripts"]
_RUN = Run()


@pytest.fixture(scope="session")
def run() -> Run:
    """What was asked."""
    return _RUN


@pytest.fixture(scope="package")
def stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stand]:
    """Both servers."""
    with standing(tmp_path_factory.mktemp("clients")) as running:
        yield running


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print the table."""
    cells = _RUN.cells
    if not cells:
        return
    marks = {(c.client, c.form, c.door, c.kind): c.mark for c in cells}
    doors = [(door, kind) for door in DOORS for kind in QUESTIONS]
    terminalreporter.section("clients")
    head = "".join(f"{f'{door}, {kind}':15} " for door, kind in doors)
    terminalreporter.write_line(f"{'client':18}{'asked for':42}{head}")
    for client, form in dict.fromkeys((c.client, c.form) for c in cells):
        told = "".join(f"{marks.get((client, form, *door), '-'):15} " for door in doors)
        terminalreporter.write_line(f"{client:18}{form:42}{told}")
    counts = [c.mark for c in cells]
    for mark in dict.fromkeys(counts):
        terminalreporter.write_line(f"{counts.count(mark)} cells: {mark}")
    for why in dict.fromkeys(c.excuse for c in cells if c.mark == "expected"):
        terminalreporter.write_line(f"expected: {why}")
    write(_RUN.results())
