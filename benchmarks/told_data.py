"""Replies as assistants write them, marked where they tell of a forget target.

A line of `data/told/*.jsonl` is a target with its request, facts and nine replies, in which `⟦…⟧`
stands round each piece that tells of it, by name or without. What is measured of the replies are
the windows that the detector reads, against every target on the same list. Three tenths of the
targets, drawn by their digests, are held back from the training of the verifier, and one of these
from every fit.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from detection_rows import Row

from amnestic.agents.history import DECAY
from amnestic.agents.requests import LocalInterpreter
from amnestic.exceptions import ForgetRequestError
from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.detection.window import names_one
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.names import Strength
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import question_windows
from amnestic.types import Facet, FacetKind, ForgetTarget, Span, TargetKind

__all__ = ["TOLD", "Reply", "Told", "context_of", "gauge_of", "is_held_back", "is_reported",
           "lists_of", "tells", "told_rows", "told_targets"]  # fmt: skip

TOLD = Path(__file__).resolve().parent / "data/told"
_MARK = re.compile("[⟦⟧]")
_TELLS, _HARDLY = 0.35, 0.08
_LIST = 20
_CUE_CHARS = 600
_FACTS = (0, 4, 10, 16)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply without its marks, where they stood, and whether its question asks for the target:
    `all`, `part`, `no`, or nothing where nobody said so. `turns` are what was said before, the
    user's first."""

    kind: str
    question: str
    text: str
    marks: tuple[Span, ...]
    asked: str
    turns: tuple[str, ...] = ()

    @property
    def asks(self) -> bool | None:
        """Whether the question asks for the target; `None` where nobody said so."""
        if not self.asked:
            return None if self.marks else False
        return self.asked != "no"

    @property
    def asks_all(self) -> bool:
        """Whether it asks for nothing else: follow-ups do of which nobody said so."""
        return self.asked == "all" or (not self.asked and self.kind == "by a part")


@dataclass(frozen=True, slots=True)
class Told:
    """A target, as a request and a model tell of it, and what replies tell."""

    id: str
    name: str
    kind: TargetKind
    description: str
    aliases: tuple[str, ...]
    facts: tuple[str, ...]
    replies: tuple[Reply, ...]

    def target(self, facts: int, seed: int) -> ForgetTarget:
        """The target with at most so many of its facts, drawn by seed."""
        draw = random.Random(f"{seed}:{self.id}")
        chosen = draw.sample(self.facts, min(facts, len(self.facts)))
        base = zlib.crc32(self.id.encode()) * 1_000
        facets = [Facet(kind=FacetKind.ALIAS, text=text) for text in self.aliases]
        facets += [Facet(kind=FacetKind.DESCRIPTION, text=self.description)]
        facets += [Facet(kind=FacetKind.FACT, text=text) for text in chosen]
        return ForgetTarget(
            id=self.id,
            subject=self.name,
            kind=self.kind,
            description=self.description,
            facets=tuple(f.model_copy(update={"id": base + i}) for i, f in enumerate(facets, 1)),
        )


