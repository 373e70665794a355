"""The trained verifier: does this text tell of this target?

A cross-encoder (MiniLM, int8) reads a question with its answer together with what is known of a
target, so that it sees which word answers which: "the sister of …" against "his sister …", which
vectors and counted words do not tell apart. It is too slow for every text, and is asked only about
the few pairs that the fused score leaves uncertain (see `verification`). Architecture: Nogueira and
Cho, "Passage Re-ranking with BERT", section 3; trained by `benchmarks/verifier.py`.
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import RetrievalError
from amnestic.forks import in_child
from amnestic.tools.embedding import hand_down, like_lengths, load_graph, shipped_tokenizer, spread
from amnestic.tools.protocols import Pair

__all__ = [
    "BEFORE_TOKENS",
    "FACTS",
    "TOKENS",
    "CrossEncoder",
    "encode",
    "hand_down_verifier",
    "pad",
    "premise",
    "shipped_verifier",
]

TOKENS = 160
"""The most tokens of a pair; the last facts of a longer premise are cut."""

BEFORE_TOKENS = 40
"""How many of them what was said before may take."""

FACTS = 3
"""How many of the nearest facts a premise holds."""

_TEXT_TOKENS = 64
_FACT_CHARS = 200
_KEPT = 16_384
_TEXT_CHARS = 4_000
_SURROGATES = re.compile("[\ud800-\udfff]")


@cache
def shipped_verifier() -> CrossEncoder:
    """The verifier that comes with the package; `verifier.json` beside it says what it was
    trained on."""
    return CrossEncoder.stored(_shipped_graph())


def hand_down_verifier() -> None:
    """Load the verifier's graph for the children that this process will fork (`hand_down`)."""
    graph = _shipped_graph()
    hand_down(graph, CrossEncoder.stored(graph).sha256, "verifier")


def _shipped_graph() -> Path:
    folder = resources.files("amnestic.tools.detection").joinpath("data")
    return Path(str(folder.joinpath("verifier.onnx")))


def premise(subject: str, description: str, facts: Sequence[str]) -> str:
    """What is known of a target in one text; `facts` with the nearest first.

    >>> premise("Mirela Osk", "Osk painted the harbour.", ["Osk was born in Tarn."])
    'Mirela Osk: Osk painted the harbour. Osk was born in Tarn.'
    """
    told = [description.strip(), *(fact[:_FACT_CHARS].strip() for fact in facts[:FACTS])]
    return f"{subject}: {' '.join(t for t in told if t)}"


def encode(
    tokenizer: Any, pair: Pair, tokens: int = TOKENS, before_tokens: int = BEFORE_TOKENS
) -> list[int]:
    """The token ids of a pair: the text, what is known, and what was said before; of a long text,
    and of much before it, the end is read."""
    opening, *text, closing = _ids(tokenizer, pair.text[-_TEXT_CHARS:])
    first = [opening, *text[-_TEXT_TOKENS:], closing]
    last: list[int] = []
    if before_tokens and pair.before:
        last = [*_ids(tokenizer, pair.before[-_TEXT_CHARS:])[1:-1][-before_tokens:], closing]
    left = tokens - len(first) - len(last) - 1
    return [*first, *_ids(tokenizer, pair.premise[:_TEXT_CHARS])[1:-1][:left], closing, *last]


def _ids(tokenizer: Any, text: str) -> list[int]:
    found: list[int] = tokenizer.encode(_SURROGATES.sub("\ufffd", text)).ids
    return found


