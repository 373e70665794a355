"""Commands of one process, one after the other: its start takes longer than what they do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from tests.patience import PATIENCE

RUN_ALL = """
import contextlib, io, json, sys
from amnestic.cli import main
said = []
for arguments in json.loads(sys.argv[1]):
    sys.argv, out, err, status = ["amnestic", *arguments], io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main()
        except SystemExit as ended:
            status = ended.code or 0
    said.append([status, out.getvalue(), err.getvalue()])
print(json.dumps(said))
"""


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


def one_after_another(
    commands: Sequence[Sequence[str]], environment: Mapping[str, str] | None = None
) -> list[Said]:
    """What each command says, in a process of their own."""
    told = subprocess.run(
        [sys.executable, "-c", RUN_ALL, json.dumps(commands)],
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE,
        env={**os.environ, **(environment or {})},
    )
    return [Said(*said) for said in json.loads(told.stdout)]
