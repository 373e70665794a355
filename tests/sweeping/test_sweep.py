"""What a sweep does in any store: removed, rewritten, remembered, told in the trail."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from langchain_core.documents import Document
from langchain_core.vectorstores import InMemoryVectorStore, VectorStore

from amnestic import Amnesia
from amnestic.exceptions import StoreError
from amnestic.sweeping import Guard, Record, connector_of, register, sweep, sweeps_of
from amnestic.sweeping.connectors import SCHEMES
from amnestic.sweeping.connectors.base import BaseConnector, alone_with
from amnestic.testing import ScriptedBackend
from tests.sweeping.conftest import CLEAN, GOES, MIXED, STAYS, told_of
from tests.sweeping.embedding import WordEmbeddings


class Shelf(BaseConnector):
    """A store of the test's own, which fails at one of its changes where it is told to."""

    address = "shelf:one"
    at_once = 1

    def __init__(self, told: dict[str, Any], fails_at: int = -1) -> None:
        super().__init__()
        self.told = dict(told)
        self.fails_at = fails_at
        self.changed = 0

    def locked(self) -> Any:
        return alone_with(self, self.address)

    def records(self, queries: Any = ()) -> Iterator[Record]:
        yield from [Record(name, text) for name, text in self.told.items()]

    def rewrite(self, record: Record, new: Record) -> bool:
        self._step()
        self.told[record.id] = new.text
        return True

    def delete(self, record: Record) -> None:
        self._step()
        del self.told[record.id]

    def search(self, query: str) -> list[Record]:
        words = query.lower().split()
        return [
            Record(n, t) for n, t in self.told.items() if any(w in str(t).lower() for w in words)
        ]

    def _step(self) -> None:
        if self.changed == self.fails_at:
            raise ConnectionError("postgresql://me:secret@host went away")
        self.changed += 1


@pytest.fixture
def shelf() -> Shelf:
    return Shelf({**GOES, **MIXED, **STAYS})


def test_what_is_a_targets_goes_and_the_rest_stays(poets: Amnesia, shelf: Shelf) -> None:
    report = sweep(shelf, poets)
    assert shelf.told == {"bakery": CLEAN, **STAYS}
    assert (report.records, report.removed, report.rewritten) == (6, 2, 1)
    assert report.is_clean
    assert report.searches
    assert not report.found
    assert dict(report.gone) == {"poet": "remove", "clock": "remove", "bakery": "rewrite"}


def test_a_dry_run_changes_nothing_and_says_what_would_go(poets: Amnesia, shelf: Shelf) -> None:
    before, revision = dict(shelf.told), poets.registry.revision()
    report = sweep(shelf, poets, dry_run=True)
    assert shelf.told == before
    assert poets.registry.revision() == revision
    assert (report.removed, report.rewritten) == (2, 1)
    assert "  would go: remove  poet" in list(report.lines())


def test_a_sweep_stands_in_the_trail_and_in_the_targets_receipt(
    poets: Amnesia, shelf: Shelf
) -> None:
    sweep(shelf, poets, actor="ada")
    [poet, _] = poets.targets()
    [entry] = sweeps_of(poets.registry, poet)
    assert (entry.store, entry.actor, entry.state) == ("shelf:one", "ada", "done")
    assert (entry.removed, entry.rewritten, entry.left) == (1, 1, 0)
    actions = [line.action for line in poets.registry.trail(poet.id)]
    assert actions == ["add", "sweep begun", "sweep"]
    assert not told_of(str(poets.registry.trail()))
    poets.registry.check_trail()


def test_what_comes_back_is_known_and_goes_again(poets: Amnesia, shelf: Shelf) -> None:
    sweep(shelf, poets)
    shelf.told["again"] = GOES["poet"].upper()
    report = sweep(shelf, poets)
    assert (report.returned, report.removed) == (1, 1)
    assert "again" not in shelf.told


def test_the_guard_refuses_what_was_removed_while_its_target_is_in_force(
    poets: Amnesia, shelf: Shelf
) -> None:
    guard = Guard(poets, "shelf:one")
    assert not guard.refuses(GOES["poet"])
    sweep(shelf, poets)
    assert guard.refuses("mirela osk  is a poet from TAVEL")
    assert guard.refuses("Something else.", id="poet")
    assert not guard.refuses("Something else.", id="rain")
    assert not any(guard.refuses(text) for text in STAYS.values())
    assert not guard.refuses(MIXED["bakery"])
    poets.revoke(poets.targets()[0].id)
    assert not guard.refuses(GOES["poet"])
    assert guard.refuses(GOES["clock"])


def test_a_purge_takes_the_tombstones_along(poets: Amnesia, shelf: Shelf) -> None:
    sweep(shelf, poets)
    poet = poets.targets()[0]
    assert poets.registry.tombstones.of([poet.id])
    poets.registry.purge(poet.id, actor="ada")
    assert poets.registry.tombstones.of([poet.id]) == []
    poets.registry.check_trail()


