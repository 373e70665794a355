"""LangChain's FAISS store, live and as a folder."""

from __future__ import annotations

import hashlib
import pickle
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import sweep
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings

faiss = pytest.importorskip("faiss")
with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)
    vectorstores = pytest.importorskip("langchain_community.vectorstores")

EVERY = {"poet": GOES["poet"], **STAYS, **MIXED, "clock": GOES["clock"]}


def made(**options: Any) -> Any:
    """A store with what goes, what is mixed and what stays."""
    metadatas = [{"source": name, "tags": ["a", "b"]} for name in EVERY]
    return vectorstores.FAISS.from_texts(
        list(EVERY.values()), WordEmbeddings(), metadatas=metadatas, ids=list(EVERY), **options
    )


def read(folder: Path) -> Any:
    """The store of a folder, as an application reads it."""
    return vectorstores.FAISS.load_local(
        str(folder), WordEmbeddings(), allow_dangerous_deserialization=True
    )


def prints(store: Any) -> dict[str, str]:
    """A hash of everything that a store has of each document that stays: text, metadata, vector."""
    rows = {name: row for row, name in store.index_to_docstore_id.items()}
    return {
        name: hashlib.sha256(
            pickle.dumps(
                (
                    store.docstore._dict[name].model_dump(),
                    store.index.reconstruct(rows[name]).tobytes(),
                )
            )
        ).hexdigest()
        for name in STAYS
    }


def test_a_folder_is_swept_and_others_stay_byte_for_byte(poets: Amnesia, tmp_path: Path) -> None:
    store = made()
    store.save_local(str(tmp_path / "index"))
    before = prints(store)
    report = sweep(f"faiss:{tmp_path / 'index'}", poets, embed=WordEmbeddings())
    assert report.is_clean
    assert report.searches
    assert (report.removed, report.rewritten) == (2, 1)
    after = read(tmp_path / "index")
    assert prints(after) == before
    assert set(after.docstore._dict) == {*STAYS, "bakery"}
    assert after.docstore._dict["bakery"].page_content == CLEAN
    assert not told_of(str(after.similarity_search("Mirela Osk, poet", k=10)))
    [(nearest, distance)] = after.similarity_search_with_score(CLEAN, k=1)
    assert (nearest.page_content, round(float(distance), 4)) == (CLEAN, 0.0)
    assert not told_of((tmp_path / "index" / "index.pkl").read_bytes().decode("latin-1"))
    assert sorted(p.name for p in (tmp_path / "index").iterdir()) == ["index.faiss", "index.pkl"]


def test_without_an_embedder_no_old_vector_is_left(poets: Amnesia, tmp_path: Path) -> None:
    made().save_local(str(tmp_path))
    report = sweep(f"faiss:{tmp_path}", poets)
    assert (report.removed, report.rewritten, report.without_vector) == (3, 0, 1)
    assert any("--embedder" in line for line in report.lines())
    assert read(tmp_path).index.ntotal == len(STAYS)


def test_another_embedder_is_refused_and_nothing_changes(poets: Amnesia, tmp_path: Path) -> None:
    class Other(WordEmbeddings):
        def embed_query(self, text: str) -> list[float]:
            return super().embed_query(text)[::-1]

    made().save_local(str(tmp_path))
    before = (tmp_path / "index.pkl").read_bytes()
    for embed, told in ((Other(), "not the one"), (WordEmbeddings(8), "64 numbers")):
        with pytest.raises(StoreError, match=told):
            sweep(f"faiss:{tmp_path}", poets, embed=embed)
        assert (tmp_path / "index.pkl").read_bytes() == before


def test_metadata_alone_are_rewritten_without_an_embedder(poets: Amnesia, tmp_path: Path) -> None:
    store = vectorstores.FAISS.from_texts(
        ["The tide table hangs beside the harbour office, where it has hung for a hundred years."],
        WordEmbeddings(),
        metadatas=[{"note": "Rain fell all day on the town. Edwin Harl was there. Nobody minded."}],
    )
    store.save_local(str(tmp_path))
    report = sweep(f"faiss:{tmp_path}", poets)
    assert (report.removed, report.rewritten) == (0, 1)
    [document] = read(tmp_path).docstore._dict.values()
    assert not told_of(str(document))
    assert "Rain" in document.metadata["note"]


def test_a_live_store_and_a_graph_index(poets: Amnesia) -> None:
    store = made()
    before = prints(store)
    graph = faiss.IndexHNSWFlat(64, 8)
    graph.add(store.index.reconstruct_n(0, store.index.ntotal))
    store.index = graph
    assert sweep(store, poets).is_clean
    assert prints(store) == before
    assert store.docstore._dict["bakery"].page_content == CLEAN
    assert not told_of(str(store.similarity_search("Mirela Osk", k=10)))


KINDS = ("IVF2,Flat", "IVF2,SQ8", "IVF2,PQ64x4fs", "PCA32,IVF2,Flat", "Flat", "SQ8", "HNSW8")


