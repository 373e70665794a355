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
