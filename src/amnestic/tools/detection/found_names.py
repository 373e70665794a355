"""Names that were found in pieces of text, as what they turn out to stand for."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from amnestic.tools.detection.signs import OTHER
from amnestic.tools.detection.window import Window
from amnestic.tools.names import NameHit, Strength
from amnestic.tools.protocols import Context

__all__ = [
    "Rule",
    "as_other",
    "has_capital",
    "is_one_word",
    "is_spoken_of",
    "rule_of",
    "with_others",
    "with_told",
]

Rule = Callable[[Window, NameHit], bool]
"""Which names of a target stand for something else in a piece of text."""


def as_other(hit: NameHit) -> NameHit:
    """A name that was found, as one that stands for something else."""
    return hit._replace(strength=Strength.PART, capital=False, view=OTHER)


def with_told(window: Window, told: dict[str, list[NameHit]]) -> Window:
    """The window with the names of some targets as what they are `told` to be. It has a place for
    each that still stands for its target."""
    hits, names = dict(window.hits), dict(window.names)
    for target_id, found in told.items():
        if found != window.hits[target_id]:
            before = [hit.view != OTHER for hit in window.hits[target_id]]
            still = [hit.view != OTHER for hit, was in zip(found, before, strict=True) if was]
            places = zip(window.names[target_id], still, strict=True)
            hits[target_id], names[target_id] = (
                found,
                [place for place, is_name in places if is_name],
            )
    return window if hits == window.hits else replace(window, hits=hits, names=names)


def with_others(windows: Sequence[Window], is_other: Mapping[str, Rule]) -> list[Window]:
    """The windows, in which those names of each target stand for something else of which it is said
    so."""
    return [
        with_told(
            window,
            {
                target_id: [as_other(h) if other(window, h) else h for h in found]
                for target_id, found in window.hits.items()
                if (other := is_other.get(target_id)) is not None
            },
        )
        for window in windows
    ]


def rule_of(
    target_id: str,
    windows: Sequence[Window],
    context: Context,
    is_other: Rule,
    *,
    asks_of_other: bool,
) -> Rule | None:
    """Which names of a target in a text stand for something else, where `is_other` tells that of
    some: in the answer to a question that `asks_of_other`, and in which nothing else names the
    target, each that stands by itself. `None` where all are the target's."""
    if asks_of_other:
        return is_other if is_spoken_of(windows, target_id, context) else _is_alone
    hits = ((w, h) for w in windows for h in w.hits.get(target_id, ()))
    return is_other if any(is_other(w, h) for w, h in hits) else None


def _is_alone(window: Window, hit: NameHit) -> bool:
    return is_one_word(hit)


def is_one_word(hit: NameHit) -> bool:
    """Whether a name of one word stands there as it is told."""
    return hit.first == hit.last and hit.view == "plain" and hit.exact


def has_capital(window: Window, hit: NameHit) -> bool:
    """Whether a name of one word stands there with a capital, whatever it was taken for since."""
    is_word = hit.first == hit.last and hit.exact and hit.view in ("plain", OTHER)
    return is_word and window.passage.reading.tokens[hit.first].capital


def is_spoken_of(windows: Sequence[Window], target_id: str, context: Context) -> bool:
    """Whether a text, its question or the conversation is certainly about a target, by more than a
    name of one word."""
    return (
        target_id in context.told
        or target_id in context.sticky
        or any(
            hit.first < hit.last and hit.strength >= Strength.TOLD
            for window in windows
            for hit in window.hits.get(target_id, ())
        )
    )
