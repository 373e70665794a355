"""Text and Markdown in pieces at blank lines; HTML and other markup as a whole."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.chunks import chunks_of
from amnestic.scrubbing.encodings import decoded
from amnestic.scrubbing.formats.base import LONGEST, Output, Piece, Place, encoded, lines_of
from amnestic.scrubbing.formats.loose_markup import without_in_markup
from amnestic.scrubbing.judging import Cleaned, Judge
from amnestic.tools.documents import is_well_formed, redact_markup

__all__ = ["Markup", "Text"]

_PIECE = 64 * 1024
_TAG = re.compile(r"<!--|-->|</?[A-Za-z][^<>]*>")


@dataclass(frozen=True, slots=True)
class Text:
    """Running text or Markdown. Data in a text file (JSON, YAML, a table) keeps its form where the
    whole of a piece is data."""

    encoding: str | None = None

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file in pieces of some pages, each of which ends behind a blank line where one is."""
        waiting: list[bytes] = []
        size, first = 0, 1
        for number, line in lines_of(stream):
            waiting.append(line)
            size += len(line)
            if size >= _PIECE and (not line.strip() or size >= 4 * _PIECE):
                yield Piece(b"".join(waiting), first)
                waiting, size, first = [], 0, number + 1
        if waiting:
            yield Piece(b"".join(waiting), first)

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of each piece."""
        read = [decoded(piece.raw, self.encoding) for piece in pieces]
        chunks = [chunks_of(text) for text, _ in read]
        near = iter(judge.sift([c for group in chunks for c in group]))
        worth = [[next(near) for _ in group] for group in chunks]
        return [
            _output(piece, encoding, group, told, judge)
            for piece, (_, encoding), group, told in zip(pieces, read, chunks, worth, strict=True)
        ]


def _output(
    piece: Piece, encoding: str, chunks: Sequence[str], near: Sequence[bool], judge: Judge
) -> Output:
    kept, places, line = [], [], piece.number
    for chunk, is_near in zip(chunks, near, strict=True):
        clean = judge.cleaned(chunk) if is_near else Cleaned(chunk)
        kept.append(clean.text)
        if clean.targets:
            places.append(Place(line, "text", clean.targets, emptied=not clean.text))
        line += chunk.count("\n")
    if not places:
        return Output(piece.raw)
    return Output(encoded("".join(kept), encoding), tuple(places))


@dataclass(frozen=True, slots=True)
class Markup:
    """HTML or XML. Elements go where every tag is closed; of what browsers mend, the words go and
    the tags stay."""

    encoding: str | None = None

    def pieces(self, stream: BinaryIO) -> Iterator[Piece]:
        """The file as a whole."""
        raw = stream.read(LONGEST + 1)
        if len(raw) > LONGEST:
            raise CorpusError(f"longer than {LONGEST >> 20} MiB as one document: cut it before")
        yield Piece(raw)

    def cleaned(self, pieces: Sequence[Piece], judge: Judge) -> list[Output]:
        """What may stay of each document."""
        read = [decoded(piece.raw, self.encoding) for piece in pieces]
        visible = [_TAG.sub(" ", text) for text, _ in read]
        attributes = [" ".join(_TAG.findall(text)) for text, _ in read]
        near = judge.sift(visible), judge.sift(attributes)
        return [
            self._output(piece, text, encoding, shown, judge)
            if told or noted
            else Output(piece.raw)
            for piece, (text, encoding), shown, told, noted in zip(
                pieces, read, visible, *near, strict=True
            )
        ]

    def _output(self, piece: Piece, text: str, encoding: str, shown: str, judge: Judge) -> Output:
        leaks = judge.leaks()
        clean = redact_markup(text, leaks) if is_well_formed(text) else None
        if clean is None or any(map(leaks, chunks_of(_TAG.sub(" ", clean)))):
            clean = without_in_markup(clean or text, leaks)
        left = (_TAG.sub(" ", clean), " ".join(_TAG.findall(clean)))
        if any(leaks(chunk) for told in left for chunk in chunks_of(told)):
            raise CorpusError("markup that tells of a target cannot be cut: write it as text")
        if clean == text:
            return Output(piece.raw)
        whose = judge.found(shown) or judge.found(text)
        place = Place(1, "markup", whose, emptied=not clean.strip())
        return Output(encoded(clean, encoding), (place,))
