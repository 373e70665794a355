"""Vectors of sealed targets are kept in a sealed file, and spare embedding as any others do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from amnestic.exceptions import InvalidRequestError
from amnestic.tools.index.cache import FILE, SEALED_FILE
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.index.target_store import TargetStore
from amnestic.tools.registry import Registry, Seals
from amnestic.tools.registry.seals import SealKey
from amnestic.types import ForgetTarget
from tests.tools.index.test_facet_index_sync import Counting, add

SEALS = Seals((SealKey.of(bytes(32)),))


@pytest.fixture
def registry(tmp_path: Path) -> Iterator[Registry]:
    with Registry.open(tmp_path / "registry.db", SEALS) as opened:
        yield opened


def synced(registry: Registry, folder: Path, seals: Seals | None = SEALS) -> Counting:
    """What an index that is opened on a folder has to embed."""
    embedder = Counting()
    index = FacetIndex(embedder, folder, seals=seals)
    index.sync(registry)
    index.save()
    return embedder


def test_a_start_with_the_key_embeds_nothing(registry: Registry, tmp_path: Path) -> None:
    add(registry, "a goat", "a bell", sealed=True)
    add(registry, "a regatta")
    assert len(synced(registry, tmp_path).embedded) == 3
    assert synced(registry, tmp_path).embedded == []
    (tmp_path / FILE).unlink()
    assert synced(registry, tmp_path).embedded == ["a regatta"]


def test_the_clear_file_holds_no_vector_of_a_sealed_target(
    registry: Registry, tmp_path: Path
) -> None:
    add(registry, "a goat", sealed=True)
    add(registry, "a regatta")
    synced(registry, tmp_path)
    vectors = {text: Counting().embed([text]).astype(np.float16).tobytes()
               for text in ("a goat", "a regatta")}  # fmt: skip
    clear, sealed = (tmp_path / FILE).read_bytes(), (tmp_path / SEALED_FILE).read_bytes()
    assert vectors["a regatta"] in clear
    assert vectors["a goat"] not in clear
    assert not any(vector in sealed for vector in vectors.values())


@pytest.mark.parametrize("damage", ["another key", "a bit", "cut short", "no key"])
def test_a_sealed_file_that_does_not_open_is_made_anew(
    registry: Registry, tmp_path: Path, damage: str
) -> None:
    add(registry, "a goat", sealed=True)
    add(registry, "a regatta")
    synced(registry, tmp_path)
    file, seals = tmp_path / SEALED_FILE, SEALS
    raw = bytearray(file.read_bytes())
    if damage == "a bit":
        raw[-1] ^= 1
    if damage == "cut short":
        raw = raw[:5]
    if damage == "another key":
        seals = Seals((SealKey.of(bytes(range(32))),))
    if damage == "no key":
        seals = Seals()
    file.write_bytes(raw)
    assert synced(registry, tmp_path, seals).embedded == ["a goat"]


def test_an_index_without_a_key_keeps_no_vector_of_a_sealed_target(
    registry: Registry, tmp_path: Path
) -> None:
    add(registry, "a goat", sealed=True)
    synced(registry, tmp_path, None)
    assert not (tmp_path / SEALED_FILE).exists()


def test_an_embedder_elsewhere_is_sent_no_sealed_target(registry: Registry) -> None:
    embedder = Counting()
    index = FacetIndex(embedder, spec="openai:e")
    store, target = TargetStore(registry, index), ForgetTarget(id="t", subject="Osk", sealed=True)
    with pytest.raises(InvalidRequestError, match="`openai:e` is sent all that"):
        store.add([target], actor="me")
    assert registry.revision() == 0
    add(registry, "a goat", sealed=True)
    with pytest.raises(InvalidRequestError, match="`openai:e` is sent all that"):
        index.sync(registry)
    assert embedder.embedded == []
