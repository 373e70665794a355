"""What stands beside a name: another name, an article, a hyphen."""

from __future__ import annotations

import re
from collections.abc import Iterator

from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, is_given_name
from amnestic.tools.reading import Token, folded_words, is_common

__all__ = [
    "DEFINITE",
    "INDEFINITE",
    "behind_given",
    "beside_other",
    "in_title",
    "is_glued",
    "word_before",
    "words_of_hit",
]

_COMMON = 170
_TITLE = re.compile(
    r"(?<![*\w])\*(?![*\s])[^*\n]{2,80}\*(?!\*)|(?<![\w_])_(?![_\s])[^_\n]{2,80}_(?![\w_])"
    r"|[\"“„][^\"“”„\n]{2,80}[\"“”]|«[^«»\n]{2,80}»|»[^«»\n]{2,80}«"
)
_WORD = re.compile(r"[^\W\d_]+")
_PARTED = re.compile(r"[.,;]\W*\s|[.,;]\W*$")
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


def in_title(hit: NameHit, window: Window, profile: TargetProfile) -> bool:
    """Whether it is a part of a longer title in italics or quotation marks, with words that are not
    known of the target: "*Magpie Murders*"."""
    reading = window.passage.reading
    own = set(words_of_hit(hit, window))
    for title in _TITLE.finditer(reading.source):
        inside = title.start() <= hit.span.start and hit.span.end <= title.end()
        if inside and _is_title(title.group()):
            others = [w for w in folded_words(title.group()) if not is_common(w, _COMMON)]
            return any(
                word not in own and word not in profile.own_words and word not in profile.postings
                for word in others
            )
    return False


def _is_title(quoted: str) -> bool:
    """Whether something in italics or quotation marks is no sentence: but for the commonest words
    all have capitals, and nothing parts them."""
    words = [w for w in _WORD.findall(quoted) if not is_common(w.lower(), _COMMON)]
    return not _PARTED.search(quoted) and all(w[0].isupper() for w in words)


def behind_given(hit: NameHit, window: Window, profile: TargetProfile) -> bool:
    """Whether somebody's given name stands right before it, which is not known of the target."""
    word = word_before(hit, window)
    given = window.passage.reading.tokens[hit.first - 1] if word else None
    is_name = given is not None and given.capital and is_given_name(word)
    return is_name and word not in profile.own_words and word not in profile.postings


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
