"""What is kept of the last conversations."""

from __future__ import annotations

import os
from pathlib import Path

from amnestic.server.recent import Recent
from amnestic.types import Receipt, Stage


def _receipt(at: float, *targets: str) -> Receipt:
    stages = (Stage(name="vet", ms=1.26), Stage(name="generate", ms=900.0))
    return Receipt(id="r", route="abstained", stages=stages, targets=targets, at=at)


def test_the_newest_are_first_and_the_oldest_make_room() -> None:
    recent = Recent()
    for i in range(1_200):
        recent.note(_receipt(i), "default")
    seen = recent.seen()
    assert [one.at for one in seen] == [float(i) for i in range(1_199, 699, -1)]
    assert seen[0].added_ms == 1.3


def test_rings_of_several_workers_are_told_together(tmp_path: Path) -> None:
    here, there = Recent(tmp_path), tmp_path / "recent-999999"
    here.note(_receipt(1.0, "t-1"), "default")
    there.write_bytes((tmp_path / f"recent-{os.getpid()}").read_bytes())
    here.note(_receipt(2.0, "t-2"), "tenant")
    assert [one.targets for one in here.seen()] == [("t-2",), ("t-1",), ("t-1",)]
    there.write_bytes(b'[1, "cle' + b" " * 600)  # a worker that is just writing
    assert [one.space for one in here.seen()] == ["tenant", "default"]


def test_ids_and_namespaces_of_any_length_fit() -> None:
    recent = Recent()
    recent.note(_receipt(1.0, *[f"t-{i:038}" for i in range(50)], "x" * 200), "ö" * 400)
    (seen,) = recent.seen()
    assert all(len(target) <= 40 for target in seen.targets)
