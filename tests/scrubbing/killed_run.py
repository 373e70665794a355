"""`amnestic scrub`, killed with its processes at a step: a script `main()` with the arguments STEPS
IN OUT DB, in a session of its own (`tests.prepared`).

A step is whatever puts something on the disk: a file opened, written, renamed, or brought there.
"""

from __future__ import annotations

import os
import signal
import sys
from typing import Any

WRITING = ("open", "os.rename", "os.remove", "os.mkdir", "shutil.copyfile", "os.truncate")


def main() -> None:
    """Run the command, and kill all processes of its group at the step."""
    assert os.getpgrp() == os.getpid(), "other processes would be killed, too"
    steps, corpus, out, db = int(sys.argv[1]), *sys.argv[2:]
    from amnestic.cli import main as command

    counted = 0

    def step(event: str, given: tuple[Any, ...]) -> None:
        nonlocal counted
        if event not in WRITING or out not in str(given[0]):
            return
        counted += 1
        if counted == steps:
            os.killpg(0, signal.SIGKILL)

    fsync = os.fsync

    def counted_fsync(handle: int) -> None:
        step("open", (out,))
        fsync(handle)

    os.fsync = counted_fsync
    sys.addaudithook(step)
    sys.argv = ["amnestic", "scrub", corpus, out, "--db", db, "--workers", "1"]
    command()