def of_kind(kind: str) -> Any:
    """A store whose index is of a kind that FAISS's factory knows."""
    store = made()
    vectors = store.index.reconstruct_n(0, store.index.ntotal)
    index = faiss.index_factory(64, kind)
    index.train(np.vstack([vectors, np.random.default_rng(0).random((78, 64), np.float32)]))
    index.add(vectors)
    if (lists := faiss.try_extract_index_ivf(index)) is not None:
        lists.nprobe = 2
    store.index = index
    return store


@pytest.mark.parametrize("kind", KINDS)
def test_each_row_is_its_documents_in_every_kind_of_index(poets: Amnesia, kind: str) -> None:
    store = of_kind(kind)
    before = {n: store.similarity_search_with_score(STAYS[n], k=10) for n in STAYS}
    assert sweep(store, poets).is_clean
    assert store.index.ntotal == len(store.docstore._dict) == len(STAYS) + 1
    for name in STAYS:
        scores = {d.id: s for d, s in store.similarity_search_with_score(STAYS[name], k=10)}
        kept = {d.id: s for d, s in before[name] if d.id in STAYS}
        assert {n: scores[n] for n in kept} == pytest.approx(kept)
        assert len(scores) == len(STAYS) + 1


@pytest.mark.parametrize("where", ["Array", "Hashtable"])
def test_an_index_of_lists_knows_again_where_its_rows_are(poets: Amnesia, where: str) -> None:
    store = of_kind("IVF2,Flat")
    store.index.set_direct_map_type(getattr(faiss.DirectMap, where))
    before = prints(store)
    assert sweep(store, poets).is_clean
    assert prints(store) == before


def test_an_index_that_numbers_its_vectors_otherwise_is_refused(poets: Amnesia) -> None:
    store = of_kind("IVF2,Flat")
    store.delete(["poet"])  # LangChain takes the other rows for closed up; lists keep numbers
    before = dict(store.docstore._dict)
    with pytest.raises(StoreError, match="numbers its vectors otherwise than its documents"):
        sweep(store, poets)
    assert store.docstore._dict == before


def test_what_a_stopped_sweep_had_written_is_put_in_place(poets: Amnesia, tmp_path: Path) -> None:
    made().save_local(str(tmp_path))
    sweep(f"faiss:{tmp_path}", poets, embed=WordEmbeddings())
    new = {name: (tmp_path / name).read_bytes() for name in ("index.faiss", "index.pkl")}
    made().save_local(str(tmp_path))
    old = (tmp_path / "index.pkl").read_bytes()
    (tmp_path / "index.pkl.amnestic-part").write_bytes(b"half")
    report = sweep(f"faiss:{tmp_path}", poets, embed=WordEmbeddings())
    assert report.is_clean
    (tmp_path / "index.faiss").write_bytes(new["index.faiss"])
    (tmp_path / "index.pkl").write_bytes(old)
    (tmp_path / "index.pkl.amnestic-part").write_bytes(new["index.pkl"])
    (tmp_path / ".amnestic-sweep.commit").touch()
    assert sweep(f"faiss:{tmp_path}", poets, embed=WordEmbeddings()).is_clean
    after = read(tmp_path)
    assert after.index.ntotal == len(after.docstore._dict) == len(STAYS) + 1


def test_a_pickle_that_would_run_code_is_not_read(poets: Amnesia, tmp_path: Path) -> None:
    made().save_local(str(tmp_path))

    class Trap:
        def __reduce__(self) -> Any:
            return Path.touch, (tmp_path / "ran",)

    (tmp_path / "index.pkl").write_bytes(pickle.dumps((Trap(), {})))
    with pytest.raises(StoreError, match="is not read from a pickle"):
        sweep(f"faiss:{tmp_path}", poets)
    assert not (tmp_path / "ran").exists()


def test_vectors_of_length_one_stay_so(poets: Amnesia, tmp_path: Path) -> None:
    class Long(WordEmbeddings):
        def embed_query(self, text: str) -> list[float]:
            return [3 * n for n in super().embed_query(text)]

    store = vectorstores.FAISS.from_texts(
        list(EVERY.values()), Long(), ids=list(EVERY), normalize_L2=True
    )
    store.save_local(str(tmp_path))
    assert sweep(f"faiss:{tmp_path}", poets, embed=Long()).is_clean
    vectors = read(tmp_path).index.reconstruct_n(0, len(STAYS) + 1)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1)


def test_a_document_that_the_index_has_not_is_read_too(poets: Amnesia, tmp_path: Path) -> None:
    store = made()
    lone = {"lost": GOES["poet"], "mixed": MIXED["bakery"], "kept": STAYS["rain"]}
    store.docstore.add({n: store.docstore._dict["rain"].model_copy() for n in lone})
    for name, text in lone.items():
        store.docstore._dict[name].page_content = text
    store.save_local(str(tmp_path))
    assert sweep(f"faiss:{tmp_path}", poets).is_clean
    assert not told_of((tmp_path / "index.pkl").read_bytes().decode("latin-1"))
    left = read(tmp_path).docstore._dict
    assert left["kept"].page_content == STAYS["rain"]
    assert left["mixed"].page_content == CLEAN
    assert "lost" not in left
