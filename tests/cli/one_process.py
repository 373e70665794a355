"""Commands of one process, one after the other: its start and end take longer than they do."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pytest

from tests.prepared import run

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
    with pytest.MonkeyPatch.context() as patched:
        for name, value in (environment or {}).items():
            patched.setenv(name, value)
        told = run(RUN_ALL, json.dumps(commands))
    assert told.returncode == 0, told.stderr
    return [Said(*said) for said in json.loads(told.stdout)]
