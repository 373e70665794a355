"""Which targets a text is near, below what makes it a leak: whether it is worth asking a model
whom the text tells of.

Likeness of meaning alone brings too much, and the score of the question alone too little: a
question counts that is rather like what is known of a target and scores just under the uncertain
band, or any passage that is very like it. On replies to grade-school mathematics and small tasks,
with a hundred people listed, one in forty is near; of questions and answers about those people
that hold nothing of their names, four in five.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from amnestic.tools.detection.gauge import Measure
from amnestic.tools.detection.weights import FEATURES, TextKind
from amnestic.tools.protocols import Near
from amnestic.types import Span

__all__ = ["Nearness", "near_targets", "nearness_of"]

_VERY_LIKE = 0.56
_LIKE = 0.44
_SCORE = 0.23  # the uncertain band begins at 1/4
_COSINES = {
    TextKind.QUESTION: ("cos_max",),
    TextKind.STATEMENT: ("cos_max",),
    TextKind.ANSWER: ("q_cos_max", "qa_cos_max"),
}
_PLACES = {
    kind: tuple(FEATURES[kind].index(name) for name in names) for kind, names in _COSINES.items()
}


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one text is to one target: its highest likeness, the score of a question, and where
    the like passages stand."""

    target_id: str
    likeness: float
    score: float
    spans: tuple[Span, ...]


def nearness_of(scored: Iterable[tuple[Measure, float]]) -> tuple[Nearness, ...]:
    """How near a text is to each target that it was measured against."""
    found: dict[str, tuple[float, float, set[Span]]] = {}
    for measure, score in scored:
        like = max(float(measure.features[i]) for i in _PLACES[measure.kind])
        own = float(measure.features[_PLACES[measure.kind][-1]])
        asked = score if measure.kind is TextKind.QUESTION else 0.0
        likest, highest, spans = found.get(measure.target_id, (0.0, 0.0, set()))
        if own >= _LIKE:
            spans.add(measure.span)
        found[measure.target_id] = (max(likest, like), max(highest, asked), spans)
    return tuple(
        Nearness(target_id, like, score, _in_order(spans))
        for target_id, (like, score, spans) in found.items()
        if like >= _LIKE
    )


def near_targets(question: Sequence[Nearness], text: Sequence[Nearness]) -> tuple[Near, ...]:
    """All targets that a question and the text given in answer are like, the likest first, with
    the passages of the text; none where nothing is near enough to one of them."""
    if not any(map(_is_near, (*question, *text))):
        return ()
    likest: dict[str, float] = {}
    for n in (*question, *text):
        likest[n.target_id] = max(n.likeness, likest.get(n.target_id, 0.0))
    spans = {n.target_id: n.spans for n in text}
    near = (Near(target_id, like, spans.get(target_id, ())) for target_id, like in likest.items())
    return tuple(sorted(near, key=lambda n: -n.likeness))


def _is_near(found: Nearness) -> bool:
    return found.likeness >= _VERY_LIKE or found.score >= _SCORE


def _in_order(spans: Iterable[Span]) -> tuple[Span, ...]:
    return tuple(sorted(spans, key=lambda s: (s.start, s.end)))
