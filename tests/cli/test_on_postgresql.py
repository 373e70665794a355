"""Every command that takes a registry is run once on PostgreSQL, and none shows its password."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from sqlalchemy import make_url

from amnestic.cli.app import app
from amnestic.tools.registry import KeyGrant, Registry
from amnestic.types import Facet, FacetKind, ForgetTarget
from amnestic.types.roles import Role
from tests.cli.one_process import Said, one_after_another

pytestmark = pytest.mark.every

PASSWORD = "s3cret-canary"


def _commands(group: Any, before: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from _commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = {
    path: command
    for path, command in _commands(typer.main.get_command(app))
    if any("--db" in one.opts for one in command.params)
}
RUN = sorted(COMMANDS.keys() - {"serve", "chat"})  # which do not end by themselves
MORE = {
    "restore": ["--from", "{folder}/made.jsonl", "--replace"],
    "revoke": ["{purged}", "--purge"],
    "verify": ["--all", "--since", "2099-01-01"],
}
"""Of commands that do two things, the other."""
FEWER = {
    "scrub": ["--dry-run"],
    "targets edit": ["--description", "a smith from Yate"],
    "targets elicit": ["--model", "embedded"],
    "verify": ["--model", "embedded", "--probes", "1", "--samples", "1"],
}
"""What a command has to be told besides, and what keeps one from taking minutes."""
ENDS_WITH_1 = {"verify"}
"""Commands that tell a finding by their exit code: what one probe shows is inconclusive."""


class _Place:
    """A registry on the server with what each command needs, and a folder of files."""

    def __init__(self, url: str, folder: Path) -> None:
        self.url = make_url(url).set(password=PASSWORD).render_as_string(hide_password=False)
        self.folder = folder
        self.keys: dict[str, str] = {}
        (folder / "corpus").mkdir()
        (folder / "corpus" / "a.txt").write_text("It rained in Tarn.\n")
        (folder / "in.jsonl").write_text('{"subject": "Bo Reed", "kind": "person"}\n')
        with Registry.open(self.url) as registry:
            for path in (*RUN, "purged"):
                fact = Facet(text=f"{_name(path)} keeps a goat.", kind=FacetKind.FACT)
                told = ForgetTarget(id=_id(path), subject=_name(path), facets=(fact,))
                registry.add(told, actor="me")
                self.keys[path] = registry.keys.create(
                    KeyGrant(name=path, role=Role.CALLER), actor="me"
                )[0].id
            registry.revoke(_id("restore"), actor="me")

    def words(self, path: str) -> list[str]:
        """The command, with what it cannot do without."""
        told = path.split()
        for one in COMMANDS[path].params:
            if one.param_type_name == "argument" and (one.required or one.name == "which"):
                told.append(self._value(path, str(one.name)))
            elif one.required:
                told += [one.opts[0], self._value(path, str(one.name))]
        return [*told, *FEWER.get(path, ())]

    def _value(self, path: str, name: str) -> str:
        return {
            "which": _name(path),
            "request": "Please forget Ida Tarn, a painter from Venn.",
            "question": "What is the capital of France?",
            "text": f"Who is {_name(path)}?",
            "key_id": self.keys[path],
            "name": "Ada",
            "corpus": str(self.folder / "corpus"),
            "stores": f"logs:{self.folder / 'corpus'}",
            "file": str(self.folder / ("in.jsonl" if path == "targets import" else "out.jsonl")),
        }[name]  # a KeyError is a command that wants what no other does: say it here


def _name(path: str) -> str:
    return f"Ara {path.title().replace(' ', '')}son"


def _id(path: str) -> str:
    return f"t-{path.replace(' ', '-')}"


@pytest.fixture
def place(url: str, tmp_path: Path) -> _Place:
    return _Place(url, tmp_path)


def test_every_command_runs_on_postgresql_and_tells_no_password(place: _Place) -> None:
    rows = [place.words(path) for path in RUN]
    rows.append(["backup", f"{place.folder}/made.jsonl"])
    for path, more in MORE.items():
        filled = [one.format(folder=place.folder, purged=_id("purged")) for one in more]
        rows.append([path, *filled, *FEWER.get(path, [])[:2]])
    environment = {
        "AMNESTIC_DB": place.url,
        "AMNESTIC_SIGNING_KEY": str(place.folder / "signing.key"),
        "AMNESTIC_CACHE_DIR": str(place.folder / "cache"),
        "HOME": str(place.folder),
    }
    seal = place.folder / "seal.key"
    made, *said = one_after_another(
        [["key", "new", str(seal)], *rows], environment | {"AMNESTIC_SEAL_KEY_FILE": str(seal)}
    )
    assert made.code == 0, made
    bad = [(row, one) for row, one in zip(rows, said, strict=True) if not _went_well(row, one)]
    assert bad == []
    assert [row for row, one in zip(rows, said, strict=True) if PASSWORD in one.out + one.err] == []
    for file in place.folder.rglob("*"):
        assert not file.is_file() or PASSWORD.encode() not in file.read_bytes(), file


def _went_well(row: list[str], said: Said) -> bool:
    if row[0] in ENDS_WITH_1 and said.code == 1:
        return "Traceback" not in said.err and bool(said.out)
    return said.code == 0


def test_a_registry_out_of_reach_is_told_without_its_password(tmp_path: Path) -> None:
    pytest.importorskip("psycopg")
    nobody = f"postgresql+psycopg://me:{PASSWORD}@/none?host={tmp_path}"
    place = object.__new__(_Place)
    place.folder, place.keys = tmp_path, dict.fromkeys(RUN, "3f9c2a71d0ab")
    (tmp_path / "in.jsonl").write_text('{"subject": "Bo Reed"}\n')
    (tmp_path / "corpus").mkdir()
    told = one_after_another([place.words(path) for path in RUN], {"AMNESTIC_DB": nobody})
    assert [json.dumps(one) for one in told if PASSWORD in one.out + one.err] == []
    well = [path for path, one in zip(RUN, told, strict=True) if one.code == 0]
    assert well == ["usage"]  # what was spent is kept in a file beside
    assert [path for path, one in zip(RUN, told, strict=True) if "Traceback" in one.err] == []
