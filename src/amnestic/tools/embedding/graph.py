"""A trained graph that comes with the package, checked before it is run.

MiniLM's word embeddings are half of each graph and the same in all of them, since only what stands
above them was trained. So they lie in a file of their own, a graph names that file where the table
stood (ONNX's external data), and all sessions of a process read one copy.
"""

from __future__ import annotations

import gzip
import hashlib
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import ConfigurationError
from amnestic.tools.embedding.word_pieces import WordPieces

__all__ = [
    "SHIPPED",
    "WORDS",
    "WORDS_FILE",
    "WORDS_SHA256",
    "hand_down",
    "load_graph",
    "open_graph",
    "read_words",
    "shipped_tokenizer",
]

SHIPPED = Path(__file__).parent / "data"
"""The folder of the encoder that comes with the package."""

WORDS = "embeddings.word_embeddings.weight.table"
"""The name of MiniLM's word embeddings in the graphs."""

WORDS_FILE = "word_embeddings.int8"
"""The file that holds them: int8, 384 for each token, in the order of the tokens' ids."""

WORDS_SHA256 = "7dce394ff2261de8e2f31e10715227150a3d46e2a3e260a14429c6b1fbadf083"
"""The SHA-256 of that file."""

_WIDTH = 384


_handed_down: dict[str, Any] = {}
"""The sessions that forked children go on with, by the SHA-256 of their graphs."""


def hand_down(graph: Path, sha256: str, name: str) -> None:
    """Load a graph for the children that this process will fork, which check the file and go on
    with this session: its weights are in memory once for all. Raises as `load_graph` does.

    A session of one thread has nothing that does not get over a fork, unless another thread is
    just running it. So this is for a process of one thread that runs none of them itself.
    """
    _handed_down[sha256] = load_graph(graph, sha256, name)


def load_graph(graph: Path, sha256: str, name: str) -> Any:
    """A session of one thread for the graph at a path, packed by gzip where that ends in `.gz`;
    `name` is what errors call it.

    Raises `ConfigurationError` where it is missing or not the one of that SHA-256.
    """
    raw = _checked(graph, sha256, name)
    return open_graph(gzip.decompress(raw) if graph.suffix == ".gz" else raw, sha256)


def open_graph(raw: bytes, sha256: str, home: Path = SHIPPED) -> Any:
    """A session of one thread for a graph in memory, whose digest is known, with the word
    embeddings of the encoder in `home` where it takes them from there. Raises as `read_words`
    does."""
    if sha256 in _handed_down:
        return _handed_down[sha256]
    # Read while it is imported: unless told not to, onnxruntime queues reports of its use.
    os.environ.setdefault("ORT_DISABLE_TELEMETRY", "1")
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1  # see `spreading`
    options.log_severity_level = 3
    if WORDS_FILE.encode() in raw:
        words = onnxruntime.OrtValue.ortvalue_from_numpy(read_words(home))
        options.add_external_initializers([WORDS], [words])
    session = onnxruntime.InferenceSession(raw, options, providers=["CPUExecutionProvider"])
    session.disable_fallback()  # there is nothing to fall back to,
    session._model_bytes = None  # which is all that it would keep the graph's 12 MB for
    return session


@cache  # sessions read the very array, so it stays as long as the process does
def read_words(home: Path = SHIPPED) -> npt.NDArray[np.int8]:
    """MiniLM's word embeddings, as int8 of shape `(tokens, 384)`, from the encoder's folder.

    Raises `ConfigurationError` where they are missing, damaged or others.

    >>> read_words().shape
    (30522, 384)
    """
    raw = _checked(home / WORDS_FILE, WORDS_SHA256, "table of word embeddings")
    return np.frombuffer(raw, np.int8).reshape(-1, _WIDTH)


def _checked(file: Path, sha256: str, name: str) -> bytes:
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise ConfigurationError(f"no {name} at `{file}`; install Amnestic again") from error
    found = hashlib.sha256(raw).hexdigest()
    if found != sha256:
        raise ConfigurationError(
            f"the {name} at `{file}` has SHA-256 `{found[:16]}…`, not the expected "
            f"`{sha256[:16]}…`; install Amnestic again"
        )
    return raw


def shipped_tokenizer(written: str | None = None) -> WordPieces:
    """The tokenizer of the encoder that comes with the package, or the one `written` as JSON; it
    cuts and fills nothing.

    >>> shipped_tokenizer().encode("forget").ids
    [101, 5293, 102]
    """
    return WordPieces(written) if written is not None else _shipped()


@cache
def _shipped() -> WordPieces:
    return WordPieces((SHIPPED / "tokenizer.json").read_text("utf-8"))
