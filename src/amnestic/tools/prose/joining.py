"""How a sentence is joined to the one before it: "However, …", "So …"."""

from __future__ import annotations

import re

from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.scanning import capital

__all__ = ["concludes", "unjoined"]

_WORD = re.compile(r"[^\W\d_]+")
_IT = frozenset("it its they them their ello eso ci ne cela ça ervan hem".split())


def concludes(piece: str) -> bool:
    """Whether a sentence draws a conclusion from the one before it, and speaks of what that told of
    by a pronoun.

    >>> concludes("So if you know the song, you will see how much of it is true.")
    True
    >>> concludes("So bring a coat."), concludes("It is old, so bring a coat.")
    (False, False)
    """
    grammar = grammar_of(piece)
    said = piece.lower().replace("’", "'").lstrip(' \t\n"“„«(*_')
    opens = next((p for p in grammar.concludes if re.match(rf"{re.escape(p)}\b", said)), None)
    if opens is None:
        return False
    words = set(_WORD.findall(said[len(opens) :]))
    return bool(words & (_IT | grammar.persons | set(grammar.points)))


def unjoined(piece: str) -> str:
    """A sentence without the word that joins it to the one before, where a comma parts the two.

    >>> unjoined("However, Tarn is a port."), unjoined("Otherwise Tarn sinks.")
    ('Tarn is a port.', 'Otherwise Tarn sinks.')
    """
    joins = "|".join(map(re.escape, grammar_of(piece).connects))
    joined = re.match(rf"(\s*)(?:{joins}),\s+(?=\S)", piece, re.IGNORECASE)
    return joined[1] + capital(piece[joined.end() :]) if joined else piece
