"""The attributor's graph: loaded with the first passage, and refused unless it is the known one."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from amnestic.exceptions import RetrievalError
from amnestic.forks import in_child
from amnestic.tools.detection.attribution import Passage, Row, Word, rows_of
from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.embedding import hand_down, load_graph, shipped_tokenizer, spread

__all__ = ["GraphAttributor", "described", "hand_down_attributor", "shipped_attributor"]

_NAME = "attributor"


@cache
def shipped_attributor() -> GraphAttributor:
    """The attributor that comes with the package; `attributor.json` beside it says what it was
    trained on."""
    return GraphAttributor.stored(_shipped_graph())


def hand_down_attributor() -> None:
    """Load the attributor's graph for the children that this process will fork (`hand_down`)."""
    graph = _shipped_graph()
    hand_down(graph, GraphAttributor.stored(graph).sha256, _NAME)


def _shipped_graph() -> Path:
    folder = resources.files("amnestic.tools.detection").joinpath("data")
    return Path(str(folder.joinpath("attributor.onnx.gz")))


class GraphAttributor:
    """Reads passages with an ONNX graph; an `Attributor`.

    The graph is loaded with the first passage, and refused unless its SHA-256 is `sha256`. Nothing
    of what was read is kept. Safe to share between threads.

    >>> GraphAttributor(Path("no/such/file"), "", Thresholds(-1.0, 0.0, 1.0)).read([])
    []
    """

    def __init__(self, graph: Path, sha256: str, limits: Thresholds) -> None:
        self._graph = graph
        self._limits = limits
        self.sha256 = sha256
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @classmethod
    def stored(cls, graph: Path) -> GraphAttributor:
        """The reader of a graph, as the JSON beside it describes it."""
        about = json.loads(described(graph).read_text("utf-8"))
        return cls(graph, about["sha256"], Thresholds(**about["limits"]))

    @property
    def limits(self) -> Thresholds:
        """Where the bands of its log-odds begin."""
        return self._limits

    def read(self, passages: Sequence[Passage]) -> list[list[Word]]:
        """For each passage its words, where they stand, and the log-odds that they are told of its
        target; of a word that several parts hold the mean.

        Raises `ConfigurationError` where the graph is missing or damaged, `RetrievalError` where
        the runtime fails.
        """
        if not passages:
            return []
        session, tokenizer = self._load()
        parts = [(i, row) for i, p in enumerate(passages) for row in rows_of(tokenizer, p)]
        found = spread(lambda part: _run(session, part[1]), parts)
        told: list[dict[tuple[int, int], list[float]]] = [{} for _ in passages]
        for (i, row), logits in zip(parts, found, strict=True):
            for place, logit in zip(row.places, logits[1:], strict=False):
                told[i].setdefault(place, []).append(logit)
        return [[Word(*place, sum(z) / len(z)) for place, z in words.items()] for words in told]

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                session = load_graph(self._graph, self.sha256, _NAME)
                self._loaded = session, shipped_tokenizer()
            return self._loaded


def described(graph: Path) -> Path:
    """The JSON that lies beside a graph.

    >>> described(Path("attributor.onnx.gz")).name
    'attributor.json'
    """
    return graph.with_name(f"{graph.name.partition('.')[0]}.json")


def _run(session: Any, row: Row) -> list[float]:
    given = {
        "input_ids": np.array([row.ids], np.int64),
        "token_type_ids": np.array([row.types], np.int64),
        "attention_mask": np.ones((1, len(row.ids)), np.int64),
    }
    try:
        logits = session.run(["tokens"], given)[0][0, :, 0]
    except RuntimeError as error:
        raise RetrievalError("the attributor failed to run; see `amnestic doctor`") from error
    told: list[float] = logits.tolist()
    return told


in_child(shipped_attributor.cache_clear)
