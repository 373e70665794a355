"""CSV and its kin: a cell that changes is written anew, the others keep their quotes and spaces."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import BinaryIO

from amnestic.scrubbing.encodings import decoded
from amnestic.scrubbing.formats.base import Output, Piece, encoded, lines_of, places_of
from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.records import Leaf, Touch, touched
from amnestic.tools.documents import edited
from amnestic.types import Span

__all__ = ["Table"]

_DELIMITERS = ",;\t|"
_QUOTED = re.compile(r'"(?:[^"]|"")*+"')
_LONGEST_ROW = 1 << 26  # bytes over which an open quote is taken for a slip, and the line is a row


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    encoding: str
    cells: list[str]
    spans: list[Span]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells with a delimiter between them; the first row names the columns, and is
    judged as a record as well, since a file may have no such row.

    A quote that is never closed makes its line a row by itself, which is counted as broken.
    """

    encoding: str | None = None
    delimiter: str = ""
    head: tuple[str, ...] = ()

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file row by row: lines, joined where a quoted cell goes on over several."""
        waiting: list[tuple[int, bytes]] = []
        open_quote, size = False, 0
        for number, line in lines_of(stream):
            waiting.append((number, line))
            size += len(line)
            open_quote ^= line.count(b'"') % 2 == 1
            if open_quote and size > _LONGEST_ROW:
                yield from (Piece(raw, n) for n, raw in waiting)
                waiting, size, open_quote = [], 0, False
            elif not open_quote:
                yield Piece(b"".join(raw for _, raw in waiting), waiting[0][0])
                waiting, size = [], 0
        yield from (Piece(raw, n) for n, raw in waiting)

    def headed(self, first: Piece) -> Table:
        """The same, knowing its delimiter and its columns by the first row."""
        text, _ = decoded(first.raw, self.encoding)
        line = text.lstrip("\ufeff").rstrip("\r\n")
        outside = re.sub(r'"[^"]*"', "", line)
        delimiter = self.delimiter or max(_DELIMITERS, key=outside.count)
        table = replace(self, delimiter=delimiter)
        return replace(table, head=tuple(table._row(first.raw).cells))

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of each row."""
        rows = [self._row(piece.raw) for piece in pieces]
        leaves = [self._leaves(row, piece) for row, piece in zip(rows, pieces, strict=True)]
        found = touched(leaves, judge)
        return [
            self._output(piece, row, told, touches)
            for piece, row, told, touches in zip(pieces, rows, leaves, found, strict=True)
        ]

    def _leaves(self, row: _Row, piece: Piece) -> list[Leaf]:
        """The cells under the names of their columns; the names are keys, each time, since what
        stands under a target's name is the target's."""
        if piece.number == 1:
            keys = [Leaf((f"{i}", cell), cell, is_key=True) for i, cell in enumerate(row.cells)]
            return [*keys, *(Leaf((f"{i}",), cell) for i, cell in enumerate(row.cells))]
        names = [self.head[i] if i < len(self.head) else "" for i in range(len(row.cells))]
        unique = [n if names.count(n) == 1 and n else f"{n}{i}" for i, n in enumerate(names)]
        cells = [Leaf((n,), cell) for n, cell in zip(unique, row.cells, strict=True)]
        return [*cells, *(Leaf((n,), n, is_key=True) for n in unique)]

    def _row(self, raw: bytes) -> _Row:
        text, encoding = decoded(raw, self.encoding)
        cells, spans = [], []
        at, end = int(text.startswith("\ufeff")), len(text.rstrip("\r\n"))
        while at <= end:
            stop = self._end(text, at, end)
            cells.append(_told(text[at:stop]))
            spans.append(Span(at, stop))
            at = stop + 1
        return _Row(text, encoding, cells, spans)

    def _end(self, text: str, at: int, end: int) -> int:
        """Where the cell that begins at `at` ends; a quote that is never closed is a letter."""
        if text[at : at + 1] == '"' and (quoted := _QUOTED.match(text, at, end)) is not None:
            at = quoted.end()
        found = text.find(self.delimiter or ",", at, end)
        return found if found >= 0 else end

    def _output(
        self, piece: Piece, row: _Row, leaves: Sequence[Leaf], touches: Sequence[Touch]
    ) -> Output:
        ragged = bool(self.head) and len(row.cells) != len(self.head) and bool(row.text.strip())
        inside = [t for t in touches if t.leaf < len(row.cells)]
        if piece.number == 1:
            named, count = {t.leaf for t in inside}, len(row.cells)
            beside = (replace(t, leaf=t.leaf - count) for t in touches if t.leaf >= count)
            inside += [t for t in beside if t.leaf not in named]
        if not inside:
            return Output(piece.raw, broken=ragged)
        edits = [
            (row.spans[t.leaf], self._written(row.text[_slice(row.spans[t.leaf])], t.text))
            for t in inside
        ]
        raw = encoded(edited(row.text, edits), row.encoding)
        hidden = [t for t in touches if leaves[t.leaf].is_key]
        places = places_of(piece.number, leaves, [*inside, *hidden])[: len(inside)]
        return Output(raw, places, broken=ragged)

    def _written(self, before: str, new: str) -> str:
        marks = (self.delimiter or ",", '"', "\n", "\r")
        if before.startswith('"') or any(mark in new for mark in marks):
            doubled = new.replace('"', '""')
            return f'"{doubled}"'
        return new


def _told(written: str) -> str:
    if len(written) > 1 and written[0] == written[-1] == '"':
        return written[1:-1].replace('""', '"')
    return written


def _slice(span: Span) -> slice:
    return slice(span.start, span.end)
