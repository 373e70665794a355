"""The key that replicas sign verifications with: one for all of them, or none."""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from amnestic.exceptions import InvalidRequestError
from amnestic.places import DatabaseUrl, default_db_path
from amnestic.private_files import others_may_read
from amnestic.server import signers
from amnestic.server.signers import Signers
from amnestic.tools.registry import Registry

SHARED = DatabaseUrl("postgresql://me@db.example/amnestic")


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "r.db") as opened:
        yield opened


def replica(registry: Registry, key: Path | None, place: Any = SHARED) -> Signers:
    settings = SimpleNamespace(db=place, signing_key=key)
    layer: Any = SimpleNamespace(settings=settings, registry=registry)
    return Signers(layer)


def test_replicas_with_one_key_sign(registry: Registry, tmp_path: Path) -> None:
    both = [replica(registry, tmp_path / "signing.key") for _ in range(2)]
    assert len({one.key().public for one in both}) == 1


def test_replicas_with_two_keys_sign_nothing_and_say_so(
    registry: Registry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    one, other = (replica(registry, tmp_path / name) for name in ("a.key", "b.key"))
    public = one.key().public
    for _ in range(2):
        with pytest.raises(InvalidRequestError, match="another replica of this registry signs"):
            other.key()
    with pytest.raises(InvalidRequestError):
        one.key()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            other.look()
    (said,) = [line.getMessage() for line in caplog.records]  # once, and not every five minutes
    assert "sign with different keys" in said
    assert public[:12] in said
    assert public not in said


def test_a_replica_that_has_stopped_is_forgotten(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    replica(registry, tmp_path / "old.key").key()
    new = replica(registry, tmp_path / "new.key")
    with pytest.raises(InvalidRequestError):
        new.key()
    with registry.database.connect(writing=True) as connection, connection.begin():
        connection.exec_driver_sql(f"UPDATE board SET ends = ends - {signers._COUNTS + 1}")
    assert new.key()


def test_no_replica_makes_a_key_of_its_own(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    with pytest.raises(InvalidRequestError, match="AMNESTIC_SIGNING_KEY"):
        replica(registry, None).key()
    assert not default_db_path().parent.exists()


def test_a_registry_in_a_file_has_its_key_beside_it(registry: Registry, tmp_path: Path) -> None:
    here = replica(registry, None, tmp_path / "r.db")
    assert here.key().public == here.key().public
    assert (tmp_path / "signing.key").is_file()
    assert registry.board.ids("signing key") == []


@pytest.mark.parametrize("content", [b"", b"no key", None])
def test_a_key_that_cannot_be_used_is_told_without_where_it_is(
    registry: Registry, tmp_path: Path, content: bytes | None, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / "signing.key"
    if content is None:
        file.mkdir()
    else:
        file.touch(0o600)
        file.write_bytes(content)
    with pytest.raises(InvalidRequestError) as told:
        replica(registry, file).key()
    assert str(tmp_path) not in str(told.value)
    assert str(file) in caplog.text  # for whoever runs it
    replica(registry, file).look()


def test_a_place_that_cannot_be_looked_at_is_told_too(
    registry: Registry, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = tmp_path / ("k" * 300)  # no file system has such a name: to look for it raises
    with pytest.raises(InvalidRequestError, match="its log says why"):
        replica(registry, file).key()
    assert str(tmp_path) in caplog.text


@pytest.mark.skipif(os.name != "posix", reason="modes of files are POSIX")
@pytest.mark.parametrize(
    ("mode", "owner", "group", "open_to_others"),
    [
        (0o600, "me", "mine", False),
        (0o640, "me", "mine", True),
        (0o440, "root", "mine", False),  # as a pod is given a Secret
        (0o640, "root", "mine", False),
        (0o440, "root", "another", True),
        (0o660, "root", "mine", True),
        (0o444, "root", "mine", True),
        (0o440, "somebody", "mine", True),
    ],
)
def test_whom_a_file_is_open_to(
    monkeypatch: pytest.MonkeyPatch, *, mode: int, owner: str, group: str, open_to_others: bool
) -> None:
    owners, groups = {"me": 10_001, "root": 0, "somebody": 7}, {"mine": 10_001, "another": 7}
    monkeypatch.setattr(os, "geteuid", lambda: owners["me"])
    monkeypatch.setattr(os, "getegid", lambda: groups["mine"])
    found = SimpleNamespace(st_mode=0o100000 | mode, st_uid=owners[owner], st_gid=groups[group])
    file: Any = SimpleNamespace(stat=lambda: found)
    assert others_may_read(file) is open_to_others
