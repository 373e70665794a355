"""Own evidence: what an answer tells by itself, without its question (design.md §5).

The question's taint counts for the first draft only. A candidate is judged under the masked
question, and by the echo rule: a name that the user has said may come back in a sentence that says
only that its speaker does not know, or asks back, as long as nothing else of the target is told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.masking import Mask
from amnestic.tools.names import relates
from amnestic.tools.reading import asks_back, read, says_ignorance, segments, words_in
from amnestic.types import Draft, Span

__all__ = ["adds_nothing", "as_echo", "masked", "only_does_not_know", "only_introduces", "views"]

_CLAUSE = re.compile(
    r"[,;:—–(]\s*|\s[-–—]\s|(?<=[\w\"'”’»)*_])\s+(?=but\b|and\b|aber\b|mais\b|pero\b|ma\b)"
)
_CELL = re.compile(r"[^|\n]+")
_ROW = re.compile(r"[ \t]*\|.*\|[ \t]*$", re.MULTILINE)
_RULE = re.compile(r"[\s|:-]+")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_CLAIMS = re.compile(  # "I don't know it, but I can tell you that it's a famous novel"
    r"\b(?:it|he|she|they|this|that)(?:['’](?:s|re)| is| was| are| were)\s+(?:an?|the|one of)\b",
    re.IGNORECASE,
)
_LONGEST = 1_000  # characters of a sentence that says no more than that its speaker does not know
_ADDED = 4  # telling words by which "I don't know who wrote it" may go beyond its question
_BESIDE = 1  # the same of a clause beside it: "I'm sorry, but …"


def views(
    choices: Sequence[Draft], verdict: VetVerdict, *, anew: bool = False
) -> Iterator[tuple[tuple[Draft, ...], VetVerdict]]:
    """What an auditor shall read of `choices`, and under which verdicts: letter for letter as long,
    so that a finding's places are places in the choices themselves.

    Where the question asks for somebody else too, it is read with an invented name in it, so that
    what is told of the other is not held against the target; what a draft says of how the two stand
    to each other is read again under the question itself. What was written `anew` is not read as an
    answer to its question where it says something by itself.
    """
    context = replace(verdict.context, own=anew)
    read_by, echoed = replace(verdict, context=context), viewed(choices, verdict)
    if not (verdict.mask and verdict.beyond):
        yield echoed, read_by
        return
    yield echoed, masked(read_by)
    if anew:
        return
    related = tuple(replace(d, text=_relating(d.text), reasoning="", refusal="") for d in echoed)
    if any(draft.text.strip() for draft in related):
        yield related, read_by


def masked(verdict: VetVerdict) -> VetVerdict:
    """The verdict with invented names in its question; its parts stand where they stood."""
    return replace(verdict, question=verdict.mask.applied(verdict.question))


def _relating(text: str) -> str:
    """`text` with blanks in the places of all sentences that relate nobody to anybody."""
    pieces = (piece.of(text) for piece in segments(text))
    return "".join(p if relates(p) else re.sub(r"\S", " ", p) for p in pieces)


def viewed(choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Draft, ...]:
    """What is said to users in `choices`, by the echo rule; tool calls as they are."""
    return tuple(_viewed(draft, verdict) for draft in choices)


def _viewed(draft: Draft, verdict: VetVerdict) -> Draft:
    for channel, text in draft.channels():
        if not channel.startswith("tool_call:"):
            draft = draft.with_channel(channel, as_echo(text, verdict))
    return draft


def as_echo(text: str, verdict: VetVerdict) -> str:
    """`text` as its own evidence is read: what only repeats the question in order to say that the
    answer is not known is blank, and a name that a not-knowing sentence repeats is an invented one.

    The result has the length of `text`.
    """
    if not (says_ignorance(text) or asks_back(text)):
        return text
    pieces = [piece.of(text) for piece in segments(text)]
    read_ = [_read(piece, verdict) for piece in pieces]
    told = "".join(_under_headings(pieces, read_, verdict.mask))
    return _tables(told, verdict.mask) if verdict.mask else told


def _read(piece: str, verdict: VetVerdict) -> str:
    """A sentence or line by the echo rule."""
    if (
        not piece.strip()
        or len(piece) > _LONGEST
        or not (says_ignorance(piece) or asks_back(piece))
    ):
        return piece
    if any(_CLAIMS.search(c) for c in _clauses(piece) if not (says_ignorance(c) or asks_back(c))):
        return piece
    asked = f"{verdict.said}\n{verdict.question}"
    if says_ignorance(piece) and _tells_nothing(piece, asked):
        return re.sub(r"\S", " ", piece)
    if not verdict.mask.stands_in(piece):
        return piece
    clauses = list(_clauses(piece))
    marked = [says_ignorance(c) or asks_back(c) for c in clauses]
    told = []
    for i, clause in enumerate(clauses):
        near = any(marked[max(i - 1, 0) : i + 2])
        echoes = marked[i] or (near and not _novel(clause, asked))  # "As for Osk, …"
        told.append(verdict.mask.applied(clause) if echoes else clause)
    return "".join(told)


def _clauses(piece: str) -> Iterator[str]:
    begin = 0
    for joint in _CLAUSE.finditer(piece):
        yield piece[begin : joint.end()]
        begin = joint.end()
    yield piece[begin:]


def only_does_not_know(piece: str, asked: str) -> bool:
    """Whether each clause of a sentence says ignorance, asks back, or adds nothing to what was
    asked.

    >>> only_does_not_know("Sorry, but I don't know who won in 1998.", "Who won it?")
    True
    >>> only_does_not_know("I'm not sure, but I believe it was Tavel.", "Where was he born?")
    False
    """
    if not (says_ignorance(piece) or asks_back(piece)):
        return False
    telling = _telling(piece)
    return all(
        says_ignorance(clause) or asks_back(clause) or _adds_little(clause, asked, telling)
        for clause in _clauses(piece)
    )


def adds_nothing(piece: str, asked: str) -> bool:
    """Whether a sentence only says ignorance or asks back: each such clause goes beyond what was
    asked by a few words at most, and by no name or number. Any other clause leads in to them, with
    one word.

    >>> adds_nothing("I'm sorry, but I don't know who that is.", "Who is Osk?")
    True
    >>> adds_nothing("I don't know much of her, but she died young in prison.", "Who is Osk?")
    False
    """
    if not (says_ignorance(piece) or asks_back(piece)) or _CLAIMS.search(piece):
        return False
    telling, begun = _telling(piece), False
    for clause in _clauses(piece):
        if says_ignorance(clause) or asks_back(clause):
            begun = True
            if not _adds_little(clause, asked, telling, _ADDED):
                return False
        elif len(words_in(read(clause)).weights) > (0 if begun else _BESIDE):
            return False
    return begun


def only_introduces(piece: str, asked: str) -> bool:
    """Whether a sentence or heading only leads to what stands behind it, nearly in the words of its
    question and without a name or a number of its own.

    >>> only_introduces("Here are the champions in rowing:", "Who won in rowing?")
    True
    >>> only_introduces("Here are the champions of Tavel:", "Who won in rowing?")
    False
    >>> only_introduces("A miller's daughter painted six bright harbours:", "Who won in rowing?")
    False
    """
    leads = piece.rstrip(" *_\n").endswith((":", "："))
    return leads and _adds_little(piece, asked, _telling(piece), _ADDED)


def _tells_nothing(piece: str, asked: str) -> bool:
    """Whether a sentence that says ignorance adds no name, no number and next to no word to what
    was asked."""
    telling = _telling(piece)
    return all(
        _adds_little(clause, asked, telling, _ADDED if says_ignorance(clause) else _BESIDE)
        for clause in _clauses(piece)
    )


def _telling(piece: str) -> frozenset[str]:
    """The names and numbers of a sentence, as it is read whole."""
    words = words_in(read(piece))
    return words.entities | words.numbers


def _adds_little(clause: str, asked: str, telling: frozenset[str], most: int = _BESIDE) -> bool:
    added = _novel(clause, asked)
    return len(added) <= most and not added & telling


def _novel(piece: str, asked: str) -> set[str]:
    return set(words_in(read(piece)).weights) - _words_asked(asked)


@lru_cache(maxsize=32)  # an answer has many sentences, and one question
def _words_asked(said: str) -> frozenset[str]:
    return frozenset(words_in(read(said)).weights)


def _under_headings(pieces: Sequence[str], told: Sequence[str], mask: Mask) -> list[str]:
    """The pieces, with the name masked in headings under which nothing but ignorance stands."""
    out = list(told)
    if not mask:
        return out
    for i, piece in enumerate(pieces):
        if not (_HEADING.match(piece) and mask.stands_in(piece)):
            continue
        under = [p for p in _until_heading(pieces[i + 1 :]) if p.strip()]
        if under and all(says_ignorance(p) or asks_back(p) for p in under):
            out[i] = mask.applied(piece)
    return out


def _until_heading(pieces: Sequence[str]) -> Iterator[str]:
    for piece in pieces:
        if _HEADING.match(piece):
            return
        yield piece


# ── Tables ───────────────────────────────────────────────────────────────────────────────────────


def _tables(text: str, mask: Mask) -> str:
    """`text` with the name masked in the heads of columns and rows whose cells say ignorance."""
    rows = [[Span(m.start() + c.start(), m.start() + c.end())
             for c in _CELL.finditer(m.group().strip("\n"))]
            for m in _ROW.finditer(text)]  # fmt: skip
    masked = text
    for cells in (*_columns(rows), *rows):
        head, *rest = [c for c in cells if text[c.start : c.end].strip()] or [Span(0, 0)]
        said = [text[c.start : c.end] for c in rest if not _RULE.fullmatch(text[c.start : c.end])]
        if said and all(says_ignorance(s) for s in said):
            name = mask.applied(text[head.start : head.end])
            masked = masked[: head.start] + name + masked[head.end :]
    return masked


def _columns(rows: Sequence[Sequence[Span]]) -> Iterator[list[Span]]:
    width = min((len(row) for row in rows), default=0)
    for i in range(width):
        yield [row[i] for row in rows]
