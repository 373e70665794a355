"""One target of two readings: names, identifiers, facts and exceptions of both, each once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from amnestic.agents.requests.once import once, segments
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.told_facts import by_itself
from amnestic.types import Identifier

__all__ = [
    "are_alike",
    "are_same",
    "is_alike",
    "is_in",
    "is_new",
    "joined",
    "letters",
    "longer_of",
    "sentences_of",
    "without_excepted",
]

_Piece = TypeVar("_Piece")


def joined(known: Interpretation, seen: Interpretation) -> Interpretation:
    """What the grammar read of a target, with what only the tagger saw."""
    aliases = _new(seen.aliases, (known.subject, *known.aliases))
    exceptions = longer_of(known.exceptions, seen.exceptions)
    held = [by_itself(s, known.subject) for s in sentences_of(known.description)]
    told = _new(sentences_of(seen.description), held, lambda s: by_itself(s, known.subject))
    return replace(
        known,
        kind=known.kind if seen.kind_guessed and not known.kind_guessed else seen.kind,
        kind_guessed=known.kind_guessed and seen.kind_guessed,
        aliases=(*known.aliases, *aliases),
        identifiers=_identifiers(known.identifiers, seen.identifiers),
        exceptions=exceptions,
        description=_without(" ".join((known.description, *told)).strip(), exceptions),
        expires=seen.expires or known.expires,
        reason=known.reason or seen.reason,
        scope=known.scope or seen.scope,
    )


def _identifiers(known: Sequence[Identifier], seen: Sequence[Identifier]) -> tuple[Identifier, ...]:
    """The identifiers of both; of two of which one holds the other the one of a known type, but
    where the code goes on before it: "LZ 4471 0092"."""
    found = [next((s for s in seen if _goes_on(k.value, s.value)), k) for k in known]
    found += _new(seen, [f.value for f in found], lambda s: s.value)
    return tuple(dict.fromkeys(found))


def _goes_on(value: str, longer: str) -> bool:
    """Whether a longer identifier is the same with more of the code before or behind it."""
    rest = longer.replace(value, "", 1).strip() if value in longer else ""
    return bool(rest) and re.fullmatch(r"[A-Z\d/. -]+", rest) is not None


def longer_of(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """The pieces of both; of two of which one holds the other, the longer one."""
    found: list[str] = []
    for piece in (*one, *other):
        same = next((i for i, held in enumerate(found) if not is_new(piece, [held])), None)
        if same is None:
            found.append(piece)
        elif len(piece) > len(found[same]):
            found[same] = piece
    return tuple(dict.fromkeys(found))


def _without(description: str, exceptions: Sequence[str]) -> str:
    """A description without the words that only say what stays."""
    for kept in exceptions:
        description = re.sub(rf",?\s+(?:but\s+)?not\s+{re.escape(kept)}(?=\W|$)", "", description)
        said = {letters(kept), letters(f"not {kept}")}
        told = sentences_of(description)
        if any(letters(s) in said for s in told):
            description = " ".join(s for s in told if letters(s) not in said)
    return description


def without_excepted(target: Interpretation) -> Interpretation:
    """A target without the identifiers that its exceptions name."""
    kept = letters(" ".join(target.exceptions))
    gone = [i for i in target.identifiers if letters(i.value) in kept]
    if not gone:
        return target
    told = {letters(i.told) for i in gone}
    left = [s for s in sentences_of(target.description) if not any(t in letters(s) for t in told)]
    return replace(
        target,
        identifiers=tuple(i for i in target.identifiers if i not in gone),
        description=" ".join(left),
    )


def is_alike(one: Interpretation, other: Interpretation) -> bool:
    """Whether one name is in the other."""
    return is_in(one.subject, other.subject)


def is_in(one: str, other: str) -> bool:
    """Whether one of two names is in the other."""
    a, b = letters(one), letters(other)
    return bool(a and b) and (a in b or b in a)


def is_new(piece: str, held: Sequence[str]) -> bool:
    """Whether a piece is in none of those held, nor one of them in it."""
    return bool(_new([piece], held))


def _new(
    pieces: Iterable[_Piece], held: Iterable[str], said: Callable[[_Piece], str] = str
) -> list[_Piece]:
    """The pieces that are in none of those held, nor one of them in them; each is folded once."""
    folded = [letters(h) for h in held if h]

    def is_held(own: str) -> bool:
        return any(own in other or other in own for other in folded)

    return [piece for piece in pieces if not is_held(letters(said(piece)))]


def sentences_of(description: str) -> list[str]:
    """The sentences of a description."""
    return [s.of(description).strip() for s in segments(description)]


@once
def letters(text: str) -> str:
    """The letters and digits of a text, folded."""
    return "".join(c for c in text.casefold() if c.isalnum())


def are_alike(one: Sequence[Interpretation], other: Sequence[Interpretation]) -> bool:
    """Whether both name the same, however far each takes a name to go."""
    pairs = zip(one, other, strict=False)
    return are_same(one, other) or (
        len(one) == len(other) and all(is_alike(a, b) for a, b in pairs)
    )


def are_same(one: Sequence[Interpretation], other: Sequence[Interpretation]) -> bool:
    """Whether both have the same names, in whatever order."""
    return sorted(letters(t.subject) for t in one) == sorted(letters(t.subject) for t in other)
