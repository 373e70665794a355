"""Keys of a server's users: made, found, rotated, revoked, counted, on SQLite and on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from amnestic.exceptions import (
    InvalidRequestError,
    KeyNotFoundError,
    KeyStateError,
    RegistryCorruptError,
    RegistryUnavailableError,
)
from amnestic.tools.registry import KeyGrant, Registry
from amnestic.types.roles import Role


@pytest.fixture(params=["sqlite", "postgresql"])
def registry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Registry]:
    on_a_server = request.param == "postgresql"
    place = request.getfixturevalue("url") if on_a_server else tmp_path / "registry.db"
    with Registry.open(place) as opened:
        yield opened


def executed(registry: Registry, *statements: str) -> None:
    """Change the database as somebody would who has no business to."""
    with registry._database.engine.begin() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def a_grant(**more: Any) -> KeyGrant:
    return KeyGrant(**{"name": "Ada", "role": Role.CALLER, **more})


def test_a_key_is_shown_once_and_kept_as_a_hash(registry: Registry) -> None:
    key, shown = registry.keys.create(a_grant(namespaces=("tenant",), requests=5), actor="me")
    assert re.fullmatch(rf"amn_{key.id}_[0-9a-f]{{64}}", shown)
    assert registry.keys.find(shown) == key == registry.keys.get(key.id)
    assert (key.namespaces, key.requests, key.tokens) == (("tenant",), 5, None)
    assert (key.made_by, key.state, key.actor) == ("me", "active", f"Ada ({key.id})")
    with registry._database.connect() as connection:
        for table in ("access_keys", "access_trail", "access_rates"):
            rows = connection.exec_driver_sql(f"SELECT * FROM {table}").all()
            assert shown[-64:] not in repr(rows)
            assert key.id in repr(rows)


def test_the_file_holds_no_key(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        _, shown = registry.keys.create(a_grant(), actor="me")
    files = list(tmp_path.iterdir())
    assert files
    assert not any(shown[-64:].encode() in file.read_bytes() for file in files)


def test_what_is_no_key_finds_nothing(registry: Registry) -> None:
    key, shown = registry.keys.create(a_grant(), actor="me")
    altered = shown[:-1] + ("0" if shown[-1] != "0" else "1")
    for other in ("", key.id, shown[:-1], altered, shown.upper(), f" {shown}", f"{shown}\n",
                  shown.replace(key.id, "0" * 12), "amn_' OR 1=1 --"):  # fmt: skip
        assert registry.keys.find(other) is None


def test_every_process_is_told_of_a_revocation_at_once(registry: Registry) -> None:
    place = registry._database.engine.url.render_as_string(hide_password=False)
    key, shown = registry.keys.create(a_grant(), actor="me")
    with Registry.open(place) as other:
        assert other.keys.find(shown) == key
        revoked = registry.keys.revoke(key.id, actor="eve", reason="lost")
        assert (revoked.state, revoked.revoked_by) == ("revoked", "eve")
        assert other.keys.find(shown) is None
    for change in (registry.keys.revoke, registry.keys.rotate):
        with pytest.raises(KeyStateError, match=f"`{key.id}` is revoked"):
            change(key.id, actor="me")


def test_a_rotated_key_opens_with_its_new_secret_alone(registry: Registry) -> None:
    key, old = registry.keys.create(a_grant(), actor="me")
    rotated, new = registry.keys.rotate(key.id, actor="me")
    assert registry.keys.find(old) is None
    assert registry.keys.find(new) == rotated
    assert rotated.id == key.id
    assert rotated.rotated_at is not None


def test_a_former_key_holds_for_as_long_as_it_was_given(registry: Registry) -> None:
    key, first = registry.keys.create(a_grant(), actor="me")
    rotated, second = registry.keys.rotate(key.id, actor="me", grace=3_600)
    assert registry.keys.find(first) == registry.keys.find(second) == rotated
    executed(registry, "UPDATE access_keys SET former_until = '2020-01-01T00:00:00+00:00'")
    assert registry.keys.find(first) is None
    assert registry.keys.find(second) is not None
    _, third = registry.keys.rotate(key.id, actor="me", grace=60)
    assert registry.keys.find(second) is not None
    registry.keys.revoke(key.id, actor="me")
    assert registry.keys.find(second) is registry.keys.find(third) is None


def test_a_key_ends_when_it_expires(registry: Registry) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    key, shown = registry.keys.create(a_grant(expires=soon), actor="me")
    assert registry.keys.find(shown) is not None
    executed(registry, "UPDATE access_keys SET expires = '2020-01-01T00:00:00+00:00'")
    assert registry.keys.find(shown) is None
    assert registry.keys.get(key.id).state == "expired"
    with pytest.raises(KeyStateError, match="expired; make a new one"):
        registry.keys.rotate(key.id, actor="me")


def test_whether_a_key_holds_is_told_by_the_databases_clock(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    _, shown = registry.keys.create(a_grant(expires=soon), actor="me")

    class InAYear(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return datetime.now(tz) + timedelta(days=365)

    monkeypatch.setattr("amnestic.tools.registry.access_keys.datetime", InAYear)
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert registry.keys.find(shown) is not None


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": " "}, "a key's name is a line of 1 to 200 characters"),
        ({"name": "Ada\x1b[2J"}, "a key's name is a line"),
        ({"name": "x" * 201}, "a key's name is a line"),
        ({"namespaces": ()}, "opens 1 to 1,000 namespaces, or all"),
        ({"namespaces": ("a", " ")}, "a namespace of a key is blank"),
        ({"requests": 0}, "the requests a minute of a key are 1 to"),
        ({"tokens": -1}, "the tokens a minute of a key are 1 to"),
        ({"requests": 10**10}, "the requests a minute of a key are 1 to"),
    ],
)
def test_a_grant_that_cannot_hold_is_refused(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(InvalidRequestError, match=told):
        a_grant(**wrong)


def test_what_cannot_be_done_is_told_in_a_line(registry: Registry) -> None:
    with pytest.raises(InvalidRequestError, match="lies in the past"):
        registry.keys.create(a_grant(expires=datetime(2020, 1, 1)), actor="me")
    key, shown = registry.keys.create(a_grant(), actor="me")
    with pytest.raises(InvalidRequestError, match="0 to 2592000 seconds, not -1"):
        registry.keys.rotate(key.id, actor="me", grace=-1)
    with pytest.raises(KeyNotFoundError, match="no key has the id `nobody`; `amnestic keys list`"):
        registry.keys.revoke("nobody", actor="me")
    with pytest.raises(KeyNotFoundError) as told:  # a secret in the place of an id
        registry.keys.revoke(shown, actor="me")
    assert shown[-64:] not in str(told.value)
    assert [line.action for line in registry.keys.trail()] == ["create"]


def test_the_trail_says_who_did_what_to_which_key(registry: Registry) -> None:
    one, _ = registry.keys.create(a_grant(tokens=9), actor="me")
    two, _ = registry.keys.create(a_grant(name="Bo"), actor="you")
    registry.keys.rotate(one.id, actor="me", grace=5)
    registry.keys.revoke(two.id, actor="them", reason="left")
    told = [(line.actor, line.action, line.key_id) for line in registry.keys.trail()]
    assert told == [
        ("me", "create", one.id),
        ("you", "create", two.id),
        ("me", "rotate", one.id),
        ("them", "revoke", two.id),
    ]
    assert '"tokens_per_minute": 9' in registry.keys.trail(one.id)[0].detail
    assert registry.keys.trail(two.id)[1].detail == "left"
    assert registry.keys.check_trail() == registry.keys.trail()[-1]
    assert registry.check_trail() is None  # that of targets is another


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("UPDATE access_keys SET role = 'admin'", "is not as its last recorded change left it"),
        ("UPDATE access_keys SET revoked_at = NULL", "is not as its last recorded change left it"),
        ("DELETE FROM access_keys", "is not as its last recorded change left it"),
        ("DELETE FROM access_trail WHERE revision = 1", "is broken at line 1"),
        ("UPDATE access_trail SET actor = 'eve' WHERE revision = 2", "is broken at line 2"),
    ],
)
def test_what_was_changed_by_hand_is_seen(tmp_path: Path, statement: str, told: str) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        key, _ = registry.keys.create(a_grant(), actor="me")
        registry.keys.revoke(key.id, actor="me")
        executed(
            registry,
            "DROP TRIGGER access_trail_refuses_update",
            "DROP TRIGGER access_trail_refuses_delete",
            "DELETE FROM access_rates",
            statement,
        )
        with pytest.raises(RegistryCorruptError, match=told):
            registry.keys.check_trail()


@pytest.mark.parametrize("statement", ["UPDATE access_trail SET actor = 'eve'",
                                       "DELETE FROM access_trail"])  # fmt: skip
def test_the_trail_is_only_added_to(registry: Registry, statement: str) -> None:
    registry.keys.create(a_grant(), actor="me")
    with pytest.raises(Exception, match="append-only"):
        executed(registry, statement)


def test_a_role_was_given_even_when_its_last_key_is_revoked(registry: Registry) -> None:
    assert registry.keys.were_made(Role.CALLER) == (False,)
    key, _ = registry.keys.create(a_grant(), actor="me")
    registry.keys.revoke(key.id, actor="me")
    assert registry.keys.were_made(Role.CALLER, (Role.VIEWER, Role.CALLER)) == (True, True)
    assert registry.keys.were_made(Role.ADMIN) == (False,)


def test_without_a_database_no_key_is_known(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        key, shown = registry.keys.create(a_grant(requests=9), actor="me")
        (tmp_path / "r.db").rename(tmp_path / "away.db")
        for question in (lambda: registry.keys.find(shown), lambda: registry.rates.take(key)):
            with pytest.raises(RegistryUnavailableError, match="is gone"):
                question()


def passes(registry: Registry, seconds: float) -> None:
    executed(registry, f"UPDATE access_rates SET requests_until = requests_until - {seconds}, "
                       f"tokens_until = tokens_until - {seconds}")  # fmt: skip


def test_a_key_has_so_many_requests_and_no_more(registry: Registry) -> None:
    key, _ = registry.keys.create(a_grant(requests=3), actor="me")
    used = [registry.rates.take(key) for _ in range(4)]
    assert [one.taken for one in used] == [True, True, True, False]
    assert 0 < used[-1].requests <= 60
    other, _ = registry.keys.create(a_grant(requests=3), actor="me")
    assert registry.rates.take(other).taken


def test_what_was_not_used_comes_back(registry: Registry) -> None:
    key, _ = registry.keys.create(a_grant(requests=3), actor="me")
    while registry.rates.take(key).taken:
        pass
    executed(registry, "UPDATE access_rates SET requests_until = requests_until - 20")
    assert [registry.rates.take(key).taken for _ in range(2)] == [True, False]


def test_a_key_that_is_over_its_tokens_waits(registry: Registry) -> None:
    key, _ = registry.keys.create(a_grant(tokens=100), actor="me")
    assert registry.rates.take(key).taken
    registry.rates.spend(key, 99)
    assert registry.rates.take(key).taken
    registry.rates.spend(key, 101)
    waits = registry.rates.take(key)
    assert not waits.taken
    assert 60 < waits.tokens <= 120
    executed(registry, "UPDATE access_rates SET tokens_until = tokens_until - 61")
    assert registry.rates.take(key).taken


def test_a_clock_that_was_set_back_blocks_no_key_for_long(registry: Registry) -> None:
    key, _ = registry.keys.create(a_grant(requests=60, tokens=60), actor="me")
    executed(registry, "UPDATE access_rates SET requests_until = 9e9, tokens_until = 9e9")
    waits = registry.rates.take(key)
    assert not waits.taken
    assert waits.requests <= 60.01
    assert waits.tokens <= 3_600.01
    passes(registry, 61)
    waits = registry.rates.take(key)
    assert waits.requests <= 0.01
    passes(registry, 3_600 - 60 - 61 + 1)  # what is over the hour, less the minute there is
    assert registry.rates.take(key).taken


def test_one_vast_reply_blocks_a_key_for_an_hour_and_then_no_more(registry: Registry) -> None:
    key, _ = registry.keys.create(a_grant(tokens=60), actor="me")
    registry.rates.spend(key, 10**9)
    passes(registry, 3_600 - 60 + 1)
    assert registry.rates.take(key).taken


def test_no_two_processes_take_the_same_request(registry: Registry) -> None:
    place = registry._database.engine.url.render_as_string(hide_password=False)
    key, _ = registry.keys.create(a_grant(requests=40), actor="me")
    with Registry.open(place) as other, ThreadPoolExecutor(8) as pool:
        both = [registry, other] * 50
        taken = list(pool.map(lambda one: one.rates.take(key).taken, both))
    assert 40 <= sum(taken) <= 45  # some may have come back meanwhile


def test_counting_leaves_the_registry_as_durable_as_it_was(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        key, _ = registry.keys.create(a_grant(requests=9, tokens=9), actor="me")
        registry.rates.take(key)
        registry.rates.spend(key, 5)
        with registry._database.connect() as connection:
            full = connection.exec_driver_sql("PRAGMA synchronous").scalar()
        assert full == 2
