"""The trained tagger: MiniLM (int8), with heads that say of each word what it is to the request.

Architecture: Devlin et al., "BERT", section 4.1 (tagging by a linear layer on token states);
trained by `benchmarks/tagger.py` on requests that people marked by hand.
"""

from __future__ import annotations

import json
import re
import threading
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import RetrievalError
from amnestic.forks import in_child
from amnestic.tools.embedding import load_graph, shipped_tokenizer
from amnestic.tools.tagging.spans import Tagged, tagged
from amnestic.tools.tagging.surroundings import mean_scores, surrounded
from amnestic.tools.tagging.tokens import TOKENS, Tokens, tokens_of

__all__ = ["Tagger", "shipped_tagger"]

_SURROGATES = re.compile("[\ud800-\udfff]")
_PART, _OVERLAP, _LEAD = 144, 32, 48
"""Tokens of each part of a long text, those that it shares with the part before it, and those of
the text's opening that stand before it. What people marked is rarely longer than two parts."""

_SHORT = 192
"""The most tokens of a text that is read in several surroundings: each costs the time of one."""


@cache
def shipped_tagger() -> Tagger:
    """The tagger that comes with the package; `tagger.json` beside it says what it was trained on.

    >>> found = shipped_tagger().read("Please forget Mirela Osk.")
    >>> [found.text_of(span) for span in found.labelled("subject")]
    ['Mirela Osk']
    """
    folder = resources.files("amnestic.tools.tagging").joinpath("data")
    about = json.loads(folder.joinpath("tagger.json").read_text("utf-8"))
    return Tagger(Path(str(folder.joinpath("tagger.onnx"))), about["sha256"])


class Tagger:
    """Reads texts; safe to share between threads.

    The graph is loaded with the first text, and refused unless its SHA-256 is `sha256`.
    """

    def __init__(self, graph: Path, sha256: str) -> None:
        self._graph = graph
        self.sha256 = sha256
        self._lock = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    def read(self, text: str) -> Tagged:
        """What the words of a text are. A text of any length is read, in parts that overlap.

        Raises `ConfigurationError` where the graph is missing or damaged, `RetrievalError` where
        the runtime fails.
        """
        session, tokenizer = self._load()
        tokens = tokens_of(tokenizer, _SURROGATES.sub("\ufffd", text))
        try:
            scores, outcome = _scores(session, tokenizer, tokens)
        except RuntimeError as error:
            raise RetrievalError("the tagger failed to run; see `amnestic doctor`") from error
        return tagged(text, tokens, scores, outcome)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                session = load_graph(self._graph, self.sha256, "tagger")
                self._loaded = session, shipped_tokenizer()
            return self._loaded


def _scores(
    session: Any, tokenizer: Any, tokens: Tokens
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The scores of all tokens and of the text: of a short one the mean over several surroundings,
    of a long one from its parts."""
    ids, types = tokens.ids[1:-1], tokens.types[1:-1]
    if len(ids) > TOKENS - 2:
        return _scores_of_parts(session, tokens)
    given = surrounded(tokenizer, ids, types, tokens.ids[0], tokens.ids[-1])
    several = given if len(ids) <= _SHORT else (next(given),)
    readings = [(g, *_run(session, g.ids, g.types)) for g in several]
    return mean_scores(readings, len(ids))


def _scores_of_parts(
    session: Any, tokens: Tokens
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The scores of all tokens, each from the part in which most stands around it, and of the text:
    those of the part that asks for most. A part that does not begin the text is read behind the
    text's opening, where the wish usually stands."""
    inner = slice(1, -1)
    ids, types = tokens.ids[inner], tokens.types[inner]
    first, last = tokens.ids[0], tokens.ids[-1]
    parts = [(0, _PART)]
    while parts[-1][1] < len(ids):
        start = parts[-1][1] - _OVERLAP
        parts.append((start, min(len(ids), start + _PART)))
    rows, outcomes = [], []
    for i, (start, end) in enumerate(parts):
        lead = _LEAD if start else 0
        given = (
            [first, *ids[:lead], *ids[start:end], last],
            [0, *types[:lead], *types[start:end], 0],
        )
        found, outcome = _run(session, *given)
        begin = 1 + lead + (_OVERLAP // 2 if start else 0)
        stop = 1 + lead + end - start - (_OVERLAP // 2 if i < len(parts) - 1 else 0)
        rows += [found[:1]] if i == 0 else []
        rows.append(found[begin:stop])
        rows += [found[-1:]] if i == len(parts) - 1 else []
        outcomes.append(outcome)
    return np.concatenate(rows), max(outcomes, key=lambda o: float(o[0] - o[1:].max()))


def _run(
    session: Any, ids: list[int], types: list[int]
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    given = {
        "input_ids": np.array([ids], np.int64),
        "token_type_ids": np.array([types], np.int64),
        "attention_mask": np.ones((1, len(ids)), np.int64),
    }
    scores, outcome = session.run(["tokens", "outcome"], given)
    return scores[0], outcome[0]


in_child(shipped_tagger.cache_clear)
