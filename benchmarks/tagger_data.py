"""Marked forget requests as training examples for the tagger, and how they are varied.

A line of `data/requests/marked/*.jsonl` is a request with marks in its text: `<t1 person>…</t1>`
the name of the first target, `<a1>` another name, `<i1>` an identifier, `<f1>` what is told of it,
`<k1>` what stays, `<u DATE>` until when, `<s>` where, `<r>` why, `<w>` the words of the wish.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from amnestic.tools.tagging.labels import KINDS, NAMES, OUTCOMES, ROLES, begin_inside
from amnestic.tools.tagging.tokens import TOKENS, tokens_of

__all__ = ["Marked", "Row", "Varied", "read_marked", "row_of"]

_MARK = re.compile(r"<(/?)([taifkuswr])(\d*)(?:\s+([^<>]*?))?>")
_LABELS = {
    "t": "subject",
    "a": "alias",
    "i": "identifier",
    "f": "fact",
    "k": "keep",
    "u": "until",
    "s": "scope",
    "r": "reason",
    "w": "wish",
}
NAME_TAGS, ROLE_TAGS = begin_inside(NAMES), begin_inside(ROLES)
NOTHING = -100


@dataclass(frozen=True, slots=True)
class Span:
    """A marked piece; `target` is 0 where it belongs to all."""

    start: int
    end: int
    label: str
    target: int = 0
    said: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """A request, its marks, and who wrote it."""

    text: str
    spans: tuple[Span, ...]
    outcome: str
    kind: str = ""
    writer: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A request in tokens, with the label of each."""

    ids: list[int]
    types: list[int]
    names: list[int]
    roles: list[int]
    kinds: list[int]
    outcome: int
    subjects: tuple[tuple[int, int], ...]
    linked: tuple[tuple[int, int, int], ...]


def read_marked(file: Path) -> list[Marked]:
    """The requests of a file; raises `ValueError` where a mark closes nothing."""
    rows = [json.loads(line) for line in file.read_text("utf-8").splitlines() if line.strip()]
    return [replace(_marked(row), writer=file.stem) for row in rows]


def _marked(row: dict[str, Any]) -> Marked:
    plain, spans, opened, at, length = [], [], [], 0, 0
    for mark in _MARK.finditer(row["text"]):
        piece = row["text"][at : mark.start()]
        plain.append(piece)
        length, at = length + len(piece), mark.end()
        closes, tag, number, said = mark.groups()
        if not closes:
            opened.append((tag, number, said or "", length))
            continue
        begun, its, told, start = opened.pop()
        if (begun, its) != (tag, number):
            raise ValueError(f"{mark.group()} closes <{begun}{its}> in {row['text']!r}")
        spans.append(Span(start, length, _LABELS[tag], int(number or 0), told))
    plain.append(row["text"][at:])
    return Marked("".join(plain), tuple(spans), row["outcome"], row.get("kind", ""))


def row_of(tokenizer: Any, marked: Marked) -> Row:
    """The tokens of a request with their labels; of a long one the beginning."""
    found = tokens_of(tokenizer, marked.text)
    ids, types, places = found.ids[:TOKENS], found.types[:TOKENS], found.places[:TOKENS]
    names, roles, kinds = ([0] * len(ids) for _ in range(3))
    kinds = [NOTHING] * len(ids)
    subjects: dict[int, tuple[int, int]] = {}
    linked = []
    ranked = sorted(marked.spans, key=lambda s: (s.label != "fact", s.start - s.end))
    for span in ranked:  # facts first: what stands within them says more
        inside = [i for i, (a, b) in enumerate(places) if b > a and a < span.end and b > span.start]
        if not inside:
            continue
        tags, row = (NAME_TAGS, names) if span.label in NAMES else (ROLE_TAGS, roles)
        for i in inside:
            row[i] = tags.index(f"I-{span.label}")
        row[inside[0]] = tags.index(f"B-{span.label}")
        where = (inside[0], inside[-1] + 1)
        if span.label == "subject":
            subjects[span.target] = where
            for i in inside:
                kinds[i] = KINDS.index(span.said)
        elif span.target:
            linked.append((*where, span.target))
    order = {target: i for i, target in enumerate(subjects)}
    pairs = tuple((a, b, order[t]) for a, b, t in linked if t in order and len(order) > 1)
    outcome = OUTCOMES.index(marked.outcome)
    return Row(ids, types, names, roles, kinds, outcome, tuple(subjects.values()), pairs)


