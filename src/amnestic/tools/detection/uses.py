"""One use of a name that is a word of the language: what speaks for it and against, as features."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import Capital, NameForm, NameHit, Strength, capital_of, is_often_small
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.tools.reading import Token, is_common, language_of, small_share

__all__ = ["FEATURES", "Discourse", "form_of", "may_be_word"]

_LONG = 3
_STICKY = 0.3
_COMMON = 170
_QUOTES = " \n\"'“”‘’„«»*_"
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.S)
_READ = 2_000  # characters by which a language is known

FEATURES = (
    "share",
    "name",
    "place",
    "style",
    "code",
    "word",
    "beside_other",
    "definite",
    "indefinite",
    "small",
    "named",
    "like",
    "like_text",
    "like_asked",
    "like_word",
    "shared",
    "shared_asked",
    "unknown",
    "foreign",
)
"""What is weighed of one use of such a name, in order."""


@dataclass(frozen=True)
class Discourse:
    """A text and what it stands in."""

    text: str
    windows: Sequence[Window]
    asked: Window | None
    context: Context
    embedder: Embedder

    @cached_property
    def language(self) -> str:
        """That of the text; of what is nothing but code, that of its question."""
        prose = _CODE.sub(" ", self.text)
        if not prose.strip() and self.asked is not None:
            prose = self.asked.text
        return language_of(prose[:_READ])

    def names_otherwise(self, profile: TargetProfile) -> bool:
        """Whether the text or its question has a name of the target that is no everyday word, or
        the conversation has been about it."""
        context, target_id = self.context, profile.target.id
        if target_id in context.told or context.sticky.get(target_id, 0.0) >= _STICKY:
            return True
        windows = (*self.windows, *([] if self.asked is None else [self.asked]))
        return any(
            hit.strength >= Strength.TOLD and form_of(hit, window, profile) is None
            for window in windows
            for hit in window.hits.get(target_id, ())
        )

    def _is_named(self, profile: TargetProfile) -> bool:
        """Whether the name stands where only names have a capital, no other name beside it: then
        whoever asks for the word in small letters, too, has not made another thing of it."""
        return any(
            hit.view == "plain"
            and self._capital(hit, window) is Capital.NAME
            and not _beside_other(hit, window, profile)
            and not _is_glued(hit, window)
            for window in self.windows
            for hit in window.hits.get(profile.target.id, ())
        )

    def _capital(self, hit: NameHit, window: Window) -> Capital:
        """What a capital says: German writes every noun with one."""
        capital = capital_of(window.passage.reading.source, hit.span)
        german = self.language == "de" and capital is Capital.NAME
        return Capital.PLACE if german else capital

    def _of_language(self, words: tuple[frozenset[str], frozenset[str]]) -> frozenset[str]:
        """The articles of English, or of the others: "do" and "as" are some in Portuguese alone."""
        return words[self.language != "en"]

    def features(self, hit: NameHit, window: Window, profile: TargetProfile) -> Mapping[str, float]:
        """What is weighed of one use of a name."""
        capital = self._capital(hit, window)
        word = window.passage.reading.source[hit.span.start : hit.span.end]
        is_small = capital is Capital.NONE
        facets = profile.vectors
        asked = self.asked
        return {
            "share": prod(map(small_share, _words(hit, window))),
            "name": float(capital is Capital.NAME),
            "place": float(capital is Capital.PLACE),
            "style": float(capital is Capital.STYLE),
            "code": float(capital is Capital.CODE),
            "word": float(capital is Capital.NONE and _has_capitals(self.text)),
            "beside_other": float(_beside_other(hit, window, profile)),
            "definite": float(_before(hit, window) in self._of_language(_DEFINITE)),
            "indefinite": float(_before(hit, window) in self._of_language(_INDEFINITE)),
            "small": float(
                not is_small and _is_small(word, self.text) and not self._is_named(profile)
            ),
            "named": float(not is_small and self._is_named(profile)),
            "like": _like(window.passage.vector, facets),
            "like_text": max((_like(w.passage.vector, facets) for w in self.windows), default=0.0),
            "like_asked": 0.0 if asked is None else _like(asked.passage.vector, facets),
            "like_word": float(window.passage.vector @ self.embedder.embed([word])[0]),
            "shared": _shared([*self.windows], profile),
            "shared_asked": 0.0 if asked is None else _shared([asked], profile),
            "unknown": float(not profile.facets),
            "foreign": float(self.language != "en"),
        }


def may_be_word(hit: NameHit, window: Window) -> bool:
    """Whether a name that was found is made of nothing but words that are often written small:
    "Washington" is in every list of words, and a name wherever it stands."""
    if hit.view != "plain" or not hit.exact:
        return False
    words = _words(hit, window)
    return len(words) < _LONG and all(w.isdigit() or is_often_small(w) for w in words)


def form_of(hit: NameHit, window: Window, profile: TargetProfile) -> NameForm | None:
    """The form that was found, where it is a whole name of its target that asks for a capital since
    it is an everyday word or two, whether or not it has one."""
    if not may_be_word(hit, window):
        return None
    words = _words(hit, window)
    whole = (f for f in profile.forms if f.capital and f.strength >= Strength.TOLD)
    return next((form for form in whole if form.words == words), None)


def _words(hit: NameHit, window: Window) -> tuple[str, ...]:
    tokens = window.passage.reading.tokens
    return tuple(tokens[at].word for at in range(hit.first, hit.last + 1))


_OF = frozenset("of de du des del della di da do von van".split())

# What stands before a noun, in English and in the other languages that names are found in.
_DEFINITE = (
    frozenset("the this that these those my your our their his her its".split()),
    frozenset(
        "der die das den dem des im am beim zum zur le la el les los las lo il gli o os as do da "
        "no na ao het".split()
    ),
)
_INDEFINITE = (
    frozenset("a an another any each every some no which".split()),
    frozenset(
        "ein eine einem einen einer eines kein keine keinen jeder jede jedes un une des uno una "
        "unos unas um uma umas een".split()
    ),
)


def _like(vector: Vectors, facets: Vectors) -> float:
    return float((facets @ vector).max()) if len(facets) else 0.0


def _shared(windows: Sequence[Window], profile: TargetProfile) -> float:
    """The weight of the telling words that a text shares with what is known, at most 3."""
    found: dict[str, float] = {}
    for window in windows:
        for word, weight in window.passage.words.weights.items():
            if word in profile.postings and word not in profile.own_words:
                found[word] = weight
    return min(sum(found.values()), 3.0)


def _beside_other(hit: NameHit, window: Window, profile: TargetProfile) -> bool:
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


def _before(hit: NameHit, window: Window) -> str:
    """The word before a name, if there is one and nothing else between."""
    reading = window.passage.reading
    if not hit.first:
        return ""
    ahead, own = reading.tokens[hit.first - 1], reading.tokens[hit.first]
    between = reading.views[0].folded.text[ahead.end : own.start]
    return ahead.word if not between.strip(_QUOTES) else ""


def _is_glued(hit: NameHit, window: Window) -> bool:
    """Whether a hyphen joins a name to a word before it: "an e-Visa"."""
    return window.passage.reading.source[: hit.span.start].endswith("-")


def _is_small(word: str, text: str) -> bool:
    """Whether the word stands without a capital in the text; code has its own spelling."""
    prose = _CODE.sub(" ", text)
    return bool(re.search(rf"\b{re.escape(word.lower())}(?:e?s|ed|ing)?\b", prose))


def _has_capitals(text: str) -> bool:
    """Whether sentences of a text begin with capitals."""
    return bool(re.search(r"(?:^|[.!?]\s+)[^\W\d_]", text)) and any(map(str.isupper, text))
