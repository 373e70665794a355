"""The facet index finds what a full search would find, and never shows half a change."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from amnestic.exceptions import InvalidRequestError, RetrievalError, TargetNotFoundError
from amnestic.tools.index import held_facets as module
from amnestic.tools.index import shelf as facet_shelf
from amnestic.tools.index.facet_index import FacetIndex, Hit
from amnestic.tools.index.segment import Masked
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetStatus
from tests.patience import PATIENCE
from tests.sharing import minilm
from tests.thoroughness import examples

NOW = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return minilm()


@pytest.fixture
def index(embedder: Embedder) -> Iterator[FacetIndex]:
    made = FacetIndex(embedder)
    yield made
    made.close()


def a_target(target_id: str, *texts: str, first_id: int = 1, **changes: object) -> ForgetTarget:
    kinds = (FacetKind.ALIAS, *[FacetKind.FACT] * len(texts))
    facets = [
        Facet(kind=kind, text=text, id=first_id + i)
        for i, (kind, text) in enumerate(zip(kinds, texts, strict=False))
    ]
    given = {"id": target_id, "subject": texts[0], "facets": facets, **changes}
    return ForgetTarget.model_validate(given)


ADA = a_target("ada", "Ada Example", "Ada plays the piano in a jazz band.")
BOB = a_target("bob", "Bob Sample", "Bob sells fishing boats.", first_id=10)


class Points(Embedder):
    """Vectors that a test chooses, of few dimensions: for tests of the index's own workings."""

    identity = "points"
    dimension = 8

    def embed(self, texts: object) -> Vectors:
        raise AssertionError("this test gives its vectors")


def random_vectors(count: int, seed: int) -> Vectors:
    vectors = np.random.default_rng(seed).standard_normal((count, Points.dimension))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def many(ordinal: int, count: int, **changes: object) -> ForgetTarget:
    texts = [f"facet {i} of target {ordinal}" for i in range(count)]
    return a_target(f"t{ordinal}", *texts, first_id=1 + 1000 * ordinal, **changes)


# ── Searching ────────────────────────────────────────────────────────────────────────────────────


def test_the_facet_nearest_in_meaning_is_found_first(index: FacetIndex, embedder: Embedder) -> None:
    index.add(ADA)
    index.add(BOB)
    piano, boats = index.search(embedder.embed(["Who is the pianist?", "Where to buy a boat?"]), 2)
    assert piano[0].facet_id == 2
    assert boats[0].facet_id == 11
    assert (piano[0].target_id, piano[0].kind) == ("ada", FacetKind.FACT)
    assert piano[0].score >= piano[1].score
    expected = embedder.embed(["Who is the pianist?"]) @ embedder.embed([ADA.facets[1].text]).T
    assert piano[0].score == pytest.approx(float(expected[0, 0]), abs=1e-3)


def test_an_empty_index_finds_nothing(index: FacetIndex, embedder: Embedder) -> None:
    assert index.search(embedder.embed(["anything", ""]), 5) == [[], []]
    assert index.search(np.empty((0, 384), dtype=np.float32), 5) == []
    assert index.search(embedder.embed(["anything"]), 5, "nowhere") == [[]]


def test_a_search_in_one_namespace_never_shows_anothers_facets(
    index: FacetIndex, embedder: Embedder
) -> None:
    index.add(ADA.model_copy(update={"namespace": "x"}))
    index.add(BOB.model_copy(update={"namespace": "y"}))
    query = embedder.embed(["Ada plays the piano in a jazz band."])
    assert {hit.target_id for hit in index.search(query, 10, "y")[0]} == {"bob"}
    assert {hit.target_id for hit in index.search(query, 10)[0]} == {"ada", "bob"}
    assert [t.id for t in index.targets("x")] == ["ada"]


def test_vectors_that_do_not_fit_are_refused(index: FacetIndex) -> None:
    with pytest.raises(RetrievalError, match=r"\(1, 7\)"):
        index.search(np.ones((1, 7), dtype=np.float32), 1)
    with pytest.raises(RetrievalError, match="no numbers"):
        index.search(np.full((1, 384), np.nan, dtype=np.float32), 1)
    with pytest.raises(RetrievalError):
        index.add(ADA, np.ones((1, 384), dtype=np.float32))
    assert len(index) == 0


# ── Adding, replacing, removing ──────────────────────────────────────────────────────────────────


