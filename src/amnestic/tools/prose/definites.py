"""What a sentence calls "the …" that only a sentence told of which went: then it goes along."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from amnestic.tools.prose.articles import points_at_known
from amnestic.tools.prose.grammar import Grammar, grammar_of
from amnestic.tools.prose.numerals import number_in, ordinal_in
from amnestic.tools.reading import rarity, read, stem, words_in

__all__ = ["known_things", "points_at_gone", "telling_words"]

_TELLING = 0.7  # weight of a word that texts about other things seldom have
_DEFINITE = re.compile(
    r"\b(?P<the>al|del|au|aux|du|zum|zur|im|am|vom|beim|dal|nel|sul|ao|the|der|die|das|dem|den|des"
    r"|le|la|les|l['’]|el|los|las|il|lo|gli|de|het|o|os|as|aos|às?|[dn][ao]s?|pel[ao]s?"
    r"|(?:a|de|da|ne|su|co)(?:ll[aeo]|ll['’]|gli|i))"
    r"(?:(?<=['’])|\s+)[*_\"“„«]*(?P<noun>[^\W\d_]+)(?:[-\s](?P<more>[^\W\d_]+))?",
    re.IGNORECASE,
)

_COMPLEMENT = re.compile(  # "the dispute with Tarn", "the day that …"
    r"\s+(?:of|in|at|from|with|between|to|for|on|about|who|whom|whose|that|which|where|von|vom|mit|aus|"
    r"zwischen|über|d[eu']|des|entre|avec|con|del|dell['’]\w+|della|che|que|qui|quien|van|met|uit)\b"
)

_ITS_OWN = re.compile(r"\s+(?:of|von|d[eiu]|del|della|des|van|d[ao]|that|who|which)\b|\s+d['’]")
_NAME = re.compile(r"\s+[*_\"“„«]*[A-ZÀ-Þ]")


def telling_words(piece: str) -> Iterator[str]:
    """The stems of a text's telling words."""
    weights = words_in(read(piece)).weights
    yield from (word for word, weight in weights.items() if weight >= _TELLING)


def points_at_gone(sentence: str, gone: Collection[str], kept: Collection[str]) -> bool:
    """Whether a sentence speaks of something as known that only what went has told of.

    Args:
        sentence: the sentence.
        gone: stems of the telling words of what went.
        kept: stems of those that stayed, and of the question.

    >>> points_at_gone("Is the lantern too small for four?", {"lantern"}, ())
    True
    >>> points_at_gone("Is the lantern too small?", {"lantern"}, {"lantern"})
    False
    >>> points_at_gone("A lantern is lit.", {"lantern"}, ())
    False
    """
    grammar = grammar_of(sentence)
    for match in _definites(sentence, grammar):
        nouns = (word.lower() for word in (match["noun"], match["more"]) if word)
        told = {stem(noun) for noun in nouns if _tells(noun, grammar)}
        ends = (match.end("noun"), match.end())
        is_told_here = any(_COMPLEMENT.match(sentence, end) for end in ends)
        if not grammar.nouns_are_capital:  # "the poet Edda Tarn"
            is_told_here |= _NAME.match(sentence, match.end("noun")) is not None
        if not is_told_here and any(word in gone and word not in kept for word in told):
            return True
    return False


def known_things(piece: str) -> Iterator[str]:
    """The words, in small letters, by which a text speaks of things as known, "the old train": not
    of new ones, of all of a kind, or of what it says of whom it is.

    >>> [*known_things("The old train was full.")], [*known_things("A train costs much.")]
    (['old', 'train'], [])
    >>> [*known_things("The salary of a clerk is low.")]
    []
    """
    for match in _definites(piece, grammar_of(piece)):
        if not any(_ITS_OWN.match(piece, end) for end in (match.end("noun"), match.end())):
            yield from (word.lower() for word in (match["noun"], match["more"]) if word)


def _definites(sentence: str, grammar: Grammar) -> Iterator[re.Match[str]]:
    """Each article that points at what is known, and the words behind it: what looks like one and
    is none in this language may stand before one ("as the lantern was")."""
    at = 0
    while (match := _DEFINITE.search(sentence, at)) is not None:
        points = points_at_known(match["the"].lower(), grammar)
        at = match.end() if points else match.end("the")
        if points:
            yield match


def _tells(noun: str, grammar: Grammar) -> bool:
    if noun in grammar.small:  # "le Kosovo pour"
        return False
    counts = ordinal_in(noun, grammar.code) is not None or number_in(noun, grammar.code) is not None
    return not counts and rarity(noun) >= _TELLING
