"""Embedding across concurrent requests: texts that wait together are embedded together."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress

from amnestic.exceptions import AmnesticError
from amnestic.tools.protocols import Embedder, Vectors

__all__ = ["BatchingEmbedder"]


class BatchingEmbedder:
    """An embedder for many threads. A thread that finds it idle embeds at once; the texts of those
    that come meanwhile wait, and are embedded together by the next. So a lone caller waits for
    nothing, and many callers share one run of the model. Vectors do not depend on the batch.

    >>> import numpy as np
    >>> class Lengths:
    ...     identity, dimension = "lengths", 1
    ...     def embed(self, texts):
    ...         return np.array([[len(text)] for text in texts], dtype=np.float32)
    >>> BatchingEmbedder(Lengths()).embed(["one", "three"]).tolist()
    [[3.0], [5.0]]
    """

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self._waiting: list[tuple[list[str], Future[Vectors]]] = []
        self._guard = threading.Lock()
        self._running = threading.Lock()

    @property
    def identity(self) -> str:
        """The inner embedder's stamp."""
        return self._inner.identity

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._inner.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` into an array of shape `(len(texts), dimension)`. Raises what the inner
        embedder raises; when a batch fails, each of its callers tries alone."""
        mine: Future[Vectors] = Future()
        with self._guard:
            self._waiting.append((list(texts), mine))
        with self._running:  # whoever had it before may have embedded our texts too
            if not mine.done():
                self._run()
        try:
            return mine.result()
        except _BatchFailed:
            return self._inner.embed(texts)

    def _run(self) -> None:
        """Embed what waits; called by one thread at a time, whose own texts are among it."""
        with self._guard:
            batch, self._waiting = self._waiting, []
        try:
            with suppress(AmnesticError):  # one bad text shall not fail its neighbours
                self._embed(batch)
        finally:
            for _, future in batch:
                if not future.done():
                    future.set_exception(_BatchFailed())

    def _embed(self, batch: list[tuple[list[str], Future[Vectors]]]) -> None:
        texts = [text for own, _ in batch for text in own]
        vectors = self._inner.embed(texts)
        begin = 0
        for own, future in batch:
            future.set_result(vectors[begin : begin + len(own)])
            begin += len(own)


class _BatchFailed(Exception):
    """Somebody's text could not be embedded; whose is found out by trying each alone."""
