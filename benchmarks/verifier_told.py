"""Pairs to train the verifier on, from replies that are marked where they tell of a target."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence

from detection_rows import NAMESAKES, Row
from told_data import Told, told_rows
from verifier_data import Example

from amnestic.tools.protocols import Embedder, Pair
from amnestic.tools.reading import blank_filled
from amnestic.types import TargetKind

__all__ = ["told_examples"]

PER_TARGET = {"tells": 30, "own": 26, "stranger": 18, "namesake": 10, "behind": 6}
_SAID = ("Who is {}?", "I don't know who {} is.", "I am {}.", "{}?", "Tell me about {}.",
         "This is for {}.", "You were asked about {} before.")  # fmt: skip
_ASKED_CHARS = 80
_ALONE_SHARE = 0.35
_FRAGMENT = 8


def told_examples(targets: Sequence[Told], embedder: Embedder, seed: int) -> list[Example]:
    """The pairs of one epoch, shuffled: of each target windows that tell of it, windows of the same
    replies that do not, and windows against other targets of the list.

    A share of them, fragments apart, has nothing before it, as pieces of a text that are judged by
    themselves.
    """
    draw = random.Random(seed)
    by_target: dict[tuple[str, str], list[Row]] = {}
    for row in told_rows(targets, embedder, seed):
        if row.pair is not None:
            by_target.setdefault((row.owner, _kind(row)), []).append(row)
    found = []
    names = {t.id: t.name for t in targets}
    for (owner, kind), rows in by_target.items():
        for row in draw.sample(rows, min(PER_TARGET[kind], len(rows))):
            found.append(_example(row, kind, draw))
        if kind == "own":
            found += _behind_the_name(names[owner], rows, draw)
    known = {r.target: r.pair.premise for rows in by_target.values() for r in rows if r.pair}
    found += _namesakes([t for t in targets if t.id in known], known, draw)
    draw.shuffle(found)
    return found


def _behind_the_name(name: str, rows: Sequence[Row], draw: random.Random) -> Iterator[Example]:
    """What tells nothing of a target, after somebody has said its name: a conversation goes on to
    something else."""
    for row in draw.sample(rows, min(PER_TARGET["behind"], len(rows))):
        said = draw.choice(_SAID).format(name)
        if row.pair is not None:
            before = f"{said}\n{row.pair.before[-_ASKED_CHARS:]}"
            yield Example(row.pair._replace(before=before), False, "behind")


def _namesakes(
    targets: Sequence[Told], known: Mapping[str, str], draw: random.Random
) -> Iterator[Example]:
    """What is told of other people, under the given name or with the surname of a target: none of
    it is told of the target."""
    people = [t for t in targets if t.kind is TargetKind.PERSON and len(t.name.split()) > 1]
    told = [(t.name, piece) for t in people for piece in _pieces_naming(t)]
    for target in people:
        given, surname = target.name.split()[0], target.name.split()[-1]
        for name, piece in draw.sample(told, min(PER_TARGET["namesake"], len(told))):
            if surname in name or given in name:
                continue
            other = draw.choice((given, given, f"{name.split()[0]} {surname}"))
            yield Example(Pair(known[target.id], piece.replace(name, other)), False, "namesake")
        for question, reply in draw.sample(NAMESAKES, 3):
            name = draw.choice((given, given, surname))
            said = draw.choice((blank_filled(question, reply), reply))
            yield Example(Pair(known[target.id], said.replace("{}", name)), False, "small talk")


def _pieces_naming(told: Told) -> Iterator[str]:
    for reply in told.replies:
        for mark in reply.marks:
            piece = reply.text[mark.start : mark.end]
            if told.name in piece:
                yield piece


def _kind(row: Row) -> str:
    if row.target != row.owner:
        return "stranger"
    return "tells" if row.forget else "own"


def _example(row: Row, kind: str, draw: random.Random) -> Example:
    if row.pair is None:
        raise ValueError(f"the row of `{row.probe}` holds no pair")
    pair = row.pair
    if len(pair.text.split()) >= _FRAGMENT and draw.random() < _ALONE_SHARE:
        pair = pair._replace(before="")
    return Example(pair, kind == "tells", kind)
