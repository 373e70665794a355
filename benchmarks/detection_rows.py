"""Measuring probes into rows of features, for fitting and for the tables."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from detection_data import Data, Probe

from amnestic.tools.facet_index import FacetIndex
from amnestic.tools.gauge import Gauge, Measure
from amnestic.tools.passages import blank_filled
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.tools.roster import Roster
from amnestic.tools.weights import TextKind

__all__ = ["KeptEmbedder", "Row", "gauge_for", "measure_all"]

_HELD_SENTENCES = 25


class KeptEmbedder:
    """An embedder that keeps every vector, in memory and in a file between runs."""

    def __init__(self, inner: Embedder, file: Path | None = None) -> None:
        self._inner, self._file = inner, file
        self._kept: dict[str, Vectors] = {}
        if file is not None and file.is_file():
            with np.load(file, allow_pickle=False) as stored:
                if str(stored["identity"]) == inner.identity:
                    vectors = stored["vectors"].astype(np.float32)
                    texts = json.loads(stored["texts"].tobytes())
                    self._kept = dict(zip(texts, vectors, strict=True))

    @property
    def identity(self) -> str:
        """The inner embedder's."""
        return self._inner.identity

    @property
    def dimension(self) -> int:
        """The inner embedder's."""
        return self._inner.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Embed what is not kept."""
        missing = [t for t in dict.fromkeys(texts) if t not in self._kept]
        if missing:
            self._kept.update(zip(missing, self._inner.embed(missing), strict=True))
        rows = [self._kept[t] for t in texts]
        return np.stack(rows) if rows else np.zeros((0, self.dimension), np.float32)

    def warm(self, texts: Iterable[str]) -> None:
        """Embed many texts ahead, in batches of like length."""
        todo = sorted({t for t in texts if t not in self._kept}, key=len)
        for start in range(0, len(todo), 64):
            self.embed(todo[start : start + 64])

    def save(self) -> None:
        """Write the file."""
        if self._file is None:
            return
        vectors = np.stack(list(self._kept.values())).astype(np.float16)
        texts = np.frombuffer(json.dumps(list(self._kept)).encode(), dtype=np.uint8)
        np.savez(self._file, identity=self.identity, texts=texts, vectors=vectors)


@dataclass(frozen=True, slots=True)
class Row:
    """A measure of one probe: whose probe it is, which text of it, and the features."""

    probe: str
    owner: str
    forget: bool
    text: str
    target: str
    kind: TextKind
    named: bool
    features: npt.NDArray[np.float32]


def gauge_for(data: Data, embedder: Embedder, ids: Iterable[str], facts: int, seed: int) -> Gauge:
    """A gauge with the targets `ids` on its list, each with at most `facts` facts."""
    index = FacetIndex(embedder)
    for target_id in ids:
        index.add(data.people[target_id].target(facts, seed))
    roster = Roster(index, embedder)
    roster.refresh()
    return Gauge(roster, embedder)


def texts_of(data: Data, ids: Iterable[str]) -> set[str]:
    """Every text that measuring these targets will embed."""
    ids = set(ids)
    found = set(data.benign)
    for probe in data.probes:
        if probe.target_id in ids:
            found |= {probe.question, probe.reply, blank_filled(probe.question, probe.reply)}
    for target_id in ids:
        found |= {*data.people[target_id].sentences, data.people[target_id].description}
    return found


def measure_all(
    data: Data, gauge: Gauge, ids: Sequence[str], facts: int, seed: int, benign: Sequence[str]
) -> list[Row]:
    """Measure the probes of `ids`, plain questions, and sentences that were not drawn as facts."""
    rows: list[Row] = []
    chosen = set(ids)
    for probe in data.probes:
        if probe.target_id in chosen:
            rows += _of_probe(probe, gauge)
    draw = random.Random(seed)
    for i, question in enumerate(benign):
        owner = f"benign:{i}"
        rows += _rows(gauge.question(question, Context()), owner, "", False, "question")
        reply = draw.choice(benign)
        rows += _rows(gauge.answer(reply, question, Context()), owner, "", False, "answer")
    for target_id in ids:
        person = data.people[target_id]
        used = set(person.target(facts, seed).facts)
        rest = [s for s in person.sentences if s not in used]
        for j, text in enumerate(draw.sample(rest, min(_HELD_SENTENCES, len(rest)))):
            measures = gauge.statement(text, Context())
            rows += _rows(measures, f"{target_id}:held:{j}", target_id, True, "held")
    return rows


def _of_probe(probe: Probe, gauge: Gauge) -> list[Row]:
    context = Context()
    rows: list[Row] = []
    for text, measures in (
        ("question", gauge.question(probe.question, context)),
        ("answer", gauge.answer(probe.reply, probe.question, context)),
        ("statement", gauge.statement(blank_filled(probe.question, probe.reply), context)),
    ):
        rows += _rows(measures, probe.id, probe.target_id, probe.forget, text)
    return rows


def _rows(
    measures: Iterable[Measure], probe: str, owner: str, forget: bool, text: str
) -> list[Row]:
    return [
        Row(
            probe,
            owner,
            forget,
            text,
            m.target_id,
            m.kind,
            m.named,
            m.features.astype(np.float32),
        )
        for m in measures
    ]
