"""Texts of many threads are embedded together, and each thread gets its own vectors."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np
import pytest

from amnestic.exceptions import RetrievalError
from amnestic.tools.embedding.batching import BatchingEmbedder
from amnestic.tools.protocols import Vectors
from tests.patience import PATIENCE, until


class Counting:
    """Embeds a text as its number; holds its first batch until the gate is open."""

    identity = "counting"
    dimension = 1

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()
        self.entered = threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.batches.append(list(texts))
        self.entered.set()
        assert self.gate.wait(PATIENCE)
        if "bad" in texts:
            raise RetrievalError("no")
        return np.array([[float(text)] for text in texts], dtype=np.float32)


def run(embedder: BatchingEmbedder, inner: Counting, texts: list[list[str]]) -> dict[int, object]:
    """Embed the first alone, the others while it runs."""
    found: dict[int, object] = {}

    def ask(i: int) -> None:
        try:
            found[i] = embedder.embed(texts[i])[:, 0].tolist()
        except RetrievalError as error:
            found[i] = error

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(len(texts))]
    threads[0].start()
    assert inner.entered.wait(PATIENCE)
    for thread in threads[1:]:
        thread.start()
    until(lambda: len(embedder._waiting) == len(texts) - 1, "not every text came to wait")
    inner.gate.set()
    for thread in threads:
        thread.join(PATIENCE)
    return found


def test_texts_that_wait_together_are_embedded_together() -> None:
    inner = Counting()
    found = run(BatchingEmbedder(inner), inner, [["0"], ["1", "10"], ["2"], [], ["3"]])
    assert found == {0: [0.0], 1: [1.0, 10.0], 2: [2.0], 3: [], 4: [3.0]}
    assert len(inner.batches) == 2


def test_a_bad_text_fails_alone() -> None:
    inner = Counting()
    found = run(BatchingEmbedder(inner), inner, [["0"], ["1"], ["bad"], ["3"]])
    assert isinstance(found.pop(2), RetrievalError)
    assert found == {0: [0.0], 1: [1.0], 3: [3.0]}


def test_a_lone_caller_gets_its_own_error() -> None:
    inner = Counting()
    inner.gate.set()
    embedder = BatchingEmbedder(inner)
    with pytest.raises(RetrievalError, match="no"):
        embedder.embed(["bad"])
    assert embedder.embed(["5"]).tolist() == [[5.0]]
    assert (embedder.identity, embedder.dimension) == ("counting", 1)