@dataclass(slots=True)
class _Told:
    """A marked text while it is put together."""

    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def add(self, words: str, label: str = "", target: int = 0, said: str = "") -> None:
        if label:
            end = len(self.text) + len(words)
            self.spans.append(Span(len(self.text), end, label, target, said))
        self.text += words


_KEPT = ((", but not ", ""), (", but ", " may stay"), (", except ", ""), (", not ", ""))
_BESIDE = {
    "person": (
        "our customer ",
        "my neighbour ",
        "the singer ",
        "the customer named ",
        "Mr ",
        "Dr. ",
    ),
    "organisation": ("the company ", "the firm ", "the band ", "our supplier "),
    "work": ("the novel ", "the film ", "the song ", "the book "),
    "place": ("the city of ", "the village of ", "the river ", "the house "),
    "event": ("everything on ", "all about "),
    "product": ("the product ", "our "),
    "project": ("project ", "the project "),
    "record": ("the record ", "the number ", "our file "),
    "topic": ("the topic of ", "everything on "),
}
_TAILS = (
    " and everything about it", " and everything about her", " and all about him", ": they left",
    "'s phone number", ", because we were asked to", ", who left", " of Zagreb", ", Shropshire",
)  # fmt: skip
_PLAINLY = (
    *[(verb, "") for verb in ("Forget", "Please forget", "forget", "Don't mention", "delete")],
    *[(verb, "") for verb in ("Tell no one about", "Do not talk about", "Unlearn", "Erase")],
    *[(verb, "") for verb in ("Please remove", "Forget everything about", "Never mention")],
    *[("I want", end) for end in ("to be forgotten", "gone", "erased from your memory")],
    *[(verb, "") for verb in ("Bitte vergiss", "Vergiss", "Lösche alles über", "Oublie")],
    *[(verb, "") for verb in ("Merci d'oublier", "Ne parle plus de", "Olvida a", "Olvida")],
    *[(verb, "") for verb in ("Por favor, olvida", "Dimentica", "Per favore dimentica")],
    *[(verb, "") for verb in ("Zapomnij o", "Proszę zapomnij o", "Vergeet", "Esqueça")],
    *[("请忘记", ""), ("Sprich nicht mehr über", ""), ("Non parlare più di", "")],
)


# ── Varied ───────────────────────────────────────────────────────────────────────────────────────


