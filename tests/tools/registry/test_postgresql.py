"""A registry on PostgreSQL: restored, purged, checked, where the server's programs are at hand."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError, TargetStateError
from amnestic.testing import ScriptedBackend
from amnestic.tools.index import FacetIndex
from amnestic.tools.registry import (
    Registry,
    Tombstone,
    TombstoneKind,
    restore_backup,
    write_backup,
)
from amnestic.types import TargetStatus
from tests.cli.one_process import one_after_another
from tests.tools.index.test_facet_index_sync import Counting
from tests.tools.registry.test_restored import a_target

pytest.importorskip("psycopg")


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry.open(url) as opened:
        yield opened


def test_a_backup_that_is_put_back_is_gone_with(registry: Registry) -> None:
    index = FacetIndex(Counting())
    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("lost"), actor="me")
    index.sync(registry)
    with registry._database.engine.begin() as connection:  # as from a backup after the first line
        for statement in (
            "ALTER TABLE trail DISABLE TRIGGER trail_append_only",
            "DELETE FROM trail WHERE revision = 2",
            "DELETE FROM facets WHERE target_id = 'lost'",
            "DELETE FROM targets WHERE id = 'lost'",
            "UPDATE clock SET revision = 1",
            "ALTER TABLE trail ENABLE TRIGGER trail_append_only",
        ):
            connection.exec_driver_sql(statement)
    registry.add(a_target("acknowledged"), actor="me")
    index.sync(registry)
    assert {target.id for target in index.targets()} == {"kept", "acknowledged"}
    registry.check_trail()


def test_tombstones_are_kept_and_go_with_a_purge(registry: Registry) -> None:
    registry.add(a_target("kept"), actor="me")
    told = Tombstone("kept", TombstoneKind.TEXT, "0f")
    registry.tombstones.note("sweep", {"kept": "x"}, [told], actor="me")
    registry.tombstones.note("sweep", {"kept": "x"}, [told], actor="me")
    assert registry.tombstones.of(["kept"]) == [told]
    registry.check_trail()
    registry.purge("kept", actor="me")
    assert registry.tombstones.of(["kept"]) == []
    registry.check_trail()


def test_a_target_is_purged(registry: Registry) -> None:
    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("gone"), actor="Brundt", reason="Brundt asked")
    assert registry.purge("gone", actor="me").status is TargetStatus.PURGED
    registry.check_trail()
    with registry._database.engine.begin() as connection:
        for table in ("targets", "facets", "trail", "versions", "sealed_names"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert not any(text in str(row) for row in rows for text in ("gone keeps", "Brundt"))


@pytest.mark.parametrize(
    "change", ["UPDATE trail SET actor = 'purged', reason = ''", "DELETE FROM trail"]
)
def test_the_trail_stays_append_only(registry: Registry, change: str) -> None:
    registry.add(a_target("kept"), actor="me")
    registry.add(a_target("gone"), actor="me")
    registry.purge("gone", actor="me")
    with (
        registry._database.engine.connect() as connection,
        pytest.raises(DBAPIError, match="append-only"),
    ):
        connection.exec_driver_sql(change)


def test_every_door_takes_its_url_and_tells_no_password(
    registry: Registry, url: str, tmp_path: Path
) -> None:
    place = url.replace("//me@", "//me:pw-4242@")
    given = {"AMNESTIC_DB": place, "HOME": str(tmp_path), "XDG_DATA_HOME": ""}
    nowhere = ["--model", "openai:m", "--base-url", "http://127.0.0.1:9/v1"]
    commands = (
        ["forget", "Forget Mirela Danko", "--yes"],
        ["targets"],
        ["targets", "--json"],
        ["doctor", *nowhere],
    )
    done = one_after_another(commands, given)
    assert [said.code for said in done] == [0, 0, 0, 1], done
    assert re.search(r"^ok +database +postgresql\+psycopg://", done[-1].out, re.MULTILINE)
    said = "".join(said.out + said.err for said in done)
    assert "Mirela Danko" in said
    assert "4242" not in said
    with Amnesia(ScriptedBackend("She paints."), db=place, cache_dir=tmp_path) as amnesia:
        assert amnesia.chat("Who is Mirela Danko?").text != "She paints."
        assert "4242" not in f"{amnesia.settings} {amnesia.registry!r}"


def test_what_is_forgotten_at_one_replica_holds_for_the_next_request_of_another(
    registry: Registry, url: str, layer: Callable[..., Amnesia]
) -> None:
    one, other = layer("She paints.", db=url), layer("She paints.", db=url)
    assert other.chat("Who is Mirela Danko?").text == "She paints."
    for _ in range(3):
        target = one.forget("Forget Mirela Danko")
        assert other.chat("Who is Mirela Danko?").text != "She paints."
        one.revoke(target.id)
        assert other.chat("Who is Mirela Danko?").text == "She paints."


def test_many_that_open_an_empty_database_at_once_take_turns(registry: Registry, url: str) -> None:
    with registry._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP SCHEMA public CASCADE")
        connection.exec_driver_sql("CREATE SCHEMA public")
    with ThreadPoolExecutor(8) as pool:
        opened = list(pool.map(lambda _: Registry.open(url), range(8)))
    assert {one.revision() for one in opened} == {0}
    for one in opened:
        one.close()


def test_connections_that_the_server_has_closed_are_made_anew(
    registry: Registry, layer: Callable[..., Amnesia], url: str
) -> None:
    amnesia = layer("She paints.", db=url)
    amnesia.forget("Forget Mirela Danko")
    with registry._database.engine.begin() as connection:
        connection.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        )
    assert amnesia.chat("Who is Mirela Danko?").text != "She paints."


def test_a_backup_goes_from_one_database_to_the_other_and_back(
    registry: Registry, url: str, tmp_path: Path
) -> None:
    lines, place = tmp_path / "backup.jsonl", tmp_path / "registry.db"
    registry.add(a_target("kept"), actor="me")
    registry.revoke("kept", actor="me", reason="Ünïcode")
    with pytest.raises(InvalidRequestError, match=r"name it FILE.jsonl"):
        write_backup(registry, tmp_path / "backup.db")
    kept = write_backup(registry, lines)
    assert restore_backup(lines, place) == kept
    with Registry.open(place) as here:
        assert here.trail() == registry.trail()
        here.add(a_target("here"), actor="me")
        write_backup(here, tmp_path / "here.db")
    with pytest.raises(TargetStateError, match="is not empty"):
        restore_backup(tmp_path / "here.db", url)
    restore_backup(tmp_path / "here.db", url, replace=True)
    assert [target.id for target in registry.targets()] == ["kept", "here"]
    registry.check_trail()
    with (
        registry.database.engine.connect() as connection,
        pytest.raises(DBAPIError, match="append-only"),
    ):
        connection.exec_driver_sql("DELETE FROM trail")
