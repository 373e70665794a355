"""LangGraph's checkpoints and stores in PostgreSQL, and pgvector."""

from __future__ import annotations

import hashlib
import warnings
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings
from tests.sweeping.postgresql import vectors_url
from tests.sweeping.test_langgraph import LEFT, REPLIES, converse, fill, items

__all__ = ["vectors_url"]
EVERY = {**GOES, **STAYS, **MIXED}


def plain(place: str) -> str:
    """A URL as psycopg reads it."""
    return place.replace("postgresql+psycopg", "postgresql")


def database(place: str, name: str) -> str:
    """A new database on a server."""
    import psycopg

    with psycopg.connect(plain(place), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    return plain(place).replace("/postgres?", f"/{name}?")


def rows(place: str, table: str, where: str) -> str:
    """A hash of all rows of a table."""
    import psycopg

    with psycopg.connect(place) as connection:
        found = connection.execute(f"SELECT t::text FROM {table} t WHERE {where} ORDER BY 1")
        return hashlib.sha256(repr(found.fetchall()).encode()).hexdigest()


def column(place: str, query: str) -> list[str]:
    """What a query of one column finds."""
    import psycopg

    with psycopg.connect(place) as connection:
        return [str(value) for (value,) in connection.execute(query).fetchall()]


@pytest.mark.parametrize("live", [False, True])
def test_checkpoints(poets: Amnesia, postgresql: str, live: bool) -> None:
    postgres = pytest.importorskip("langgraph.checkpoint.postgres")
    place = database(postgresql, "checkpoints")
    tables = ("checkpoints", "checkpoint_blobs", "checkpoint_writes")
    with postgres.PostgresSaver.from_conn_string(place) as saver:
        saver.setup()
        app = converse(saver)
        before = [rows(place, table, "thread_id = 'plain'") for table in tables]
        report = sweep(saver if live else f"langgraph-postgres:{place}", poets)
        assert report.is_clean, list(report.lines())
        assert [rows(place, table, "thread_id = 'plain'") for table in tables] == before
        assert not told_of(str(list(saver.list(None))))
        told = app.get_state({"configurable": {"thread_id": "talk"}}).values
        assert [m.content for m in told["messages"]][1::2] == ["", CLEAN]
        told = app.get_state({"configurable": {"thread_id": "plain"}}).values
        assert [m.content for m in told["messages"]][1::2] == REPLIES["plain"]
        assert not app.get_state({"configurable": {"thread_id": "mirela-osk"}}).values


@pytest.mark.parametrize("live", [False, True])
def test_items(poets: Amnesia, postgresql: str, live: bool) -> None:
    postgres = pytest.importorskip("langgraph.store.postgres")
    place = database(postgresql, "items")
    with postgres.PostgresStore.from_conn_string(place) as store:
        store.setup()
        fill(store)
        stay = "key IN ('rain', 'loaves', 'tide')"
        before = rows(place, "store", stay)
        assert sweep(store if live else f"store-postgres:{place}", poets).is_clean
        assert rows(place, "store", stay) == before
        assert items(store) == LEFT


def test_a_second_sweep_of_a_database_is_refused(poets: Amnesia, postgresql: str) -> None:
    from amnestic.sweeping.connectors.sql import PostgresDatabase

    pytest.importorskip("langgraph.store.postgres")
    place = database(postgresql, "locked")
    import psycopg

    with psycopg.connect(place) as connection:
        connection.execute("CREATE TABLE store (prefix text, key text, value jsonb)")
    held = PostgresDatabase(place)
    with held.locked("store-postgres:here"), pytest.raises(StoreError, match="another sweep"):
        sweep(f"store-postgres:{place}", poets)
    held.close()


def test_a_password_is_never_shown(poets: Amnesia) -> None:
    pytest.importorskip("psycopg")
    for scheme in ("store-postgres", "langgraph-postgres", "pgvector"):
        with pytest.raises(StoreError) as error:
            sweep(f"{scheme}:postgresql://me:s3cret@127.0.0.1:1/shop?sslpassword=s3cret", poets)
        assert "s3cret" not in str(error.value)
        assert "127.0.0.1:1/shop" in str(error.value)


@pytest.mark.stores
@pytest.mark.parametrize("live", [False, True])
def test_pgvector(poets: Amnesia, vectors_url: str, live: bool) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        langchain = pytest.importorskip("langchain_postgres")
        place = vectors_url.replace("postgresql://", "postgresql+psycopg://")
        store = langchain.PGVector(
            WordEmbeddings(), collection_name=f"docs{live}", connection=place, use_jsonb=True
        )
    metadatas = [{"at": name} for name in EVERY]
    store.add_texts(list(EVERY.values()), metadatas, ids=[f"{live}-{name}" for name in EVERY])
    stay = " OR ".join(f"id = '{live}-{name}'" for name in STAYS)
    before = rows(vectors_url, "langchain_pg_embedding", stay)
    address = f"pgvector:{vectors_url}#docs{live}"
    report = sweep(store, poets) if live else sweep(address, poets, embed=WordEmbeddings())
    assert report.is_clean, list(report.lines())
    assert (report.removed, report.rewritten) == (2, 1)
    assert rows(vectors_url, "langchain_pg_embedding", stay) == before
    assert not told_of(str(store.similarity_search("Mirela Osk, poet", k=10)))
    [(nearest, distance), *_] = store.similarity_search_with_score(CLEAN, k=3)
    assert (nearest.page_content, round(distance, 4)) == (CLEAN, 0.0)
    store._engine.dispose()


@pytest.mark.stores
def test_a_table_of_its_own_with_vectors(poets: Amnesia, vectors_url: str) -> None:
    import psycopg

    with psycopg.connect(vectors_url, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE docs (langchain_id text PRIMARY KEY, content text, embedding vector(64),"
            " author text, langchain_metadata json)"
        )
        for name, text in {**EVERY, "tea": "The kettle stands by the window."}.items():
            told: Any = [name, text, str(WordEmbeddings().embed_query(text))]
            author = "Edwin Harl" if name == "tea" else "ada"
            connection.execute(
                "INSERT INTO docs VALUES (%s, %s, %s, %s, '{\"n\": 1}')", [*told, author]
            )
        report = sweep(f"pgvector:{vectors_url}#docs", poets)
        assert report.is_clean, list(report.lines())
        assert report.without_vector == 1
        left = dict(connection.execute("SELECT langchain_id, author FROM docs").fetchall())
    assert set(left) >= set(STAYS)
    assert not told_of(str(left))
    with pytest.raises(StoreError, match="holds no collection"):
        sweep(f"pgvector:{vectors_url}#nothing", poets)


@pytest.mark.stores
@pytest.mark.parametrize("live", [False, True])
def test_a_collection_that_is_called_as_a_target(
    poets: Amnesia, vectors_url: str, live: bool
) -> None:
    """It goes with all that is in it; a live store, which would miss it, is emptied."""
    langchain = pytest.importorskip("langchain_postgres")
    place = vectors_url.replace("postgresql://", "postgresql+psycopg://")
    told = {"about": "Poems by Mirela Osk"}
    for name, metadata in ((f"mirela-osk-{live}", None), (f"shelf{live}", told)):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            store = langchain.PGVector(
                WordEmbeddings(),
                collection_name=name,
                collection_metadata=metadata,
                connection=place,
                use_jsonb=True,
            )
        store.add_texts(list(STAYS.values()), ids=[f"{name}-{one}" for one in STAYS])
        named = sweep(store, poets) if live else sweep(f"pgvector:{vectors_url}#{name}", poets)
        assert named.is_clean is (metadata is not None or not live), list(named.lines())
        assert not {"mirela", "Mirela"} & set("\n".join(named.lines()).replace("-", " ").split())
        store._engine.dispose()
    held = column(
        vectors_url, f"SELECT name FROM langchain_pg_collection WHERE name LIKE '%{live}'"
    )
    assert any("mirela" in name for name in held) is live
    assert f"shelf{live}" in held
    told_of_shelves = "SELECT coalesce(cmetadata::text, '') FROM langchain_pg_collection"
    assert "Poems" not in "".join(column(vectors_url, told_of_shelves))
    kept = column(vectors_url, f"SELECT id FROM langchain_pg_embedding WHERE id LIKE '%-{live}-%'")
    assert kept == []
    kept = column(
        vectors_url, f"SELECT id FROM langchain_pg_embedding WHERE id LIKE 'shelf{live}%'"
    )
    assert len(kept) == len(STAYS)
