"""What stands beside a name: another name, an article, a hyphen."""

from __future__ import annotations

from collections.abc import Iterator

from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit
from amnestic.tools.reading import Token, is_common

__all__ = ["DEFINITE", "INDEFINITE", "beside_other", "is_glued", "word_before", "words_of_hit"]

_COMMON = 170
_QUOTES = " \n\"'“”‘’„«»*_"


def words_of_hit(hit: NameHit, window: Window) -> tuple[str, ...]:
    """The folded words of a name that was found."""
    tokens = window.passage.reading.tokens
    return tuple(tokens[at].word for at in range(hit.first, hit.last + 1))


_OF = frozenset("of de du des del della di da do von van".split())

# What stands before a noun, in English and in the other languages that names are found in.
DEFINITE = (
    frozenset("the this that these those my your our their his her its".split()),
    frozenset(
        "der die das den dem des im am beim zum zur le la el les los las lo il gli o os as do da "
        "no na ao het".split()
    ),
)
INDEFINITE = (
    frozenset("a an another any each every some no which".split()),
    frozenset(
        "ein eine einem einen einer eines kein keine keinen jeder jede jedes un une des uno una "
        "unos unas um uma umas een".split()
    ),
)


def beside_other(hit: NameHit, window: Window, profile: TargetProfile) -> bool:
    """Whether a capitalised word stands beside it, or behind "of", that is not known of the target:
    "Oracle of Delphi". The commonest words have their capital from where they stand: "In Java"."""
    return any(
        token.capital
        and not is_common(token.word, _COMMON)
        and token.word not in profile.own_words
        and token.word not in profile.postings
        for token in _neighbours(hit, window)
    )


def _neighbours(hit: NameHit, window: Window) -> Iterator[Token]:
    reading = window.passage.reading
    tokens, text = reading.tokens, reading.views[0].folded.text
    for left, right, other in (
        (hit.first - 1, hit.first, hit.first - 1),
        (hit.last, hit.last + 1, hit.last + 1),
    ):
        inside = left >= 0 and right < len(tokens)
        if inside and text[tokens[left].end : tokens[right].start] in (" ", "-", ". "):
            yield tokens[other]
    behind = tokens[hit.last + 1 : hit.last + 3]
    if len(behind) > 1 and behind[0].word in _OF:
        between = text[tokens[hit.last].end : behind[1].start]
        if between == f" {behind[0].word} ":
            yield behind[1]


def word_before(hit: NameHit, window: Window) -> str:
    """The word before a name, if there is one and nothing else between."""
    reading = window.passage.reading
    if not hit.first:
        return ""
    ahead, own = reading.tokens[hit.first - 1], reading.tokens[hit.first]
    between = reading.views[0].folded.text[ahead.end : own.start]
    return ahead.word if not between.strip(_QUOTES) else ""


def is_glued(hit: NameHit, window: Window) -> bool:
    """Whether a hyphen joins a name to a word before it: "an e-Visa"."""
    return window.passage.reading.source[: hit.span.start].endswith("-")
