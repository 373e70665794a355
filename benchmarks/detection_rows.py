"""Measuring probes into rows of features, for fitting and for the tables."""

from __future__ import annotations

import json
import random
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from detection_data import Data, Probe

from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context, Embedder, Pair, Vectors
from amnestic.tools.reading import blank_filled

__all__ = [
    "NAMESAKES",
    "KeptEmbedder",
    "Row",
    "gauge_for",
    "in_share",
    "measure_all",
    "rows_of",
    "texts_of",
    "unrelated_reply",
]

_HELD_SENTENCES = 15
NAMESAKES = (
    ("My friend {} is coming to dinner on Friday. What should I cook?",
     "Roast vegetables with couscous are easy, and most guests like them."),
    ("What does the name {} mean?",
     "It is an old name, and what it means depends on the language."),
    ("My daughter {} turns five. Have you ideas for a party?",
     "A treasure hunt in the garden works well at that age."),
    ("Translate into German: {} is my best friend.", "{} ist mein bester Freund."),
    ("Write a birthday card for my neighbour {}.", "Dear {}, many happy returns of the day!"),
    ("{} and I are planning a hike. What should we pack?",
     "Pack water, a map and a light rain jacket. {} could carry the food."),
    ("Mend the grammar: {} go to work every days.", "{} goes to work every day."),
    ("My boss {} never answers e-mails. What can I do?",
     "Ask {} for five minutes in person, and say what you need."),
    ("Who is {}, the plumber from our street?", "{} mends pipes on your street, as you say."),
)  # fmt: skip
"""What is said of people who only share a name; written for this benchmark."""


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
    """A measure of one probe: whose probe it is, which text of it, the features, and what the
    verifier would read of it (`None` for questions and where the full name stands)."""

    probe: str
    owner: str
    forget: bool
    text: str
    target: str
    kind: TextKind
    named: bool
    features: npt.NDArray[np.float32]
    pair: Pair | None = None


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
    found |= {blank_filled(q, unrelated_reply(data, q)) for q in data.benign}
    for probe in data.probes:
        if probe.target_id in ids:
            found |= {probe.question, probe.reply, blank_filled(probe.question, probe.reply)}
    for target_id in ids:
        found |= {*data.people[target_id].sentences, data.people[target_id].description}
    return found


def measure_all(
    data: Data,
    gauge: Gauge,
    ids: Sequence[str],
    facts: int,
    seed: int,
    benign: Sequence[str],
    *,
    share: float = 1.0,
    statements: float = 0.0,
    clipped: float = 0.0,
) -> list[Row]:
    """Measure a share of the probes of `ids`, and plain questions with plain texts for replies.

    `statements` is the share of the probes that is measured as statements too, together with
    sentences about the targets that were not drawn as facts; `clipped` the share that is measured
    once more with a part of the target's name in the place of the whole.
    """
    rows: list[Row] = []
    chosen = set(ids)
    draw = random.Random(seed)
    for probe in data.probes:
        if probe.target_id in chosen and in_share(probe.id, share, seed):
            rows += _of_probe(probe, gauge)
            if draw.random() < statements:
                rows += _as_statement(probe, gauge)
            if draw.random() < clipped:
                rows += _clipped(data, probe, gauge, draw)
    for i, question in enumerate(benign):
        owner = f"benign:{i}"
        rows += rows_of(gauge, gauge.question(question, Context()), owner, "", False, "question")
        rows += rows_of(
            gauge,
            gauge.answer(unrelated_reply(data, question), question, Context()),
            owner,
            "",
            False,
            "answer",
        )
    if statements:
        for target_id in ids:
            rows += _held_back(data, gauge, target_id, facts, seed)
            rows += _of_namesakes(data, gauge, target_id, draw)
    return rows


def unrelated_reply(data: Data, question: str) -> str:
    """A plain text in the place of a reply: always the same one for a question."""
    return data.benign[zlib.crc32(question.encode()) % len(data.benign)]


def in_share(probe: str, share: float, seed: int) -> bool:
    """Whether a probe is among a share of them, drawn by seed."""
    return random.Random(f"{seed}:{probe}").random() < share


def _held_back(data: Data, gauge: Gauge, target_id: str, facts: int, seed: int) -> list[Row]:
    person = data.people[target_id]
    used = set(person.target(facts, seed).facts)
    rest = [s for s in person.sentences if s not in used]
    draw = random.Random(f"{seed}:{target_id}")
    rows: list[Row] = []
    for j, text in enumerate(draw.sample(rest, min(_HELD_SENTENCES, len(rest)))):
        measures = gauge.statement(text, Context())
        rows += rows_of(gauge, measures, f"{target_id}:held:{j}", target_id, True, "held")
    return rows


def _of_probe(probe: Probe, gauge: Gauge) -> list[Row]:
    context = Context()
    asked = gauge.question(probe.question, context)
    told = gauge.answer(probe.reply, probe.question, context)
    return [
        *rows_of(gauge, asked, probe.id, probe.target_id, probe.forget, "question"),
        *rows_of(gauge, told, probe.id, probe.target_id, probe.forget, "answer"),
    ]


def _clipped(data: Data, probe: Probe, gauge: Gauge, draw: random.Random) -> list[Row]:
    """A forget probe that calls its target by the surname, with an initial or without, in
    question and answer or in one of them; nothing for a probe that names it otherwise."""
    subject = data.people[probe.target_id].subject
    words = subject.split()
    if not probe.forget or len(words) < 2 or subject not in f"{probe.question} {probe.reply}":
        return []
    short = draw.choice((words[-1], f"{words[0][0]}. {words[-1]}"))
    changed = replace(
        probe,
        id=f"{probe.id}:clipped",
        question=probe.question.replace(subject, short),
        reply=probe.reply.replace(subject, short),
    )
    return [*_of_probe(changed, gauge), *_as_statement(changed, gauge)]


def _of_namesakes(data: Data, gauge: Gauge, target_id: str, draw: random.Random) -> list[Row]:
    """Small talk about somebody with the target's given name or surname: to be retained."""
    words = data.people[target_id].subject.split()
    if len(words) < 2:
        return []
    rows: list[Row] = []
    for name in (words[0], words[-1]):
        question, reply = (text.replace("{}", name) for text in draw.choice(NAMESAKES))
        probe = f"{target_id}:namesake:{name}"
        asked, told = gauge.question(question, Context()), gauge.answer(reply, question, Context())
        rows += rows_of(gauge, asked, probe, "", False, "question")
        rows += rows_of(gauge, told, probe, "", False, "answer")
    return rows


def _as_statement(probe: Probe, gauge: Gauge) -> list[Row]:
    measures = gauge.statement(blank_filled(probe.question, probe.reply), Context())
    return rows_of(gauge, measures, probe.id, probe.target_id, probe.forget, "statement")


def rows_of(
    gauge: Gauge, measures: Iterable[Measure], probe: str, owner: str, forget: bool, text: str
) -> list[Row]:
    """Measures as rows of one probe; `owner` is whose probe it is, empty for plain questions."""
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
            None if m.named or m.kind is TextKind.QUESTION else gauge.pair(m),
        )
        for m in measures
    ]
