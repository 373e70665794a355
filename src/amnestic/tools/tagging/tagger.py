"""The trained tagger: MiniLM (int8), with heads that say of each word what it is to the request.

Architecture: Devlin et al., "BERT", section 4.1 (tagging by a linear layer on token states);
trained by `benchmarks/tagger.py` on requests that people marked by hand.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.exceptions import RetrievalError
from amnestic.forks import in_child
from amnestic.tools.embedding import Begun, load_graph, shipped_tokenizer
from amnestic.tools.tagging.spans import Tagged, tagged
from amnestic.tools.tagging.surroundings import Given, mean_scores, surrounded
from amnestic.tools.tagging.tokens import TOKENS, Tokens, tokens_of

__all__ = ["Tagger", "shipped_tagger"]

Scores = npt.NDArray[np.float32]

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
        return self.begin(text).result()

    def begin(self, text: str) -> Tagging:
        """`read`, begun: the net runs while the caller does something else, and the caller may let
        it be. Raises `ConfigurationError` as `read` does."""
        session, tokenizer = self._load()
        return Tagging(text, session, tokenizer)

    def _load(self) -> tuple[Any, Any]:
        with self._lock:
            if self._loaded is None:
                session = load_graph(self._graph, self.sha256, "tagger")
                self._loaded = session, shipped_tokenizer()
            return self._loaded


class Tagging:
    """A text that is being read: of a short one several surroundings side by side, of a long one
    its parts."""

    def __init__(self, text: str, session: Any, tokenizer: Any) -> None:
        self._text = text
        self._tokens = tokens_of(tokenizer, _SURROGATES.sub("\ufffd", text))
        ids = self._tokens.ids[1:-1]
        self._given = [] if len(ids) > TOKENS - 2 else _several(tokenizer, self._tokens)
        self._parts = [] if self._given else _parts(len(ids))
        inputs = [(given.ids, given.types) for given in self._given]
        inputs += [_part(self._tokens, *part) for part in self._parts]
        self._runs = Begun(lambda given: _run(session, *given), inputs)

    def result(self) -> Tagged:
        """What the words of the text are; raises as `Tagger.read` does."""
        try:
            found = self._runs.results()
        except RuntimeError as error:
            raise RetrievalError("the tagger failed to run; see `amnestic doctor`") from error
        if self._given:
            readings = [(given, *one) for given, one in zip(self._given, found, strict=True)]
            scores, outcome = mean_scores(readings, len(self._tokens.ids) - 2)
        else:
            scores, outcome = _of_parts(self._parts, found)
        return tagged(self._text, self._tokens, scores, outcome)

    def drop(self) -> None:
        """Let it be: what has not begun is not run."""
        self._runs.drop()


def _several(tokenizer: Any, tokens: Tokens) -> list[Given]:
    """A text in its surroundings; a longer one as it is."""
    ids, types = tokens.ids[1:-1], tokens.types[1:-1]
    given = surrounded(tokenizer, ids, types, tokens.ids[0], tokens.ids[-1])
    return list(given) if len(ids) <= _SHORT else [next(given)]


def _parts(count: int) -> list[tuple[int, int]]:
    """Where the parts of a text of so many tokens begin and end; each shares some with the next."""
    parts = [(0, _PART)]
    while parts[-1][1] < count:
        start = parts[-1][1] - _OVERLAP
        parts.append((start, min(count, start + _PART)))
    return parts


def _part(tokens: Tokens, start: int, end: int) -> tuple[list[int], list[int]]:
    """Ids and types of a part. One that does not begin the text is read behind the text's opening,
    where the wish usually stands."""
    ids, types = tokens.ids[1:-1], tokens.types[1:-1]
    lead = _LEAD if start else 0
    return (
        [tokens.ids[0], *ids[:lead], *ids[start:end], tokens.ids[-1]],
        [0, *types[:lead], *types[start:end], 0],
    )


def _of_parts(
    parts: Sequence[tuple[int, int]], found: Sequence[tuple[Scores, Scores]]
) -> tuple[Scores, Scores]:
    """The scores of all tokens, each from the part in which most stands around it, and of the text:
    those of the part that asks for most."""
    rows = [found[0][0][:1]]
    for i, ((start, end), (scores, _)) in enumerate(zip(parts, found, strict=True)):
        lead = _LEAD if start else 0
        begin = 1 + lead + (_OVERLAP // 2 if start else 0)
        stop = 1 + lead + end - start - (_OVERLAP // 2 if i < len(parts) - 1 else 0)
        rows.append(scores[begin:stop])
    rows.append(found[-1][0][-1:])
    outcomes = [outcome for _, outcome in found]
    return np.concatenate(rows), max(outcomes, key=lambda o: float(o[0] - o[1:].max()))


def _run(session: Any, ids: list[int], types: list[int]) -> tuple[Scores, Scores]:
    given = {
        "input_ids": np.array([ids], np.int64),
        "token_type_ids": np.array([types], np.int64),
        "attention_mask": np.ones((1, len(ids)), np.int64),
    }
    scores, outcome = session.run(["tokens", "outcome"], given)
    return scores[0], outcome[0]


in_child(shipped_tagger.cache_clear)
