"""`amnestic scrub`: what its options say, and where the targets come from."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic import scrubbing as room
from amnestic.cli import main
from amnestic.exceptions import CorpusError

Run = Callable[..., int]


@pytest.fixture
def place(layer: Callable[..., Amnesia], tmp_path: Path) -> Path:
    """A snapshot of one target, beside a folder `in` with a text that tells of it."""
    amnesia = layer()
    amnesia.forget("Please forget Mirela Osk. Mirela Osk is a poet.")
    file = tmp_path / "targets.jsonl"
    room.Snapshot.of(amnesia).save(file)
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("It rained.\n\nMirela Osk came.\n")
    return file


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Run the command, and give how it ended."""
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> int:
        monkeypatch.setattr(sys, "argv", ["amnestic", "scrub", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        return int(ended.value.code or 0)

    return command


def test_a_machine_without_the_registry_scrubs_by_a_snapshot(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("in", "out", "--snapshot", place.name, "--workers", "1") == 0
    assert (place.parent / "out" / "a.txt").read_text().strip() == "It rained."
    assert "files: 1 changed" in capsys.readouterr().out


def test_a_snapshot_and_a_registry_are_refused_together(
    place: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("in", "out", "--snapshot", place.name, "--db", "r.db") == 2
    assert "a snapshot has its targets" in capsys.readouterr().err


def test_what_is_to_be_scrubbed_is_asked_for(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    assert run() == 2
    assert "Missing argument 'IN'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("told", "address"),
    [
        (["in", "out", "--ray"], "auto"),
        (["in", "out", "--ray", "local"], "local"),
        (["--ray", "--workers", "2", "in", "out"], "auto"),
        (["in", "out", "--ray=ray://head:10001"], "ray://head:10001"),
        (["in", "out"], None),
    ],
)
def test_ray_may_stand_without_an_address(
    told: list[str],
    address: str | None,
    place: Path,
    run: Run,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seen: list[Any] = []

    def ended(*given: Any) -> None:
        seen.extend(given)
        raise CorpusError("enough")

    monkeypatch.setattr(room, "scrub_files", ended)
    assert run(*told, "--snapshot", place.name) == 2
    assert [str(seen[1]), str(seen[2]), seen[3].ray] == ["in", "out", address]