def test_a_removed_target_is_gone_and_the_others_stay(
    index: FacetIndex, embedder: Embedder
) -> None:
    index.add(ADA)
    index.add(BOB)
    index.remove("ada")
    hits = index.search(embedder.embed(["Ada plays the piano in a jazz band."]), 10)[0]
    assert {hit.target_id for hit in hits} == {"bob"}
    assert len(index) == 2
    for ask in (index.target, index.vectors_of, index.facets_of, index.remove):
        with pytest.raises(TargetNotFoundError, match="`ada`"):
            ask("ada")


def test_a_targets_vectors_stand_in_the_order_of_its_facets(
    index: FacetIndex, embedder: Embedder
) -> None:
    index.add(BOB)
    index.add(ADA)
    stored = index.vectors_of("ada")
    assert stored.facet_ids == tuple(f.id for f in index.facets_of("ada")) == (1, 2)
    assert stored.kinds == (FacetKind.ALIAS, FacetKind.FACT)
    expected = embedder.embed([f.text for f in ADA.facets])
    np.testing.assert_allclose(stored.vectors, expected, atol=1e-3)


def test_a_target_without_facets_is_in_force_and_has_no_vectors(index: FacetIndex) -> None:
    index.add(ForgetTarget(id="bare", subject="Bare"))
    assert [t.id for t in index.targets()] == ["bare"]
    assert index.vectors_of("bare").vectors.shape == (0, 384)
    index.remove("bare")
    assert index.targets() == ()


@pytest.mark.parametrize(
    "double",
    [
        ADA,
        a_target("other", "Other", first_id=2),
        a_target("other", "Other", first_id=0),
        a_target("twice", "A").model_copy(update={"facets": (ADA.facets[0],) * 2}),
    ],
    ids=["same target", "same facet id", "no facet id", "id given twice"],
)
def test_an_id_that_is_not_unique_is_refused_and_nothing_changes(
    index: FacetIndex, double: ForgetTarget
) -> None:
    index.add(ADA)
    index.add(BOB)
    before = (index.generation, index.targets(), len(index))
    with pytest.raises(InvalidRequestError):
        index.add(double)
    assert (index.generation, index.targets(), len(index)) == before


def test_a_replaced_target_may_keep_facet_ids_under_a_new_text(
    index: FacetIndex, embedder: Embedder
) -> None:
    index.add(ADA)
    index.replace(a_target("ada", "Ada Example", "Ada breeds tortoises."))
    hit = index.search(embedder.embed(["Who keeps tortoises?"]), 1)[0][0]
    assert hit.facet_id == 2
    assert hit.score > 0.4
    assert len(index) == 2


def test_a_target_that_is_not_in_force_is_not_indexed(index: FacetIndex) -> None:
    index.add(ADA)
    index.add(BOB.model_copy(update={"status": TargetStatus.REVOKED}))
    index.replace(ADA.model_copy(update={"status": TargetStatus.REVOKED}))
    assert index.targets() == ()
    assert len(index) == 0


def test_the_generation_changes_with_every_change_and_only_then(index: FacetIndex) -> None:
    seen = [index.generation]
    index.add(ADA)
    seen.append(index.generation)
    index.replace(BOB)
    seen.append(index.generation)
    index.targets()
    assert index.generation == seen[-1]
    index.remove("ada")
    seen.append(index.generation)
    assert len(set(seen)) == 4


# ── Expiry ───────────────────────────────────────────────────────────────────────────────────────


def test_a_target_is_out_of_force_the_moment_it_expires(embedder: Embedder) -> None:
    moment = [NOW]
    index = FacetIndex(embedder, clock=lambda: moment[0])
    index.add(ADA.model_copy(update={"expires": NOW + timedelta(seconds=10)}))
    index.add(BOB.model_copy(update={"expires": NOW + timedelta(seconds=20)}))
    query = embedder.embed(["Ada plays the piano in a jazz band."])
    generation = index.generation
    moment[0] += timedelta(seconds=9.999)
    assert index.search(query, 1)[0][0].target_id == "ada"
    moment[0] = NOW + timedelta(seconds=10)
    assert {hit.target_id for hit in index.search(query, 10)[0]} == {"bob"}
    assert [t.id for t in index.targets()] == ["bob"]
    assert index.generation != generation
    moment[0] = NOW + timedelta(seconds=20)
    assert index.targets() == ()
    assert index.search(query, 10) == [[]]
    index.add(ADA)  # its ids are free again
    assert len(index) == 2


