"""A window: a piece of a text, read and embedded, and what stands in it of targets."""

from __future__ import annotations

from dataclasses import dataclass

from amnestic.tools.detection.evidence import Passage
from amnestic.tools.detection.signs import OTHER
from amnestic.tools.names import NameHit, is_everyday, is_only_a_name
from amnestic.tools.reading import Reading
from amnestic.types import Span

__all__ = ["Hits", "Window", "names_one"]

_SELF_CONTAINED = 8

Hits = dict[str, list[NameHit]]
"""The names of targets in a piece of text, by target."""


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of a text, read and embedded, with its name hits and nearest targets.

    `partial` says that its text has other pieces beside it, `before` is what stands before it.
    """

    passage: Passage
    span: Span
    hits: Hits
    names: dict[str, list[Span]]
    near: dict[str, float]
    partial: bool = False
    before: str = ""

    @property
    def text(self) -> str:
        """The window's text, decoded."""
        return self.passage.reading.text

    def says_telling_part_of(self, target_id: str) -> bool:
        """Whether a word of the target's name stands here, as it is written, that is
        nothing but a name."""
        tokens = self.passage.reading.tokens
        return any(
            is_only_a_name(tokens[at].word)
            for hit in self.hits.get(target_id, ())
            if hit.view == "plain" and hit.exact and hit.capital
            for at in range(hit.first, hit.last + 1)
        )

    def says_homonym_of(self, target_id: str) -> bool:
        """Whether words of a target's name stand here, and all of them for something else."""
        hits = self.hits.get(target_id, ())
        return bool(hits) and all(hit.view == OTHER for hit in hits)

    @property
    def names_one(self) -> bool:
        """Whether a target is named, by more than a given name or an everyday word."""
        return names_one(self.passage.reading, self.hits)

    @property
    def is_self_contained(self) -> bool:
        """Whether it is long enough to say something without its question."""
        return len(self.passage.reading.tokens) >= _SELF_CONTAINED

    def best_other(self, target_id: str) -> float:
        """The highest cosine to a facet of another target."""
        return max((s for t, s in self.near.items() if t != target_id), default=0.0)

    @property
    def nearest(self) -> float:
        """The highest cosine to a facet of any target."""
        return max(self.near.values(), default=0.0)


def names_one(reading: Reading, hits: Hits) -> bool:
    """Whether a target is named, by more than a given name or an everyday word ("cash", "50"),
    which stand in many texts that are about nobody on the list."""
    words = reading.views[0].words.words
    return any(not is_everyday(hit, words) for found in hits.values() for hit in found)
