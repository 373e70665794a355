"""Rows of a list of which a reader takes all but a few for what is asked: the others are, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from string import ascii_lowercase

from amnestic.agents.requests.further_asked import with_subject
from amnestic.agents.requests.keeping import take_exceptions
from amnestic.agents.requests.mentions import mentions_in
from amnestic.agents.requests.seeing import SURE
from amnestic.tools.tagging import Tagged

__all__ = ["with_all_rows", "with_letters_marked"]

_ROW = re.compile(
    r"^[ \t]*(?P<mark>[-*•–·]|\(?(?:\d{1,3}[.)]|[A-Za-z]\)))[ \t]+"
    r"(?P<lead>(?:[Tt]he|[Aa]n?)[ ])?"
    r"(?P<name>[\"“„«]?[^\W\d_][^\n,;:()–—]*?)(?=[ \t]*(?:[,;:()–—\n]|[ ]-[ ]|$))",
    re.M,
)
_LETTER = re.compile(r"^[ \t]*(?P<letter>[a-z])\.(?=[ \t]+\S)", re.M)
_LINE = re.compile(r"[^\n]*(?:\n|$)")
_PICKS = re.compile(
    r"\b(?:first|last|only|except|but|not|numbers?|nos?|some|those|which|one|two|three|four|erste\w*|letzte\w*|nur|außer|nicht|"
    r"zwei|drei|premi\w+|derni\w+|seulement|sauf|primer\w*|últim\w*|solo|salvo|prim[oaie]|ultim[oaie])\b|\d",
    re.I,
)
_MOST_WORDS = 6
_UNSURE = 0.6


@dataclass(frozen=True, slots=True)
class _Row:
    """Where a row and what stands first in it begin and end, and by which mark it is one."""

    start: int
    end: int
    name: int
    name_end: int
    mark: str


def with_all_rows(seen: Tagged) -> Tagged:
    """A tagged text in which each row of a list is asked for, where most are and no word of the
    row says anything else: what is said of a list is said of all its rows.

    >>> from amnestic.tools.tagging import Span
    >>> kinds = (1.0,) + (0.0,) * 11
    >>> text = "Please forget:\\n- Ana Morel\\n- Tor Hagen\\n- The Venn Club"
    >>> ana, tor = Span(17, 26, "subject", 0.9, kinds), Span(29, 38, "subject", 0.9, kinds)
    >>> found = with_all_rows(Tagged(text, (ana, tor), (1.0, 0.0, 0.0)))
    >>> [found.text_of(s) for s in found.labelled("subject")]
    ['Ana Morel', 'Tor Hagen', 'Venn Club']
    """
    for rows in _lists(seen.text):
        asked = [row for row in rows if _tells_of(seen, row)]
        if 2 * len(asked) <= len(rows) or _chooses(seen, rows):
            continue
        for row in rows:
            if row not in asked and _may_be_asked(seen, row):
                name = seen.text[row.name : row.name_end].strip(' "“”„«»')
                start = seen.text.index(name, row.name)
                seen = with_subject(seen, start, start + len(name), _UNSURE)
    return seen


def with_letters_marked(text: str) -> str:
    """A text of which rows that begin with "a.", "b." and so on begin with "a)", "b)": no reader
    takes such a letter for an initial.

    >>> with_letters_marked("Forget:\\na. Ana Morel\\nb. Tor Hagen")
    'Forget:\\na) Ana Morel\\nb) Tor Hagen'
    >>> with_letters_marked("Forget:\\na. morel\\nt. hagen")
    'Forget:\\na. morel\\nt. hagen'
    """
    found = "".join(m["letter"] for m in _LETTER.finditer(text))
    is_counted = len(found) > 1 and ascii_lowercase.startswith(found)
    return _LETTER.sub(lambda m: f"{m[0][:-1]})", text) if is_counted else text


def _lists(text: str) -> Iterator[list[_Row]]:
    """The rows that stand line by line below each other, by marks of one kind."""
    lines = [m.start() for m in _LINE.finditer(text)]
    place = {start: i for i, start in enumerate(lines)}
    rows = [
        _Row(m.start(), _line_end(text, m), m.start("name"), m.end("name"), _like(m["mark"]))
        for m in _ROW.finditer(text)
        if m.start() in place
    ]
    for _, run in groupby(enumerate(rows), lambda p: (place[p[1].start] - p[0], p[1].mark)):
        yield [row for _, row in run]


def _chooses(seen: Tagged, rows: list[_Row]) -> bool:
    """Whether what stands around a list says which of its rows are meant, or that some stay."""
    begin, end = rows[0].start, rows[-1].end
    head = seen.text[:begin].rstrip("\n").rpartition("\n")[2]
    around = (seen.text[:begin], seen.text[end:])
    kept = any(take_exceptions(part)[1] for part in around)
    stays = any(s.start >= end or s.end <= begin for s in seen.labelled("keep"))
    return (
        kept or stays or _PICKS.search(head) is not None or re.search(r"\d", around[1]) is not None
    )


def _line_end(text: str, match: re.Match[str]) -> int:
    end = text.find("\n", match.end())
    return len(text) if end < 0 else end


def _like(mark: str) -> str:
    """A mark as all of its list have it."""
    return re.sub(r"[A-Za-z]", "a", re.sub(r"\d+", "1", mark))


def _holds(seen: Tagged, row: _Row, *labels: str) -> bool:
    return any(s.start < row.name_end and row.name < s.end for s in seen.labelled(*labels))


def _tells_of(seen: Tagged, row: _Row) -> bool:
    return any(s.start < row.end and row.start < s.end for s in seen.labelled("subject"))


def _may_be_asked(seen: Tagged, row: _Row) -> bool:
    """Whether a row is a name, and no reader surely knows it for anything else: "Best regards" and
    "Deadline: …" are none."""
    name = seen.text[row.name : row.name_end].lstrip(' "“”„«»')
    words = name.split()
    if not any(m.start == 0 and m.score > 0 for m in mentions_in(name)):
        return False
    others = ("alias", "identifier", "fact", "until", "scope", "reason", "wish")
    line = seen.text[row.start : row.end]
    stays = (s for s in seen.labelled("keep") if s.start < row.end and row.start < s.end)
    says_more = bool(line[row.name_end - row.start :].strip())
    least = _UNSURE if says_more else SURE
    sure = any(s.certainty >= least for s in stays) or take_exceptions(line)[1]
    return len(words) <= _MOST_WORDS and not sure and not _holds(seen, row, *others)
