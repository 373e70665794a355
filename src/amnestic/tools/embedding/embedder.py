"""Sentence embeddings: all-MiniLM-L6-v2 by default, on onnxruntime, without torch at run time.

The default encoder's graph is a part of the package (`scripts/build_embedder.py` makes it from the
published weights) and is checked by its hash. Others come from a local folder and are exported once
(`export`), or from an API.
"""

from __future__ import annotations

import hashlib
import logging
import re
import threading
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import (
    ConfigurationError,
    EmbedderError,
    InvalidRequestError,
    RetrievalError,
)
from amnestic.starting import Ahead
from amnestic.tools.embedding.export import SourceModel, read_or_export
from amnestic.tools.embedding.graph import SHIPPED, hand_down, open_graph
from amnestic.tools.embedding.spreading import like_lengths, spread
from amnestic.tools.embedding.stored import Stored, read_stored, sha256_of
from amnestic.tools.embedding.tokenizing import ids_within
from amnestic.tools.protocols import Embedder, Vectors
from amnestic.types import ForgetTarget

__all__ = ["MINILM_GRAPH", "MiniLMEmbedder", "SentenceEmbedder", "hand_down_minilm", "is_remote",
           "load_ahead", "load_embedder", "refuse_sealed"]  # fmt: skip

MINILM_GRAPH = "40adfeb8dea7d1489b59794665eae0c337bee78ac5e6f8b9c1a35c542bf3cb71"
"""The SHA-256 of the graph that comes with the package."""

_DAMAGED = (
    "the embedding model that comes with Amnestic is damaged or not the one of this release: run "
    "`pip install --force-reinstall amnestic`"
)

_log = logging.getLogger(__name__)

CACHED_VECTORS = 8192
CHARS_PER_TOKEN = 24

_SURROGATES = re.compile("[\ud800-\udfff]")


def load_embedder(spec: str, cache_dir: Path) -> Embedder:
    """The embedder that `spec` names: `"minilm"`, `"openai:<model>"`, or a local folder's path.

    `cache_dir` keeps the exports of local folders. Raises `EmbedderError` when the model is missing
    or is not the one that was asked for.

    >>> load_embedder("no/such/folder", Path("cache"))
    Traceback (most recent call last):
        ...
    amnestic.exceptions.EmbedderError: no embedding model at `no/such/folder`: ...
    """
    if spec == "minilm":
        embedder = _minilm.take()
        _tell_of_old_export(cache_dir, embedder.identity)
        return embedder
    if is_remote(spec):
        from amnestic.tools.embedding.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder(spec.removeprefix("openai:"))
    folder = Path(spec).expanduser()
    weights = folder / "model.safetensors"
    if not weights.is_file() or not (folder / "tokenizer.json").is_file():
        raise EmbedderError(
            f"no embedding model at `{spec}`: give `minilm`, `openai:<model>`, or a folder that "
            "holds `model.safetensors`, `config.json` and `tokenizer.json`"
        )
    return SentenceEmbedder(read_or_export(SourceModel(folder, sha256_of(weights)), cache_dir))


def is_remote(spec: str) -> bool:
    """Whether the embedder that `spec` names is elsewhere, so that texts are sent there.

    >>> is_remote("openai:text-embedding-3-small"), is_remote("minilm")
    (True, False)
    """
    return spec.startswith("openai:")


def refuse_sealed(targets: Iterable[ForgetTarget], spec: str) -> None:
    """Raise `InvalidRequestError` where one of the targets is sealed, and the embedder that `spec`
    names would send its words away."""
    if is_remote(spec) and any(target.sealed for target in targets):
        raise InvalidRequestError(
            f"sealed targets are told to nobody, and the embedder `{spec}` is sent all that it "
            "embeds: choose `minilm` or a folder with AMNESTIC_EMBEDDER"
        )


