"""Whether a name that is a word of the language stands for its target, or for something else.

"Switch", "Shell" and "Prince" are names of a console, a company and a musician, and words besides.
Where a text says such a name and no other, it is weighed what the capital says there, what stands
beside it, whether the text uses the word without a capital, and whether the text is about what is
known of the target: one sense per discourse (Gale, Church and Yarowsky, "One Sense Per Discourse",
1992, section 1).
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from math import prod
from typing import Any

from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import Capital, NameForm, NameHit, Strength, capital_of, is_plain
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.tools.reading import Token, language_of, small_share

__all__ = ["FEATURES", "SenseScorer", "Senses", "shipped_scorer"]

_FILE = "senses.json"
_OTHER = "word"  # the view of a name that is used as another word
_LONG = 3
_STICKY = 0.3
_READ = 2_000  # characters by which a language is known

FEATURES = (
    "share",
    "name",
    "place",
    "style",
    "code",
    "word",
    "beside_other",
    "article",
    "small",
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


@dataclass(frozen=True, slots=True)
class SenseScorer:
    """A logistic scorer: the log-odds that a name stands for its target."""

    weights: Mapping[str, float]
    intercept: float

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> SenseScorer:
        """Read what the fit wrote."""
        return cls({k: float(v) for k, v in data["weights"].items()}, float(data["intercept"]))

    def margin(self, features: Mapping[str, float]) -> float:
        """The log-odds of one use, by its `FEATURES`."""
        return self.intercept + sum(w * features[name] for name, w in self.weights.items())


@cache
def shipped_scorer() -> SenseScorer:
    """The scorer of the package, fitted by `benchmarks/homonyms.py`."""
    file = resources.files("amnestic.tools.detection").joinpath("data", _FILE)
    return SenseScorer.from_json(json.loads(file.read_text("utf-8")))


class Senses:
    """Tells in which sense texts use names that are words.

    Args:
        profile_of: what is known of a target, by its id.
        embedder: what the vectors are of.
        scorer: that of the package unless given.

    """

    def __init__(
        self,
        profile_of: Callable[[str], TargetProfile | None],
        embedder: Embedder,
        scorer: SenseScorer | None = None,
    ) -> None:
        self._profile_of = profile_of
        self._embedder = embedder
        self._scorer = scorer

    def told(
        self, text: str, windows: Sequence[Window], asked: Window | None, context: Context
    ) -> list[Window]:
        """The windows of a text, in which a name that is likelier used as another word is no more
        than that: a word in small letters.

        Args:
            text: all of the text.
            windows: its pieces, as far as they were read.
            asked: the question that it answers.
            context: what it stands in.

        """
        if not any(
            _may_be_word(hit, w) for w in windows for found in w.hits.values() for hit in found
        ):
            return list(windows)
        whole = _Discourse(text, windows, asked, context, self._embedder, language_of(text[:_READ]))
        return [self._of_window(w, whole) for w in windows]

    def _of_window(self, window: Window, whole: _Discourse) -> Window:
        hits, names = dict(window.hits), dict(window.names)
        for target_id, found in window.hits.items():
            profile = self._profile_of(target_id)
            told = found if profile is None else self._of_target(found, window, profile, whole)
            if told != found:
                hits[target_id] = told
                places = zip(told, window.names[target_id], strict=True)
                names[target_id] = [place for hit, place in places if hit.view != _OTHER]
        return window if hits == window.hits else replace(window, hits=hits, names=names)

    def _of_target(
        self, found: list[NameHit], window: Window, profile: TargetProfile, whole: _Discourse
    ) -> list[NameHit]:
        """The names of one target as what they are used for; as they were where the text calls it
        by another name, too, which is no such word."""
        words = {hit: form.strength for hit in found if (form := _form(hit, window, profile))}
        if not words or whole.names_otherwise(profile):
            return found
        scorer = self._scorer or shipped_scorer()
        told = []
        for hit in found:
            if hit in words and scorer.margin(whole.features(hit, window, profile)) > 0:
                hit = hit._replace(strength=words[hit])
            elif hit in words:
                hit = hit._replace(strength=Strength.PART, capital=False, view=_OTHER)
            told.append(hit)
        return told


@dataclass(frozen=True, slots=True)
class _Discourse:
    """A text and what it stands in."""

    text: str
    windows: Sequence[Window]
    asked: Window | None
    context: Context
    embedder: Embedder
    language: str

    def names_otherwise(self, profile: TargetProfile) -> bool:
        """Whether the text or its question has a name of the target that is no everyday word, or
        the conversation has been about it."""
        context, target_id = self.context, profile.target.id
        if target_id in context.told or context.sticky.get(target_id, 0.0) >= _STICKY:
            return True
        windows = (*self.windows, *([] if self.asked is None else [self.asked]))
        return any(
            hit.strength >= Strength.TOLD and _form(hit, window, profile) is None
            for window in windows
            for hit in window.hits.get(target_id, ())
        )

    def _capital(self, hit: NameHit, window: Window) -> Capital:
        """What a capital says: German writes every noun with one."""
        capital = capital_of(window.passage.reading.source, hit.span)
        german = self.language == "de" and capital is Capital.NAME
        return Capital.PLACE if german else capital

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
            "article": float(_has_article(hit, window)),
            "small": float(_is_small(word, self.text) and not is_small),
            "like": _like(window.passage.vector, facets),
            "like_text": max((_like(w.passage.vector, facets) for w in self.windows), default=0.0),
            "like_asked": 0.0 if asked is None else _like(asked.passage.vector, facets),
            "like_word": float(window.passage.vector @ self.embedder.embed([word])[0]),
            "shared": _shared([*self.windows], profile),
            "shared_asked": 0.0 if asked is None else _shared([asked], profile),
            "unknown": float(not profile.facets),
            "foreign": float(self.language != "en"),
        }


def _may_be_word(hit: NameHit, window: Window) -> bool:
    """Whether a name that was found is made of nothing but everyday words, as it is written."""
    if hit.view != "plain" or not hit.exact:
        return False
    words = _words(hit, window)
    return len(words) < _LONG and is_plain(words)


def _form(hit: NameHit, window: Window, profile: TargetProfile) -> NameForm | None:
    """The form that was found, where it is a whole name of its target that asks for a capital since
    it is an everyday word or two, whether or not it has one."""
    if not _may_be_word(hit, window):
        return None
    words = _words(hit, window)
    whole = (f for f in profile.forms if f.capital and f.strength >= Strength.TOLD)
    return next((form for form in whole if form.words == words), None)


def _words(hit: NameHit, window: Window) -> tuple[str, ...]:
    tokens = window.passage.reading.tokens
    return tuple(tokens[at].word for at in range(hit.first, hit.last + 1))


_ARTICLES = frozenset(
    "the a an this that these those my your our their his her its each every".split()
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
    """Whether a capitalised word stands beside it that is not known of the target."""
    return any(
        token.capital and token.word not in profile.own_words and token.word not in profile.postings
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


def _has_article(hit: NameHit, window: Window) -> bool:
    tokens = window.passage.reading.tokens
    return hit.first > 0 and tokens[hit.first - 1].word in _ARTICLES


def _is_small(word: str, text: str) -> bool:
    """Whether the word stands without a capital in the text."""
    return bool(re.search(rf"\b{re.escape(word.lower())}(?:e?s|ed|ing)?\b", text))


def _has_capitals(text: str) -> bool:
    """Whether sentences of a text begin with capitals."""
    return bool(re.search(r"(?:^|[.!?]\s+)[^\W\d_]", text)) and any(map(str.isupper, text))
