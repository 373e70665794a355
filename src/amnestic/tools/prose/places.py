"""Entries of a list or a table that a sentence calls by their place: "the fifth", "row three"."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.prose.articles import points_at_known
from amnestic.tools.prose.grammar import Grammar, grammar_of, is_verb
from amnestic.tools.prose.numerals import number_in, ordinal_in

__all__ = ["places_told"]

_ORDINAL = re.compile(  # "the fifth", "beim fünften Beispiel", "my number one"
    r"(?<!\w)(?:(?P<the>[^\W\d_]{1,5}|[^\W\d_]{0,4}l['’])"
    r"(?=(?:(?<=['’])|[ \t]+)(?P<ordinal>[^\W\d_]{3,})(?![\w-])"
    r"(?:[ \t]+(?P<after>[^\W\d_]+))?)"
    r"|(?:number|nummer|numéro|número|numero)(?=[ \t]+(?P<cardinal>[^\W\d_]{2,})(?![\w-])"
    r"(?:[ \t]+(?P<next>[^\W\d_]+))?))",
    re.IGNORECASE,
)
_ONE = frozenset("one eins un uno um één een".split())
_OF = frozenset("of von vom de del di du des da do van".split())
_IN_FIRST_PLACE = re.compile(r"\bin$", re.IGNORECASE)  # "in the first place", said of no place
_ENTRIES = frozenset(  # what a place in a row is called
    "one line row entry item example case place position spot name point number bullet "
    "zeile reihe eintrag beispiel fall platz stelle punkt nummer "
    "ligne rangée entrée exemple cas place position point "
    "línea fila entrada ejemplo caso lugar puesto punto "
    "riga voce esempio caso posto punto linha exemplo caso lugar ponto "
    "regel rij voorbeeld geval plaats punt".split()
)
_SAID_ANYWHERE = frozenset(  # also where the language of a short sentence is not seen
    "my mein meine im am zum zur beim vom au aux du al del nel dal no na do da".split()
)


def places_told(sentence: str, many: int) -> Iterator[int]:
    """The places, from 1, of a row of `many` entries that a sentence speaks of.

    >>> [*places_told("The second is best, and my number one is old.", 3)]
    [2, 1]
    >>> [*places_told("The second edition and the third world war.", 3)]
    []
    """
    grammar = grammar_of(sentence)
    for match in _ORDINAL.finditer(sentence):
        place = None
        if match["cardinal"] and _stands_alone(match["next"] or "", grammar):
            said = match["cardinal"].lower()
            place = 1 if said in _ONE else number_in(said, grammar.code)
        elif match["the"] and _points(match["the"].lower(), grammar) and _is_entry(match, grammar):
            place = ordinal_in(match["ordinal"], grammar.code)
        if place is not None and 0 < place <= many:
            yield place


def _is_entry(match: re.Match[str], grammar: Grammar) -> bool:
    """Whether an ordinal stands for an entry: by itself, or before a word for one."""
    after = match["after"] or ""
    word = after.lower()
    if word in _ENTRIES:
        before = match.string[: match.start()].rstrip()
        return not (word == "place" and _IN_FIRST_PLACE.search(before))
    return word not in _OF and _stands_alone(after, grammar)


def _points(article: str, grammar: Grammar) -> bool:
    """Whether an article points at what is known: "the second", but not "a second"."""
    return article in _SAID_ANYWHERE or points_at_known(article, grammar)


def _stands_alone(after: str, grammar: Grammar) -> bool:
    """Whether the word after a place is none that it counts: "the second sold", "number two is"."""
    word = after.lower()
    if after[:1].isupper():
        return False
    return not after or word in grammar.small or is_verb(word, grammar)
