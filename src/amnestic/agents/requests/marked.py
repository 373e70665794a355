"""A text whose identifiers stand as marks, so that nothing reads into them."""

from __future__ import annotations

import re
from dataclasses import dataclass

from amnestic.agents.requests.identifiers import Found, identifiers_in
from amnestic.types import Identifier

__all__ = ["MARK", "Marked", "marked"]

MARK = re.compile(r"⟦(\d+)⟧")
"""An identifier's place in a marked text."""

_DOTTED = re.compile(  # dots that end no sentence
    r"\bS\.\s?p\.\s?A\.|\bS\.\s?r\.\s?l\.|\bSp\.\s?z\s?o\.\s?o\.|\be\.\s?[VG]\.|\b[SN]\.\s?[AV]\.|"
    r"\bB\.\s?V\.|\b(?:Dr|Prof)\.(?:\s?[a-z]+\.)+|\bgeb\.(?=\s+[A-ZÄÖÜ])"
)
_DOT = "\u2024"  # stands for such a dot while sentences are cut


@dataclass(frozen=True, slots=True)
class Marked:
    """A text with each identifier as a mark, the identifiers, and the text without marks."""

    text: str
    found: tuple[Found, ...]
    source: str = ""

    def identifiers(self, piece: str) -> tuple[Identifier, ...]:
        """The identifiers whose marks stand in a piece of the text."""
        return tuple(self.found[int(n)].identifier for n in MARK.findall(piece))

    def plain(self, piece: str) -> str:
        """A piece with its identifiers written out again, each with its label."""
        return MARK.sub(lambda m: self.found[int(m[1])].identifier.told, piece).replace(_DOT, ".")

    def said(self, piece: str) -> str:
        """A piece with its identifiers in the words of the text."""
        return MARK.sub(lambda m: self._source_of(int(m[1])), piece).replace(_DOT, ".")

    def _source_of(self, number: int) -> str:
        return self.source[self.found[number].start : self.found[number].end]

    def bare(self, piece: str) -> str:
        """A piece without its identifiers and without the commas and brackets around them."""
        text = re.sub(r"\s*⟦\d+⟧", "", piece).replace(_DOT, ".")
        text = re.sub(r"\(\s*(?:(?:,|;|–|and|und|et|y|e)\s*)*\)", "", text)
        text = re.sub(r"\(\s*[,;]\s*", "(", re.sub(r"\s*[,;]\s*\)", ")", text))
        text = re.sub(r"(?:\s*[,;–—]){2,}\s*", ", ", text)
        text = re.sub(r"\s+([,;.!?)])", r"\1", text)
        return re.sub(r"[\s,;:–—]+(?=[.!?]?\s*$)", "", text).strip(" \n。")


def marked(text: str) -> Marked:
    """A text with its identifiers marked.

    >>> marked("Osk, ID 55121, a painter").text
    'Osk, ⟦0⟧, a painter'
    """
    found = identifiers_in(text)
    # Sought first and marked afterwards: the places are those of the text as it was given.
    body = _DOTTED.sub(lambda m: m.group().replace(".", _DOT), text)
    for i in reversed(range(len(found))):
        body = f"{body[: found[i].start]}⟦{i}⟧{body[found[i].end :]}"
    return Marked(body, found, text)
