"""Whom a passage is about, by the company it stands in: full names near it, others, exceptions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from amnestic.tools.detection.evidence import Passage
from amnestic.tools.detection.windows import Window
from amnestic.tools.index import TargetProfile
from amnestic.tools.names import NameHit, Strength, others_beside, tells_of_other
from amnestic.tools.protocols import Context, Vectors

__all__ = ["excepted", "is_of_another", "other_subject", "with_named"]


def with_named(context: Context, windows: Sequence[Window]) -> Context:
    """The context of texts in which targets are called by their full names."""
    named = {t for w in windows for t, hits in w.hits.items() if any(map(_is_full, hits))}
    return replace(context, named=context.named | named) if named - context.named else context


def _is_full(hit: NameHit) -> bool:
    return hit.strength is Strength.FULL and hit.view == "plain"


def is_of_another(asked: Window, window: Window, target_id: str) -> bool:
    """Whether a question asks of somebody else too, and this piece of its answer tells of them."""
    names = asked.names.get(target_id, ())
    if not names or asked.partial or target_id in window.hits:
        return False
    return tells_of_other(window.text, others_beside(asked.passage.reading.source, names))


def other_subject(window: Window, profile: TargetProfile) -> bool:
    """Whether the text names somebody or something else that its pronouns may stand for."""
    runs = window.passage.phrasing.runs
    return any(not profile.own_words.intersection(run) for run in runs)


def excepted(profile: TargetProfile, vector: Vectors, *passages: Passage) -> bool:
    """Whether a text speaks of something that may still be told of the target."""
    if not profile.exceptions:
        return False
    words = {w for p in passages for w in p.words.weights}
    for exception in profile.exceptions:
        wanted = {w for w in exception.weights if w not in profile.own_words}
        if wanted and len(wanted & words) >= 0.66 * len(wanted):
            return True
    facts = profile.vectors @ vector
    nearest = float((profile.exception_vectors @ vector).max())
    return nearest > max(0.5, float(facts.max()) if len(facts) else 0.0)