def test_a_store_that_fails_half_way_is_gone_on_with(poets: Amnesia) -> None:
    shelf = Shelf({**GOES, **MIXED, **STAYS}, fails_at=1)
    report = sweep(shelf, poets)
    assert report.error == "the store failed (ConnectionError)"
    assert (report.removed, report.rewritten) == (1, 0)
    assert "secret" not in str(list(report.lines())) + str(report.as_dict())
    states = [e.state for t in poets.targets() for e in sweeps_of(poets.registry, t)]
    assert "stopped" in states
    shelf.fails_at = -1
    assert sweep(shelf, poets).is_clean
    assert shelf.told == {"bakery": CLEAN, **STAYS}


def test_two_sweeps_at_once_are_refused(poets: Amnesia, shelf: Shelf) -> None:
    with shelf.locked(), pytest.raises(StoreError, match="another sweep has `shelf:one`"):
        sweep(shelf, poets)
    assert sweep(shelf, poets).is_clean


def test_a_change_of_the_registry_during_a_sweep_is_said(poets: Amnesia, shelf: Shelf) -> None:
    revision = poets.registry.revision()
    report = sweep(shelf, poets, advance=lambda _n: poets.forget("Please forget Bram Tolle."))
    assert (report.revision, report.changed_since) == (revision, True)


def test_a_record_whose_id_names_a_target_goes_and_is_not_shown(poets: Amnesia) -> None:
    shelf = Shelf({"people/mirela-osk": "Likes tea.", "people/ada": "Likes tea."})
    report = sweep(shelf, poets)
    assert shelf.told == {"people/ada": "Likes tea."}
    assert not told_of(str(report.as_dict()))
    assert "mirela" not in str(report.as_dict()).lower()


def test_others_who_say_the_same_are_left_alone(poets: Amnesia) -> None:
    """What was removed for its id, or for what stood beside it, is not known by its text alone."""
    shelf = Shelf({"people/mirela-osk": "Likes tea.", "people/ada": "Likes tea."})
    sweep(shelf, poets)
    store: Any = InMemoryVectorStore(WordEmbeddings())
    store.add_documents(
        [
            Document("Likes plum cake.", id="a", metadata={"name": "Edwin Harl"}),
            Document("Likes plum cake.", id="b", metadata={"name": "Ada Lovelace"}),
        ]
    )
    sweep(store, poets)
    assert sweep(shelf, poets).returned == 0
    assert shelf.told == {"people/ada": "Likes tea."}
    assert list(store.store) == ["b"]
    guard = Guard(poets)
    assert not guard.refuses("Likes tea.")
    assert not guard.refuses("Likes plum cake.", {"name": "Ada Lovelace"})
    assert guard.refuses("Likes plum cake.", {"name": "Edwin Harl"})


def test_the_address_of_a_store_does_not_bring_a_name_into_the_trail(
    poets: Amnesia, shelf: Shelf
) -> None:
    shelf.address = "shelf:/data/mirela-osk"
    report = sweep(shelf, poets)
    assert report.store.startswith("shelf:#")
    assert "mirela" not in str(poets.registry.trail()).lower()


def test_records_of_fields_are_read_as_records(poets: Amnesia) -> None:
    shelf = Shelf(
        {
            "one": {"name": "Mirela Osk", "born": 1961},
            "two": {"memory": MIXED["bakery"], "score": 0.5},
            "three": {"name": "Ada Lovelace", "born": 1815},
        }
    )
    assert sweep(shelf, poets).is_clean
    assert shelf.told == {
        "two": {"memory": CLEAN, "score": 0.5},
        "three": {"name": "Ada Lovelace", "born": 1815},
    }


def test_a_value_that_cannot_be_read_is_said_and_the_others_are_swept(poets: Amnesia) -> None:
    shelf = Shelf({"odd": {"text": object()}, "poet": GOES["poet"], "rain": STAYS["rain"]})
    report = sweep(shelf, poets)
    assert [(u.id, "`object`" in u.reason) for u in report.unread] == [("odd", True)]
    assert not report.is_clean
    assert set(shelf.told) == {"odd", "rain"}


