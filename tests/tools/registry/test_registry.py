"""The registry keeps what it was told, tells who did what, and fails with one clear line: in a file
and on PostgreSQL, but for what is a file's alone."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect
from sqlalchemy.exc import DBAPIError

from amnestic.exceptions import (
    AmnesticError,
    InvalidRequestError,
    RegistryCorruptError,
    RegistryError,
    RegistryUnavailableError,
    RegistryVersionError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.tools.registry import engine as registry_engine
from amnestic.tools.registry import pages
from amnestic.tools.registry.registry import Registry
from amnestic.tools.registry.schema import metadata
from amnestic.tools.registry.shared_tables import shared
from amnestic.types import (
    GLOBAL,
    Elicitation,
    Facet,
    FacetKind,
    FacetSource,
    ForgetTarget,
    Identifier,
    IdentifierType,
    Policy,
    TargetKind,
    TargetStatus,
)

SECRET = "keeps a tame heron in the cellar"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "registry.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def place(request: pytest.FixtureRequest, path: Path) -> Path | str:
    """Where a registry may be made, or is new."""
    return path if request.param == "sqlite" else str(request.getfixturevalue("url"))


@pytest.fixture
def registry(place: Path | str) -> Iterator[Registry]:
    with Registry.open(place) as opened:
        yield opened


@pytest.fixture
def in_file(path: Path) -> Iterator[Registry]:
    with Registry.open(path) as opened:
        yield opened


def executed(registry: Registry, *statements: str) -> None:
    """Change the database as somebody would who has no business to."""
    with registry._database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def counted(registry: Registry, question: str) -> object:
    """What a question of one value is answered."""
    with registry._database.engine.begin() as connection:
        return connection.exec_driver_sql(question).scalar_one()


def a_target(target_id: str = "", **changes: object) -> ForgetTarget:
    facets = (Facet(kind=FacetKind.ALIAS, text="Ada"), Facet(kind=FacetKind.FACT, text=SECRET))
    given = {"id": target_id, "subject": "Ada Example", "facets": facets, **changes}
    return ForgetTarget.model_validate(given)


# ── What is stored ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("own_migration")
def test_every_field_of_a_target_is_read_back_by_another_process_opening_the_file(
    registry: Registry, place: Path | str
) -> None:
    added = registry.add(
        a_target(
            kind=TargetKind.PERSON,
            kind_guessed=True,
            description="an example",
            aliases=("Ada", 'A. "E."'),
            translations=("Ада",),
            terms=("the Exemplar",),
            identifiers=(Identifier(type="email", value="ada@example.org", label="mail"),),
            facets=(Facet(kind=FacetKind.FACT, text=SECRET, source=FacetSource.ELICITED),),
            exceptions=("her garden",),
            scope="the support bot",
            subject_id="crm-7",
            legal_basis="GDPR Art. 17",
            unread=("or else",),
            elicitation=Elicitation.PENDING,
            version=3,
            policy=Policy.STRICT,
            namespace="tenant",
            requester="legal",
            reason="a request",
            expires=datetime(2099, 1, 1, 12, tzinfo=timezone(timedelta(hours=2))),
        ),
        actor="me",
    )
    assert added.id
    with Registry.open(place) as other:
        assert other.get(added.id) == added
        assert other.targets() == [added]


def test_facets_get_unique_positive_ids_of_63_bits(registry: Registry) -> None:
    ids = [f.id for _ in range(20) for f in registry.add(a_target(), actor="me").facets]
    assert len(set(ids)) == 40
    assert all(0 < i < 2**63 for i in ids)


def test_replaced_facets_keep_the_ids_they_carry(registry: Registry) -> None:
    target = registry.add(a_target(), actor="me")
    kept = target.facets[1]
    new = Facet(kind=FacetKind.QUESTION, text="Who keeps herons?")
    replaced = registry.replace_facets(target.id, [kept, new], actor="me")
    assert replaced.facets[0] == kept
    assert replaced.facets[1].id not in {0, *(f.id for f in target.facets)}
    assert registry.get(target.id) == replaced


def test_a_facet_id_in_use_is_refused_and_nothing_changes(registry: Registry) -> None:
    first = registry.add(a_target(), actor="me")
    revision = registry.revision()
    with pytest.raises(InvalidRequestError, match="facet id"):
        registry.add(a_target("second", facets=first.facets), actor="me")
    assert registry.revision() == revision
    assert [t.id for t in registry.targets()] == [first.id]


def test_an_id_that_is_taken_is_refused(registry: Registry) -> None:
    registry.add(a_target("one"), actor="me")
    with pytest.raises(TargetStateError, match="`one` exists"):
        registry.add(a_target("one"), actor="me")


def test_lone_surrogates_and_nul_bytes_are_stored_as_something_readable(
    registry: Registry,
) -> None:
    odd = a_target().model_copy(update={"subject": "Ada\ud800\0", "reason": "\udfff"})
    added = registry.add(odd, actor="me")
    assert added.subject == "Ada?"
    assert registry.get(added.id) == added


def test_odd_ids_actors_and_namespaces_are_answered_like_any_others(registry: Registry) -> None:
    for odd in ("\ud800", "\0", "", "x" * 10_000, "'; DROP TABLE targets"):
        for act in (registry.get, lambda i: registry.revoke(i, actor="me", reason=i)):
            with pytest.raises(TargetNotFoundError):
                act(odd)
        assert registry.targets(odd) == []
        assert registry.trail(odd) == []
    target = registry.add(a_target(), actor="\ud800")
    assert registry.revoke(target.id, actor="\0", reason="\udfff").status is TargetStatus.REVOKED


def test_nothing_is_written_that_cannot_be_read(registry: Registry) -> None:
    empty = (Identifier(value="\0"),)
    with pytest.raises(InvalidRequestError, match="identifier"):
        registry.add(a_target(identifiers=empty), actor="me")
    late = datetime.max.replace(tzinfo=timezone(timedelta(hours=-5)))
    with pytest.raises(InvalidRequestError, match="no time"):
        registry.add(a_target(expires=late), actor="me")
    assert registry.targets() == []
    target = registry.add(a_target(), actor="me")
    executed(registry, "UPDATE targets SET kind = 'unicorn'")
    with pytest.raises(RegistryCorruptError, match=f"`{target.id}` cannot be read"):
        registry.targets()


@pytest.mark.parametrize("facet_id", [-1, 2**63])
def test_a_facet_id_that_no_database_holds_is_refused(registry: Registry, facet_id: int) -> None:
    with pytest.raises(InvalidRequestError, match="63 bits"):
        registry.add(
            a_target(facets=(Facet(kind=FacetKind.FACT, text="a", id=facet_id),)), actor=""
        )
    assert registry.targets() == []


def test_a_time_without_a_zone_is_taken_as_utc(registry: Registry) -> None:
    added = registry.add(a_target(expires=datetime(2099, 1, 1)), actor="me")
    assert added.expires == datetime(2099, 1, 1, tzinfo=UTC)
    assert added.is_active()


def test_targets_are_listed_oldest_first_by_namespace_and_status(registry: Registry) -> None:
    a, b, c = (registry.add(a_target(namespace=n), actor="me") for n in ("x", "y", "x"))
    registry.revoke(a.id, actor="me")
    assert [t.id for t in registry.targets()] == [a.id, b.id, c.id]
    assert [t.id for t in registry.targets("x")] == [a.id, c.id]
    assert registry.targets("x", TargetStatus.ACTIVE) == [c]
    assert [t.id for t in registry.targets(status=TargetStatus.REVOKED)] == [a.id]


# ── Revoking ─────────────────────────────────────────────────────────────────────────────────────


def test_revoking_keeps_what_was_told_and_deletes_what_a_model_said_of_the_subject(
    registry: Registry,
) -> None:
    said = Facet(kind=FacetKind.FACT, text="plays the oboe", source=FacetSource.ELICITED)
    target = registry.add(a_target(facets=(*a_target().facets, said)), actor="me")
    revoked = registry.revoke(target.id, actor="you", reason="withdrawn")
    assert revoked == registry.get(target.id)
    assert revoked.status is TargetStatus.REVOKED
    assert [f.text for f in revoked.facets] == ["Ada", SECRET]
    assert counted(registry, "SELECT count(*) FROM facets") == 2
    assert counted(registry, "SELECT revoked_reason FROM targets") == "withdrawn"


def test_a_revoked_target_is_restored_as_it_was_told(registry: Registry) -> None:
    target = registry.add(a_target(), actor="me")
    registry.revoke(target.id, actor="me")
    restored = registry.restore(target.id, actor="you", reason="by mistake", elicit=True)
    assert restored == registry.get(target.id)
    assert restored == target.model_copy(update={"elicitation": Elicitation.PENDING})
    told = [(e.actor, e.action, e.reason) for e in registry.trail()]
    assert told[2] == ("you", "restore", "by mistake")
    with pytest.raises(TargetStateError, match="in force"):
        registry.restore(target.id, actor="me")
    with pytest.raises(TargetNotFoundError):
        registry.restore("nobody", actor="me")


# ── Editing ──────────────────────────────────────────────────────────────────────────────────────


def test_an_edit_is_a_new_version_and_keeps_the_old_one(registry: Registry) -> None:
    target = registry.add(a_target(), actor="me")
    wanted = target.model_copy(update={"aliases": ("Ada", "Addie"), "namespace": "elsewhere"})
    edited = registry.edit(wanted, actor="you", reason="a nickname")
    assert edited == registry.get(target.id)
    assert (edited.aliases, edited.namespace) == (("Ada", "Addie"), "default")
    assert edited.version == 2
    assert registry.versions(target.id) == [target]
    assert [(e.action, e.version, e.reason) for e in registry.trail()] == [
        ("add", 1, ""),
        ("edit", 2, "a nickname"),
    ]


def test_an_edit_of_what_somebody_else_edited_is_refused(registry: Registry) -> None:
    target = registry.add(a_target(), actor="me")
    registry.edit(target.model_copy(update={"aliases": ("Addie",)}), actor="you")
    with pytest.raises(TargetStateError, match="in the meantime"):
        registry.edit(target.model_copy(update={"aliases": ("Adda",)}), actor="me")
    assert registry.get(target.id).aliases == ("Addie",)


def test_what_a_model_said_is_written_down_once_and_only_of_the_same_target(
    registry: Registry,
) -> None:
    pending = registry.add(a_target(elicitation="pending"), actor="me")
    said = Facet(kind=FacetKind.FACT, text="plays the oboe", source=FacetSource.ELICITED)
    told = pending.model_copy(
        update={"facets": (*pending.facets, said), "elicitation": Elicitation.DONE}
    )
    assert registry.elicited(told, actor="me") == registry.get(pending.id)
    assert registry.get(pending.id).facts == (SECRET, "plays the oboe")
    assert registry.elicited(told, actor="me") is None
    edited = registry.add(a_target(elicitation="pending"), actor="me")
    registry.edit(edited, actor="me")
    assert registry.elicited(edited, actor="me") is None
    gone = registry.add(a_target(elicitation="pending"), actor="me")
    registry.revoke(gone.id, actor="me")
    assert registry.elicited(gone, actor="me") is None


def test_several_are_added_together_or_not_at_all(registry: Registry) -> None:
    kept = registry.add(a_target("kept"), actor="me")
    with pytest.raises(TargetStateError, match="`kept`"):
        registry.add_all([a_target("new"), a_target("kept")], actor="me")
    with pytest.raises(TargetStateError, match="`twin`"):
        registry.add_all([a_target("twin"), a_target("twin")], actor="me")
    assert registry.targets() == [kept]
    assert registry.add_all([], actor="me") == ()
    added = registry.add_all([a_target("a"), a_target("b")], actor="me", reason="a list")
    assert registry.targets() == [kept, *added]
    assert [(e.target_id, e.reason) for e in registry.trail()][1:] == [
        ("a", "a list"),
        ("b", "a list"),
    ]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("example", ["a"]),
        ("ADDIE", ["a"]),
        ("mueller", ["b"]),
        ("100%", []),
        ("Müller", ["b"]),
        ("ÖZGÜR", ["b"]),
        ("alias", []),
    ],
)
def test_targets_are_found_by_words_of_their_names(
    registry: Registry, words: str, found: list[str]
) -> None:
    registry.add(a_target("a", aliases=("Addie",)), actor="me")
    more = {"subject": "Jan Mueller", "translations": ("Jan Müller", "Özgür")}
    registry.add(a_target("b", **more), actor="me")
    assert [t.id for t in registry.named(words)] == found
    assert registry.named(words, "elsewhere") == []


# ── Revoking what cannot be ──────────────────────────────────────────────────────────────────────


def test_revoking_twice_or_what_is_not_there_is_refused(registry: Registry) -> None:
    target = registry.add(a_target(), actor="me")
    registry.revoke(target.id, actor="me")
    revision = registry.revision()
    with pytest.raises(TargetStateError, match="revoked already"):
        registry.revoke(target.id, actor="me")
    with pytest.raises(TargetStateError):
        registry.replace_facets(target.id, [], actor="me")
    for act in (
        lambda: registry.revoke("nobody", actor="me"),
        lambda: registry.replace_facets("nobody", [], actor="me"),
        lambda: registry.get("nobody"),
    ):
        with pytest.raises(TargetNotFoundError, match="`nobody`"):
            act()
    assert registry.revision() == revision


# ── The trail ────────────────────────────────────────────────────────────────────────────────────


def test_the_trail_tells_who_did_what_and_never_a_targets_text(
    registry: Registry,
) -> None:
    target = registry.add(a_target(), actor="ann")
    other = registry.add(a_target(), actor="bob")
    registry.replace_facets(target.id, target.facets, actor="cleo")
    registry.revoke(target.id, actor="dan", reason="withdrawn")
    told = [(e.revision, e.actor, e.action, e.target_id) for e in registry.trail(target.id)]
    assert told == [
        (1, "ann", "add", target.id),
        (3, "cleo", "replace_facets", target.id),
        (4, "dan", "revoke", target.id),
    ]
    assert [e.target_id for e in registry.trail()].count(other.id) == 1
    assert all(e.at <= datetime.now(UTC) for e in registry.trail())
    assert not any(word in str(registry.trail()) for word in ("Ada", SECRET))


@pytest.mark.parametrize("change", ["UPDATE trail SET actor = 'x'", "DELETE FROM trail"])
def test_the_trail_cannot_be_changed_even_by_hand(registry: Registry, change: str) -> None:
    registry.add(a_target(), actor="me")
    with pytest.raises(DBAPIError, match="append-only"):
        executed(registry, change)


UNGUARDED = {
    "sqlite": ("DROP TRIGGER trail_refuses_update", "DROP TRIGGER trail_refuses_delete"),
    "postgresql": ("ALTER TABLE trail DISABLE TRIGGER USER",),
}


@pytest.mark.parametrize(
    ("forgery", "where"),
    [
        ("UPDATE trail SET actor = 'eve' WHERE revision = 2", "line 2"),
        ("DELETE FROM trail WHERE revision = 2", "line 3"),
        ("DELETE FROM trail WHERE revision = 1", "line 2"),
        ("UPDATE targets SET description = 'none' WHERE id = 'b'", "`b`"),
        ("DELETE FROM facets WHERE target_id = 'b'", "`b`"),
        ("DELETE FROM trail WHERE revision = 4", "line 4"),
        ("UPDATE trail SET chain = '', digest = '', actor = 'eve'", "line 1"),
        ("DELETE FROM facets WHERE target_id = 'd'; DELETE FROM targets WHERE id = 'd'", "`d`"),
    ],
)
def test_a_forged_trail_or_target_is_noticed(registry: Registry, forgery: str, where: str) -> None:
    for target_id in ("a", "b", "d"):
        registry.add(a_target(target_id), actor="me")
    registry.revoke("a", actor="me")
    registry.check_trail()
    executed(registry, *UNGUARDED[registry._database.engine.dialect.name], *forgery.split(";"))
    with pytest.raises(RegistryCorruptError, match=where):
        registry.check_trail()


def test_changes_of_another_process_are_noticed_by_the_revision(
    registry: Registry, place: Path | str
) -> None:
    with Registry.open(place) as other:
        assert other.revision() == 0
        a, b = (registry.add(a_target(), actor="me") for _ in range(2))
        seen = other.revision()
        assert seen == registry.revision() == 2
        assert other.changes_since(0) == [a.id, b.id]
        registry.revoke(a.id, actor="me")
        assert other.changes_since(seen) == [a.id]
        assert other.changes_since(other.revision()) == []


# ── Many at once ─────────────────────────────────────────────────────────────────────────────────


def test_fifty_threads_add_revoke_and_ask_at_once(registry: Registry, place: Path | str) -> None:
    with Registry.open(place) as other:
        start = threading.Barrier(50)

        def work(i: int) -> list[str]:
            mine = registry if i % 2 else other
            start.wait()
            kept = []
            for j in range(4):
                target = mine.add(a_target(), actor=f"thread {i}")
                assert mine.get(target.id) == target
                if j % 2:
                    mine.revoke(target.id, actor=f"thread {i}")
                else:
                    kept.append(target.id)
                assert mine.targets(status=TargetStatus.ACTIVE)
            return kept

        with ThreadPoolExecutor(50) as pool:
            kept = [target_id for ids in pool.map(work, range(50)) for target_id in ids]
    active = registry.targets(status=TargetStatus.ACTIVE)
    assert {t.id for t in active} == set(kept)
    assert registry.revision() == 50 * 6
    assert [e.revision for e in registry.trail()] == list(range(1, 301))


@pytest.mark.usefixtures("own_migration")
def test_many_that_open_a_new_database_at_once_make_one_schema(path: Path) -> None:
    start = threading.Barrier(12)

    def open_and_add(i: int) -> str:
        start.wait()
        with Registry.open(path) as mine:
            return mine.add(a_target(f"t{i}"), actor="me").id

    with ThreadPoolExecutor(12) as pool:
        ids = set(pool.map(open_and_add, range(12)))
    with Registry.open(path) as opened:
        opened.check()
        assert {t.id for t in opened.targets()} == ids == {f"t{i}" for i in range(12)}


# ── Databases that cannot be used ────────────────────────────────────────────────────────────────


def one_clear_line(error: AmnesticError) -> bool:
    return "\n" not in str(error) and SECRET not in str(error) and error.__cause__ is None


def test_a_file_that_is_no_database_is_refused_and_left_alone(path: Path) -> None:
    path.write_text("a shopping list, not a database\n" * 100)
    before = path.read_bytes()
    with pytest.raises(RegistryCorruptError, match="not a database") as caught:
        Registry.open(path)
    assert one_clear_line(caught.value)
    assert path.read_bytes() == before


def test_a_database_of_something_else_is_refused_and_left_alone(path: Path) -> None:
    raw = sqlite3.connect(path)
    raw.execute("CREATE TABLE recipes (name TEXT)")
    raw.commit()
    with pytest.raises(RegistryCorruptError, match="not a registry"):
        Registry.open(path)
    assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("recipes",)]
    raw.close()


def test_a_damaged_database_is_reported(in_file: Registry, path: Path) -> None:
    for _ in range(50):
        in_file.add(a_target(description="long " * 500), actor="me")
    in_file.close()
    whole = bytearray(path.read_bytes())
    whole[8192:-4096] = b"\xff" * (len(whole) - 8192 - 4096)
    path.write_bytes(whole)
    with pytest.raises(RegistryCorruptError) as caught, Registry.open(path) as damaged:
        damaged.check()
    assert one_clear_line(caught.value)
    with pytest.raises(RegistryCorruptError), Registry.open(path) as damaged:
        damaged.targets()


def test_a_newer_schema_is_refused_and_left_alone(registry: Registry, place: Path | str) -> None:
    executed(registry, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(RegistryVersionError, match="9999, newer") as caught:
        Registry.open(place)
    assert one_clear_line(caught.value)
    assert counted(registry, "SELECT version_num FROM alembic_version") == "9999"


def test_a_locked_database_gives_up_after_its_patience_and_changes_nothing(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(registry_engine, "BUSY_MS", 20)
    with Registry.open(path) as registry:
        raw = sqlite3.connect(path, isolation_level=None)
        raw.execute("BEGIN IMMEDIATE")
        with pytest.raises(RegistryUnavailableError, match="locked") as caught:
            registry.add(a_target(), actor="me")
        assert one_clear_line(caught.value)
        assert registry.targets() == []  # reading goes on
        raw.execute("ROLLBACK")
        raw.close()
        registry.add(a_target(), actor="me")


def test_a_read_only_database_is_refused_when_it_is_written(in_file: Registry, path: Path) -> None:
    kept = in_file.add(a_target(), actor="me")
    with Registry.open(f"sqlite:///file:{path}?mode=ro&uri=true") as read_only:
        assert read_only.get(kept.id) == kept
        with pytest.raises(RegistryUnavailableError, match="read-only") as caught:
            read_only.add(a_target(), actor="me")
    assert one_clear_line(caught.value)


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ("/proc/nowhere/registry.db", "cannot be reached"),
        ("/proc/version/registry.db", "cannot be reached"),
        ("/", "cannot be reached"),
        ("nosuchdatabase://host/name", "no driver"),
        ("://", "cannot be read"),
    ],
)
def test_a_place_that_cannot_be_reached_is_named(place: str, told: str) -> None:
    with pytest.raises(RegistryError, match=told) as caught:
        Registry.open(place)
    assert one_clear_line(caught.value)


def test_a_password_in_the_url_is_not_told() -> None:
    with pytest.raises(RegistryError) as caught:
        Registry.open("nosuchdatabase://me:hunter2@host/name")
    assert "hunter2" not in str(caught.value)


# ── How it is kept ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.usefixtures("own_migration")
def test_the_file_is_for_its_owner_only(in_file: Registry, path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.usefixtures("own_migration")
def test_commits_are_synchronous_and_foreign_keys_hold(in_file: Registry) -> None:
    with in_file._database.engine.connect() as connection:
        told = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert told == {
        "journal_mode": "wal",
        "synchronous": 2,
        "foreign_keys": 1,
        "busy_timeout": 5000,
    }


@pytest.mark.usefixtures("own_migration")
def test_the_migrations_make_the_tables_that_the_code_describes(
    in_file: Registry, path: Path
) -> None:
    described = create_engine("sqlite://")
    for described_tables in (metadata, shared):
        described_tables.create_all(described)
    migrated = inspect(create_engine(f"sqlite:///{path}"))
    for table in (*metadata.sorted_tables, *shared.sorted_tables):
        by_code = inspect(described)
        assert _columns(migrated.get_columns(table.name)) == _columns(
            by_code.get_columns(table.name)
        )
        assert {i["name"] for i in migrated.get_indexes(table.name)} == {
            i["name"] for i in by_code.get_indexes(table.name)
        }
        assert migrated.get_foreign_keys(table.name) == by_code.get_foreign_keys(table.name)
    described.dispose()
    migrated.engine.dispose()


def _columns(found: list[dict[str, object]]) -> list[tuple[object, ...]]:
    return [(c["name"], str(c["type"]), c["nullable"], c["primary_key"]) for c in found]


@pytest.mark.usefixtures("own_migration")
def test_a_database_at_the_newest_schema_opens_without_alembic(
    in_file: Registry, path: Path
) -> None:
    script = (
        "import sys; from amnestic.tools.registry import Registry;"
        f"Registry.open({str(path)!r}).close(); print('alembic' in sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert told.stdout == "False\n"


def test_an_older_registry_is_brought_along_and_loses_no_name(
    path: Path,
) -> None:
    _make_first_schema(path)
    with Registry.open(path) as registry:
        found = registry.get("t-1")
        assert found.aliases == ("Ada", "ada@example.org", "QX-20417", "COVID-19")
        assert [(i.type, i.value) for i in found.identifiers] == [
            (IdentifierType.EMAIL, "ada@example.org"),
            (IdentifierType.NUMBER, "QX-20417"),
        ]
        sources = {facet.text: facet.source for facet in found.facets}
        assert list(sources) == ["Ada Example", *found.aliases, "Adalberta", SECRET]
        assert [t for t, s in sources.items() if s is FacetSource.ELICITED] == ["Adalberta"]
        assert [t.id for t in registry.named("covid")] == ["t-1"]
        assert (found.elicitation, found.version, found.unread) == (Elicitation.NONE, 1, ())
        assert [entry.action for entry in registry.trail()] == ["add"]
        assert registry.revoke("t-1", actor="me").status is TargetStatus.REVOKED
        registry.check_trail()


def _make_first_schema(path: Path) -> None:
    """A registry as the first schema held it, with one target."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "amnestic.tools.registry:migrations")
    with create_engine(f"sqlite:///{path}").begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        names = json.dumps(["Ada", "ada@example.org", "QX-20417", "COVID-19"])
        connection.exec_driver_sql(
            "INSERT INTO targets VALUES ('t-1', 'Ada Example', 'person', '', ?, '[]', 'balanced', "
            "'active', 'default', 'me', '', '2026-01-01T00:00:00+00:00', NULL, '', 1)",
            (names,),
        )
        texts = ["Ada Example", *json.loads(names), "Adalberta", SECRET]
        for i, text in enumerate(texts):
            kind = "fact" if text == SECRET else "alias"
            connection.exec_driver_sql(
                "INSERT INTO facets VALUES (?, 't-1', ?, ?, ?)", (i + 1, i, kind, text)
            )
        connection.exec_driver_sql(
            "INSERT INTO trail VALUES (1, '2026-01-01T00:00:00+00:00', 'me', 'add', 't-1')"
        )
        connection.exec_driver_sql("UPDATE clock SET revision = 1")


