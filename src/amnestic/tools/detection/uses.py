"""One use of a name that is a word of the language: what speaks for it and against, as features."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import prod

from amnestic.tools.detection.next_to import (
    DEFINITE,
    INDEFINITE,
    behind_given,
    beside_other,
    in_title,
    is_glued,
    word_before,
    words_of_hit,
)
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import Capital, NameForm, NameHit, Strength, capital_of, is_often_small
from amnestic.tools.protocols import Context, Vectors
from amnestic.tools.reading import language_of, small_share
from amnestic.types import Span, TargetKind

__all__ = ["FEATURES", "MOST_USES", "Discourse", "may_be_word", "use_of"]

MOST_USES = 16
"""The uses of a name in one piece of text that are weighed."""

_LONG = 3
_STICKY = 0.3
_JOINING = 5  # letters of a word that joins others, at most, as a rule
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.S)
_DECLARED = re.compile(
    r"\b(?:class|struct|interface|enum|trait)[ \t]+(\w+)"
    r"(?=\s*[:({<\n]|[ \t]+(?:extends|implements)\b)"
)
_QUOTED = re.compile(r"[\"'`#*]|//|--")  # what opens words and remarks in a line of code
_READ = 2_000  # characters by which a language is known

FEATURES = (
    "share",
    "name",
    "place",
    "style",
    "code",
    "word",
    "beside_other",
    "in_title",
    "behind_given",
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
class _Whole:
    """What a text says of one target, wherever its name stands."""

    is_named: bool
    like: float
    shared: float
    like_asked: float
    shared_asked: float


class Discourse:
    """A text and what it stands in. What holds for all of it is found out once.

    Args:
        text: all of the text.
        windows: its pieces, as far as they were read.
        asked: the question that it answers.
        context: what it stands in.
        vector_of: the vector of a word by itself.

    """

    def __init__(
        self,
        text: str,
        windows: Sequence[Window],
        asked: Window | None,
        context: Context,
        vector_of: Callable[[str], Vectors],
    ) -> None:
        self._windows = windows
        self._asked = asked
        self._context = context
        self._vector_of = vector_of
        self._prose = _CODE.sub(" ", text)  # code has its own spelling
        self._declared = [
            (Span(*found.span()), names)
            for found in _CODE.finditer(text)
            if (names := frozenset(_DECLARED.findall(found.group())))
        ]
        self._has_capitals = _has_capitals(text)
        self._otherwise: dict[str, bool] = {}
        self._wholes: dict[str, _Whole] = {}
        self._small: dict[str, bool] = {}

    @cached_property
    def language(self) -> str:
        """That of the text; of what is nothing but code, that of its question."""
        prose = self._prose
        if not prose.strip() and self._asked is not None:
            prose = self._asked.text
        return language_of(prose[:_READ])

    def names_otherwise(self, profile: TargetProfile) -> bool:
        """Whether the text or its question has a name of the target that is no everyday word, or
        the conversation has been about it."""
        target_id = profile.target.id
        if target_id not in self._otherwise:
            self._otherwise[target_id] = self._names_otherwise(profile)
        return self._otherwise[target_id]

    def _names_otherwise(self, profile: TargetProfile) -> bool:
        context, target_id = self._context, profile.target.id
        if target_id in context.told or context.sticky.get(target_id, 0.0) >= _STICKY:
            return True
        windows = (*self._windows, *([] if self._asked is None else [self._asked]))
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
            and not beside_other(hit, window, profile)
            and not is_glued(hit, window)
            for window in self._windows
            for hit in window.hits.get(profile.target.id, ())[:MOST_USES]
        )

    def _whole(self, profile: TargetProfile) -> _Whole:
        whole = self._wholes.get(profile.target.id)
        if whole is None:
            asked = [] if self._asked is None else [self._asked]
            whole = self._wholes[profile.target.id] = _Whole(
                self._is_named(profile),
                _likest(self._windows, profile),
                _shared(self._windows, profile, self.language),
                _likest(asked, profile),
                _shared(asked, profile, self.language),
            )
        return whole

    def _is_small(self, word: str) -> bool:
        """Whether the word stands without a capital in the text."""
        if word not in self._small:
            small = re.compile(rf"\b{re.escape(word)}(?:e?s|ed|ing)?\b")
            self._small[word] = small.search(self._prose) is not None
        return self._small[word]

    def _capital(self, hit: NameHit, window: Window) -> Capital:
        """What a capital says: German writes every noun with one, and code that declares a name
        means its own by it, but for what it quotes and remarks."""
        source = window.passage.reading.source
        line = source[source.rfind("\n", 0, hit.span.start) + 1 : hit.span.start]
        name, at = source[hit.span.start : hit.span.end], window.span.start
        if not _QUOTED.search(line) and any(
            code.start <= at < code.end and name in names for code, names in self._declared
        ):
            return Capital.CODE
        capital = capital_of(source, hit.span)
        marked = source[hit.span.start - 1 : hit.span.start] == "`" == source[hit.span.end :][:1]
        if capital is Capital.CODE and marked and hit.strength in _PARTS:
            return Capital.PLACE  # marked as code, which a person is not
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
        whole = self._whole(profile)
        return {
            "share": prod(map(small_share, words_of_hit(hit, window))),
            "name": float(capital is Capital.NAME),
            "place": float(capital is Capital.PLACE),
            "style": float(capital is Capital.STYLE),
            "code": float(capital is Capital.CODE),
            "word": float(is_small and self._has_capitals),
            "beside_other": float(beside_other(hit, window, profile)),
            "in_title": float(in_title(hit, window, profile)),
            "behind_given": float(behind_given(hit, window, profile)),
            "definite": float(word_before(hit, window) in self._of_language(DEFINITE)),
            "indefinite": float(word_before(hit, window) in self._of_language(INDEFINITE)),
            "small": float(not is_small and not whole.is_named and self._is_small(word.lower())),
            "named": float(not is_small and whole.is_named),
            "like": _like(window, profile),
            "like_text": whole.like,
            "like_asked": whole.like_asked,
            "like_word": float(window.passage.vector @ self._vector_of(word.lower())),
            "shared": whole.shared,
            "shared_asked": whole.shared_asked,
            "unknown": float(not profile.facets),
            "foreign": float(self.language != "en"),
        }


def may_be_word(hit: NameHit, window: Window) -> bool:
    """Whether a name that was found is made of nothing but words that are often written small:
    "Washington" is in every list of words, and a name wherever it stands, and so is what has the
    marks of the name ("Mané")."""
    if hit.view != "plain" or not hit.exact or hit.spelt:
        return False
    words = words_of_hit(hit, window)
    return len(words) < _LONG and all(w.isdigit() or is_often_small(w) for w in words)


def form_of(hit: NameHit, window: Window, profile: TargetProfile) -> NameForm | None:
    """The form that was found, where it is a whole name of its target that asks for a capital since
    it is an everyday word or two, whether or not it has one."""
    if not may_be_word(hit, window):
        return None
    words = words_of_hit(hit, window)
    whole = (f for f in profile.forms if f.capital and f.strength >= Strength.TOLD)
    return next((form for form in whole if form.words == words), None)


def use_of(hit: NameHit, window: Window, profile: TargetProfile) -> Strength | None:
    """As how strong a form a name that is a word counts where it stands for its target: as the
    whole name (`form_of`), or as the one word of a person's that it is. `None` where that is no
    question, as beside the rest of somebody else's name, which says whose the part is all over the
    text."""
    form = form_of(hit, window, profile)
    if form is not None:
        return form.strength
    if profile.target.kind is not TargetKind.PERSON or hit.strength not in _PARTS:
        return None
    if hit.first != hit.last or not may_be_word(hit, window):
        return None
    is_given = hit.strength is Strength.PART
    beside = beside_other if is_given else behind_given
    return None if hit.capital and beside(hit, window, profile) else hit.strength


_PARTS = (Strength.SURNAME, Strength.PART)


def _like(window: Window, profile: TargetProfile) -> float:
    facets = profile.vectors
    return float((facets @ window.passage.vector).max()) if len(facets) else 0.0


def _likest(windows: Sequence[Window], profile: TargetProfile) -> float:
    return max((_like(window, profile) for window in windows), default=0.0)


def _shared(windows: Sequence[Window], profile: TargetProfile, language: str) -> float:
    """The weight of the telling words that a text shares with what is known, at most 3. Which words
    tell nothing is known of English; elsewhere names, numbers and German nouns do, and where nouns
    are written small, what is longer than the words that join others mostly are."""
    found: dict[str, float] = {}
    for window in windows:
        words = window.passage.words
        telling = words.numbers.union(w for w in words.entities if not is_often_small(w))
        for word, weight in words.weights.items():
            may_be_noun = language != "de" and (len(word) > _JOINING or not word.isascii())
            may_tell = language == "en" or may_be_noun or word in telling
            if may_tell and word in profile.postings and word not in profile.own_words:
                found[word] = weight
    return min(sum(found.values()), 3.0)


def _has_capitals(text: str) -> bool:
    """Whether sentences of a text begin with capitals."""
    return bool(re.search(r"(?:^|[.!?]\s+)[^\W\d_]", text)) and any(map(str.isupper, text))
