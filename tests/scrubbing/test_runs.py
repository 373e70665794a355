"""Runs that are stopped, crossed, changed under way, or lose a process."""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from amnestic import Amnesia
from amnestic.exceptions import CorpusError
from amnestic.scrubbing import ScrubOptions, Snapshot, scrub_files
from amnestic.scrubbing.formats import Output, Piece
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.workers import Failure, Job, Workers
from tests.prepared import COMMAND, run

FAR = "The ferry leaves the harbour at nine."
NEAR = "Mirela Osk wrote The Paper Lighthouse."
ONE = ScrubOptions(workers=1)
KILLED = "from tests.scrubbing.killed_run import main; main()"

Make = Callable[..., Path]


def _written(out: Path) -> dict[str, bytes]:
    """The files of a run but for its own, whose names begin with a point."""
    return {p.name: p.read_bytes() for p in out.iterdir() if not p.name.startswith(".")}


@pytest.mark.parametrize(
    ("kills", "within"), [(4, 40), pytest.param(40, 15, marks=pytest.mark.slow)]
)
def test_a_run_that_is_killed_loses_and_doubles_nothing(
    corpus: Make, poets: Amnesia, snapshot: Snapshot, tmp_path: Path, kills: int, within: int
) -> None:
    """Killed after so many steps of its own, each time at another place, until it gets through."""
    lines = "".join(
        json.dumps({"id": i, "text": f"{FAR} {NEAR if i % 3 == 0 else ''}"}) + "\n"
        for i in range(30)
    )
    folder = corpus({f"{i:02}.jsonl": lines.replace('"id": ', f'"id": {i}00') for i in range(12)})
    whole = tmp_path / "whole"
    scrub_files(snapshot, folder, whole, ONE)
    out = tmp_path / "out"
    place = str(poets.settings.db)
    draw = random.Random(17)
    killed = 0
    for _ in range(kills):
        killed += _killed(folder, out, place, steps=draw.randrange(1, within))
        if out.exists():
            for name, told in _written(out).items():
                assert told == _written(whole)[name]
    assert killed >= 4, "it got through too soon"
    done = run(COMMAND, "scrub", str(folder), str(out), "--db", place, "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["files"] == {"changed": 12}
    assert _written(out) == _written(whole)
    assert sorted(p.name for p in out.iterdir() if p.name.startswith(".")) == [
        ".amnestic-scrub.jsonl",
        ".amnestic-scrub.lock",
    ]


def _killed(folder: Path, out: Path, db: str, *, steps: int) -> bool:
    """Start the command and kill it and its processes as soon as it has made so many of the system
    calls by which files are made, written, renamed and brought to the disk; whether it made them.
    """
    killed = run(KILLED, str(steps), str(folder), str(out), db)
    assert killed.returncode in (-signal.SIGKILL, 0), killed.stderr[-2_000:]
    return killed.returncode != 0


def test_what_was_done_stands_and_what_changed_is_done_anew(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder = corpus({"a.txt": FAR, "b.txt": f"{FAR}\n\n{NEAR}"})
    out = tmp_path / "out"
    first = scrub_files(snapshot, folder, out, ONE)
    again = scrub_files(snapshot, folder, out, ONE)
    assert (first.resumed, again.resumed) == (0, 2)
    assert (again.files, again.targets) == (first.files, first.targets)
    (folder / "a.txt").write_text(f"{NEAR}\n\n{FAR}")
    (out / "b.txt").unlink()
    third = scrub_files(snapshot, folder, out, ONE)
    assert third.resumed == 0
    assert third.files == {"changed": 2}
    assert "Osk" not in "".join(p.read_text() for p in out.glob("*.txt"))


def test_a_line_that_a_stop_has_cut_in_two_is_taken_away(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    folder, out = corpus({"a.txt": FAR, "b.txt": FAR}), tmp_path / "out"
    scrub_files(snapshot, folder, out, ONE)
    journal = out / ".amnestic-scrub.jsonl"
    journal.write_bytes(journal.read_bytes()[:-20])
    (out / ".x.amnestic-part").write_text("half")
    again = scrub_files(snapshot, folder, out, ONE)
    assert (again.resumed, again.files) == (1, {"unchanged": 2})
    assert not (out / ".x.amnestic-part").exists()
    journal.write_text("no journal\n")
    with pytest.raises(CorpusError, match="is no journal of a run"):
        scrub_files(snapshot, folder, out, ONE)


def test_two_runs_do_not_write_to_one_folder(
    corpus: Make, snapshot: Snapshot, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    with FileLock(out / ".amnestic-scrub.lock"), pytest.raises(CorpusError, match="another run"):
        scrub_files(snapshot, corpus({"a.txt": FAR}), out, ONE)


def test_a_run_holds_to_the_registry_as_it_was_and_the_next_does_all_anew(
    corpus: Make, layer: Any, tmp_path: Path
) -> None:
    amnesia = layer()
    amnesia.forget("Please forget Mirela Osk. Mirela Osk is a poet.")
    before = Snapshot.of(amnesia)
    amnesia.forget("Please forget Ivo Brandt. Ivo Brandt is a baker.")
    folder = corpus({"a.txt": f"Ivo Brandt bakes.\n\n{NEAR}\n\n{FAR}"})
    out = tmp_path / "out"
    first = scrub_files(before, folder, out, ONE)
    assert first.revision == before.revision
    assert "Ivo Brandt bakes." in (out / "a.txt").read_text()
    second = scrub_files(Snapshot.of(amnesia), folder, out, ONE)
    assert (second.resumed, second.revision) == (0, before.revision + 1)
    assert "Brandt" not in (out / "a.txt").read_text()


@dataclass(frozen=True)
class Deadly:
    """A format of which one piece ends the process that reads it."""

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """The pieces, where none is deadly."""
        if any(piece.raw == b"deadly" for piece in pieces):
            os.kill(os.getpid(), signal.SIGKILL)
        return [Output(piece.raw) for piece in pieces]


@dataclass(frozen=True)
class Failing:
    """A format of which one piece cannot be judged."""

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """The pieces, where none is odd."""
        if any(piece.raw == b"odd" for piece in pieces):
            raise KeyError("Mirela Osk")
        return [Output(piece.raw) for piece in pieces]


def test_a_process_that_dies_fails_the_piece_that_kills_it_and_no_other(
    snapshot: Snapshot,
) -> None:
    form: Any = Deadly()
    jobs = [Job(i, form, Piece(b"deadly" if i == 5 else b"%d" % i)) for i in range(9)]
    with Workers(snapshot, 2) as workers:
        done = list(workers.results(jobs))
    assert [job.file for job, _ in done] == list(range(9))
    assert [job.file for job, output in done if isinstance(output, Failure)] == [5]
    assert [o.raw for _, o in done if isinstance(o, Output)] == [
        b"%d" % i for i in range(9) if i != 5
    ]


def test_a_piece_that_cannot_be_judged_fails_alone_and_tells_nothing(snapshot: Snapshot) -> None:
    form: Any = Failing()
    jobs = [Job(i, form, Piece(b"odd" if i == 1 else b"%d" % i)) for i in range(3)]
    with Workers(snapshot, 1) as workers:
        done = [output for _, output in workers.results(jobs)]
    assert done[1] == Failure("could not be judged (KeyError)")
    assert [o.raw for o in done if isinstance(o, Output)] == [b"0", b"2"]


@pytest.mark.slow
def test_a_line_of_a_hundred_megabytes(corpus: Make, snapshot: Snapshot, tmp_path: Path) -> None:
    """The numbers of a large array are read past, and the name behind them is found."""
    long = "[" + ",".join(["1234"] * 20_000_000) + "]"
    line = f'{{"vector": {long}, "text": "{FAR} {NEAR}"}}\n'
    folder = corpus({"a.jsonl": f"{line}{json.dumps({'text': FAR})}\n"})
    summary = scrub_files(snapshot, folder, tmp_path / "out", ONE)
    assert (summary.records, summary.files) == (2, {"changed": 1})
    assert (tmp_path / "out" / "a.jsonl").read_text() == (
        f"{line.replace(f' {NEAR}', '')}{json.dumps({'text': FAR})}\n"
    )