class SentenceEmbedder:
    """Embeds texts with a BERT-like sentence encoder, quantised to int8 and run by onnxruntime.

    Texts are cut after the model's token limit (256 for MiniLM), run with others of like length,
    pooled and scaled to length 1. Vectors of the texts seen last are kept, by a digest of the text.
    Safe to share between threads.
    """

    def __init__(self, stored: Stored, home: Path = SHIPPED) -> None:
        self._pooling = stored.pooling
        self._identity = stored.identity
        self._ids = ids_within(stored.tokenizer, stored.pooling.max_tokens)
        self._session = open_graph(stored.graph, stored.sha256, home)
        self._seen: OrderedDict[bytes, Vectors] = OrderedDict()
        self._lock = threading.Lock()

    @property
    def identity(self) -> str:
        """A stamp of the weights, tokenizer, quantisation, pooling and token limit."""
        return self._identity

    @property
    def dimension(self) -> int:
        """The length of a vector."""
        return self._pooling.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed `texts` into a float32 array of shape `(len(texts), dimension)`, rows of length 1.

        Any text serves: an empty one, one with NUL bytes or lone surrogates, one of a megabyte.
        Raises `RetrievalError` when the runtime fails.
        """
        keys = [hashlib.blake2b(_encode(text), digest_size=16).digest() for text in texts]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        missing: dict[bytes, list[int]] = {}
        with self._lock:
            for i, key in enumerate(keys):
                known = self._seen.get(key)
                if known is None:
                    missing.setdefault(key, []).append(i)
                else:
                    self._seen.move_to_end(key)
                    vectors[i] = known
        if missing:
            fresh = self._compute([texts[places[0]] for places in missing.values()])
            for places, vector in zip(missing.values(), fresh, strict=True):
                vectors[places] = vector
            self._remember(list(missing), fresh)
        return vectors

    def _remember(self, keys: list[bytes], vectors: Vectors) -> None:
        with self._lock:
            for key, vector in zip(keys, vectors, strict=True):
                self._seen[key] = vector.copy()
            while len(self._seen) > CACHED_VECTORS:
                self._seen.popitem(last=False)

    def _compute(self, texts: list[str]) -> Vectors:
        ids = [np.asarray(self._ids(self._trim(text)), dtype=np.int64) for text in texts]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        groups = like_lengths([len(row) for row in ids])
        found = spread(lambda group: self._run([ids[i] for i in group]), groups)
        for group, rows in zip(groups, found, strict=True):
            vectors[group] = rows
        return vectors

    def _trim(self, text: str) -> str:
        """Cut what no token limit would reach, so that a megabyte costs no more than a page."""
        limit = self._pooling.max_tokens * CHARS_PER_TOKEN
        if len(text) > limit:
            text = " ".join(text[: limit * 16].split())[:limit]
        return _SURROGATES.sub("\ufffd", text)

    def _run(self, rows: list[npt.NDArray[np.int64]]) -> Vectors:
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        mask = np.zeros((len(rows), longest), dtype=np.int64)
        for i, row in enumerate(rows):
            ids[i, : len(row)] = row
            mask[i, : len(row)] = 1
        try:
            hidden = self._session.run(None, {"input_ids": ids, "attention_mask": mask})[0]
        except RuntimeError as error:
            raise RetrievalError("the embedding model failed to run; see `amnestic doctor`") from (
                error
            )
        return _pool(np.asarray(hidden, dtype=np.float32), mask, self._pooling.mode)


class MiniLMEmbedder(SentenceEmbedder):
    """all-MiniLM-L6-v2 (384 dimensions, 256 tokens), as it comes with the package.

    Raises `EmbedderError` where its file is damaged or another one.

    >>> MiniLMEmbedder().embed(["A cat sat on the mat."]).shape
    (1, 384)
    """

    def __init__(self, home: Path = SHIPPED) -> None:
        stored = read_stored(home)
        if stored is None or stored.sha256 != MINILM_GRAPH:
            raise EmbedderError(_DAMAGED)
        try:
            super().__init__(stored, home)
        except ConfigurationError:  # the words' table
            raise EmbedderError(_DAMAGED) from None


_minilm = Ahead(MiniLMEmbedder)


@contextmanager
def load_ahead(spec: str) -> Iterator[None]:
    """Where `spec` names the encoder that comes with the package: have it loaded by a thread, for
    the first `load_embedder` of this process, which comes within the block. A block that fails
    before ends when the thread has: in a process that is forked until then, nobody could ever
    import what the thread is importing."""
    if spec != "minilm":
        yield
        return
    try:
        _minilm.begin()
        yield
    except BaseException:
        _minilm.drop()
        raise


def hand_down_minilm() -> None:
    """Load the encoder's graph for the children that this process will fork (`hand_down`)."""
    hand_down(SHIPPED / "model.onnx", MINILM_GRAPH, "encoder")


@cache
def _tell_of_old_export(cache_dir: Path, identity: str) -> None:
    """Say once that what earlier releases exported on first use is not used any more."""
    old = cache_dir / "embedders" / identity.replace(":", "-")
    if old.is_dir():
        _log.info("`%s` was made by an earlier release and is not used: it can be deleted", old)


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _pool(hidden: Vectors, mask: npt.NDArray[np.int64], mode: str) -> Vectors:
    if mode == "cls":
        pooled = hidden[:, 0]
    else:
        weights = mask.astype(np.float32)[:, :, None]
        pooled = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    scaled: Vectors = (pooled / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
