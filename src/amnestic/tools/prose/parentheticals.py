"""Side phrases within a sentence: in brackets, between dashes, between commas."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from amnestic.tools.prose.grammar import has_verb
from amnestic.tools.prose.scanning import BY, GERUND, PARTICIPLE, Cut, Scan

__all__ = ["asides", "between_dashes", "is_aside", "parentheses"]

_PARENTHESIS = re.compile(r"\s*(?:\([^()]*\)|(?<!\])\[[^\[\]]*\](?!\())|\s*<!--.*?-->", re.DOTALL)
_DASHES = re.compile(r"\s*(?:(?<=\s)[–—-](?=\s)|—)\s*")
_REACH = 4
_FAR = 300  # characters


def parentheses(scan: Scan) -> Iterator[Cut]:
    """What stands in brackets."""
    for match in _PARENTHESIS.finditer(scan.body):
        inside = scan.body[match.start() : match.end()].strip(" ()[]")
        if scan.covers(match.start(), match.end()) and not scan.renames(inside):
            yield scan.cut(match.start(), match.end())


def between_dashes(scan: Scan) -> Iterator[Cut]:
    """What stands between two dashes."""
    marks = [m for m in _DASHES.finditer(scan.body) if scan.is_outside(m.start())]
    for first, second in pairwise(marks):
        inside = scan.body[first.end() : second.start()]
        if scan.covers(first.start(), second.end()) and not scan.renames(inside):
            yield scan.cut(first.start(), second.end(), " ")


def asides(scan: Scan) -> Iterator[Cut]:
    """What stands between two commas."""
    commas = [at for at in scan.commas() if abs(at - scan.hot.start) < _FAR]
    for i, begin in enumerate(commas):
        for end in commas[i + 1 : i + 1 + _REACH]:
            inside = scan.body[begin + 1 : end]
            fits = scan.covers(begin, end) and scan.ends_well(inside, end)
            if not fits or not is_aside(scan, inside, begin):
                continue
            if _is_interrupted(scan, begin, end):
                yield scan.cut(begin, _end_of_clause(scan, end))
                continue
            yield scan.cut(begin, end + (not _keeps_comma(scan, begin, end)))


def is_aside(scan: Scan, inside: str, begin: int) -> bool:
    """Whether a piece behind a comma says nothing that the sentence cannot do without."""
    words = scan.words(inside)
    if not words or scan.renames(inside):
        return False
    first, *further = inside.split(",")
    if any(has_verb(c, scan.grammar) and not scan.opens(c) for c in further if scan.words(c)):
        return False
    if scan.opens(first):
        return True
    if any(scan.words(c)[:1] and scan.words(c)[0] in scan.grammar.joins for c in further):
        return False  # further things of a list
    if inside.strip()[0].isupper() and not scan.grammar.nouns_are_capital:
        return False
    is_list = words[0] in scan.grammar.joins
    bare = not has_verb(inside, scan.grammar) or bool(PARTICIPLE.fullmatch(words[0]))
    return bare and not is_list and has_verb(scan.body[:begin] + scan.body[begin:], scan.grammar)


def _is_interrupted(scan: Scan, begin: int, end: int) -> bool:
    """Whether a relative clause goes on behind an aside of its own, which begins at `end`: "Hill,
    who leads the club, mocked by all, to a cup"."""
    g = scan.grammar
    inside = scan.body[begin + 1 : end]
    words = scan.words(inside)
    relative = words[0] in g.relates and (words[0] not in g.articles or has_verb(inside, g))
    aside, _, rest = scan.body[end + 1 : _part_end(scan, end)].partition(", ")
    first, behind = scan.words(aside)[:2], scan.words(rest)[:1]
    if not relative or not first or not behind or behind[0] not in g.places:
        return False
    done = bool(BY.intersection(first[1:])) and first[0] not in g.small | g.helps
    led = first[0] in g.places and not has_verb(_clause_before(scan, begin), g)
    return (done or led) and not has_verb(rest, g)


def _clause_before(scan: Scan, at: int) -> str:
    return scan.body[:at].rpartition("; ")[2]


def _part_end(scan: Scan, at: int) -> int:
    """Where the part of a sentence up to a semicolon ends in which a place is."""
    stop = scan.body.find(";", at)
    return stop if stop >= 0 else len(scan.body)


def _end_of_clause(scan: Scan, at: int) -> int:
    """Where a clause ends that goes on up to a mark; all of the sentence, where what follows may
    speak of something in it."""
    end = _part_end(scan, at)
    g = scan.grammar
    points = {"they", "them", "it", "its"} | g.owns | g.persons | g.points | g.pronouns - g.speakers
    return len(scan.body) if points.intersection(scan.words(scan.body[end:])) else end


def _keeps_comma(scan: Scan, begin: int, end: int) -> bool:
    """Whether a comma stays where a piece between two goes."""
    g = scan.grammar
    before, after = scan.words(scan.body[:begin]), scan.words(scan.body[end + 1 :])
    if not before or not after:
        return False
    clause = scan.words(scan.body[:begin].rpartition(",")[2])
    opening = before[0] in (g.places - g.articles) | g.opens | g.conditions or scan.compares(
        scan.body
    )
    inside = bool(clause) and clause[0] in g.relates | g.opens and "," in scan.body[:begin]
    goes_on = after[0] in g.joins | g.contrasts | g.relates - g.articles | g.opens
    goes_on = goes_on or GERUND.fullmatch(after[0]) is not None
    return bool(goes_on) or inside or (opening and "," not in scan.body[:begin])
