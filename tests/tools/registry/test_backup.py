"""A backup holds one moment of a registry, and takes its place as a whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import sqlite3
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import (
    InvalidRequestError,
    RegistryCorruptError,
    RegistryVersionError,
    SealError,
    TargetStateError,
)
from amnestic.tools.index import FacetIndex
from amnestic.tools.registry import (
    KeyGrant,
    Registry,
    Seals,
    make_key,
    read_seals,
    restore_backup,
    write_backup,
)
from amnestic.types import ForgetTarget
from amnestic.types.roles import Role
from tests.prepared import run
from tests.tools.index.test_facet_index_sync import Counting
from tests.tools.registry.test_restored import a_target

NAMES = ("backup.db", "backup.jsonl")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def registry(place: Path) -> Iterator[Registry]:
    with Registry.open(place) as opened:
        _fill(opened)
        yield opened


def _fill(registry: Registry) -> None:
    """Targets of every kind of history: edited, revoked, purged, with facets."""
    registry.add_all([a_target(name) for name in ("kept", "edited", "gone", "purged")], actor="me")
    edited = registry.get("edited").model_copy(update={"description": "Ünïcode, “quoted”\n🙂"})
    registry.edit(edited, actor="me", reason="it was wrong")
    registry.revoke("gone", actor="me", reason="a request")
    registry.purge("purged", actor="me")


def _all_of(registry: Registry) -> object:
    return (
        registry.targets(),
        registry.trail(),
        registry.versions("edited"),
        registry.position().anywhere(),
    )


@pytest.mark.parametrize("name", NAMES)
def test_what_comes_back_is_what_was_kept(registry: Registry, tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    kept = write_backup(registry, file)
    assert (kept.targets, kept.revision) == (4, registry.revision())
    assert restore_backup(file, tmp_path / "new.db") == kept
    with Registry.open(tmp_path / "new.db") as new:
        assert _all_of(new) == _all_of(registry)
        new.check_trail()
        new.add(a_target("later"), actor="me")
        new.check_trail()


@pytest.mark.skipif(os.name != "posix", reason="who may read a file is told otherwise here")
@pytest.mark.parametrize("name", NAMES)
def test_only_its_owner_may_read_it_and_nothing_is_left_beside_it(
    registry: Registry, tmp_path: Path, name: str
) -> None:
    (tmp_path / "there").mkdir()
    file = tmp_path / "there" / name
    file.write_text("an older backup")
    file.chmod(0o644)
    write_backup(registry, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert os.listdir(file.parent) == [name]


@pytest.mark.parametrize("name", NAMES)
def test_it_holds_one_moment_while_others_write(
    registry: Registry, place: Path, tmp_path: Path, name: str
) -> None:
    done = threading.Event()

    def write() -> None:
        with Registry.open(place) as other:
            for i in range(200):
                other.add(a_target(f"busy-{i}"), actor="other")
                if done.is_set():
                    return

    writer = threading.Thread(target=write)
    writer.start()
    try:
        for i in range(5):
            file = tmp_path / f"{i}-{name}"
            kept = write_backup(registry, file)
            assert restore_backup(file, tmp_path / f"{i}.db") == kept
    finally:
        done.set()
        writer.join()


@pytest.mark.parametrize("name", NAMES)
def test_a_registry_that_holds_something_is_left_alone(
    registry: Registry, tmp_path: Path, name: str
) -> None:
    write_backup(registry, tmp_path / name)
    other = _holding_something(tmp_path)
    with Registry.open(other) as held:
        before = _all_of_other(held)
        with pytest.raises(TargetStateError, match="is not empty; say --replace"):
            restore_backup(tmp_path / name, other)
        assert _all_of_other(held) == before
        restore_backup(tmp_path / name, other, replace=True)
        assert _all_of(held) == _all_of(registry)
    left = b"".join(path.read_bytes() for path in tmp_path.glob("other.db*"))
    assert b"here keeps a heron" not in left


def _holding_something(folder: Path) -> Path:
    other = folder / "other.db"
    with Registry.open(other) as held:
        held.add(a_target("here"), actor="me")
    return other


def _all_of_other(registry: Registry) -> object:
    return registry.targets(), registry.trail(), registry.position()


@pytest.mark.parametrize("name", NAMES)
def test_who_uses_the_registry_goes_on_with_what_was_restored(
    registry: Registry, place: Path, tmp_path: Path, name: str
) -> None:
    index = FacetIndex(Counting())
    write_backup(registry, tmp_path / name)
    registry.add(a_target("after"), actor="me")
    index.sync(registry)
    assert "after" in {target.id for target in index.targets()}
    restore_backup(tmp_path / name, place, replace=True)
    index.sync(registry)
    assert {target.id for target in index.targets()} == {"kept", "edited"}
    registry.add(a_target("acknowledged"), actor="me")
    index.sync(registry)
    assert "acknowledged" in {target.id for target in index.targets()}


@pytest.mark.parametrize("name", NAMES)
def test_the_trail_is_as_guarded_as_before(registry: Registry, place: Path, tmp_path: Path,
                                           name: str) -> None:  # fmt: skip
    write_backup(registry, tmp_path / name)
    restore_backup(tmp_path / name, place, replace=True)
    with closing(sqlite3.connect(place)) as raw:
        for change in ("DELETE FROM trail", "UPDATE trail SET actor = 'eve'"):
            with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                raw.execute(change)


@pytest.mark.parametrize("name", NAMES)
def test_all_that_is_kept_beside_the_rows_is_there_again_and_fits_them(
    registry: Registry, tmp_path: Path, name: str
) -> None:
    write_backup(registry, tmp_path / name)
    other = _holding_something(tmp_path)
    kept = "SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY name"
    with closing(sqlite3.connect(other)) as raw:
        before = raw.execute(kept).fetchall()
    restore_backup(tmp_path / name, other, replace=True)
    with closing(sqlite3.connect(other)) as raw:
        assert raw.execute(kept).fetchall() == before
        raw.execute("INSERT INTO target_search(target_search, rank) VALUES ('integrity-check', 1)")
        assert raw.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    with Registry.open(other) as held:
        assert [target.id for target in held.named("Ada kept")] == ["kept"]
        assert not held.named("Ada here")


def test_a_kill_in_the_middle_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    file, place = tmp_path / "backup.jsonl", tmp_path / "registry.db"
    with Registry.open(tmp_path / "large.db") as large:
        large.add_all([a_target(f"new-{i}") for i in range(2_000)], actor="me")
        write_backup(large, file)
    script = (
        "import sys; from amnestic.tools.registry import backup\n"
        "from pathlib import Path; import os, signal\n"
        "rows = backup.rows_of\n"
        "def broken(connection):\n"
        "    for n, row in enumerate(rows(connection)):\n"
        "        if n == 1_500: os.kill(os.getpid(), signal.SIGKILL)\n"
        "        yield row\n"
        "backup.rows_of = broken\n"
        "backup.restore_backup(Path(sys.argv[1]), sys.argv[2], replace=True)\n"
    )
    with Registry.open(place) as registry:
        registry.add(a_target("old"), actor="me")
    done = run(script, str(file), str(place))
    assert done.returncode == -signal.SIGKILL
    with Registry.open(place) as registry:
        assert [target.id for target in registry.targets()] == ["old"]
        registry.check_trail()


# ── Damage ───────────────────────────────────────────────────────────────────────────────────────

Damage = Callable[[bytes], bytes]


@pytest.mark.parametrize(
    "damage",
    [
        lambda told: told[:-1] + b"x",
        lambda told: told[: len(told) // 2],
        lambda told: b"\n".join(told.split(b"\n")[:-2]) + b"\n",
        lambda told: told.replace(b"heron", b"raven"),
        lambda told: told + b"{}\n",
        lambda told: b"\n".join((lines := told.split(b"\n"))[:3] + lines[4:]),
        lambda told: told.replace(b'"table":"targets"', b'"table":"alembic_version"', 1),
        lambda told: told.replace(b'"subject"', b'"subjects"', 1),
        lambda told: told.replace(b'"table"', b"\xff\xfe", 1),
        lambda told: b"",
        lambda told: b"PK\x03\x04 something else",
    ],
)
def test_lines_that_were_changed_are_refused(
    registry: Registry, tmp_path: Path, damage: Damage
) -> None:
    file, place = tmp_path / "backup.jsonl", tmp_path / "new.db"
    write_backup(registry, file)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(RegistryCorruptError, match="backup"):
        restore_backup(file, place)
    assert not place.exists()


def test_a_trail_that_was_changed_is_refused_although_the_hash_fits(
    registry: Registry, tmp_path: Path
) -> None:
    file = tmp_path / "backup.db"
    write_backup(registry, file)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("DROP TRIGGER trail_refuses_update")
        raw.execute("UPDATE trail SET actor = 'eve' WHERE revision = 1")
        raw.commit()
    with pytest.raises(RegistryCorruptError, match="trail"):
        restore_backup(file, tmp_path / "new.db")
    assert not (tmp_path / "new.db").exists()


def test_a_target_that_was_changed_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    write_backup(registry, file)
    with closing(sqlite3.connect(file)) as raw:
        raw.execute("UPDATE targets SET subject = 'Eve' WHERE id = 'kept'")
        raw.commit()
    with pytest.raises(RegistryCorruptError, match="is not as its last recorded change left it"):
        restore_backup(file, tmp_path / "new.db")


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + b"\0" * 84, b"SQLite format 3\0rest"])
def test_a_file_that_only_looks_like_one_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "backup.db").write_bytes(content)
    with pytest.raises(RegistryCorruptError):
        restore_backup(tmp_path / "backup.db", tmp_path / "new.db")


def test_a_backup_of_a_newer_version_is_refused(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "backup.jsonl"
    write_backup(registry, file)
    head, _, rest = file.read_text("utf-8").partition("\n")
    file.write_text(json.dumps({**json.loads(head), "schema": "9999"}) + "\n" + rest, "utf-8")
    with pytest.raises(RegistryVersionError, match="install a newer amnestic"):
        restore_backup(file, tmp_path / "new.db")


def _without_name_order(line: dict[str, Any]) -> dict[str, Any]:
    """A line of an archive as it was before targets were kept in the order of their names."""
    row = {name: value for name, value in line["row"].items() if name != "sort_name"}
    return {**line, "row": row}


def test_lines_of_an_older_version_are_migrated(registry: Registry, tmp_path: Path) -> None:
    file = tmp_path / "backup.jsonl"
    write_backup(registry, file)
    head, *now, _ = file.read_text("utf-8").splitlines()
    rows = [json.dumps(_without_name_order(json.loads(row))) for row in now]
    lines = [json.dumps({**json.loads(head), "schema": "0004"}), *rows]
    told = "".join(f"{line}\n" for line in lines)
    ending = {"rows": len(rows), "sha256": hashlib.sha256(told.encode()).hexdigest()}
    file.write_text(f"{told}{json.dumps(ending)}\n", "utf-8")
    restore_backup(file, tmp_path / "new.db")
    with Registry.open(tmp_path / "new.db") as new:
        assert _all_of(new) == _all_of(registry)
        assert new.purge("gone", actor="me").id == "gone"  # which only the newest version takes


def test_what_cannot_be_read_or_written_is_one_line(registry: Registry, tmp_path: Path) -> None:
    with pytest.raises(InvalidRequestError, match="cannot be read: No such file"):
        restore_backup(tmp_path / "nothing.db", tmp_path / "new.db")
    for name in NAMES:
        with pytest.raises(InvalidRequestError, match="cannot be written"):
            write_backup(registry, tmp_path / "nowhere" / name)
    with pytest.raises(InvalidRequestError, match="is the registry itself"):
        write_backup(registry, tmp_path / "registry.db")


def test_a_damaged_registry_is_not_written_over(registry: Registry, tmp_path: Path) -> None:
    write_backup(registry, tmp_path / "backup.db")
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 100)
    with pytest.raises(RegistryCorruptError, match="move it away"):
        restore_backup(tmp_path / "backup.db", broken, replace=True)
    assert broken.read_bytes() == b"no database" * 100


# ── Sealed targets, other databases ──────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_sealed_targets_stay_sealed_and_need_their_key(tmp_path: Path, name: str) -> None:
    keys = tmp_path / "seal.key"
    make_key(keys)
    seals = read_seals(keys, None)
    secret = ForgetTarget(id="s", subject="Mirela Osk", sealed=True)
    with Registry.open(tmp_path / "registry.db", seals) as registry:
        registry.add(secret, actor="me")
        write_backup(registry, tmp_path / name)
    assert b"Osk" not in (tmp_path / name).read_bytes()
    with pytest.raises(SealError):
        restore_backup(tmp_path / name, tmp_path / "new.db", Seals())
    restore_backup(tmp_path / name, tmp_path / "new.db", seals)
    with Registry.open(tmp_path / "new.db", seals) as new:
        assert new.get("s").subject == "Mirela Osk"


# ── Access keys ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", NAMES)
def test_a_key_that_ended_since_opens_nothing_again(
    registry: Registry, tmp_path: Path, place: Path, name: str
) -> None:
    made = [registry.keys.create(KeyGrant(name=n, role=Role.VIEWER), actor="me") for n in "abc"]
    write_backup(registry, tmp_path / name)
    registry.keys.revoke(made[0][0].id, actor="me")
    _, anew = registry.keys.rotate(made[1][0].id, actor="me")
    assert restore_backup(tmp_path / name, place, replace=True).ended == 2
    opens = [registry.keys.find(shown) is not None for shown in (*(s for _, s in made), anew)]
    assert opens == [False, False, True, False]
    registry.keys.check_trail()


def test_a_key_that_was_changed_by_hand_is_not_put_back(
    registry: Registry, tmp_path: Path, place: Path
) -> None:
    registry.keys.create(KeyGrant(name="Ada", role=Role.VIEWER), actor="me")
    write_backup(registry, tmp_path / "backup.db")
    with closing(sqlite3.connect(tmp_path / "backup.db")) as copy, copy:
        copy.execute("UPDATE access_keys SET role = 'admin'")
    with pytest.raises(RegistryCorruptError, match="not as its last recorded"):
        restore_backup(tmp_path / "backup.db", place, replace=True)
