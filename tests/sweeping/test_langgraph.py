"""LangGraph's checkpoints and long-term stores, in SQLite and in memory."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import StateGraph
from langgraph.graph.message import add_messages
from langgraph.store.memory import InMemoryStore
from typing_extensions import TypedDict

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings


class State(TypedDict):
    messages: Annotated[list[Any], add_messages]
    notes: dict[str, Any]


REPLIES = {"talk": [GOES["poet"], MIXED["bakery"]], "plain": list(STAYS.values())[:2]}


def converse(saver: Any) -> Any:
    """A graph that has talked in threads of which one tells of a target, and one is named so."""
    replies = iter(())

    def answer(state: State) -> dict[str, Any]:
        told = next(replies)
        return {
            "messages": [AIMessage(told, id=f"m-{len(state['messages'])}")],
            "notes": {"last": told, "at": datetime(2026, 11, 29, tzinfo=UTC), "id": UUID(int=7)},
        }

    graph = StateGraph(State)
    graph.add_node("answer", answer)
    graph.set_entry_point("answer")
    app = graph.compile(checkpointer=saver)
    for thread, told in {**REPLIES, "mirela-osk": ["Rain fell."]}.items():
        replies = iter(told)
        for i in range(len(told)):
            question = HumanMessage("Who wrote it?", id=f"q-{i}")
            config: Any = {"configurable": {"thread_id": thread}, "metadata": {"user": thread}}
            app.invoke({"messages": [question], "notes": {}}, config)
    return app


def rows(file: Path, thread: str) -> str:
    """A hash of all rows of a thread."""
    told = hashlib.sha256()
    with sqlite3.connect(file) as connection:
        for table in ("checkpoints", "writes"):
            query = f"SELECT * FROM {table} WHERE thread_id = ? ORDER BY 1, 2, 3, 4, 6"
            for row in connection.execute(query, [thread]):
                told.update(repr(row).encode())
    return told.hexdigest()


@pytest.fixture
def checkpoints(tmp_path: Path) -> Path:
    """A SQLite file of checkpoints."""
    sqlite = pytest.importorskip("langgraph.checkpoint.sqlite")
    with sqlite.SqliteSaver.from_conn_string(str(tmp_path / "c.sqlite")) as saver:
        converse(saver)
    return tmp_path / "c.sqlite"


def said(file: Path, thread: str = "talk") -> list[str]:
    """What the messages of a thread say, as the application reads them."""
    from langgraph.checkpoint.sqlite import SqliteSaver

    with SqliteSaver.from_conn_string(str(file)) as saver:
        told = saver.get_tuple({"configurable": {"thread_id": thread}})
        assert told is not None
        notes = told.checkpoint["channel_values"]["notes"]
        assert notes["at"] == datetime(2026, 11, 29, tzinfo=UTC)
        assert notes["id"] == UUID(int=7)
        return [m.content for m in told.checkpoint["channel_values"]["messages"]]


def test_checkpoints_are_rewritten_and_others_stay_byte_for_byte(
    poets: Amnesia, checkpoints: Path
) -> None:
    before = rows(checkpoints, "plain")
    report = sweep(f"langgraph-sqlite:{checkpoints}", poets)
    assert report.is_clean, list(report.lines())
    assert report.rewritten
    assert rows(checkpoints, "plain") == before
    assert said(checkpoints, "plain")[1::2] == REPLIES["plain"]
    assert said(checkpoints) == ["Who wrote it?", "", "Who wrote it?", CLEAN]
    assert not told_of(checkpoints.read_bytes().decode("latin-1"))
    with sqlite3.connect(checkpoints) as connection:
        left = [t for (t,) in connection.execute("SELECT DISTINCT thread_id FROM checkpoints")]
    assert sorted(left) == ["plain", "talk"]


def test_a_conversation_goes_on_from_what_was_swept(poets: Amnesia, checkpoints: Path) -> None:
    from langgraph.checkpoint.sqlite import SqliteSaver

    sweep(f"langgraph-sqlite:{checkpoints}", poets)
    with SqliteSaver.from_conn_string(str(checkpoints)) as saver:
        history = list(saver.list({"configurable": {"thread_id": "talk"}}))
        assert not told_of(str(history))
        assert len(history) == 6


def test_a_live_checkpointer_is_swept(poets: Amnesia, checkpoints: Path) -> None:
    from langgraph.checkpoint.sqlite import SqliteSaver

    with SqliteSaver.from_conn_string(str(checkpoints)) as saver:
        assert sweep(saver, poets).is_clean
        assert not told_of(str(list(saver.list(None))))


def test_checkpoints_in_memory(poets: Amnesia) -> None:
    saver = InMemorySaver()
    app = converse(saver)
    report = sweep(saver, poets)
    assert report.is_clean, list(report.lines())
    assert not told_of(str(list(saver.list(None))))
    state = app.get_state({"configurable": {"thread_id": "talk"}})
    assert [m.content for m in state.values["messages"]][-1] == CLEAN
    assert "mirela-osk" not in saver.storage


@dataclass
class Memo:
    """What an application may keep in its state."""

    text: str
    number: int


def test_values_are_read_without_making_objects_and_pickles_are_not_read(
    poets: Amnesia, tmp_path: Path
) -> None:
    sqlite = pytest.importorskip("langgraph.checkpoint.sqlite")
    import pickle

    file = tmp_path / "c.sqlite"
    with sqlite.SqliteSaver.from_conn_string(str(file)) as saver:
        saver.setup()
        kind, raw = saver.serde.dumps_typed({"memo": Memo(MIXED["bakery"], 7), "n": [1.5, None]})
        trap = pickle.dumps({"memo": GOES["poet"]})
        for i, (name, told) in enumerate([(kind, raw), ("pickle", trap), ("msgpack+aes", b"x")]):
            saver.conn.execute(
                "INSERT INTO writes (thread_id, checkpoint_id, task_id, idx, channel, type, value)"
                " VALUES ('t', 'c', 'task', ?, 'notes', ?, ?)",
                [i, name, told],
            )
        saver.conn.commit()
    report = sweep(f"langgraph-sqlite:{file}", poets)
    assert [u.id for u in report.unread] == ["t/c/task/1", "t/c/task/2"]
    assert "not read" in report.unread[0].reason
    assert "encrypted" in report.unread[1].reason
    assert not report.is_clean
    with sqlite3.connect(file) as connection:
        [row] = connection.execute("SELECT type, value FROM writes WHERE idx = 0").fetchall()
    back = saver.serde.loads_typed(row)
    assert (back["memo"], back["n"]) == (Memo(CLEAN, 7), [1.5, None])


# ── Stores ───────────────────────────────────────────────────────────────────────────────────────


def fill(store: Any) -> None:
    """Items of which some tell of targets."""
    for name, text in {**GOES, **MIXED, **STAYS}.items():
        store.put(("memories", "u1"), name, {"text": text, "weight": 0.25})
    store.put(("people", "mirela-osk"), "likes", {"text": "Tea."})
    store.put(("people", "ada"), "likes", {"text": "Tea."})


INDEX: Any = {"dims": 64, "embed": WordEmbeddings(), "fields": ["text"]}


def items(store: Any) -> dict[str, Any]:
    """The items of a store by their keys."""
    return {i.key: i.value["text"] for i in store.search((), limit=100)}


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Any]:
    """A store in a SQLite file, with a vector of each item."""
    sqlite = pytest.importorskip("langgraph.store.sqlite")
    can_index = hasattr(sqlite3.Connection, "enable_load_extension")
    given: Any = {"index": INDEX} if can_index else {}
    with sqlite.SqliteStore.from_conn_string(str(tmp_path / "s.sqlite"), **given) as store:
        store.setup()
        fill(store)
        if not can_index:  # this Python loads no extension: the table as the extension fills it
            store.conn.execute(
                "CREATE TABLE store_vectors AS SELECT prefix, key, 'text' AS field_name, "
                "x'00' AS embedding FROM store"
            )
            store.conn.commit()
        yield store


LEFT = {**STAYS, "bakery": CLEAN, "likes": "Tea."}


def test_items_of_a_file_lose_what_belongs_to_a_target(
    poets: Amnesia, kept: Any, tmp_path: Path
) -> None:
    file = tmp_path / "s.sqlite"
    query = "SELECT prefix, key, value, created_at, updated_at FROM store WHERE key IN ({})"
    stay = query.format(", ".join(repr(name) for name in STAYS))
    with sqlite3.connect(file) as connection:
        before = connection.execute(stay).fetchall()
    report = sweep(f"store-sqlite:{file}", poets)
    assert report.is_clean, list(report.lines())
    with sqlite3.connect(file) as connection:
        assert connection.execute(stay).fetchall() == before
        vectors = {k for (k,) in connection.execute("SELECT key FROM store_vectors")}
    assert vectors == {*STAYS, "likes"}
    assert items(kept) == LEFT
    assert not told_of(file.read_bytes().decode("latin-1"))


@pytest.mark.parametrize("kind", ["sqlite", "memory"])
def test_a_live_store_makes_new_vectors(
    poets: Amnesia, kind: str, request: pytest.FixtureRequest
) -> None:
    if kind == "memory":
        store: Any = InMemoryStore(index=INDEX)
        fill(store)
    else:
        if not hasattr(sqlite3.Connection, "enable_load_extension"):
            pytest.skip("this Python's sqlite3 loads no extension, as an index needs it")
        store = request.getfixturevalue("kept")
    report = sweep(store, poets)
    assert report.is_clean, list(report.lines())
    assert report.searches
    assert items(store) == LEFT
    [first, *_] = store.search((), query=CLEAN, limit=3)
    assert (first.key, round(first.score, 3)) == ("bakery", 1.0)


def test_a_file_of_another_kind_is_refused(poets: Amnesia, tmp_path: Path) -> None:
    sqlite3.connect(tmp_path / "empty.sqlite").execute("CREATE TABLE a (b)").connection.close()
    (tmp_path / "text.txt").write_text("rain")
    for scheme in ("langgraph-sqlite", "store-sqlite", "llm-cache"):
        with pytest.raises(StoreError, match="holds no"):
            sweep(f"{scheme}:{tmp_path / 'empty.sqlite'}", poets)
        with pytest.raises(StoreError, match="cannot be read as a SQLite file"):
            sweep(f"{scheme}:{tmp_path / 'text.txt'}", poets)


def test_a_log_of_sqlite_that_a_reader_holds_is_said_and_emptied_by_the_next_sweep(
    poets: Amnesia, checkpoints: Path
) -> None:
    with sqlite3.connect(checkpoints) as writer:
        writer.execute("PRAGMA journal_mode=WAL")
    reader = sqlite3.connect(checkpoints, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM checkpoints").fetchall()
    report = sweep(f"langgraph-sqlite:{checkpoints}", poets)
    assert "its log still holds what went" in report.error
    assert not report.is_clean
    reader.execute("COMMIT")
    assert sweep(f"langgraph-sqlite:{checkpoints}", poets).is_clean
    files = checkpoints.parent.glob(f"{checkpoints.name}*")
    assert not any(told_of(file.read_bytes().decode("latin-1")) for file in files)
    reader.close()


def test_reading_a_live_store_does_not_make_its_items_last_longer(
    poets: Amnesia, tmp_path: Path
) -> None:
    from langgraph.store.sqlite import SqliteStore

    ttl: Any = {"default_ttl": 60, "refresh_on_read": True}
    with SqliteStore.from_conn_string(str(tmp_path / "s.sqlite"), ttl=ttl) as store:
        store.setup()
        store.put(("mem",), "rain", {"text": STAYS["rain"]}, ttl=5)
        query = "SELECT expires_at FROM store"
        before = store.conn.execute(query).fetchall()
        assert sweep(store, poets).is_clean
        assert store.conn.execute(query).fetchall() == before
