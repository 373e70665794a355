"""`amnestic sweep`, killed at a step: `killed_sweep.py STEPS ADDRESS DB`.

A step is a statement that changes a database, or a file that is renamed, written to the disk or
removed.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

WRITING = ("os.rename", "os.remove", "shutil.copystat", "os.truncate")


def main() -> None:
    """Run the command, and kill it at the step."""
    steps, address, db = int(sys.argv[1]), *sys.argv[2:]
    from amnestic.cli import main as command
    from amnestic.sweeping.connectors.sql import SqliteDatabase

    counted = 0
    place = address.partition(":")[2]

    def step() -> None:
        nonlocal counted
        counted += 1
        if counted == steps:
            os.kill(os.getpid(), signal.SIGKILL)

    def audit(event: str, given: tuple[Any, ...]) -> None:
        if event in WRITING and place in str(given[0]):
            step()

    run, fsync = SqliteDatabase.run, os.fsync

    def counted_run(self: Any, query: str, values: Any) -> None:
        step()
        run(self, query, values)

    def counted_fsync(handle: int) -> None:
        step()
        fsync(handle)

    SqliteDatabase.run = counted_run  # type: ignore[method-assign]
    os.fsync = counted_fsync
    sys.addaudithook(audit)
    sys.argv = ["amnestic", "sweep", address, "--db", db]
    command()


if __name__ == "__main__":
    main()
