"""The PostgreSQL server of the tests goes with them, also where they are killed."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

import pytest

from tests.patience import until

pytest.importorskip("psycopg")
pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="asks Linux")

_STARTED = """
import sys
from pathlib import Path
from tests.postgresql import served
with served(Path(sys.argv[1]), Path(sys.argv[2])):
    print("served", flush=True)
    sys.stdin.read()
"""


def _lives(pid: int) -> bool:
    """Whether a process runs; one that has ended may still wait for somebody to take note."""
    with suppress(ProcessLookupError, FileNotFoundError):
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


@pytest.mark.parametrize("is_killed", [True, False])
def test_a_server_ends_with_the_process_that_started_it(is_killed: bool) -> None:
    programs = shutil.which("pg_ctl")
    if programs is None:
        pytest.skip("there is no PostgreSQL server here")
    folder = Path(tempfile.mkdtemp(prefix="amnestic-postgresql-"))
    home = Path(os.path.realpath(programs)).parent
    command = [sys.executable, "-c", _STARTED, str(folder), str(home)]
    root = Path(__file__).parents[1]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=root
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"served\n"
        pid = int((folder / "data" / "postmaster.pid").read_text().split()[0])
        assert _lives(pid)
        if is_killed:
            running.send_signal(signal.SIGKILL)
    until(lambda: not _lives(pid), "the server stays")
    if is_killed:
        until(lambda: not folder.exists(), "its folder stays")
    else:
        shutil.rmtree(folder)
