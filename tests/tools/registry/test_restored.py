"""A backup in the place of the registry, or another file, is the truth from the next request on."""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from amnestic.exceptions import RegistryCorruptError, RegistryUnavailableError
from amnestic.tools.index import FacetIndex
from amnestic.tools.registry import Registry
from amnestic.tools.registry.database import Database
from amnestic.types import Facet, FacetKind, ForgetTarget
from tests.prepared import run
from tests.statements import statements_of
from tests.tools.index.test_facet_index_sync import Counting

LOGS = ("-wal", "-shm")


def a_target(target_id: str) -> ForgetTarget:
    facets = [Facet(kind=FacetKind.FACT, text=f"{target_id} keeps a heron")]
    return ForgetTarget(id=target_id, subject=f"Ada {target_id}", facets=tuple(facets))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture
def registry(path: Path) -> Iterator[Registry]:
    with Registry.open(path) as opened:
        yield opened


def in_another_process(path: Path, *ids: str) -> None:
    """Add targets in a process of its own, which is over when this returns."""
    script = (
        "import sys; from amnestic.tools.registry import Registry\n"
        "from tests.tools.registry.test_restored import a_target\n"
        "with Registry.open(sys.argv[1]) as registry:\n"
        "    for i in sys.argv[2:]: registry.add(a_target(i), actor='other')\n"
    )
    run(script, str(path), *ids).check_returncode()


def backed_up(path: Path) -> Path:
    """A backup as SQLite makes it."""
    copy = path.with_name("backup.db")
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def without_logs(path: Path) -> None:
    for ending in LOGS:
        Path(f"{path}{ending}").unlink(missing_ok=True)


def renamed(backup: Path, path: Path) -> None:
    os.replace(backup, path)


def renamed_without_logs(backup: Path, path: Path) -> None:
    os.replace(backup, path)
    without_logs(path)


def written_over(backup: Path, path: Path) -> None:
    shutil.copyfile(backup, path)
    without_logs(path)


def written_over_when_the_log_was_empty(backup: Path, path: Path) -> None:
    with closing(sqlite3.connect(path)) as raw:
        raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        shutil.copyfile(backup, path)


def moved_away_first(backup: Path, path: Path) -> None:
    os.replace(path, path.with_name("old.db"))
    shutil.copyfile(backup, path)


def through_a_link(backup: Path, path: Path) -> None:
    path.unlink()
    path.symlink_to(backup)


def restored_by_sqlite(backup: Path, path: Path) -> None:
    with closing(sqlite3.connect(backup)) as source, closing(sqlite3.connect(path)) as target:
        source.backup(target)


WAYS = [
    renamed,
    renamed_without_logs,
    written_over,
    written_over_when_the_log_was_empty,
    moved_away_first,
    through_a_link,
    restored_by_sqlite,
]


@pytest.mark.parametrize("put_back", WAYS, ids=lambda way: way.__name__)
def test_a_process_goes_with_a_backup_that_is_put_back_and_with_what_is_written_to_it(
    registry: Registry,
    path: Path,
    put_back: Callable[[Path, Path], None],
    caplog: pytest.LogCaptureFixture,
) -> None:
    index = FacetIndex(Counting())
    kept = registry.add(a_target("kept"), actor="me")
    backup = backed_up(path)
    registry.add(a_target("lost"), actor="me")
    index.sync(registry)
    put_back(backup, path)
    with caplog.at_level(logging.WARNING, "amnestic"):
        if put_back not in (renamed, moved_away_first):  # which leave the old log beside the new
            in_another_process(path, "acknowledged")  # the same number of changes as before
            wanted = {"kept", "acknowledged"}
        else:
            wanted = {"kept"}
        index.sync(registry)
        index.sync(registry)
    assert {t.id for t in index.targets()} == wanted
    assert index.target("kept") == kept
    assert {t.id for t in registry.targets()} == wanted
    assert len(caplog.messages) == 1
    assert str(path) in caplog.messages[0]
    assert "Ada" not in caplog.messages[0]
    registry.add(a_target("after"), actor="me")
    index.sync(registry)
    registry.check()
    registry.check_trail()
    registry.close()
    with Registry.open(path) as again:
        again.check()
        assert {t.id for t in again.targets()} == {*wanted, "after"} == set(_ids(index))


def _ids(index: FacetIndex) -> list[str]:
    return [target.id for target in index.targets()]


def test_what_the_old_file_had_in_its_log_is_in_it_when_it_was_moved_away(
    registry: Registry, path: Path
) -> None:
    registry.add(a_target("kept"), actor="me")
    backup = backed_up(path)
    registry.add(a_target("lost"), actor="me")
    moved_away_first(backup, path)
    assert [t.id for t in registry.targets()] == ["kept"]
    with Registry.open(path.with_name("old.db")) as old:
        assert [t.id for t in old.targets()] == ["kept", "lost"]


@pytest.mark.parametrize("put_back", [renamed_without_logs, written_over, moved_away_first])
def test_a_write_after_a_backup_was_put_back_is_in_the_file_that_others_read(
    registry: Registry, path: Path, put_back: Callable[[Path, Path], None]
) -> None:
    registry.add(a_target("kept"), actor="me")
    backup = backed_up(path)
    registry.add(a_target("lost"), actor="me")
    put_back(backup, path)
    registry.add(a_target("after"), actor="me")
    with Registry.open(path) as other:
        assert [t.id for t in other.targets()] == ["kept", "after"]


