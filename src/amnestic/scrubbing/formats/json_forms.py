"""JSON, a value a line or one in a file: only the strings that change are written anew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.encodings import decoded
from amnestic.scrubbing.formats.base import (
    LONGEST,
    Output,
    Piece,
    encoded,
    lines_of,
    places_of,
)
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import Leaf, Path, Touch, touched
from amnestic.scrubbing.values import is_long_number
from amnestic.tools.documents import (
    JsonArray,
    JsonNode,
    JsonObject,
    JsonScalar,
    edited,
    read_json,
)
from amnestic.types import Span

__all__ = ["JsonFile", "JsonLines"]


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece read: its text, its leaves, and where each is written. `broken` is what is no JSON,
    and is read as text."""

    text: str
    encoding: str
    leaves: list[Leaf]
    spans: list[Span]
    broken: bool = False


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A JSON value a line. A line that is no JSON is read as plain text, and counted."""

    encoding: str | None = None

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file line by line."""
        for number, line in lines_of(stream):
            yield Piece(line, number)

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of each line; one in which nothing went is the bytes that it was."""
        read = [_read(piece.raw, self.encoding) for piece in pieces]
        found = touched([r.leaves for r in read], judge)
        return [
            _output(piece, r, touches)
            for piece, r, touches in zip(pieces, read, found, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class JsonFile:
    """One JSON value in a file."""

    encoding: str | None = None

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file as a whole."""
        raw = stream.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise CorpusError(
                f"longer than {LONGEST >> 20} MiB as one JSON value: write it as JSON Lines"
            )
        yield Piece(raw)

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of each file."""
        return JsonLines(self.encoding).cleaned(pieces, judge)


def _read(raw: bytes, told: str | None) -> _Read:
    text, encoding = decoded(raw, told)
    at = 1 if text.startswith("\ufeff") else 0
    tree = read_json(text, at)
    if tree is None or text[tree.end :].strip():
        stripped = text.strip("\ufeff\r\n")
        start = text.index(stripped) if stripped else 0
        span = Span(start, start + len(stripped))
        return _Read(text, encoding, [Leaf((), stripped)], [span], broken=bool(stripped.strip()))
    leaves: list[Leaf] = []
    spans: list[Span] = []
    for leaf, span in _leaves(text, tree, ()):
        leaves.append(leaf)
        spans.append(span)
    return _Read(text, encoding, leaves, spans)


def _leaves(text: str, node: JsonNode, path: Path) -> Iterator[tuple[Leaf, Span]]:
    if isinstance(node, JsonScalar):
        if isinstance(node.value, str):
            yield Leaf(path, node.value), Span(node.start, node.end)
        elif is_long_number(node.value):
            yield Leaf(path, text[node.start : node.end]), Span(node.start, node.end)
    elif isinstance(node, JsonArray):
        for i, item in enumerate(node.items):
            yield from _leaves(text, item, (*path, i))
    elif isinstance(node, JsonObject):
        for member in node.members:
            inner = (*path, member.key)
            key = Span(member.start, _end_of_string(text, member.start))
            yield Leaf(inner, member.key, is_key=True), key
            yield from _leaves(text, member.value, inner)


def _end_of_string(text: str, start: int) -> int:
    at = start + 1
    while text[at] != '"':
        at += 2 if text[at] == "\\" else 1
    return at + 1


def _output(piece: Piece, read: _Read, touches: Sequence[Touch]) -> Output:
    if not touches:
        return Output(piece.raw, broken=read.broken)
    new: Mapping[int, str] = {t.leaf: t.text for t in touches}
    edits = [(read.spans[i], _written(read, i, text)) for i, text in new.items()]
    raw = encoded(edited(read.text, edits), read.encoding)
    places = places_of(piece.number, read.leaves, touches)
    return Output(raw, places, broken=read.broken)


def _written(read: _Read, i: int, new: str) -> str:
    """What stands for a leaf in the file: a string as its neighbours are written, with escapes for
    other letters where it had none of them plain."""
    span = read.spans[i]
    if read.broken:
        return new
    before = read.text[span.start : span.end]
    if not before.startswith('"'):
        return "null"
    return json.dumps(new, ensure_ascii=before.isascii())
