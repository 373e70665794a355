"""On PostgreSQL replicas share what one of them has embedded, as long as that is of any use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlalchemy import event

from amnestic.exceptions import RegistryUnavailableError, RetrievalError, TargetStateError
from amnestic.tools.index import TargetStore
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.registry import Registry, Seals, VectorRows, restore_backup, write_backup
from amnestic.tools.registry.seals import SealKey
from amnestic.types import Facet, FacetKind, ForgetTarget
from tests.tools.index.test_facet_index_sync import Counting, add

pytest.importorskip("psycopg")

SEALS = Seals((SealKey.of(bytes(32)),))


@pytest.fixture
def registry(url: str) -> Iterator[Registry]:
    with Registry.open(url, SEALS) as opened:
        yield opened


def replica(registry: Registry, embedder: Counting | None = None) -> tuple[FacetIndex, list[str]]:
    """An index of its own on the registry, without a folder, and what it had to embed."""
    own = embedder or Counting()
    index = FacetIndex(own, seals=registry.seals)
    index.sync(registry)
    return index, own.embedded


def a_target(*texts: str, **changes: object) -> ForgetTarget:
    facets = [Facet(kind=FacetKind.FACT, text=text) for text in texts]
    given = {"id": "", "subject": texts[0], "facets": facets, **changes}
    return ForgetTarget.model_validate(given)


def rows(registry: Registry) -> dict[str, bytes]:
    with registry.database.connect() as connection:
        found = connection.exec_driver_sql("SELECT target_id, packed FROM facet_vectors").all()
    return {target_id: bytes(packed) for target_id, packed in found}


def test_a_new_replica_embeds_nothing_again(registry: Registry) -> None:
    add(registry, "a goat", "a bell")
    add(registry, "a regatta", sealed=True)
    first, embedded = replica(registry)
    assert sorted(embedded) == ["a bell", "a goat", "a regatta"]
    second, embedded = replica(registry)
    assert embedded == []
    for target in first.targets():
        mine, theirs = first.vectors_of(target.id), second.vectors_of(target.id)
        assert np.array_equal(mine.vectors, theirs.vectors)
        assert mine.facet_ids == theirs.facet_ids


def test_one_that_follows_takes_what_another_was_quicker_to_embed(registry: Registry) -> None:
    follower = Counting()
    index, embedded = replica(registry, follower)
    add(registry, "a goat")
    replica(registry)
    index.sync(registry)
    assert (embedded, len(index)) == ([], 1)


def test_the_vectors_of_what_is_added_come_with_it(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that those who are told of it at that moment need not all make them."""
    own, follower, late = FacetIndex(Counting(), seals=SEALS), Counting(), RetrievalError("late")
    index, _ = replica(registry, follower)

    def fails(_: Registry) -> int:
        raise late

    monkeypatch.setattr(own, "follow", fails)  # it comes to this only once the change holds
    targets = [a_target("a goat", "a bell"), a_target("a regatta", sealed=True)]
    with pytest.raises(RetrievalError):
        TargetStore(registry, own).add(targets, actor="me")
    index.sync(registry)
    assert (follower.embedded, len(index)) == ([], 3)


def test_what_was_not_added_leaves_no_vectors(registry: Registry) -> None:
    kept = add(registry, "a goat")
    store = TargetStore(registry, FacetIndex(Counting(), seals=SEALS))
    with pytest.raises(TargetStateError):
        store.add([a_target("a bell"), a_target("a regatta", id=kept.id)], actor="me")
    assert rows(registry) == {}


def test_one_that_cannot_make_vectors_adds_without_them(registry: Registry) -> None:
    own = Counting()
    store = TargetStore(registry, FacetIndex(own, seals=SEALS))
    own.fails = True
    with pytest.raises(RetrievalError, match="it is written down"):
        store.add([a_target("a goat")], actor="me")
    assert (len(registry.targets()), rows(registry)) == (1, {})
    index, embedded = replica(registry)
    assert (embedded, len(index)) == (["a goat"], 1)


