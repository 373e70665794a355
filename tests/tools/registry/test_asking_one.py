"""A row that is asked for each request: what is there now, and errors in the registry's words."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from amnestic.exceptions import RegistryCorruptError, RegistryError, RegistryUnavailableError
from amnestic.tools.registry import KeyGrant, Registry
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.position import NOW
from amnestic.tools.registry.single_rows import one_row
from amnestic.types.roles import Role
from tests.tools.registry.test_restored import a_target


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "r.db") as opened:
        yield opened


def test_it_is_the_row_that_sqlalchemy_gives(registry: Registry) -> None:
    for name in ("a", "b"):
        before = registry.position()
        registry.add(a_target(name), actor="me")
        with registry.database.connect() as connection:
            told = connection.execute(NOW).one()
        assert one_row(registry.database, NOW) == tuple(told)
        assert registry.position() != before


def test_a_change_by_another_process_is_seen_and_an_open_one_is_not(registry: Registry) -> None:
    place = Path(registry.place)
    with Registry.open(place) as other:
        before = registry.position()
        with other.database.connect(writing=True) as connection, connection.begin():
            clock = schema.clock
            connection.execute(clock.update().values(revision=clock.c.revision + 1))
            assert registry.position() == before
        assert registry.position().revision == before.revision + 1
        assert registry.keys.were_made(Role.CALLER, (Role.ADMIN, Role.EDITOR)) == (False, False)
        other.keys.create(KeyGrant(name="Ada", role=Role.EDITOR), actor="me")
        assert registry.keys.were_made(Role.CALLER, (Role.ADMIN, Role.EDITOR)) == (False, True)


def test_it_keeps_nobody_from_writing(registry: Registry) -> None:
    """What was read is no transaction that stays open."""
    with Registry.open(Path(registry.place)) as other:
        for name in ("a", "b", "c"):
            registry.position()
            other.add(a_target(name), actor="me")
            other.database.rewrite()
            assert registry.position() == other.position()
    assert registry.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]


def test_another_file_in_its_place_is_what_is_asked(registry: Registry, tmp_path: Path) -> None:
    place = Path(registry.place)
    with Registry.open(tmp_path / "other.db") as other:
        other.add(a_target("a"), actor="me")
        told = other.position().anywhere()
    registry.position()
    shutil.copy(tmp_path / "other.db", tmp_path / "new.db")
    (tmp_path / "new.db").replace(place)
    assert registry.position().anywhere() == told


def test_two_rows_are_not_taken_for_one(registry: Registry) -> None:
    with registry.database.connect(writing=True) as connection, connection.begin():
        connection.execute(schema.clock.insert().values(id=2, revision=0))
    with pytest.raises(RegistryUnavailableError):
        registry.position()


def test_errors_are_the_registrys(registry: Registry) -> None:
    place = Path(registry.place)
    with registry.database.connect(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("DELETE FROM clock")
    with pytest.raises(RegistryError):
        registry.position()
    with registry.database.connect(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("DROP TABLE clock")
    with pytest.raises(RegistryUnavailableError):
        registry.position()
    place.rename(place.with_name("away.db"))
    with pytest.raises(RegistryUnavailableError, match="is gone"):
        registry.position()
    place.write_bytes(b"Osk wrote it." * 1_000)
    with pytest.raises(RegistryCorruptError):
        registry.position()
    assert registry.database.engine.pool.checkedout() == 0  # type: ignore[attr-defined]
