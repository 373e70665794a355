"""Series with semicolons: "Rotterdam: Osk 61; Antwerp: Tarn 58" is a list in a line."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from amnestic.tools.prose.grammar import grammar_of, has_verb
from amnestic.tools.prose.leaning import leans
from amnestic.tools.prose.wellformed import reads_well

__all__ = ["without_parts"]

Leaks = Callable[[str], bool]

_JOINT = re.compile(r"\s*[;；]\s*")
_LEAD = re.compile(r"[^;:]{2,80}?:\s+(?=[^;]*\S)")
_FEWEST = 3
_STOP = re.compile(r"[.!?…]+[\"'”’»)*_\]]*\s*$")
_AND = re.compile(r"(?:and|or|und|oder|et|ou|y|o|e|en|of)\s+", re.IGNORECASE)


def without_parts(sentence: str, leaks: Leaks) -> str:
    """A sentence that is a series of three parts or more, each with a label or without a verb,
    without the parts that leak; what introduces the series stays. Nothing where it is no series, or
    where a part leans on one that leaks.

    >>> without_parts("Pay: Tavel: Osk 61; Sund: Tarn 58; Ry: Hill 57.", lambda s: "Osk" in s)
    'Pay: Sund: Tarn 58; Ry: Hill 57.'
    >>> without_parts("Osk cast it; she left; the bell rang.", lambda s: "Osk" in s)
    ''
    """
    grammar = grammar_of(sentence)
    stop = _STOP.search(sentence)
    body = sentence[: stop.start()] if stop else sentence
    parts = list(_parts(body))
    if len(parts) < _FEWEST:
        return ""
    lead = _lead(parts[0], leaks)
    parts[0] = parts[0][len(lead) :]
    if any(":" not in part and has_verb(part, grammar) for part in parts):
        return ""
    kept: list[str] = []
    gone = False
    for part in parts:
        if leaks(part):
            gone = True
        elif gone and leans(_AND.sub("", part, count=1)):
            return ""
        else:
            kept.append(part)
            gone = False
    if not kept or len(kept) == len(parts):
        return ""
    joint = next(_JOINT.finditer(body), None)
    told = (joint.group() if joint else "; ").join(kept)
    left = lead + told + (stop.group() if stop else "")
    return left if reads_well(left, sentence, grammar) else ""


def _parts(body: str) -> Iterator[str]:
    """The parts between semicolons that stand in no brackets."""
    begin = 0
    for joint in _JOINT.finditer(body):
        piece = body[begin : joint.start()]
        if piece.count("(") == piece.count(")"):
            yield piece
            begin = joint.end()
    yield body[begin:]


def _lead(part: str, leaks: Leaks) -> str:
    """What introduces a series: the words before the first colon, where another part of a colon
    follows, or nothing else does."""
    found = _LEAD.match(part)
    return found.group() if found and not leaks(found.group()) else ""
