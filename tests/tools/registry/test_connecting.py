"""How long a registry on a server is waited for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Engine, event, make_url, text

from amnestic.tools.registry import standing
from amnestic.tools.registry.engine import make_engine
from tests.patience import until


@pytest.mark.parametrize(("query", "told"), [("", 5), ("?connect_timeout=2", "2")])
def test_a_server_that_does_not_answer_is_given_up_after_seconds(
    query: str, told: int | str
) -> None:
    pytest.importorskip("psycopg")
    engine = make_engine(make_url(f"postgresql+psycopg://me@127.0.0.1/there{query}"))
    seen = dict[str, Any]()

    def stops(_: Any, __: Any, ___: Any, given: dict[str, Any]) -> None:
        seen.update(given)
        raise InterruptedError

    event.listen(engine, "do_connect", stops)
    with pytest.raises(InterruptedError):
        engine.connect()
    assert seen["connect_timeout"] == told


@pytest.fixture
def engine(url: str) -> Iterator[Engine]:
    made = make_engine(make_url(url))
    yield made
    made.dispose()


@pytest.fixture
def asked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """The connections of which the server was asked whether they stand."""
    found, real = list[object](), engine.dialect.do_ping

    def noted(connection: Any) -> bool:
        found.append(connection)
        return real(connection)

    monkeypatch.setattr(engine.dialect, "do_ping", noted)
    return found


def _own(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.scalar(text("SELECT pg_backend_pid()")) or 0)


def test_a_connection_that_was_just_used_is_not_asked_whether_it_stands(
    engine: Engine, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_LONG", float("inf"))
    assert len({_own(engine) for _ in range(4)}) == 1
    assert asked == []


def test_one_that_rested_for_long_is_asked(
    engine: Engine, asked: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_LONG", 0.0)
    assert len({_own(engine) for _ in range(4)}) == 1
    assert len(asked) == 3


@pytest.mark.parametrize("rest", [0.0, float("inf")])
def test_one_that_the_server_has_ended_is_given_to_nobody(
    engine: Engine, url: str, rest: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "_LONG", rest)
    former = _own(engine)
    other = make_engine(make_url(url))
    with other.connect() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": former})
        gone = text("SELECT count(*) = 0 FROM pg_stat_activity WHERE pid = :pid")
        until(lambda: connection.scalar(gone, {"pid": former}), "it stays")
    other.dispose()
    assert _own(engine) != former


def test_one_that_was_closed_here_is_given_to_nobody(engine: Engine) -> None:
    former = _own(engine)
    with engine.connect() as connection:
        raw: Any = connection.connection.driver_connection
    raw.close()
    assert _own(engine) != former


def test_other_drivers_go_on_asking() -> None:
    assert standing.can_be_looked_at(make_url("postgresql+psycopg://me@there/db"))
    assert not standing.can_be_looked_at(make_url("postgresql+pg8000://me@there/db"))