@pytest.mark.parametrize("put_back", [renamed_without_logs, written_over, moved_away_first])
def test_a_write_is_not_acknowledged_when_the_file_is_replaced_under_it(
    registry: Registry,
    path: Path,
    put_back: Callable[[Path, Path], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    registry.add(a_target("kept"), actor="me")
    backup = backed_up(path)
    insert = registry._rows.insert_facets

    def replaced_meanwhile(*given: object) -> None:
        insert(*given)  # type: ignore[arg-type]
        put_back(backup, path)

    monkeypatch.setattr(type(registry._rows), "insert_facets", lambda _, *a: replaced_meanwhile(*a))
    with pytest.raises(RegistryUnavailableError, match="replaced while it was written"):
        registry.add(a_target("unsure"), actor="me")
    monkeypatch.undo()
    registry.add(a_target("again"), actor="me")
    with Registry.open(path) as other:
        assert [t.id for t in other.targets()] == ["kept", "again"]
        other.check()


def test_a_registry_that_is_gone_is_refused_until_it_is_back_and_no_file_is_made(
    registry: Registry, path: Path
) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("kept"), actor="me")
    index.sync(registry)
    away = path.with_name("away.db")
    os.replace(path, away)
    for act in (
        lambda: index.sync(registry),
        lambda: registry.add(a_target("lost"), actor="me"),
        registry.targets,
    ):
        with pytest.raises(RegistryUnavailableError, match=r"`.*registry\.db` is gone"):
            act()
    assert not path.exists()
    os.replace(away, path)
    index.sync(registry)
    registry.add(a_target("new"), actor="me")
    index.sync(registry)
    assert _ids(index) == ["kept", "new"]


def test_new_connections_make_no_file(registry: Registry, path: Path) -> None:
    registry.close()
    path.unlink()
    with pytest.raises(OperationalError, match="unable to open"):
        registry._database.engine.connect()
    assert not path.exists()


@pytest.mark.parametrize("put", ["", "a shopping list, not a database\n" * 100])
def test_what_is_no_registry_is_refused_in_its_place(
    registry: Registry, path: Path, put: str
) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("kept"), actor="me")
    index.sync(registry)
    (path.with_name("new")).write_text(put)
    renamed_without_logs(path.with_name("new"), path)
    for _ in range(2):
        with pytest.raises((RegistryCorruptError, RegistryUnavailableError)):
            index.sync(registry)
    assert path.read_bytes().startswith(put.encode())


def test_a_damaged_backup_is_refused(registry: Registry, path: Path) -> None:
    index = FacetIndex(Counting())
    for i in range(170):
        registry.add(a_target(f"t{i} {'long ' * 150}"), actor="me")
    index.sync(registry)
    whole = bytearray(backed_up(path).read_bytes())
    whole[8192:-4096] = b"\xff" * (len(whole) - 8192 - 4096)
    path.with_name("backup.db").write_bytes(whole)
    renamed_without_logs(path.with_name("backup.db"), path)
    for _ in range(2):
        with pytest.raises(RegistryCorruptError, match="damaged"):
            index.sync(registry)


def test_a_backup_of_an_older_schema_is_brought_along(registry: Registry, path: Path) -> None:
    from tests.tools.registry.test_registry import _make_first_schema

    index = FacetIndex(Counting())
    registry.add(a_target("lost"), actor="me")
    index.sync(registry)
    _make_first_schema(path.with_name("backup.db"))
    renamed_without_logs(path.with_name("backup.db"), path)
    index.sync(registry)
    assert _ids(index) == ["t-1"]


def test_a_file_that_was_written_over_in_use_is_refused_where_it_cannot_be_left_unharmed(
    registry: Registry, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    registry.add(a_target("kept"), actor="me")
    backup = backed_up(path)
    registry.add(a_target("lost"), actor="me")
    monkeypatch.delattr("fcntl.F_OFD_SETLK", raising=False)
    written_over(backup, path)
    for _ in range(2):
        with pytest.raises(RegistryUnavailableError, match="end all programs that use it"):
            registry.targets()


def test_checkpoints_of_others_are_no_restore(
    registry: Registry, path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("a"), actor="me")
    index.sync(registry)
    generation = index.generation
    with caplog.at_level(logging.WARNING, "amnestic"):
        for mode in ("PASSIVE", "TRUNCATE"):
            with closing(sqlite3.connect(path)) as raw:
                raw.execute(f"PRAGMA wal_checkpoint({mode})")
            index.sync(registry)
    assert index.generation == generation
    assert caplog.messages == []


def test_two_registries_of_one_process_go_with_a_backup(registry: Registry, path: Path) -> None:
    with Registry.open(path) as other:
        registry.add(a_target("kept"), actor="me")
        backup = backed_up(path)
        other.add(a_target("lost"), actor="me")
        registry.targets()
        renamed(backup, path)
        registry.add(a_target("after"), actor="me")
        assert [t.id for t in other.targets()] == ["kept", "after"]
        other.add(a_target("more"), actor="me")
        assert [t.id for t in registry.targets()] == ["kept", "after", "more"]
        registry.check()


def test_the_position_tells_a_history_from_one_that_parted_from_it(
    registry: Registry, path: Path
) -> None:
    first = registry.position()
    registry.add(a_target("a"), actor="me")
    second = registry.position()
    with Registry.open(backed_up(path)) as copy:
        assert copy.follows(first.anywhere())
        assert copy.follows(second.anywhere())
        assert not copy.follows(second)
        copy.add(a_target("b"), actor="me")
        registry.add(a_target("b"), actor="me")
        assert not copy.follows(registry.position().anywhere())
        assert copy.revision() == registry.revision()
    with Registry.open(path.with_name("new.db")) as new:
        assert not new.follows(first.anywhere())


def test_a_look_at_the_files_is_all_that_a_question_costs_more(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("a"), actor="me")
    index.sync(registry)
    statements = statements_of(registry.database.engine)
    monkeypatch.setattr(Database, "_let_go", None)
    index.sync(registry)
    assert [sql.partition(" ")[0] for sql in statements] == ["SELECT"]
