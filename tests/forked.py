"""Running a script that forks in a process of its own, which is ended with all its children."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from textwrap import dedent

from tests.patience import PATIENCE
from tests.prepared import run

__all__ = ["told_anew", "told_by"]

_HEAD = """
import asyncio, os, sys, threading
from pathlib import Path
from amnestic import Amnesia
from amnestic.exceptions import AmnesticError
from amnestic.testing import ScriptedBackend

folder = Path(sys.argv[1])

def layer(model=None, **settings):
    model = model or ScriptedBackend(default="Mirela Osk wrote it.")
    given = {"db": folder / "registry.db", "cache_dir": folder, "elicit": False, **settings}
    return Amnesia(model, **given)

def in_child(work):
    told, tell = os.pipe()
    if (child := os.fork()) == 0:
        try:
            answer = work()
        except AmnesticError as error:
            answer = f"{type(error).__name__}: {error}"
        os.write(tell, str(answer).encode())
        os._exit(0)
    os.close(tell)
    with open(told, "rb") as reader:
        answer = reader.read().decode()
    assert os.waitpid(child, 0)[1] == 0, answer
    return answer

ASKED = "Who wrote The Paper Lighthouse?"
REQUEST = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
"""


def told_by(script: str, folder: Path) -> list[str]:
    """The lines that a script prints; `layer`, `in_child` and two texts are there for it."""
    done = run(_HEAD + dedent(script), str(folder))
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def told_anew(script: str, folder: Path) -> list[str]:
    """The same of an interpreter that has loaded nothing before."""
    done = subprocess.run(
        [sys.executable, "-c", _HEAD + dedent(script), str(folder)],
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()