def told_targets(folder: Path = TOLD) -> list[Told]:
    """All targets of a folder, file by file; raises `ValueError` where marks do not pair."""
    reader = LocalInterpreter()
    return [
        _told(json.loads(line), f"{file.stem}.", reader)
        for file in sorted(folder.glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def is_held_back(told: Told) -> bool:
    """Whether the verifier may not be trained on a target: three tenths, by their digests."""
    return _tenth(told) < 3


def is_reported(told: Told) -> bool:
    """Whether nothing at all may be fitted on a target: one tenth, of those held back."""
    return _tenth(told) == 0


def _tenth(told: Told) -> int:
    return hashlib.sha256(told.name.casefold().encode()).digest()[0] % 10


def told_rows(
    targets: Sequence[Told], embedder: Embedder, seed: int, *, share_of_strangers: float = 0.25
) -> Iterator[Row]:
    """The windows of all replies against the targets that are near: lists of some twenty targets
    are in force together, each with its own number of facts. Of the windows that are measured
    against another target than the one that the reply was written for, a share is given."""
    draw = random.Random(seed)
    for listed in lists_of(targets, draw):
        gauge = gauge_of(listed, embedder, seed)
        for told, _ in listed:
            for number, reply in enumerate(told.replies):
                for row in _of_reply(told, number, reply, gauge):
                    if row.target == told.id or draw.random() < share_of_strangers:
                        yield row


def lists_of(targets: Sequence[Told], draw: random.Random) -> Iterator[list[tuple[Told, int]]]:
    """The targets that are in force together, each with how many of its facts are known."""
    order = list(targets)
    draw.shuffle(order)
    for start in range(0, len(order), _LIST):
        yield [(told, draw.choice(_FACTS)) for told in order[start : start + _LIST]]


def gauge_of(listed: Iterable[tuple[Told, int]], embedder: Embedder, seed: int) -> Gauge:
    index = FacetIndex(embedder)
    for told, facts in listed:
        index.add(told.target(facts, seed))
    roster = Roster(index, embedder)
    roster.refresh()
    return Gauge(roster, embedder)


def _of_reply(told: Told, number: int, reply: Reply, gauge: Gauge) -> Iterator[Row]:
    probe = f"told:{told.id}:{number}"
    context = context_of(reply.turns, gauge)
    if reply.asks is not None:
        for measure in gauge.question(reply.question, context):
            yield _row(measure, told, probe, reply.asks, gauge)
    by_itself = gauge.statement(reply.text, context)
    for measure in (*gauge.answer(reply.text, reply.question, context), *by_itself):
        is_told = tells(measure.span, reply)
        if is_told is not None:
            name = f"{probe}:{measure.span.start}" if is_told else probe
            yield _row(measure, told, name, is_told, gauge)


def context_of(turns: Sequence[str], gauge: Gauge) -> Context:
    """What a conversation leaves to its next turn: whom it named, and its words."""
    named: dict[str, bool] = {}
    for turn in turns:
        for window in gauge.reader.windows(turn, question_windows, Context()):
            for target_id, hits in window.hits.items():
                if names_one(window.passage.reading, {target_id: hits}):
                    is_full = any(hit.strength is Strength.FULL for hit in hits)
                    named[target_id] = named.get(target_id, False) or is_full
    return Context(
        sticky=dict.fromkeys(named, DECAY),
        cue="\n".join(turns)[-_CUE_CHARS:],
        named=frozenset(t for t, is_full in named.items() if is_full),
    )


def _row(measure: Measure, told: Told, probe: str, tells: bool, gauge: Gauge) -> Row:
    no_pair = measure.named or measure.kind is TextKind.QUESTION
    return Row(
        probe,
        told.id,
        tells,
        measure.kind.value,
        measure.target_id,
        measure.kind,
        measure.named,
        measure.features.astype(np.float32),
        None if no_pair else gauge.pair(measure),
    )


def tells(span: Span, reply: Reply) -> bool | None:
    """Whether a window tells of the target; `None` where only a small part of it does."""
    letters = sum(c.isalnum() for c in reply.text[span.start : span.end])
    inside = 0
    for mark in reply.marks:
        start, end = max(mark.start, span.start), min(mark.end, span.end)
        inside += sum(c.isalnum() for c in reply.text[start:end])
    share = inside / max(1, letters)
    return True if share >= _TELLS else False if share <= _HARDLY else None


def _told(row: dict[str, Any], prefix: str, reader: LocalInterpreter) -> Told:
    kind = str(row["kind"])
    known = {k.value for k in TargetKind}
    name = str(row["name"])
    return Told(
        f"{prefix}{row['id']}",
        name,
        TargetKind(kind) if kind in known else TargetKind.TOPIC,
        _description(str(row["request"]), reader),
        tuple(map(str, row.get("aliases") or ())),
        tuple(map(str, row["facts"])),
        tuple(map(_reply, row["replies"])),
    )


def _description(request: str, reader: LocalInterpreter) -> str:
    """What the request tells of the target, as the layer would store it; else the request."""
    try:
        read = reader.read(request)
    except ForgetRequestError:
        return request
    return next((t.description for t in read.targets if t.description), request)


def _reply(row: dict[str, Any]) -> Reply:
    plain: list[str] = []
    marks: list[Span] = []
    at = length = 0
    opened: int | None = None
    for mark in _MARK.finditer(row["reply"]):
        piece = row["reply"][at : mark.start()]
        plain.append(piece)
        length, at = length + len(piece), mark.end()
        if (mark.group() == "⟦") is not (opened is None):
            raise ValueError(f"marks do not pair in {row['reply']!r}")
        if opened is None:
            opened = length
        else:
            marks.append(Span(opened, length))
            opened = None
    plain.append(row["reply"][at:])
    turns = tuple(str(turn["content"]) for turn in row.get("turns", ()))
    kind, question, asked = str(row["kind"]), str(row["question"]), str(row.get("asks", ""))
    return Reply(kind, question, "".join(plain), tuple(marks), asked, turns)