class Varied:
    """Requests told otherwise: other names, other cases, slips of the hand.

    Names of people and firms are exchanged for those of other requests, wherever they and their
    parts stand, so that wordings are learned and names are not.
    """

    def __init__(self, rows: Sequence[Marked], seed: int) -> None:
        self._draw = random.Random(seed)
        self._pool: dict[str, list[str]] = {}
        for row in rows:
            for span in row.spans:
                if span.label == "subject" and span.said in ("person", "organisation", "project"):
                    name = row.text[span.start : span.end]
                    if name != name.lower() and name.isprintable():
                        self._pool.setdefault(span.said, []).append(name)

    def __call__(self, row: Marked) -> Marked:
        """One variation; the request itself now and then."""
        draw = self._draw
        if draw.random() < 0.25 and row.outcome == "ok":
            row = self._plain(row)
        if draw.random() < 0.6:
            row = self._renamed(row)
        chance = draw.random()
        if chance < 0.12:
            row = replace(row, text=_same_length(row.text, str.lower))
        elif chance < 0.14:
            row = replace(row, text=_same_length(row.text, str.upper))
        if draw.random() < 0.2:
            row = self._slipped(row)
        return row

    def _renamed(self, row: Marked) -> Marked:
        swaps: dict[str, str] = {}
        for span in row.spans:
            if span.label != "subject" or span.said not in self._pool or self._draw.random() < 0.2:
                continue
            old = row.text[span.start : span.end]
            new = self._draw.choice(self._pool[span.said])
            if old == old.lower():
                new = new.lower()
            swaps[old] = new
            if span.said == "person":
                for place in (0, -1):
                    part, other = old.split()[place], new.split()[place]
                    if len(part) > 2:
                        swaps.setdefault(part, other)
        if not swaps:
            return row
        pattern = "|".join(re.escape(old) for old in sorted(swaps, key=len, reverse=True))
        found = re.finditer(rf"(?<!\w)(?:{pattern})(?!\w)", row.text)
        return _exchanged(row, [(m.start(), m.end(), swaps[m.group()]) for m in found])

    def _plain(self, row: Marked) -> Marked:
        """The same in as few words as go: nobody who marks requests writes the plainest ones."""
        draw, told = self._draw, _Told()
        named = [s for s in row.spans if s.label == "subject"][: draw.choice((1, 1, 1, 2, 3))]
        command, behind = draw.choice(_PLAINLY)
        kept = next((s for s in row.spans if s.label == "keep"), None)
        if kept is not None and draw.random() < 0.15:
            told.add(draw.choice(("Apart from ", "Except for ", "Save for ")))
            told.add(row.text[kept.start : kept.end], "keep")
            told.add(", ")
            kept = None
        told.add(command, "wish")
        for i, span in enumerate(named):
            last = i == len(named) - 1
            told.add(" " if i == 0 else draw.choice((" and ", " or ")) if last else ", ")
            self._named(told, row, span, alone=len(named) == 1)
        if behind:
            told.add(" ")
            told.add(behind, "wish")
        until = next((s for s in row.spans if s.label == "until"), None)
        if until is not None and draw.random() < 0.5:
            told.add(" ")
            told.add(row.text[until.start : until.end], "until", 0, until.said)
        if kept is not None and draw.random() < 0.6:
            before, after = draw.choice(_KEPT)
            told.add(before)
            told.add(row.text[kept.start : kept.end], "keep")
            told.add(after)
        told.add(draw.choice((".", ".", "", "", "!", " please", " pls")))
        return replace(row, text=told.text, spans=tuple(told.spans))

    def _named(self, told: _Told, row: Marked, span: Span, *, alone: bool) -> None:
        """A name, now and then with what people put beside it and that is no part of it."""
        draw, english = self._draw, row.text.isascii()
        if english and draw.random() < 0.3:
            told.add(f"{draw.choice(_BESIDE.get(span.said, ('',)))}")
        told.add(row.text[span.start : span.end], "subject", span.target, span.said)
        if not alone:
            return
        others = [row.text[s.start : s.end] for s in row.spans if s.target == span.target
                  and s.label in ("alias", "identifier", "fact")]  # fmt: skip
        chance = draw.random()
        if chance < 0.15 and english:
            told.add(draw.choice(_TAILS))
        elif chance < 0.5 and others:
            piece = draw.choice([s for s in row.spans if s.target == span.target
                                 and s.label in ("alias", "identifier", "fact")])  # fmt: skip
            said = row.text[piece.start : piece.end]
            if piece.label == "alias":
                told.add(draw.choice((", also known as ", ", alias ", ", aka ")))
            elif piece.label == "fact" and not (said[:1].islower() and len(said) < 60):
                return
            else:
                told.add(draw.choice((", ", ", ", " (")))
            bracket = told.text.endswith("(")
            told.add(said, piece.label, span.target)
            told.add(")" if bracket else "")

    def _slipped(self, row: Marked) -> Marked:
        named = [(s.start, s.end) for s in row.spans if s.label in NAMES or s.label == "until"]
        places = []
        for word in re.finditer(r"[a-z]{4,}", row.text):
            inside = any(a < word.end() and b > word.start() for a, b in named)
            if not inside and self._draw.random() < 0.06:
                places.append((word.start(), word.end(), self._slip(word.group())))
        return _exchanged(row, places)

    def _slip(self, word: str) -> str:
        at = self._draw.randrange(1, len(word) - 1)
        how = self._draw.randrange(3)
        if how == 0:
            return word[:at] + word[at + 1 :]
        if how == 1:
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        return word[:at] + word[at] + word[at:]


def _same_length(text: str, change: Any) -> str:
    changed: str = change(text)
    return changed if len(changed) == len(text) else text


def _exchanged(row: Marked, places: Sequence[tuple[int, int, str]]) -> Marked:
    """A request with pieces exchanged; a piece that crosses the edge of a mark stays as it is."""
    edges = {e for s in row.spans for e in (s.start, s.end)}
    places = [p for p in places if not any(p[0] < e < p[1] for e in edges)]
    text, at = [], 0
    for start, end, new in places:
        text += [row.text[at:start], new]
        at = end
    text.append(row.text[at:])

    def moved(place: int) -> int:
        return place + sum(len(new) - (b - a) for a, b, new in places if b <= place)

    spans = tuple(replace(s, start=moved(s.start), end=moved(s.end)) for s in row.spans)
    return replace(row, text="".join(text), spans=spans)


def padded(rows: Sequence[Sequence[int]], filler: int) -> npt.NDArray[np.int64]:
    """Lists of unlike length as one array."""
    out = np.full((len(rows), max(map(len, rows))), filler, np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out