def test_tombstones_of_a_sealed_target_are_keyed_with_its_own_salt(tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    from amnestic.tools.registry import make_key

    make_key(tmp_path / "seal.key")
    settings: dict[str, Any] = {"db": tmp_path / "r.db", "seal_key_file": tmp_path / "seal.key"}
    shelf = Shelf(GOES)
    with Amnesia(ScriptedBackend(), elicit=False, **settings) as amnesia:
        target = amnesia.forget("Please forget Mirela Osk.", sealed=True)
        sweep(shelf, amnesia, actor="ada")
        assert "poet" not in shelf.told
        assert Guard(amnesia).refuses(GOES["poet"])
        [entry] = sweeps_of(amnesia.registry, target)
        assert entry.removed == 1
        assert "shelf" not in str(amnesia.registry.trail())
        sweep(shelf, amnesia)
        assert len(sweeps_of(amnesia.registry, target)) == 2


# ── Addresses and objects ────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("nothing", "names no kind of store"),
        ("nosuch:place", "`nosuch:` names no kind of store"),
        ("logs:", "names no place"),
        ("logs:/no/such/folder", "does not exist"),
        ("faiss:/no/such/folder", "holds no `index.faiss`"),
    ],
)
def test_an_address_that_names_no_store_is_refused_in_one_line(address: str, told: str) -> None:
    if address.startswith("faiss"):
        pytest.importorskip("faiss")
    with pytest.raises(StoreError, match=told) as error:
        connector_of(address)
    assert "\n" not in str(error.value)


def test_what_is_no_store_is_refused() -> None:
    with pytest.raises(StoreError, match="a `int` is no store"):
        connector_of(3)


def test_a_scheme_of_ones_own(poets: Amnesia, shelf: Shelf) -> None:
    register("shelf", lambda place, embed: shelf)
    try:
        assert sweep("shelf:one", poets).removed == 2
    finally:
        del SCHEMES["shelf"]


# ── Vector stores of LangChain ───────────────────────────────────────────────────────────────────


def filled(kind: type[VectorStore]) -> Any:
    store: Any = kind(WordEmbeddings())  # type: ignore[call-arg]
    every = {**GOES, **MIXED, **STAYS}
    documents = [Document(text, id=name, metadata={"at": 1}) for name, text in every.items()]
    documents.append(Document("Likes tea.", id="tea", metadata={"author": "Edwin Harl"}))
    store.add_documents(documents, ids=[d.id for d in documents])
    return store


def test_a_store_in_memory_is_embedded_again_where_its_text_changes(poets: Amnesia) -> None:
    store = filled(InMemoryVectorStore)
    before = {name: str(store.store[name]) for name in STAYS}
    assert sweep(store, poets).is_clean
    assert {name: str(store.store[name]) for name in STAYS} == before
    assert "poet" not in store.store
    assert store.store["bakery"]["text"] == CLEAN
    assert store.store["bakery"]["vector"] == WordEmbeddings().embed_query(CLEAN)
    found = store.similarity_search("Mirela Osk", k=10)
    assert not told_of(str(found))


class Searched(VectorStore):
    """A vector store that can only be searched, added to and deleted from."""

    def __init__(self, embedding: WordEmbeddings) -> None:
        self.inner = InMemoryVectorStore(embedding)

    def similarity_search(self, query: str, k: int = 4, **kwargs: Any) -> list[Document]:
        return self.inner.similarity_search(query, k=k)

    def delete(self, ids: Any = None, **kwargs: Any) -> bool | None:
        self.inner.delete(ids)
        return True

    def add_documents(self, documents: Any, **kwargs: Any) -> list[str]:
        return self.inner.add_documents(documents, **kwargs)

    @classmethod
    def from_texts(cls, texts: Any, embedding: Any, metadatas: Any = None, **kwargs: Any) -> Any:
        raise NotImplementedError


def test_any_vector_store_is_swept_by_its_own_search(poets: Amnesia) -> None:
    store = filled(Searched)
    report = sweep(store, poets)
    assert report.is_clean
    assert {n: d["text"] for n, d in store.inner.store.items() if n in STAYS} == STAYS
    assert not told_of(str(store.inner.store))


def test_what_was_removed_in_one_store_is_refused_though_another_had_it_rewritten(
    poets: Amnesia,
) -> None:
    sweep(Shelf({"a": GOES["poet"]}), poets)
    kept = Shelf({"b": GOES["poet"]})
    kept.can_delete = False
    assert sweep(kept, poets).rewritten == 1
    assert Guard(poets).refuses(GOES["poet"])


def test_the_guard_lets_in_again_what_was_a_targets_whose_time_is_over(
    poets: Amnesia, shelf: Shelf, monkeypatch: pytest.MonkeyPatch
) -> None:
    soon = datetime.now(UTC) + timedelta(days=1)
    poets.forget("Please forget Ilka Tarn. Ilka Tarn is a diver.", expires=soon)
    shelf.told["diver"] = "Ilka Tarn dives at dawn."
    sweep(shelf, poets)
    guard = Guard(poets)
    assert guard.refuses("Ilka Tarn dives at dawn.")

    class Later(datetime):
        @classmethod
        def now(cls, tz: Any = None) -> Any:
            return soon + timedelta(days=1)

    monkeypatch.setattr("amnestic.sweeping.guarding.datetime", Later)
    monkeypatch.setattr("amnestic.types.targets.datetime", Later)
    assert not guard.refuses("Ilka Tarn dives at dawn.")
    assert guard.refuses(GOES["poet"])
