"""Chroma in a folder, and LangChain's live store of it."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from amnestic.sweeping.connectors import chroma
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings

pytestmark = pytest.mark.stores
chromadb = pytest.importorskip("chromadb")
EVERY = {**GOES, **STAYS, **MIXED}


def collection_of(folder: Path) -> Any:
    """The collection of a folder, as an application opens it."""
    client = chromadb.PersistentClient(str(folder))
    return client.get_or_create_collection("docs", embedding_function=None)


def fill(collection: Any) -> None:
    """Documents with metadata, of which one holds a name in these alone."""
    texts = [*EVERY.values(), "The kettle stands in the office kitchen, by the window."]
    metadatas = [{"at": name, "n": i} for i, name in enumerate([*EVERY, "Edwin Harl"])]
    vectors = WordEmbeddings().embed_documents(texts)
    ids = [*EVERY, "kettle"]
    collection.add(ids=ids, documents=texts, metadatas=metadatas, embeddings=vectors)


def prints(collection: Any) -> str:
    """A hash of all that is kept of what stays."""
    told = collection.get(ids=list(STAYS), include=["documents", "metadatas", "embeddings"])
    rows = zip(
        told["ids"], told["documents"], told["metadatas"], told["embeddings"].tolist(), strict=True
    )
    every = [(name, text, sorted(beside.items()), vector) for name, text, beside, vector in rows]
    return hashlib.sha256(repr(sorted(every)).encode()).hexdigest()


def test_a_folder_is_swept_and_others_stay_as_they_are(poets: Amnesia, tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    collection = collection_of(folder)
    fill(collection)
    before = prints(collection)
    report = sweep(f"chroma:{folder}#docs", poets, embed=WordEmbeddings())
    assert report.is_clean, list(report.lines())
    assert report.searches
    assert prints(collection) == before
    raw = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert not told_of(raw.decode("latin-1"))
    program = (
        "import sys, chromadb; sys.path.insert(0, sys.argv[2])\n"
        "from tests.sweeping.embedding import WordEmbeddings as E\n"
        "client = chromadb.PersistentClient(sys.argv[1])\n"
        "c = client.get_collection('docs', embedding_function=None)\n"
        "for q in sys.argv[3:]:\n"
        "    r = c.query(query_embeddings=[E().embed_query(q)], n_results=9)\n"
        "    print(r['ids'][0], round(r['distances'][0][0], 4), r['documents'][0][0])\n"
    )
    root = str(Path(__file__).parents[2])
    given = [sys.executable, "-c", program, str(folder), root, CLEAN, GOES["poet"]]
    told = subprocess.run(given, capture_output=True, text=True, check=True).stdout
    assert f"0.0 {CLEAN}" in told
    assert not told_of(told)
    assert "'poet'" not in told


def test_without_an_embedder_no_old_vector_is_left(poets: Amnesia, tmp_path: Path) -> None:
    collection = collection_of(tmp_path)
    fill(collection)
    report = sweep(f"chroma:{tmp_path}", poets)
    assert report.without_vector == 1
    assert "bakery" not in collection.get()["ids"]
    assert report.is_clean


def test_a_live_store_of_langchain(poets: Amnesia) -> None:
    langchain = pytest.importorskip("langchain_chroma")
    store = langchain.Chroma("live", WordEmbeddings(), client=chromadb.EphemeralClient())
    fill(store._collection)
    before = prints(store._collection)
    assert sweep(store, poets).is_clean
    assert prints(store._collection) == before
    assert not told_of(str(store.similarity_search("Mirela Osk, poet", k=10)))


def test_what_is_no_folder_of_chroma_is_refused(poets: Amnesia, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="no folder of Chroma"):
        sweep(f"chroma:{tmp_path}", poets)


@pytest.mark.parametrize("others", [(), ("docs",)], ids=["alone", "among others"])
def test_a_collection_that_is_called_as_a_target_goes_with_all_that_is_in_it(
    poets: Amnesia, tmp_path: Path, others: tuple[str, ...]
) -> None:
    folder = tmp_path / "chroma"
    client = chromadb.PersistentClient(str(folder))
    for name in ("mirela-osk", *others):
        made = client.create_collection(name, embedding_function=None)
        vectors = WordEmbeddings().embed_documents(list(STAYS.values()))
        made.add(ids=list(STAYS), documents=list(STAYS.values()), embeddings=vectors)
    report = sweep(f"chroma:{folder}", poets, embed=WordEmbeddings())
    assert report.is_clean, list(report.lines())
    assert not told_of("\n".join(report.lines()))
    assert [one.name for one in client.list_collections()] == list(others)
    assert report.removed == len(STAYS) + 1
    for name in others:
        assert set(client.get_collection(name, embedding_function=None).get()["ids"]) == set(STAYS)
    raw = b"".join(p.read_bytes() for p in folder.rglob("*") if p.is_file())
    assert b"mirela" not in raw
    assert sweep(f"chroma:{folder}", poets).removed == 0


def test_what_a_collection_says_of_itself_is_read_and_its_documents_stay(
    poets: Amnesia, tmp_path: Path
) -> None:
    client = chromadb.PersistentClient(str(tmp_path))
    told = {"about": "Poems by Mirela Osk", "shelf": "west", "hnsw:space": "cosine"}
    made = client.create_collection("docs", embedding_function=None, metadata=told)
    vectors = WordEmbeddings().embed_documents(list(STAYS.values()))
    made.add(ids=list(STAYS), documents=list(STAYS.values()), embeddings=vectors)
    report = sweep(f"chroma:{tmp_path}", poets)
    assert report.is_clean, list(report.lines())
    left = client.get_collection("docs", embedding_function=None)
    assert left.metadata.get("shelf") in ("west", "")
    assert not told_of(str(left.metadata))
    assert set(left.get()["ids"]) == set(STAYS)
    near = left.query(query_embeddings=[[2 * n for n in vectors[0]]], n_results=1)
    assert near["distances"][0][0] == pytest.approx(0.0, abs=1e-5)  # by angle, as before


def test_a_live_store_that_is_called_as_a_target_is_emptied_and_said(
    poets: Amnesia, tmp_path: Path
) -> None:
    langchain = pytest.importorskip("langchain_chroma")
    store = langchain.Chroma("mirela-osk", WordEmbeddings(), persist_directory=str(tmp_path))
    store.add_texts(list(STAYS.values()), ids=list(STAYS))
    report = sweep(store, poets)
    assert not report.is_clean
    assert len(report.left) == 1
    assert not told_of("\n".join(report.lines()))
    assert store.get()["ids"] == []


def test_what_changed_is_applied_before_the_file_is_written_anew(
    poets: Amnesia, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Chroma takes a change up in the background, and has taken up all before it answers."""
    calls: list[str] = []

    def noted(name: str, real: Any) -> Any:
        return lambda *given, **more: calls.append(name) or real(*given, **more)

    for name in ("update", "delete", "get"):
        monkeypatch.setattr(
            chromadb.Collection, name, noted(name, getattr(chromadb.Collection, name))
        )
    real = chroma.without_old_entries
    monkeypatch.setattr(chroma, "without_old_entries", noted("written anew", real))
    fill(collection_of(tmp_path))
    assert sweep(f"chroma:{tmp_path}", poets).is_clean
    before = calls[: calls.index("written anew")]
    assert {"update", "delete"} & set(before)
    assert before[-1] == "get"
