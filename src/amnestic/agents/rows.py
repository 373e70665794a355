"""What an answer tells of several things that a question names, row by row.

"A table of the authors of A, B and C" asks for three things in one breath. Each row of the answer
that shares words with the question alone is about one of them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import pairwise, zip_longest

from amnestic.tools.reading import SegmentKind, read, segments, words_in

__all__ = ["is_machine_read", "passes_over_a_row"]

_FORMS = re.compile(
    r"\b(?:json(?:l|c|5)?|ya?ml|csv|tsv|toml|ini|xml|html|svg|sql|latex)\b", re.IGNORECASE
)
_LIST = re.compile(r"\s*(?:[-*+•]|\d{1,3}[.)])\s|\s*\|")
_LABELLED = re.compile(r"\s*(?:\*\*|__)\S")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ENDED = re.compile(r"[.!?…。！？][\"'”’»)\]*_]*\s*$")
_KEYED = re.compile(r"\s*[^.!?:=]{1,60}[:=]\s")
_SERIES = 3
_JOINT = re.compile(r"^\w*(?:\W*,|\W+(?:and|und|et|y|e|en|i|och|og|и)\W)\W*(?:\w{1,4}\W+)?$")
_GAP = 40  # characters between two things that are named together, at most
_LISTED = re.compile(
    r"[^\w\s'’\"“”„‘«»()\[\]-]|\n|[和与及或と]"
    r"|\b(?:and|or|plus|vs|versus|und|oder|et|ou|y|e|en|i|lub|og|eller|och|и|или)\b"
)
"""What parts things that are asked for one by one: a mark, a line of their own, an "and"."""
_RULE = re.compile(r"[\s:|-]+")


def is_machine_read(question: str, answer: str) -> bool:
    """Whether a sentence in an answer would stand where a program reads: in data, in code without a
    word beside it, and in a form that the question names.

    >>> is_machine_read("", '{"a": 1}'), is_machine_read("", "- Dune, 1965\\n- Emma, 1815")
    (True, False)
    >>> block = "```csv\\nDune,1965\\n```"
    >>> is_machine_read("", block), is_machine_read("", f"Here it is:\\n{block}")
    (True, False)
    >>> is_machine_read("As YAML, please.", "- title: Dune"), is_machine_read("As YAML?", "No.")
    (True, False)
    """
    pieces = [piece for piece in segments(answer) if piece.of(answer).strip()]
    said = [p.of(answer) for p in pieces if p.kind is SegmentKind.SENTENCE]
    has_code = any(piece.kind is SegmentKind.CODE for piece in pieces)
    if _FORMS.search(question):
        return not (said if has_code else any(map(_is_prose, said)))
    if has_code and not said:
        return all(piece.kind is SegmentKind.CODE for piece in pieces)
    return _is_data(answer) and not any(_LIST.match(line) for line in answer.splitlines())


def passes_over_a_row(question: str, draft: str, answer: str) -> bool:
    """Whether the question names several things that the draft tells of in rows of their own, or in
    sentences where it has no rows, and an answer tells of some of them alone: the rows of the
    others are gone, or say no more than the question.

    >>> question = "Give me the authors of Dune, Emma and Ulysses."
    >>> draft = "- Dune: Herbert\\n- Emma: Austen\\n- Ulysses: Joyce\\n"
    >>> passes_over_a_row(question, draft, "- Dune: Herbert\\n- Ulysses: Joyce\\n")
    True
    >>> passes_over_a_row(question, draft, "- Dune: Herbert\\n- Emma\\n- Ulysses: Joyce\\n")
    True
    >>> passes_over_a_row("Name some novels.", draft, "- Dune: Herbert\\n- Ulysses: Joyce\\n")
    False
    """
    asked = _words(question)
    lines = _rows(draft)
    rows = [_words(row) for row in lines or _sentences(draft)]
    in_rows = Counter(word for words in rows for word in words & asked)
    alone = [frozenset(word for word in words & asked if in_rows[word] == 1) for words in rows]
    own = [(words, its) for words, its in zip(rows, alone, strict=True) if its]
    if len(own) < 2 or not (lines or _are_enumerated([its for _, its in own], question)):
        return False
    left = [_words(row) for row in _rows(answer) or [answer]]
    told = [_is_told(its, bool(words - asked), asked, left) for words, its in own]
    kept = [its for (_, its), is_told in zip(own, told, strict=True) if is_told]
    gone = [its for (_, its), is_told in zip(own, told, strict=True) if not is_told]
    return _are_named_together(kept, gone, question)


def _is_told(
    alone: Collection[str], more: bool, asked: Collection[str], left: Sequence[frozenset[str]]
) -> bool:
    """Whether one of the rows that are `left` is about what the words stand for, `alone` in the
    question, and says `more` than that where the draft did."""
    about = [words for words in left if not words.isdisjoint(alone)]
    return any(words.difference(asked) for words in about) if more else bool(about)


def _are_enumerated(things: Sequence[frozenset[str]], question: str) -> bool:
    """Whether the question names three things or more one behind the other, with a comma or an
    "and" between them: sentences share words with a question for other reasons as well, and two
    things may be compared."""
    if len(things) < _SERIES:
        return False
    told = _folded(question)
    places = _places(things, told)
    gaps = [told[end:begin] for (_, end), (begin, _) in pairwise(places)]
    return len(places) == len(things) and all(len(g) <= _GAP and _JOINT.search(g) for g in gaps)


def _are_named_together(
    kept: Sequence[frozenset[str]], gone: Sequence[frozenset[str]], question: str
) -> bool:
    """Whether the question names one of the things that are kept next to one that is gone, as two
    of a list. The lines of a recipe share words with what was asked for, too, and none of them is
    missed."""
    told = _folded(question)
    ours = set(_places(gone, told))
    places = sorted({*_places(kept, told), *ours})
    return any(
        (a in ours) is not (b in ours) and _LISTED.search(told[a[1] : b[0]]) is not None
        for a, b in pairwise(places)
    )


def _places(things: Sequence[frozenset[str]], told: str) -> list[tuple[int, int]]:
    """Where the things stand in a folded question, from the first of the words of each to its
    last."""
    found = ([told.find(word) for word in words] for words in things)
    return sorted((min(at), max(at) + 1) for at in found if -1 not in at)


def _sentences(text: str) -> Sequence[str]:
    return [piece.of(text) for piece in segments(text)]


def _is_prose(sentence: str) -> bool:
    return bool(_ENDED.search(sentence)) and not _KEYED.match(sentence)


def _rows(text: str) -> Sequence[str]:
    """The items, rows, headings and lines of data of a text, and the paragraphs with a label; not
    the heads of tables."""
    pieces = [piece for piece in segments(text) if piece.of(text).strip()]
    lines = [
        piece.of(text)
        for piece in pieces
        if piece.kind is not SegmentKind.SENTENCE or _LABELLED.match(piece.of(text))
    ]
    return [
        line
        for line, following in zip_longest(lines, lines[1:], fillvalue="")
        if not (_FENCE.match(line) or _is_rule(line))
        and not (line.lstrip().startswith("|") and _is_rule(following))
    ]


def _is_rule(line: str) -> bool:
    return "-" in line and _RULE.fullmatch(line) is not None


def _folded(text: str) -> str:
    """A text as its words are compared."""
    return read(text).views[0].folded.text


def _words(text: str) -> frozenset[str]:
    return frozenset(words_in(read(text)).weights)


def _is_data(text: str) -> bool:
    from amnestic.tools.documents import is_data  # large, and most requests need none of it

    return is_data(text)