def test_a_target_that_has_expired_already_is_not_indexed(embedder: Embedder) -> None:
    index = FacetIndex(embedder, clock=lambda: NOW)
    index.add(ADA.model_copy(update={"expires": NOW}))
    assert index.targets() == ()


# ── Many rows, many changes ──────────────────────────────────────────────────────────────────────


class AgainstFullSearch(RuleBasedStateMachine):
    """Whatever is added, replaced and removed, a search finds what comparing all would find."""

    def __init__(self) -> None:
        super().__init__()
        self.index = FacetIndex(Points())
        self.held: dict[str, tuple[ForgetTarget, Vectors]] = {}
        self.seed = 0

    @rule(ordinal=st.integers(0, 12), count=st.integers(0, 40), space=st.sampled_from("xy"))
    def put(self, ordinal: int, count: int, space: str) -> None:
        self.seed += 1
        target = many(ordinal, max(count, 1), namespace=space)
        vectors = random_vectors(len(target.facets), self.seed)
        self.index.replace(target, vectors)
        self.held[target.id] = (target, vectors)

    @rule(pick=st.integers(0, 12))
    def remove(self, pick: int) -> None:
        if f"t{pick}" in self.held:
            del self.held[f"t{pick}"]
            self.index.remove(f"t{pick}")

    @rule()
    def settle(self) -> None:
        self.index.settle()

    @invariant()
    def finds_the_same(self) -> None:
        query = random_vectors(1, 10_000 + self.seed)
        for space in ("x", None):
            held = [(t, v) for t, v in self.held.values() if space in (None, t.namespace)]
            scores = {
                facet.id: float(score)
                for target, vectors in held
                for facet, score in zip(
                    target.facets, vectors.astype(np.float16) @ query[0], strict=True
                )
            }
            hits = self.index.search(query, 5, space)[0]
            wanted = sorted(scores.values(), reverse=True)[:5]
            np.testing.assert_allclose([hit.score for hit in hits], wanted, atol=5e-3)
            for hit in hits:
                assert scores[hit.facet_id] == pytest.approx(hit.score, abs=5e-3)
        assert len(self.index) == sum(len(t.facets) for t, _ in self.held.values())
        for target_id, (_, vectors) in self.held.items():
            stored = self.index.vectors_of(target_id).vectors
            np.testing.assert_allclose(stored, vectors, atol=1e-3)


