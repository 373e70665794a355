"""Targets are found by a part of a name, from an index that goes with every change."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from amnestic.exceptions import TargetStateError
from amnestic.tools.registry import (
    Registry,
    TargetQuery,
    make_key,
    read_seals,
    restore_backup,
    write_backup,
)
from amnestic.tools.registry.search_index import standing_in
from amnestic.types import ForgetTarget
from tests.tools.registry.test_registry import _make_first_schema

RARE = "Ẑqxuil"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "r.db"


@pytest.fixture(params=["sqlite", "sqlite without an index", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path: Path, path: Path) -> Iterator[Registry]:
    make_key(tmp_path / "seal.key")
    seals = read_seals(tmp_path / "seal.key", None)
    on_a_server = request.param == "postgresql"
    place = request.getfixturevalue("url") if on_a_server else path
    with Registry.open(place, seals) as opened:
        if request.param == "sqlite without an index":
            drop_index(opened)
        yield opened


def drop_index(registry: Registry) -> None:
    with registry.database.connect(writing=True) as connection, connection.begin():
        for name in ("put", "take", "change"):
            connection.exec_driver_sql(f"DROP TRIGGER target_search_{name}")
        connection.exec_driver_sql("DROP TABLE target_search")


def found(registry: Registry, words: str) -> list[str]:
    """The ids of those who are called so, by both ways of asking."""
    page = [target.id for target in registry.page(TargetQuery(words=words)).targets]
    assert [target.id for target in registry.named(words)] == page
    assert [target.id for target in registry.listed("default", words)] == page
    return page


def a_target(target_id: str, subject: str, *aliases: str, sealed: bool = False) -> ForgetTarget:
    return ForgetTarget(id=target_id, subject=subject, aliases=aliases, sealed=sealed)


@pytest.mark.parametrize(
    ("words", "ids"),
    [
        ("danko", ["a", "b"]),
        ("DANKO", ["a", "b"]),
        ("ela dan", ["a"]),
        ("ö", ["c"]),
        ("DA", ["a", "b", "d"]),
        ("%", ["d"]),
        ("_\\", ["d"]),
        ("?", []),
        ("ÖMER", ["c"]),
        ("straße", ["c"]),
        ('"', ["d"]),
        ('"dan" OR "', ["d"]),
        ("100%_\\", ["d"]),
        ("dan*", []),
        ("NOT", []),
        ("日本語", ["e"]),
        ("本", ["e"]),
        ("dan or mir", []),
        ("\0dan\0ko", ["a", "b"]),
        ("x" * 5_000, []),
    ],
)
def test_words_are_found_letter_for_letter_in_any_case(
    registry: Registry, words: str, ids: list[str]
) -> None:
    registry.add_all(
        [
            a_target("a", "Mirela Danko"),
            a_target("b", "Bo Example", "Danko the Elder"),
            a_target("c", "Ömer Çelik", "Ömer von der Straße"),
            a_target("d", 'Dana "dan" OR "x" 100%_\\'),
            a_target("e", "日本語の会"),
        ],
        actor="me",
    )
    assert found(registry, words) == ids


def test_what_is_changed_is_found_as_it_is_now(registry: Registry) -> None:
    added = registry.add(a_target("a", "Mirela Danko"), actor="me")
    changed = added.model_copy(update={"subject": "Runa Vesk", "aliases": ("Runa",)})
    registry.edit(changed, actor="me")
    assert (found(registry, "danko"), found(registry, "vesk")) == ([], ["a"])
    registry.revoke("a", actor="me")
    assert found(registry, "vesk") == ["a"]
    registry.purge("a", actor="me")
    assert found(registry, "vesk") == []


def test_a_change_that_fails_leaves_no_word(registry: Registry) -> None:
    registry.add(a_target("a", "Mirela Danko"), actor="me")
    with pytest.raises(TargetStateError):
        registry.add_all([a_target("b", "Runa Vesk"), a_target("a", "Runa")], actor="me")
    assert found(registry, "runa") == []


def test_nothing_of_a_sealed_target_is_in_the_index(registry: Registry) -> None:
    registry.add(a_target("a", f"{RARE} Danko", sealed=True), actor="me")
    assert (found(registry, RARE), found(registry, f"{RARE} danko")) == ([], ["a"])
    if registry.database.file is not None and has_index(registry):
        assert RARE[0].lower().encode() not in pages_of_the_index(registry)


def has_index(registry: Registry) -> bool:
    with registry.database.connect() as connection:
        query = "SELECT count(*) FROM sqlite_master WHERE name = 'target_search'"
        return bool(connection.exec_driver_sql(query).scalar())


def pages_of_the_index(registry: Registry) -> bytes:
    with registry.database.connect() as connection:
        blocks = connection.exec_driver_sql("SELECT block FROM target_search_data").scalars()
        return b"".join(blocks)


@pytest.mark.parametrize("neighbours", [0, 400])
def test_nothing_of_a_purged_target_stays_in_the_index(path: Path, neighbours: int) -> None:
    with Registry.open(path) as registry:
        for i in range(neighbours):  # so that the index is of several parts
            registry.add(a_target(f"n-{i}", f"Bo Number {i}"), actor="me")
        registry.add(a_target("a", f"{RARE} Danko"), actor="me")
        letter = RARE[0].lower().encode()
        assert letter in pages_of_the_index(registry)
        registry.purge("a", actor="me")
        assert letter not in pages_of_the_index(registry)
        assert letter not in path.read_bytes()
        assert len(registry.named("bo number")) == neighbours


@pytest.mark.parametrize("ending", ["db", "jsonl"])
def test_a_backup_that_is_put_back_is_searched(
    registry: Registry, tmp_path: Path, ending: str
) -> None:
    if registry.database.file is None and ending == "db":
        pytest.skip("a registry on a server is kept as lines")
    registry.add(a_target("a", "Mirela Danko"), actor="me")
    write_backup(registry, tmp_path / f"backup.{ending}")
    registry.add(a_target("b", "Runa Vesk"), actor="me")
    url = registry.database.engine.url.render_as_string(hide_password=False)
    restore_backup(tmp_path / f"backup.{ending}", url, replace=True)
    assert (found(registry, "danko"), found(registry, "vesk")) == (["a"], [])
    registry.add(a_target("c", "Danko Three"), actor="me")
    assert found(registry, "danko") == ["a", "c"]


def test_the_index_says_the_same_after_many_changes(path: Path) -> None:
    with Registry.open(path) as registry:
        for i in range(60):
            registry.add(a_target(f"t-{i}", f"Mirela Number{i:02}"), actor="me")
            if i % 3 == 0:
                registry.revoke(f"t-{i}", actor="me")
            if i % 5 == 0:
                registry.purge(f"t-{i}", actor="me")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("INSERT INTO target_search(target_search) VALUES ('integrity-check')")


def test_an_older_registry_is_searched(path: Path) -> None:
    _make_first_schema(path)
    with Registry.open(path) as registry:
        assert found(registry, "exam") == found(registry, "covid") == ["t-1"]
        (row,) = sqlite3.connect(path).execute("SELECT sort_name FROM targets").fetchall()
        assert row == ("ada example",)
        assert has_index(registry)


def test_a_database_that_can_have_no_index_is_searched_all_the_same(
    path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    _make_first_schema(path)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE target_search (taken TEXT)")  # so that none can be made
    with Registry.open(path) as registry:
        assert "has no index for searching" in caplog.text
        assert found(registry, "exam") == ["t-1"]
        registry.add(a_target("b", "Runa Vesk"), actor="me")
        assert found(registry, "vesk") == ["b"]


@pytest.mark.parametrize(("words", "by_the_index"), [("a", False), ("da", False), ("dan", True)])
def test_postgresql_reads_rows_and_no_whole_index_for_one_or_two_letters(
    url: str, words: str, by_the_index: bool
) -> None:
    with Registry.open(url) as registry, registry.database.connect() as connection:
        for way in ("seqscan", "indexscan", "indexonlyscan"):
            connection.exec_driver_sql(f"SET enable_{way} = off")
        its = standing_in(words, by_index=False).compile(
            connection, compile_kwargs={"literal_binds": True}
        )
        plan = connection.exec_driver_sql(
            f"EXPLAIN SELECT 1 FROM targets WHERE {its}".replace("%", "%%"), ()
        )
        assert ("targets_by_search" in "\n".join(plan.scalars())) is by_the_index
        connection.rollback()


def test_sqlite_whose_index_has_to_be_asked_compares_the_column_as_it_is() -> None:
    assert "||" not in str(standing_in("da", by_index=True))
    assert "||" in str(standing_in("da", by_index=False))
