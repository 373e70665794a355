"""Qdrant in a folder, and LangChain's live store of it."""

from __future__ import annotations

import gc
import hashlib
import sqlite3
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings

qdrant = pytest.importorskip("qdrant_client")
EVERY = {**GOES, **STAYS, **MIXED}
IDS = {name: i for i, name in enumerate(EVERY, 1)}


def fill(client: Any, collection: str = "docs") -> None:
    """Documents as LangChain writes them, under numbers."""
    from qdrant_client.models import Distance, PointStruct, VectorParams

    vectors = VectorParams(size=64, distance=Distance.COSINE)
    client.create_collection(collection, vectors_config=vectors)
    points = [
        PointStruct(
            id=IDS[name],
            vector=WordEmbeddings().embed_query(text),
            payload={"page_content": text, "metadata": {"at": name}},
        )
        for name, text in EVERY.items()
    ]
    client.upsert(collection, points)


def prints(client: Any, digits: int = 20) -> dict[int, str]:
    """A hash of all that is kept of what stays."""
    ids = [IDS[name] for name in STAYS]
    points = client.retrieve("docs", ids, with_payload=True, with_vectors=True)
    told = {p.id: (p.payload, [round(n, digits) for n in p.vector]) for p in points}
    return {name: hashlib.sha256(repr(t).encode()).hexdigest() for name, t in told.items()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    client = qdrant.QdrantClient(path=str(tmp_path / "q"))
    fill(client)
    client.close()
    return tmp_path / "q"


def test_a_folder_is_swept_and_others_stay_as_they_are(poets: Amnesia, folder: Path) -> None:
    client = qdrant.QdrantClient(path=str(folder))
    before = prints(client)
    client.close()
    report = sweep(f"qdrant:{folder}#docs", poets, embed=WordEmbeddings())
    assert report.is_clean, list(report.lines())
    assert (report.removed, report.rewritten) == (2, 1)
    assert report.searches
    raw = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert not told_of(raw.decode("latin-1"))
    client = qdrant.QdrantClient(path=str(folder))
    try:
        assert prints(client) == before
        [nearest, *others] = client.query_points(
            "docs", query=WordEmbeddings().embed_query(CLEAN), limit=9
        ).points
        assert (nearest.payload["page_content"], round(nearest.score, 3)) == (CLEAN, 1.0)
        assert not told_of(str(others))
    finally:
        client.close()


def test_without_an_embedder_no_old_vector_is_left(poets: Amnesia, folder: Path) -> None:
    report = sweep(f"qdrant:{folder}", poets)
    assert (report.removed, report.rewritten, report.without_vector) == (3, 0, 1)
    assert report.is_clean


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_a_folder_that_is_open_elsewhere_is_refused(poets: Amnesia, folder: Path) -> None:
    client = qdrant.QdrantClient(path=str(folder))
    try:
        with pytest.raises(StoreError, match="open in another program"):
            sweep(f"qdrant:{folder}", poets)
        gc.collect()  # the client that was refused leaves its file of a lock open
    finally:
        client.close()
    with pytest.raises(StoreError, match="no collection `other`; it has docs"):
        sweep(f"qdrant:{folder}#other", poets)


def test_a_live_store_of_langchain(poets: Amnesia) -> None:
    langchain = pytest.importorskip("langchain_qdrant")
    client = qdrant.QdrantClient(":memory:")
    fill(client)
    store = langchain.QdrantVectorStore(client, "docs", WordEmbeddings())
    before = prints(client, 6)  # a search of this client rounds what it holds in memory anew
    assert sweep(store, poets).is_clean
    assert prints(client, 6) == before
    found: list[Document] = store.similarity_search("Mirela Osk, poet", k=10)
    assert len(found) == len(STAYS) + 1
    assert not told_of(str(found))
    client.close()


def test_fields_of_a_payload_are_read_as_a_record(poets: Amnesia) -> None:
    from qdrant_client.models import Distance, PointStruct, VectorParams

    client = qdrant.QdrantClient(":memory:")
    vectors = VectorParams(size=64, distance=Distance.COSINE)
    client.create_collection("mem", vectors_config=vectors)
    told = {"data": MIXED["bakery"], "user_id": "u1", "hash": "0f3a"}
    vector = WordEmbeddings().embed_query(MIXED["bakery"])
    client.upsert("mem", [PointStruct(id=1, vector=vector, payload=told)])
    from amnestic.sweeping.connectors.qdrant import QdrantConnector

    connector = QdrantConnector(client, ["mem"], "qdrant:memory", WordEmbeddings())
    assert sweep(connector, poets).rewritten == 1


def test_of_metadata_that_go_nothing_is_left_on_the_disk(poets: Amnesia, tmp_path: Path) -> None:
    from qdrant_client.models import Distance, PointStruct, VectorParams

    client = qdrant.QdrantClient(path=str(tmp_path / "store"))
    vectors = VectorParams(size=64, distance=Distance.COSINE)
    client.create_collection("docs", vectors_config=vectors)
    vector = WordEmbeddings().embed_query(STAYS["tide"])
    note = "Rain fell all day on the town. " * 90 + "Edwin Harl was there. " * 60
    told = {"page_content": STAYS["tide"], "metadata": {"note": note}}
    client.upsert("docs", [PointStruct(id=i, vector=vector, payload=told) for i in range(1, 4)])
    client.close()
    report = sweep(f"qdrant:{tmp_path / 'store'}", poets)
    assert (report.removed, report.rewritten) == (0, 3)
    assert report.is_clean
    files = (p for p in (tmp_path / "store").rglob("*") if p.is_file())
    database = tmp_path / "store" / "collection" / "docs" / "storage.sqlite"
    with sqlite3.connect(database) as connection:  # some SQLite empties freed pages itself
        assert connection.execute("PRAGMA freelist_count").fetchone() == (0,)
    connection.close()
    assert not any(told_of(file.read_bytes().decode("latin-1")) for file in files)


def test_a_folder_that_is_broken_is_told_in_a_line(poets: Amnesia, tmp_path: Path) -> None:
    (tmp_path / "meta.json").write_text("{broken")
    with pytest.raises(StoreError, match="a store of `qdrant:` cannot be opened"):
        sweep(f"qdrant:{tmp_path}", poets)
    with pytest.raises(StoreError) as raised:
        sweep("qdrant:http://me:secret@localhost:1", poets)
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("others", [(), ("docs",)], ids=["alone", "among others"])
def test_a_collection_that_is_called_as_a_target_goes_with_all_that_is_in_it(
    poets: Amnesia, tmp_path: Path, others: tuple[str, ...]
) -> None:
    folder = tmp_path / "q"
    client = qdrant.QdrantClient(path=str(folder))
    for name in ("mirela_osk", *others):
        fill(client, name)
    client.close()
    report = sweep(f"qdrant:{folder}", poets, embed=WordEmbeddings())
    assert report.is_clean, list(report.lines())
    assert "mirela" not in "\n".join(report.lines())
    raw = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert b"mirela" not in raw
    client = qdrant.QdrantClient(path=str(folder))
    assert [one.name for one in client.get_collections().collections] == list(others)
    client.close()


def test_a_live_store_that_is_called_as_a_target_is_emptied_and_said(
    poets: Amnesia, tmp_path: Path
) -> None:
    langchain = pytest.importorskip("langchain_qdrant")
    client = qdrant.QdrantClient(path=str(tmp_path / "q"))
    fill(client, "mirela_osk")
    store = langchain.QdrantVectorStore(client, "mirela_osk", WordEmbeddings())
    report = sweep(store, poets)
    assert (report.is_clean, len(report.left)) == (False, 1)
    assert "mirela" not in "\n".join(report.lines())
    assert client.count("mirela_osk").count == 0
    client.close()
