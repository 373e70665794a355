"""Marked replies as the attributor reads them: passages, and which of their words tell of whom."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from told_data import Reply, Told, gauge_of, lists_of

from amnestic.tools.detection.attribution import Mention, Passage, Row, rows_of
from amnestic.tools.detection.named_pieces import NamedPieces
from amnestic.tools.protocols import Context, Embedder
from amnestic.types import ForgetTarget, Span

__all__ = ["Labelled", "Marked", "labelled", "marked_passages"]


@dataclass(frozen=True, slots=True)
class Marked:
    """A reply, read for a target: the marks of what is told of that one, the pieces that the
    detector judges, and whether it was written for another target (`of_other`)."""

    passage: Passage
    marks: tuple[Span, ...]
    pieces: tuple[Span, ...] = ()
    of_other: bool = False

    @property
    def named(self) -> str:
        """Where the target is named: in the `text`, there by a `part` of its name only, `before`
        it, or `nowhere`."""
        mentions = self.passage.mentions
        if any(mention.full for mention in mentions):
            return "text"
        if mentions:
            return "part"
        return "before" if self.passage.mentions_before else "nowhere"


@dataclass(frozen=True, slots=True)
class Labelled:
    """A part of a marked passage in tokens, with a label for each token of its text."""

    row: Row
    labels: list[int]
    named: str
    of_other: bool

    @property
    def tells(self) -> bool:
        """Whether anything here is told of the target."""
        return any(self.labels)


def marked_passages(
    targets: Sequence[Told], embedder: Embedder, seed: int, strangers: float
) -> Iterator[Marked]:
    """All replies, each for its own target, for those of its list that it names, and of a share of
    them for one that it does not; of each target as many facts are known as a draw by seed says."""
    draw = random.Random(seed)
    for listed in lists_of(targets, draw):
        pieces = gauge_of(listed, embedder, seed).reader.pieces
        known = {told.id: told.target(facts, seed) for told, facts in listed}
        for told, _ in listed:
            for reply in told.replies:
                yield from _of_reply(told, reply, pieces, known, draw, strangers)


def _of_reply(
    told: Told,
    reply: Reply,
    reader: NamedPieces,
    known: dict[str, ForgetTarget],
    draw: random.Random,
    strangers: float,
) -> Iterator[Marked]:
    found = reader.named(reply.text, Context())
    before = "\n".join((*reply.turns, reply.question))
    earlier = reader.named(before, Context()).mentions if before else {}
    chosen = dict.fromkeys((told.id, *found.mentions, *earlier))
    others = [i for i in known if i not in chosen]
    if others and draw.random() < strangers:
        chosen[draw.choice(others)] = None
    for target_id in chosen:
        own: Sequence[Mention] = found.mentions.get(target_id, ())
        own_before: Sequence[Mention] = earlier.get(target_id, ())
        passage = Passage(reply.text, before, known[target_id], tuple(own), tuple(own_before))
        is_own = target_id == told.id
        yield Marked(passage, reply.marks if is_own else (), tuple(found.pieces), not is_own)


def labelled(tokenizer: Any, marked: Marked) -> Iterator[Labelled]:
    """The parts of a marked passage in tokens."""
    for row in rows_of(tokenizer, marked.passage):
        labels = [int(any(a < m.end and m.start < b for m in marked.marks)) for a, b in row.places]
        yield Labelled(row, labels, marked.named, marked.of_other)
