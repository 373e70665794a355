"""Whether a name that is a word of the language stands for its target, or for something else.

"Switch", "Shell" and "Prince" are names of a console, a company and a musician, and words besides,
as "Bolt" is, which is a runner's surname. Where a text says such a name and no other, it is weighed
what the capital says there, what stands beside it, whether the text uses the word without a
capital, and whether the text is about what is known of the target: one sense per discourse (Gale,
Church and Yarowsky, "One Sense Per Discourse", 1992, section 1).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from amnestic.tools.detection.found_names import as_other, with_told
from amnestic.tools.detection.namesakes import without_namesakes
from amnestic.tools.detection.numbered import without_other_numbers
from amnestic.tools.detection.small_names import without_nouns
from amnestic.tools.detection.told_kinds import without_other_kinds
from amnestic.tools.detection.uses import MOST_USES, Discourse, may_be_word, use_of
from amnestic.tools.detection.window import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit
from amnestic.tools.protocols import Context, Embedder, Vectors

__all__ = ["SenseScorer", "Senses", "shipped_scorer"]

_FILE = "senses.json"
_KEPT = 4_096  # vectors of names


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
    """The scorer of the package, fitted by `benchmarks/homonyms_fit.py`."""
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
        self._vectors: dict[str, Vectors] = {}

    def told(
        self, text: str, windows: Sequence[Window], asked: Window | None, context: Context
    ) -> list[Window]:
        """The windows of a text, in which a name that is likelier used as another word, or is a
        namesake's, is no more than that: a word in small letters.

        Args:
            text: all of the text.
            windows: its pieces, as far as they were read.
            asked: the question that it answers.
            context: what it stands in.

        """
        windows = self.by_names(text, windows, asked, context)
        if not any(
            may_be_word(hit, w) for w in windows for found in w.hits.values() for hit in found
        ):
            return windows
        whole = Discourse(text, windows, asked, context, self._vector_of)
        return [self._of_window(w, whole) for w in windows]

    def by_names(
        self, text: str, windows: Sequence[Window], asked: Window | None, context: Context
    ) -> list[Window]:
        """The same, as far as it is told without a vector."""
        windows = without_other_numbers(windows, self._profile_of)
        windows = without_namesakes(windows, asked, context, self._profile_of)
        windows = without_other_kinds(windows, asked, context, self._profile_of)
        return without_nouns(text, windows, asked, context, self._profile_of)

    def _vector_of(self, word: str) -> Vectors:
        """The vector of a name by itself, which every text that says it is held against."""
        found = self._vectors.get(word)
        if found is None:
            if len(self._vectors) >= _KEPT:
                self._vectors.clear()
            found = self._vectors[word] = self._embedder.embed([word])[0]
        return found

    def _of_window(self, window: Window, whole: Discourse) -> Window:
        told = {
            target_id: self._of_target(found, window, profile, whole)
            for target_id, found in window.hits.items()
            if (profile := self._profile_of(target_id)) is not None
        }
        return with_told(window, told)

    def _of_target(
        self, found: list[NameHit], window: Window, profile: TargetProfile, whole: Discourse
    ) -> list[NameHit]:
        """The names of one target as what they are used for; as they were where the text calls it
        by another name, too, which is no such word, or says it so often that it is no sentence."""
        if len(found) > MOST_USES:
            return found
        words = {hit: use for hit in found if (use := use_of(hit, window, profile)) is not None}
        if not words or whole.names_otherwise(profile):
            return found
        scorer = self._scorer or shipped_scorer()
        told = []
        for hit in found:
            if hit in words and scorer.margin(whole.features(hit, window, profile)) > 0:
                hit = hit._replace(strength=words[hit])
            elif hit in words:
                hit = as_other(hit)
            told.append(hit)
        return told