@pytest.mark.parametrize("error", [ValueError("odd"), OSError("reset"), MemoryError()])
def test_what_an_embedder_raises_keeps_nothing_from_being_stored(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    own = Counting()

    def fails(_: object) -> None:
        raise error

    monkeypatch.setattr(own, "embed", fails)
    with pytest.raises(type(error)):  # of the index, which follows
        TargetStore(registry, FacetIndex(own, seals=SEALS)).add([a_target("a goat")], actor="me")
    assert (len(registry.targets()), rows(registry)) == (1, {})


@pytest.mark.parametrize(
    "refusing",
    ["ALTER TABLE facet_vectors ADD CHECK (length(packed) < 3)", "DROP TABLE facet_vectors"],
)
def test_a_database_that_keeps_no_vectors_keeps_the_target(
    registry: Registry, refusing: str, caplog: pytest.LogCaptureFixture
) -> None:
    with registry.database.engine.begin() as connection:
        connection.exec_driver_sql(refusing)
    index = FacetIndex(Counting(), seals=SEALS)
    TargetStore(registry, index).add([a_target("a goat")], actor="me")
    assert (len(registry.targets()), len(index)) == (1, 1)
    assert "vectors are not shared" in caplog.text


def test_so_many_questions_take_a_change_in(registry: Registry) -> None:
    """Each is a wait for the server, and for a turn of the interpreter behind it."""
    store = TargetStore(registry, FacetIndex(Counting(), seals=SEALS))
    index, _ = replica(registry)
    asked = list[str]()

    def note(_: object, __: object, statement: str, *___: object) -> None:
        asked.append(statement)

    event.listen(registry.database.engine, "before_cursor_execute", note)
    for change, count in (("add", 4), ("edit", 4), ("revoke", 2), ("nothing", 1)):
        if change == "add":
            (target,) = store.add([a_target("a goat")], actor="me")
        elif change == "edit":
            store.edit(registry.get(target.id).model_copy(update={"terms": ("oboe",)}), actor="me")
        elif change == "revoke":
            store.revoke(target.id, actor="me")
        asked.clear()
        index.follow(registry)
        assert len(asked) == count, (change, asked)


def test_a_change_is_taken_in_over_one_connection_that_is_given_back(registry: Registry) -> None:
    index, _ = replica(registry)
    add(registry, "a goat")
    replica(registry)
    taken = list[object]()
    event.listen(registry.database.engine, "checkout", lambda *told: taken.append(told))
    index.sync(registry)
    assert len(taken) == 2  # one to see that there is a change, and one to take it in
    index.sync(registry)
    assert len(taken) == 3
    pool: Any = registry.database.engine.pool
    assert pool.checkedout() == 0


def test_what_is_read_holds_no_transaction_open(registry: Registry) -> None:
    with registry.database.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        raw: Any = connection.connection.driver_connection
        assert raw.info.transaction_status.name == "IDLE"


def test_what_follows_is_shared_too(registry: Registry) -> None:
    index, _ = replica(registry)
    add(registry, "a goat")
    index.sync(registry)
    assert replica(registry)[1] == []


def test_one_with_vectors_of_its_own_shares_these(registry: Registry, tmp_path: Path) -> None:
    add(registry, "a goat")
    index = FacetIndex(Counting(), tmp_path, seals=SEALS)
    index.sync(registry)
    index.save()
    with registry.database.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM facet_vectors")
    again = Counting()
    FacetIndex(again, tmp_path, seals=SEALS).sync(registry)
    assert (again.embedded, len(rows(registry))) == ([], 1)
    assert replica(registry)[1] == []


def test_a_text_that_was_changed_is_embedded(registry: Registry) -> None:
    target = add(registry, "a goat", "a bell")
    replica(registry)
    facet = target.facets[0].model_copy(update={"text": "a donkey"})
    registry.replace_facets(target.id, (facet, *target.facets[1:]), actor="me")
    assert rows(registry) == {}
    assert sorted(replica(registry)[1]) == ["a bell", "a donkey"]


@pytest.mark.parametrize("end", ["revoke", "purge"])
@pytest.mark.parametrize("sealed", [False, True])
def test_what_is_no_longer_in_force_leaves_no_vector(
    registry: Registry, end: str, sealed: bool
) -> None:
    target = add(registry, "a goat", sealed=sealed)
    late, _ = replica(registry)
    getattr(registry, end)(target.id, actor="me")
    assert rows(registry) == {}
    shared = late._shared(registry)
    assert shared
    shared.write([(target, Counting().embed(["a goat"]))])  # by one that has not heard of it yet
    assert rows(registry) == {}


def test_the_vectors_of_sealed_targets_are_sealed(registry: Registry) -> None:
    add(registry, "a goat", sealed=True)
    (vector,) = Counting().embed(["a goat"]).astype("<f2")
    replica(registry)
    (packed,) = rows(registry).values()
    assert vector.tobytes() not in packed
    assert len(packed) > 16_000  # whatever the number of facets


@pytest.mark.parametrize("sealed", [False, True])
@pytest.mark.parametrize("damage", ["a bit", "cut short", "empty", "of another target"])
def test_what_is_damaged_is_embedded_and_replaced(
    registry: Registry, damage: str, sealed: bool
) -> None:
    target = add(registry, "a goat", sealed=sealed)
    other = add(registry, "a bell", sealed=sealed)
    replica(registry)
    packed = bytearray(rows(registry)[target.id])
    if damage == "a bit":
        packed[-1] ^= 1
    if damage == "cut short":
        packed = packed[:40]
    if damage == "empty":
        packed = bytearray()
    if damage == "of another target":
        packed = bytearray(rows(registry)[other.id])
    with registry.database.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE facet_vectors SET packed = %s WHERE target_id = %s", (bytes(packed), target.id)
        )
    assert replica(registry)[1] == ["a goat"]
    assert replica(registry)[1] == []


def test_another_embedder_takes_none_of_it(registry: Registry) -> None:
    add(registry, "a goat")
    replica(registry)
    assert replica(registry, Counting("another"))[1] == ["a goat"]
    assert replica(registry)[1] == []


def test_a_database_that_shares_nothing_holds_nobody_up(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(*_: object) -> None:
        raise RegistryUnavailableError("it is away")

    add(registry, "a goat")
    for name in ("known", "read", "put"):
        monkeypatch.setattr(VectorRows, name, fails)
    index, embedded = replica(registry)
    assert (embedded, len(index)) == (["a goat"], 1)
    assert "vectors are not shared with other replicas: it is away" in caplog.text


def test_no_backup_brings_vectors_back(registry: Registry, url: str, tmp_path: Path) -> None:
    add(registry, "a goat")
    replica(registry)
    write_backup(registry, tmp_path / "b.jsonl")
    assert "facet_vectors" not in (tmp_path / "b.jsonl").read_text()
    restore_backup(tmp_path / "b.jsonl", url, SEALS, replace=True)
    assert rows(registry) == {}


def test_a_registry_in_a_file_shares_nothing(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        add(registry, "a goat")
        replica(registry)
        assert (registry.vectors, rows(registry)) == (None, {})


def test_a_target_without_facets_is_passed_over(registry: Registry) -> None:
    registry.add(ForgetTarget(id="bare", subject="Bare"), actor="me")
    told = Facet(kind=FacetKind.FACT, text="a goat")
    registry.add(ForgetTarget(id="told", subject="Told", facets=(told,)), actor="me")
    replica(registry)
    assert list(rows(registry)) == ["told"]