@pytest.mark.parametrize("most", [0, 2, 200])
def test_namespaces_are_found_each_once_however_many_there_are(
    registry: Registry, most: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert registry.namespaces() == []
    monkeypatch.setattr(pages, "_FEW", most)
    spaces = ["b", "equipe un", "équipe un", "B", "a-1", "a 1", "a_1", "default", "*"]
    made = [
        ForgetTarget(id=f"t-{i}-{n}", subject=f"Mirela Osk {i}", namespace=space)
        for i, space in enumerate(spaces)
        for n in range(3)
    ]
    assert registry.add_each(iter(made), actor="me") == [target.id for target in made]
    registry.revoke("t-0-0", actor="me")
    assert registry.namespaces() == sorted(set(spaces) - {GLOBAL})


def test_many_are_written_as_they_come_or_not_at_all(registry: Registry) -> None:
    def coming(last: str) -> Iterator[ForgetTarget]:
        for i in range(1_100):
            yield ForgetTarget(id=f"t-{i}", subject=f"Mirela Osk {i}")
        yield ForgetTarget(id=last, subject="Edda Tarn")

    with pytest.raises(TargetStateError, match="`t-3` exists already"):
        registry.add_each(coming("t-3"), actor="me")
    assert (registry.targets(), registry.trail(), registry.revision()) == ([], [], 0)
    assert len(registry.add_each(coming("t-x"), actor="me", reason="May")) == 1_101
    assert registry.get("t-x").subject == "Edda Tarn"
    assert {(line.action, line.reason) for line in registry.trail()} == {("add", "May")}
    assert registry.check_trail() == registry.trail()[-1]
