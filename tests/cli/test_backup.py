"""`amnestic backup` and `restore --from`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget
from tests.cli.test_cli import Run, run

__all__ = ["run"]


@pytest.mark.parametrize("name", ["kept.db", "kept.jsonl"])
def test_a_backup_is_made_and_put_back(run: Run, tmp_path: Path, name: str) -> None:
    place, file, other = (str(tmp_path / n) for n in ("r.db", name, "other.db"))
    with Registry.open(place) as registry:
        registry.add(ForgetTarget(id="t-1", subject="Ana Morel"), actor="me")
    made = run("backup", file, "--db", place)
    assert (made.code, made.err) == (0, "")
    assert made.out.splitlines()[0] == f"{file}  1 targets, revision 1"
    assert "not in it: the keys" in made.out
    assert "Morel" not in made.out
    back = run("restore", "--from", file, "--db", other, "--json")
    told = {"db": other, "revision": 1, "targets": 1, "keys_ended": 0}
    assert json.loads(back.out) == told
    mistaken = run("restore", file, "--db", place)  # which takes targets back
    assert mistaken.code == 2
    assert mistaken.err.endswith(f"is put back with `amnestic restore --from {file}`\n")
    unknown = run("restore", "x" * 5_000, "--db", place)  # no name that a file could have
    assert (unknown.code, unknown.err.count("\n")) == (2, 1)
    again = run("restore", "--from", file, "--db", other)
    assert (again.code, again.out) == (2, "")
    assert again.err.startswith("amnestic: the registry")
    assert again.err.count("\n") == 1
    assert run("restore", "--from", file, "--db", other, "--replace").code == 0
    with Registry.open(other) as registry:
        assert registry.get("t-1").subject == "Ana Morel"


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ((), "one of them"),
        (("t-1", "--from", "a.db"), "one of them"),
        (("t-1", "--replace"), "--replace goes with"),
        (("--from", "a.db", "--reason", "x"), "no --reason"),
        (("--from", "a.db", "--namespace", "x"), "no --namespace"),
    ],
)
def test_a_target_and_a_backup_are_not_restored_in_one(
    run: Run, arguments: tuple[str, ...], why: str
) -> None:
    told = run("restore", *arguments)
    assert told.code == 2
    assert why in told.err
