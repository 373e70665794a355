"""`amnestic backup` and `recover`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    started = [sys.executable, "-m", "amnestic", *arguments]
    return subprocess.run(started, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("name", ["kept.db", "kept.jsonl"])
def test_a_backup_is_made_and_put_back(tmp_path: Path, name: str) -> None:
    place, file, other = (str(tmp_path / n) for n in ("r.db", name, "other.db"))
    with Registry.open(place) as registry:
        registry.add(ForgetTarget(id="t-1", subject="Ana Morel"), actor="me")
    made = _run("backup", file, "--db", place)
    assert (made.returncode, made.stderr) == (0, "")
    assert made.stdout.splitlines()[0] == f"{file}  1 targets, revision 1"
    assert "not in it: the keys" in made.stdout
    assert "Morel" not in made.stdout
    back = _run("recover", file, "--db", other, "--json")
    told = {"db": other, "revision": 1, "targets": 1, "keys_ended": 0}
    assert json.loads(back.stdout) == told
    again = _run("recover", file, "--db", other)
    assert (again.returncode, again.stdout) == (2, "")
    assert again.stderr.startswith("amnestic: the registry")
    assert again.stderr.count("\n") == 1
    assert _run("recover", file, "--db", other, "--replace").returncode == 0
    with Registry.open(other) as registry:
        assert registry.get("t-1").subject == "Ana Morel"
