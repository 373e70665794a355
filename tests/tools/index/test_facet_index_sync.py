"""The index follows the registry, and its cache is used only where it is sound and fitting."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from amnestic.exceptions import RetrievalError
from amnestic.tools.index import facet_index
from amnestic.tools.index.cache import FILE
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.protocols import Vectors
from amnestic.tools.registry import Registry
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetStatus
from tests.patience import PATIENCE, until


class Counting:
    """Vectors made from the letters of a text; counts the texts that were embedded."""

    def __init__(self, identity: str = "letters") -> None:
        self.identity = identity
        self.dimension = 32
        self.embedded: list[str] = []
        self.fails = False

    def embed(self, texts: Sequence[str]) -> Vectors:
        if self.fails:
            raise RetrievalError("out of reach")
        self.embedded += texts
        made = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(made, texts, strict=True):
            np.add.at(row, [ord(letter) % self.dimension for letter in text], 1.0)
        made /= np.linalg.norm(made, axis=1, keepdims=True)
        return made


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "registry.db") as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "index"


def add(registry: Registry, *texts: str, **changes: object) -> ForgetTarget:
    facets = [Facet(kind=FacetKind.FACT, text=text) for text in texts]
    given = {"id": "", "subject": texts[0], "facets": facets, **changes}
    return registry.add(ForgetTarget.model_validate(given), actor="me")


def best(index: FacetIndex, embedder: Counting, text: str) -> str:
    hit = index.search(Counting().embed([text]), 1)[0][0]
    return next(f.text for f in index.facets_of(hit.target_id) if f.id == hit.facet_id)


def test_what_is_added_replaced_and_revoked_is_followed(registry: Registry) -> None:
    embedder = Counting()
    index = FacetIndex(embedder)
    a = add(registry, "alpha", "first letter")
    index.sync(registry)
    assert best(index, embedder, "alpha") == "alpha"
    b = add(registry, "omega")
    registry.replace_facets(a.id, [a.facets[0], Facet(kind="fact", text="zzz")], actor="me")
    index.sync(registry)
    assert {t.id for t in index.targets()} == {a.id, b.id}
    assert best(index, embedder, "zzz") == "zzz"
    assert embedder.embedded.count("alpha") == 1  # a facet that stayed is not embedded again
    registry.revoke(a.id, actor="me")
    index.sync(registry)
    assert [t.id for t in index.targets()] == [b.id]
    assert len(index) == 1


def test_nothing_is_done_when_nothing_has_changed(registry: Registry) -> None:
    embedder = Counting()
    index = FacetIndex(embedder)
    add(registry, "alpha")
    index.sync(registry)
    generation = index.generation
    index.sync(registry)
    assert index.generation == generation
    assert embedder.embedded == ["alpha"]


def test_who_follows_is_told_by_how_many_changes_it_was_behind(registry: Registry) -> None:
    index = FacetIndex(Counting())
    a = add(registry, "alpha")
    add(registry, "omega")
    assert index.follow(registry) == 2
    registry.revoke(a.id, actor="me")
    assert (index.follow(registry), index.follow(registry)) == (1, 0)
    assert [t.subject for t in index.targets()] == ["omega"]


class _Counted:
    """A lock that tells how many have come to it."""

    def __init__(self) -> None:
        self.came = 0
        self._lock = threading.Lock()

    def __enter__(self) -> None:
        self.came += 1
        self._lock.acquire()

    def __exit__(self, *_: object) -> None:
        self._lock.release()


@pytest.mark.parametrize("fails", [False, True])
def test_one_round_serves_all_who_came_before_it_began_and_nobody_who_came_later(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    index, lock = FacetIndex(Counting()), _Counted()
    add(registry, "alpha")
    index.sync(registry)
    index._syncing, real = lock, index._caught_up  # type: ignore[assignment]
    asked, may_end, rounds = threading.Event(), threading.Event(), list[int]()

    def caught_up(registry: Registry) -> bool:
        done = real(registry)
        rounds.append(len(index.targets()))
        if len(rounds) == 1:  # it has read, and what is added now it has not seen
            asked.set()
            assert may_end.wait(PATIENCE)
        if len(rounds) == 2 and fails:
            raise RetrievalError("out of reach")
        return done

    monkeypatch.setattr(index, "_caught_up", caught_up)
    failed, seen = list[Exception](), list[int]()

    def follow() -> None:
        try:
            index.follow(registry)
        except RetrievalError as error:
            failed.append(error)
        else:
            seen.append(len(index.targets()))

    threads = [threading.Thread(target=follow) for _ in range(4)]
    threads[0].start()
    assert asked.wait(PATIENCE)
    add(registry, "omega")
    for thread in threads[1:]:
        thread.start()
    until(lambda: lock.came == len(threads), "they do not come")
    may_end.set()
    for thread in threads:
        thread.join(PATIENCE)
    assert seen.count(2) >= (2 if fails else 3)
    assert (rounds, len(failed)) == (([1, 2, 2], 1) if fails else ([1, 2], 0))


def test_a_target_that_was_added_by_hand_is_not_embedded_again(registry: Registry) -> None:
    embedder = Counting()
    index = FacetIndex(embedder)
    index.sync(registry)
    index.add(add(registry, "alpha"))
    index.sync(registry)
    assert embedder.embedded == ["alpha"]
    assert len(index) == 1


def test_changes_of_another_process_are_taken_in(registry: Registry, tmp_path: Path) -> None:
    index = FacetIndex(Counting())
    index.sync(registry)
    with Registry.open(tmp_path / "registry.db") as other:
        target = add(other, "alpha")
    index.sync(registry)
    assert index.target(target.id) == target


def test_an_expired_target_in_the_registry_is_not_in_force(registry: Registry) -> None:
    now = datetime.now(UTC)
    add(registry, "alpha", expires=now - timedelta(days=1))
    later = add(registry, "omega", expires=now + timedelta(days=1))
    index = FacetIndex(Counting())
    index.sync(registry)
    assert [t.id for t in index.targets()] == [later.id]


def test_a_registry_that_went_back_in_time_is_read_anew(registry: Registry, tmp_path: Path) -> None:
    index = FacetIndex(Counting())
    for text in ("alpha", "beta", "gamma"):
        add(registry, text)
    index.sync(registry)
    with Registry.open(tmp_path / "backup.db") as restored:
        kept = add(restored, "alpha")
        index.sync(restored)
    assert [t.id for t in index.targets()] == [kept.id]


def test_an_embedder_that_fails_leaves_the_index_as_it_was_and_is_asked_again(
    registry: Registry,
) -> None:
    embedder = Counting()
    index = FacetIndex(embedder)
    a = add(registry, "alpha")
    index.sync(registry)
    b = add(registry, "omega")
    embedder.fails = True
    with pytest.raises(RetrievalError):
        index.sync(registry)
    assert [t.id for t in index.targets()] == [a.id]
    embedder.fails = False
    index.sync(registry)
    assert {t.id for t in index.targets()} == {a.id, b.id}


# ── Clocks that go back ──────────────────────────────────────────────────────────────────────────


class Clock:
    """A clock that is put forward and back by hand."""

    def __init__(self) -> None:
        self.now = datetime.now(UTC)

    def __call__(self) -> datetime:
        return self.now


def test_a_clock_that_jumps_past_an_expiry_and_back_leaves_the_target_in_force(
    registry: Registry,
) -> None:
    clock, embedder = Clock(), Counting()
    index = FacetIndex(embedder, clock=clock)
    ends = clock.now + timedelta(days=1)
    target = add(registry, "alpha", expires=ends)
    add(registry, "omega", expires=ends + timedelta(days=9))
    for _ in range(2):
        index.sync(registry)
        assert best(index, embedder, "alpha") == "alpha"
        clock.now += timedelta(days=2)
        assert [t.subject for t in index.targets()] == ["omega"]
        index.sync(registry)
        assert [t.subject for t in index.targets()] == ["omega"]
        clock.now -= timedelta(days=2)
    index.sync(registry)
    assert index.target(target.id) == target


def test_a_target_that_had_expired_at_the_start_is_in_force_when_the_clock_goes_back(
    registry: Registry, folder: Path
) -> None:
    clock, embedder = Clock(), Counting()
    add(registry, "alpha", expires=clock.now + timedelta(days=1))
    clock.now += timedelta(days=2)
    index = FacetIndex(embedder, folder, clock=clock)
    index.sync(registry)
    assert len(index) == 0
    clock.now -= timedelta(days=2)
    index.sync(registry)
    assert best(index, embedder, "alpha") == "alpha"


def test_of_replicas_whose_clocks_differ_each_goes_by_its_own_and_takes_nothing_from_the_other(
    registry: Registry, folder: Path
) -> None:
    """What one that is ahead lets go of stays in the registry, and in the vectors of both."""
    right, ahead = Clock(), Clock()
    ahead.now += timedelta(days=2)
    target = add(registry, "alpha", expires=right.now + timedelta(days=1))
    for _ in range(2):  # in either order
        for clock, held in ((ahead, []), (right, ["alpha"])):
            index = FacetIndex(Counting(), folder, clock=clock)
            index.sync(registry)
            assert [t.subject for t in index.targets()] == held
    assert registry.get(target.id) == target
    registry.revoke(target.id, actor="me")
    index.sync(registry)
    assert index.targets() == ()


def test_what_was_revoked_or_edited_while_it_had_expired_does_not_come_back_as_it_was(
    registry: Registry,
) -> None:
    clock = Clock()
    index = FacetIndex(Counting(), clock=clock)
    ends = clock.now + timedelta(days=1)
    gone, changed = add(registry, "alpha", expires=ends), add(registry, "omega", expires=ends)
    index.sync(registry)
    clock.now += timedelta(days=2)
    index.sync(registry)
    registry.revoke(gone.id, actor="me")
    edited = registry.edit(changed.model_copy(update={"scope": "there"}), actor="me")
    index.sync(registry)
    clock.now -= timedelta(days=2)
    index.sync(registry)
    assert index.targets() == (edited,)


def test_expired_targets_cost_nothing_while_the_clock_goes_on(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    index = FacetIndex(Counting())
    add(registry, "alpha", expires=datetime.now(UTC) - timedelta(days=1))
    index.sync(registry)
    monkeypatch.setattr(registry, "some", None)
    monkeypatch.setattr(registry, "follows", None)
    index.sync(registry)


# ── The cache ────────────────────────────────────────────────────────────────────────────────────


def start(registry: Registry, folder: Path, identity: str = "letters") -> Counting:
    """Start over with the cache in `folder`, check what is found, and tell what was embedded."""
    embedder = Counting(identity)
    index = FacetIndex(embedder, folder)
    index.sync(registry)
    for target in registry.targets(status=TargetStatus.ACTIVE):
        for facet in target.facets:
            assert best(index, embedder, facet.text) == facet.text
    index.close()
    return embedder


def test_a_fresh_cache_spares_all_embedding(registry: Registry, folder: Path) -> None:
    add(registry, "alpha", "omega")
    assert start(registry, folder).embedded == ["alpha", "omega"]
    assert start(registry, folder).embedded == []


def test_a_stale_cache_spares_what_has_not_changed(registry: Registry, folder: Path) -> None:
    a, b = add(registry, "alpha"), add(registry, "omega")
    start(registry, folder)
    registry.revoke(a.id, actor="me")
    registry.replace_facets(b.id, [b.facets[0].model_copy(update={"text": "new"})], actor="me")
    add(registry, "third")
    assert start(registry, folder).embedded == ["new", "third"]
    assert start(registry, folder).embedded == []


def test_a_cache_of_another_embedder_is_not_used(registry: Registry, folder: Path) -> None:
    add(registry, "alpha")
    start(registry, folder)
    assert start(registry, folder, "other").embedded == ["alpha"]
    assert start(registry, folder, "other").embedded == []


@pytest.mark.parametrize("kept", [0, 7, 100, -1])
def test_a_cache_that_was_cut_short_is_made_again(
    registry: Registry, folder: Path, kept: int
) -> None:
    add(registry, "alpha")
    start(registry, folder)
    whole = (folder / FILE).read_bytes()
    (folder / FILE).write_bytes(whole[:kept])
    assert start(registry, folder).embedded == ["alpha"]
    assert start(registry, folder).embedded == []


def test_one_flipped_bit_in_a_cache_is_noticed(registry: Registry, folder: Path) -> None:
    add(registry, "alpha")
    start(registry, folder)
    spoilt = bytearray((folder / FILE).read_bytes())
    spoilt[-3] ^= 1
    (folder / FILE).write_bytes(spoilt)
    assert start(registry, folder).embedded == ["alpha"]


def test_a_cache_that_cannot_be_written_is_done_without(registry: Registry, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("a file where the folder should be")
    add(registry, "alpha")
    assert start(registry, tmp_path / "taken").embedded == ["alpha"]
    assert start(registry, tmp_path / "taken").embedded == ["alpha"]


def test_the_cache_is_for_its_owner_only(registry: Registry, folder: Path) -> None:
    add(registry, "alpha")
    start(registry, folder)
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in folder.iterdir()] == [FILE]


def test_the_cache_is_written_when_much_was_embedded_since(
    registry: Registry, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(facet_index, "UNSAVED_FACETS", 3)
    index = FacetIndex(Counting(), folder)
    add(registry, "a", "b", "c")
    index.sync(registry)
    assert not folder.exists()
    add(registry, "d")
    index.sync(registry)
    assert (folder / FILE).exists()
