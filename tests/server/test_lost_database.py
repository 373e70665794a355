"""A database that is lost within a request, a stream or a change: what is told then tells nothing
that is to be forgotten, a change is whole or was never made, and all goes on once it is back."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import Connection as Connected

from amnestic import Amnesia
from amnestic.exceptions import RegistryError
from amnestic.models import Delta
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import engine as registry_engine
from amnestic.types import Conversation
from tests.patience import PATIENCE
from tests.postgresql import url as url
from tests.server.running import Proxy, running_proxy

OSK = "Please forget Mirela Osk. Mirela Osk is a poet who wrote The Paper Lighthouse."
HAGEN = "Please forget Tor Hagen-Lys."
FACTS = [
    f"Tor Hagen-Lys judged case {n} of the town of Venn. " + "It was long. " * 40 for n in range(9)
]
SAID = "Paris is the capital of France. Mirela Osk wrote The Paper Lighthouse. It rains in Venn."
ABOUT_OSK, CLEAR = "Who wrote The Paper Lighthouse?", "How is the weather?"
ADMIN = {"authorization": "Bearer admin"}
UNAVAILABLE = (503, "registry_unavailable")


class Database(ABC):
    """A database that can be lost and comes back."""

    place: str

    @abstractmethod
    def lose(self, connection: Connected | None = None) -> None:
        """From now on nobody can use it."""

    @abstractmethod
    def bring_back(self) -> None:
        """It is as it was."""


class OnServer(Database):
    """A database of PostgreSQL, whose connections are ended and which takes no others."""

    def __init__(self, url: str) -> None:
        self._engine = create_engine(url, isolation_level="AUTOCOMMIT")
        self.place = make_url(url).set(database="lost").render_as_string(hide_password=False)
        self._run("DROP DATABASE IF EXISTS lost WITH (FORCE)", "CREATE DATABASE lost")

    def _run(self, *statements: str) -> None:
        with self._engine.connect() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)

    def lose(self, connection: Connected | None = None) -> None:
        ended = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
        self._run("ALTER DATABASE lost ALLOW_CONNECTIONS false", f"{ended} WHERE datname = 'lost'")

    def bring_back(self) -> None:
        self._run("ALTER DATABASE lost ALLOW_CONNECTIONS true")

    def end(self) -> None:
        self._run("DROP DATABASE lost WITH (FORCE)")
        self._engine.dispose()


class Moved(Database):
    """A file of SQLite that is moved away, with what belongs to it."""

    def __init__(self, folder: Path) -> None:
        self.here, self.there = folder / "here", folder / "there"
        self.here.mkdir()
        self.place = str(self.here / "registry.db")

    def lose(self, connection: Connected | None = None) -> None:
        if self.here.exists():
            self.here.rename(self.there)

    def bring_back(self) -> None:
        if self.there.exists():
            self.there.rename(self.here)


class Locked(Database):
    """A file of SQLite that another program has locked."""

    def __init__(self, folder: Path) -> None:
        self.place = str(folder / "registry.db")
        self._other: Any = None

    def lose(self, connection: Connected | None = None) -> None:
        if self._other is None and not _writes(connection):
            import sqlite3

            self._other = sqlite3.connect(self.place, check_same_thread=False, timeout=0)
            self._other.execute("BEGIN IMMEDIATE")

    def bring_back(self) -> None:
        if self._other is not None:
            self._other.close()
            self._other = None


class Full(Database):
    """A file of SQLite that may not grow."""

    def __init__(self, folder: Path) -> None:
        self.place = str(folder / "registry.db")
        self._most = self._all = 1_073_741_823

    def lose(self, connection: Connected | None = None) -> None:
        self._most = 1

    def bring_back(self) -> None:
        self._most = self._all

    def limit(self, connection: Connected) -> None:
        """Tell a connection how far the file may grow."""
        raw: Any = connection.connection.dbapi_connection
        raw.execute(f"PRAGMA max_page_count = {self._most}")


def _writes(connection: Connected | None) -> bool:
    raw: Any = connection and connection.connection.dbapi_connection
    return bool(raw is not None and raw.in_transaction)


KINDS = ("server", "moved", "locked", "full")


@pytest.fixture
def database(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    monkeypatch.setattr(registry_engine, "BUSY_MS", 20)
    if request.param == "server":
        made = OnServer(request.getfixturevalue("url"))
        yield made
        made.bring_back()
        made.end()
        return
    found: dict[str, Callable[[Path], Database]] = {"moved": Moved, "locked": Locked, "full": Full}
    kept = found[request.param](tmp_path)
    yield kept
    kept.bring_back()


class Losing(ScriptedBackend):
    """A model behind which the database is lost: while it thinks, or once it has said something."""

    def __init__(self, database: Database) -> None:
        super().__init__(default=SAID)
        self.database, self.losing = database, False

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Any:
        if self.losing and not options.get("stream"):
            self.database.lose()
        return await super().generate(conversation, options)

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        losing, self.losing = self.losing, False
        given = await super().generate(conversation, options)
        for number, delta in enumerate(self.script.deltas(given)):
            if losing and number == 3:
                self.database.lose()
            yield delta


def _ask(
    proxy: Proxy, text: str, shown: Mapping[str, str] | None = None, *, stream: bool = False
) -> httpx.Response:
    body = {"model": "m", "messages": [{"role": "user", "content": text}], "stream": stream}
    url = f"{proxy.url}/v1/chat/completions"
    return httpx.post(url, json=body, headers=shown, timeout=PATIENCE)


def _text(answer: httpx.Response, *, stream: bool) -> str:
    """What a caller reads; a stream has to be whole, or to end with an error."""
    if not stream:
        return str(answer.json()["choices"][0]["message"]["content"])
    events = [line[6:] for line in answer.text.split("\n") if line.startswith("data: ")]
    assert events[-1] == "[DONE]" or "error" in json.loads(events[-1])
    told = [json.loads(one) for one in events if one != "[DONE]"]
    return "".join(
        str(choice["delta"].get("content") or "")
        for one in told
        for choice in one.get("choices", ())
    )


@pytest.mark.parametrize("stream", [False, True], ids=["plain", "streamed"])
@pytest.mark.parametrize("asked", [ABOUT_OSK, CLEAR], ids=["listed", "other"])
@pytest.mark.parametrize("database", ["server", "moved"], indirect=True)
def test_a_database_that_is_lost_within_a_reply_lets_nothing_out(
    database: Database, asked: str, stream: bool, layer: Callable[..., Amnesia]
) -> None:
    model = Losing(database)
    amnesia = layer(model, db=database.place)
    amnesia.forget(OSK)
    with running_proxy(amnesia, admin_token="admin") as proxy:
        before = _text(_ask(proxy, CLEAR, stream=stream), stream=stream)
        model.losing = True
        within = _ask(proxy, asked, stream=stream)
        assert "Osk" not in _text(within, stream=stream)
        model.losing = False
        database.lose()
        for lost in (_ask(proxy, one, stream=stream) for one in (ABOUT_OSK, CLEAR)):
            assert (lost.status_code, lost.json()["error"]["code"]) == UNAVAILABLE, lost.text
            assert lost.headers["retry-after"] == "1"
        assert httpx.get(f"{proxy.url}/readyz").status_code == 503
        told = httpx.post(f"{proxy.url}/v1/targets", json={"text": "Please forget Ida Tarn."},
                          headers=ADMIN, timeout=PATIENCE)  # fmt: skip
        assert (told.status_code, told.json()["error"]["code"]) == UNAVAILABLE
        assert told.headers["retry-after"] == "1"
        assert "Tarn" not in told.text
        database.bring_back()
        assert _text(_ask(proxy, CLEAR, stream=stream), stream=stream) == before
        assert "Osk" not in _text(_ask(proxy, ABOUT_OSK, stream=stream), stream=stream)
        listed = httpx.get(f"{proxy.url}/v1/targets", headers=ADMIN).json()
    assert [one["subject"] for one in listed["data"]] == ["Mirela Osk"]
    amnesia.registry.check_trail()


def test_who_is_known_without_the_database_gets_an_abstention_while_it_is_lost(
    tmp_path: Path, layer: Callable[..., Amnesia]
) -> None:
    database = Moved(tmp_path)
    amnesia = layer(SAID, db=database.place)
    amnesia.forget(OSK)
    shown = {"authorization": "Bearer k"}
    with running_proxy(amnesia, caller_keys=["k"]) as proxy:
        assert "Paris" in _text(_ask(proxy, CLEAR, shown), stream=False)
        database.lose()
        lost = [_ask(proxy, one, shown) for one in (ABOUT_OSK, CLEAR)]
        assert [one.status_code for one in lost] == [200, 200]
        (told,) = {_text(one, stream=False) for one in lost}
        assert not any(name in told for name in ("Osk", "Paris", "Venn"))
        unknown = _ask(proxy, CLEAR, {"authorization": "Bearer other"})
        assert (unknown.status_code, unknown.json()["error"]["code"]) == UNAVAILABLE
        database.bring_back()
        assert "Paris" in _text(_ask(proxy, CLEAR, shown), stream=False)


@contextmanager
def _lost_at(database: Database, nth: int) -> Iterator[list[int]]:
    """The database is lost before the nth statement, or commit, that anybody sends it."""
    seen = [0]
    name_of = make_url(database.place).database if "://" in database.place else database.place

    def before(connection: Connected, *_: Any) -> None:
        if connection.engine.url.database != name_of:
            return
        seen[0] += 1
        if seen[0] == nth:
            database.lose(connection)
        if isinstance(database, Full):
            database.limit(connection)

    for name in ("before_cursor_execute", "commit"):
        event.listen(Engine, name, before)
    try:
        yield seen
    finally:
        for name in ("before_cursor_execute", "commit"):
            event.remove(Engine, name, before)


@pytest.mark.parametrize(
    "every",
    [pytest.param(9, marks=pytest.mark.thorough), pytest.param(1, marks=pytest.mark.slow)],
)
@pytest.mark.parametrize("database", KINDS, indirect=True)
def test_a_change_within_which_the_database_is_lost_is_whole_or_was_never_made(
    database: Database, every: int, layer: Callable[..., Amnesia]
) -> None:
    """At whichever statement it is lost, where that takes minutes; else at each ninth."""
    amnesia = layer(SAID, db=database.place)
    amnesia.forget(OSK)
    refused = 0
    for nth in range(1, 100, every):
        with _lost_at(database, nth) as seen:
            made, told = None, ""
            try:
                made = amnesia.forget(HAGEN, facts=FACTS)
            except RegistryError as error:
                told = str(error)
            refused += made is None
            assert "Hagen" not in told
        reached = seen[0] >= nth
        database.bring_back()
        found = [one for one in amnesia.targets() if one.subject != "Mirela Osk"]
        if made is not None:
            assert [one.id for one in found] == [made.id]
        assert len(found) <= 1
        assert all(len(one.facts) >= len(FACTS) for one in found)
        amnesia.registry.check_trail()
        assert "Osk" not in amnesia.chat(ABOUT_OSK).text
        for one in found:
            amnesia.revoke(one.id)
        if not reached:
            break
    else:
        raise AssertionError("a change takes more than a hundred statements")
    assert made is not None
    assert refused