@pytest.mark.parametrize("at", [100, 10_000], ids=["compressed", "flat"])
def test_a_search_finds_what_comparing_everything_would_find(
    at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", at)
    monkeypatch.setattr(facet_shelf, "MERGED_UP_TO", 64)
    AgainstFullSearch.TestCase.settings = settings(
        max_examples=examples(30), stateful_step_count=25, deadline=None
    )
    AgainstFullSearch.TestCase("runTest").runTest()


def test_compression_keeps_recall_and_forgets_what_was_removed_meanwhile(
    embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", 500)
    rng = np.random.default_rng(3)
    things = ["harp", "boat", "comet", "bridge", "fern", "lamp", "violin", "storm", "owl", "mill"]
    texts = [
        f"The {a} and the {b} were made in {year} for a {c}."
        for a in things
        for b in things
        for c in things
        for year in rng.integers(1800, 2000, 1)
    ]
    vectors = embedder.embed(texts)
    index = FacetIndex(embedder)
    for i in range(0, 1_000, 20):
        index.add(many(i // 20, 20), vectors[i : i + 20])
    index.remove("t0")
    index.settle()
    index.remove("t1")
    assert any(p.segment.coded for s in index._snapshot.shelves.values() for p in s.parts)
    found = index.search(vectors[40:140], 10)
    exact = vectors[40:140] @ vectors[40:].T
    tenth = np.sort(exact, axis=1)[:, -10]
    right = [
        hit.score >= limit - 1e-3 for hits, limit in zip(found, tenth, strict=True) for hit in hits
    ]
    assert len(right) == 1_000
    assert np.mean(right) >= 0.99
    assert not {"t0", "t1"} & {h.target_id for hits in index.search(vectors[:40], 50) for h in hits}


def test_targets_that_come_and_go_while_a_segment_is_made_are_neither_lost_nor_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", 400)
    begun, may_end = threading.Event(), threading.Event()
    real = facet_shelf.compress

    def slowly(parts: Sequence[Masked]) -> Masked:
        begun.set()
        assert may_end.wait(PATIENCE)
        return real(parts)

    monkeypatch.setattr(module, "compress", slowly)
    monkeypatch.setattr(module, "_WORTH_COMPRESSING", 400)
    index = FacetIndex(Points())
    held = {i: random_vectors(100, i) for i in range(8)}
    for i in range(4):
        index.add(many(i, 100), held[i])
    index.search(held[0][:1], 1)
    assert begun.wait(PATIENCE)
    index.remove("t1")  # among the rows that are being moved
    index.replace(many(2, 100), held[7])
    for i in range(4, 8):
        index.add(many(i, 100), held[i])
    index.remove("t7")  # the newest, among those that are not
    may_end.set()
    index.settle()
    held = {0: held[0], 2: held[7], 3: held[3], 4: held[4], 5: held[5], 6: held[6]}
    for i, vectors in held.items():
        np.testing.assert_allclose(index.vectors_of(f"t{i}").vectors, vectors, atol=1e-3)
        found = index.search(vectors[:1], 700)[0]
        assert sorted({h.target_id for h in found}) == [f"t{j}" for j in held]
        assert len(found) == len({h.facet_id for h in found}) == 600


def test_what_is_asked_little_is_not_compressed_and_what_is_asked_much_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", 100)
    monkeypatch.setattr(module, "_WORTH_COMPRESSING", 1_000)

    def coded() -> bool:
        return any(p.segment.coded for s in index._snapshot.shelves.values() for p in s.parts)

    index, query = FacetIndex(Points()), random_vectors(1, 7)
    index.add(many(0, 200), random_vectors(200, 1))
    for _ in range(4):
        index.search(query, 5)
    index.close()
    assert not coded()
    index.search(query, 5)
    index.close()  # what has begun is waited for
    assert coded()


def test_many_removed_rows_near_a_query_do_not_hide_those_behind_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", 1_000)
    index = FacetIndex(Points())
    near = np.repeat(random_vectors(1, 1), 900, axis=0)
    far = random_vectors(1_000, 2)
    index.add(many(0, 900), near)
    index.add(many(1, 1_000), far)
    index.settle()
    index.remove("t0")
    hits = index.search(near[:1], 10)[0]
    assert [h.target_id for h in hits] == ["t1"] * 10
    best = np.sort(far @ near[0])[::-1][:10]
    np.testing.assert_allclose([h.score for h in hits], best, atol=5e-3)


# ── Threads ──────────────────────────────────────────────────────────────────────────────────────


def test_readers_see_a_replaced_target_as_it_was_or_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(facet_shelf, "COMPRESSED_AT", 300)
    index = FacetIndex(Points())
    old, new = many(1, 8), many(2, 8).model_copy(update={"id": "t1"})
    vectors = random_vectors(8, 1)
    index.add(old, vectors)
    done = threading.Event()

    def read() -> int:
        rounds = 0
        while not done.is_set() or not rounds:
            found = {h.facet_id for h in index.search(vectors[:1], 700)[0] if h.target_id == "t1"}
            assert found in ({f.id for f in old.facets}, {f.id for f in new.facets})
            rounds += 1
        return rounds

    def write() -> None:
        for i in range(60):
            index.replace((new, old)[i % 2], vectors)
            index.add(many(10 + i, 10), random_vectors(10, 10 + i))
        done.set()

    with ThreadPoolExecutor(5) as pool:
        readers = [pool.submit(read) for _ in range(4)]
        pool.submit(write).result()
        assert all(reader.result() for reader in readers)
    index.close()


def test_fifty_threads_add_remove_and_search_at_once() -> None:
    index = FacetIndex(Points())

    def work(ordinal: int) -> list[Hit]:
        vectors = random_vectors(10, ordinal)
        index.add(many(ordinal, 10), vectors)
        hits = index.search(vectors[:1], 1)[0]
        if ordinal % 2:
            index.remove(f"t{ordinal}")
        return hits

    with ThreadPoolExecutor(50) as pool:
        found = list(pool.map(work, range(100)))
    assert [hits[0].target_id for hits in found] == [f"t{i}" for i in range(100)]
    assert {t.id for t in index.targets()} == {f"t{i}" for i in range(0, 100, 2)}
    assert len(index) == 500


def test_a_directory_is_not_touched_before_there_is_something_to_keep(tmp_path: Path) -> None:
    with_nothing = FacetIndex(Points(), tmp_path / "index")
    with_nothing.save()
    with_nothing.close()
    assert not (tmp_path / "index").exists()