def pad(rows: Sequence[Sequence[int]]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Token ids of unlike length as one array, with the mask of what is no padding.

    >>> [array.tolist() for array in pad([[101, 7, 102], [101, 102]])]
    [[[101, 7, 102], [101, 102, 0]], [[1, 1, 1], [1, 1, 0]]]
    """
    shape = (len(rows), max(map(len, rows)))
    ids, mask = np.zeros(shape, np.int64), np.zeros(shape, np.int64)
    for i, row in enumerate(rows):
        ids[i, : len(row)] = row
        mask[i, : len(row)] = 1
    return ids, mask


@dataclass(frozen=True, slots=True)
class _Loaded:
    session: Any
    tokenizer: Any


class CrossEncoder:
    """Reads pairs and gives the log-odds that the text tells of the target; a `Verifier`.

    The graph is loaded with the first pair, and refused unless its SHA-256 is `sha256`. What was
    said of the pairs read last is kept, by their digests. Safe to share between threads; one thread
    computes.

    >>> from pathlib import Path
    >>> CrossEncoder(Path("no/such/file"), "").logits([])
    array([], dtype=float32)

    Args:
        graph: the file of the graph.
        sha256: its digest.
        tokens: the most tokens of a pair that it was made for.
        before: how many of them may be of what was said before; 0 for a graph that was trained
            without that.
    """

    def __init__(
        self, graph: Path, sha256: str, tokens: int = TOKENS, before: int = BEFORE_TOKENS
    ) -> None:
        self._graph = graph
        self._sha256 = sha256
        self._tokens = tokens
        self._before = before
        self._lock = threading.Lock()
        self._loaded: _Loaded | None = None
        self._known: OrderedDict[bytes, float] = OrderedDict()

    @classmethod
    def stored(cls, graph: Path) -> CrossEncoder:
        """The reader of a graph, as the JSON beside it describes it."""
        about = json.loads(graph.with_suffix(".json").read_text("utf-8"))
        return cls(graph, about["sha256"], about["tokens"], about.get("before", 0))

    @property
    def sha256(self) -> str:
        """The digest of the graph that is asked for."""
        return self._sha256

    def logits(self, pairs: Sequence[Pair]) -> npt.NDArray[np.float32]:
        """The log-odds of each pair, as float32 of shape `(len(pairs),)`.

        Raises `ConfigurationError` where the graph is missing or damaged, `RetrievalError` where
        the runtime fails.
        """
        if not self._before:  # the same pair, whatever stands before it, is read once
            pairs = [pair._replace(before="") for pair in pairs]
        keys = [_digest(pair) for pair in pairs]
        with self._lock:
            told = {key: self._known[key] for key in keys if key in self._known}
        fresh = {k: pair for k, pair in zip(keys, pairs, strict=True) if k not in told}
        told |= zip(fresh, self._read(list(fresh.values())), strict=True)
        with self._lock:
            self._known.update((key, told[key]) for key in fresh)
            while len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return np.array([told[key] for key in keys], np.float32)

    def _read(self, pairs: Sequence[Pair]) -> list[float]:
        if not pairs:
            return []
        loaded = self._load()
        rows = [encode(loaded.tokenizer, pair, self._tokens, self._before) for pair in pairs]
        groups = like_lengths([len(row) for row in rows])
        found = spread(lambda group: _run(loaded.session, [rows[i] for i in group]), groups)
        out = np.zeros(len(pairs), np.float32)
        for group, logits in zip(groups, found, strict=True):
            out[group] = logits
        return list(map(float, out))

    def _load(self) -> _Loaded:
        with self._lock:
            if self._loaded is None:
                self._loaded = _load(self._graph, self._sha256)
            return self._loaded


def _load(graph: Path, sha256: str) -> _Loaded:
    session = load_graph(graph, sha256, "verifier")
    written = session.get_modelmeta().custom_metadata_map["tokenizer"]
    return _Loaded(session, shipped_tokenizer(written))


def _digest(pair: Pair) -> bytes:
    text = f"{len(pair.premise)}:{pair.premise}{len(pair.text)}:{pair.text}{pair.before}"
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _run(session: Any, rows: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
    ids, mask = pad(rows)
    try:
        logits = session.run(["logit"], {"input_ids": ids, "attention_mask": mask})[0]
    except RuntimeError as error:
        raise RetrievalError("the verifier failed to run; see `amnestic doctor`") from error
    return np.asarray(logits, np.float32)


in_child(shipped_verifier.cache_clear)
