"""What was acknowledged survives a kill of the process at any moment."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from amnestic.tools.registry.registry import Registry
from amnestic.types import TargetStatus

ROUNDS_PER_DATABASE = 20


@dataclass
class Told:
    """What a writer told before it died."""

    added: set[str] = field(default_factory=set)
    revoked: set[str] = field(default_factory=set)
    in_flight: str = ""
    opened: bool = False

    def take(self, line: str) -> None:
        word, *rest = line.split()
        if word == "open":
            self.opened = True
        elif word == "begin":
            self.in_flight = rest[1]
        elif word == "done":
            (self.added if rest[0] == "add" else self.revoked).add(rest[1])
            self.in_flight = ""


@pytest.fixture
def writers() -> Iterator[subprocess.Popen[str]]:
    script = Path(__file__).with_name("registry_writer.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def run_and_kill(writers: subprocess.Popen[str], database: Path, seed: int) -> Told:
    """Let a writer work, kill it at a random moment, and give back what it had told."""
    assert writers.stdin
    assert writers.stdout
    rng = random.Random(seed)
    writers.stdin.write(f"{database} {seed}\n")
    writers.stdin.flush()
    pid = int(writers.stdout.readline().split()[1])
    told = Told()
    # Every fifth is killed before it has told more: some of these while they open the database.
    for line in _lines(writers.stdout, max(0, rng.randrange(-3, 16))):
        told.take(line)
    for _ in range(rng.randrange(40_000)):  # some microseconds to milliseconds later
        pass
    os.kill(pid, signal.SIGKILL)
    for line in iter(writers.stdout.readline, "dead\n"):
        assert line, "the writer failed before it was killed"
        told.take(line)
    return told


def _lines(stream: IO[str], count: int) -> Iterator[str]:
    for _ in range(count):
        yield stream.readline()


@pytest.mark.parametrize("rounds", [60, pytest.param(200, marks=pytest.mark.slow)])
def test_kills_in_the_middle_of_writing_lose_nothing_acknowledged(
    writers: subprocess.Popen[str], tmp_path: Path, rounds: int
) -> None:
    mid_write = unopened = 0
    for seed in range(rounds):
        database = tmp_path / f"registry{seed // ROUNDS_PER_DATABASE}.db"
        told = run_and_kill(writers, database, seed)
        mid_write += bool(told.in_flight)
        unopened += not told.opened
        with Registry.open(database) as registry:
            registry.check()
            for target_id in told.added:
                _assert_whole(registry, target_id, told)
            if told.in_flight:
                _assert_all_or_nothing(registry, told)
            trail = registry.trail()
        assert [entry.revision for entry in trail] == list(range(1, len(trail) + 1))
        mine = [(e.action, e.target_id) for e in trail if e.target_id.startswith(f"t{seed}-")]
        assert {i for action, i in mine if action == "add"} >= told.added
        assert {i for action, i in mine if action == "revoke"} >= told.revoked
    assert mid_write > rounds // 4  # or the test would not test what it says
    assert unopened > 0


def _assert_whole(registry: Registry, target_id: str, told: Told) -> None:
    target = registry.get(target_id)
    if target_id in told.revoked:
        assert target.status is TargetStatus.REVOKED
        assert len(target.facets) == 20
    elif target_id != told.in_flight:
        assert target.status is TargetStatus.ACTIVE
        assert len(target.facets) == 20


def _assert_all_or_nothing(registry: Registry, told: Told) -> None:
    found = {t.id: t for t in registry.targets()}.get(told.in_flight)
    if found is None:
        assert told.in_flight not in told.added
    else:
        assert len(found.facets) == 20
