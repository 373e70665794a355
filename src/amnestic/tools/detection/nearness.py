"""Which targets a text is near, below what makes it a leak: whether it is worth asking a model
whom the text tells of.

Likeness of meaning alone brings too much, and so does the score of the question alone. A text is
near a target when

* its question is very like what is known of the target, or one of its passages is;
* its question is rather like it, and scores just under the uncertain band;
* an uncertain passage shares several of the target's own names and numbers with it;
* nearly all telling words of something rather like it stand in one fact, a name among them;
* a word stands in it that is a part of the target's name and no word of the language;
* it is not in English, which is what likeness is best at, and says a name that is known of the
  target.

On replies to grade-school mathematics and small tasks, with a hundred people listed, fewer than
three in a hundred are near; of questions and answers about those people that hold nothing of their
names, more than four in five.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.weights import FEATURES, TextKind
from amnestic.tools.protocols import Near
from amnestic.types import Span

__all__ = ["Nearness", "is_near", "near_targets", "nearness_of"]

_LISTED = 0.4
_LIKE_QUESTION, _LIKE_PASSAGE = 0.56, 0.58
_RATHER_LIKE, _NEARLY_UNCERTAIN = 0.46, 0.235  # the uncertain band begins at 1/4
_UNCERTAIN = 0.25
_SEVERAL = 2
_ONE_FACT, _LIKE_ONE = 0.8, 0.44
_LESS_LIKE, _LIKER = 0.2, 0.05


@dataclass(frozen=True, slots=True)
class Nearness:
    """How near one text is to one target.

    `question` and `passage` are the highest likeness of a question and of a passage, `score` the
    highest score of a question. `shares` says that it shares names with the target, or the words
    of one fact, `named` that a telling part of the name stands there, `known` that another name
    does that is known of the target. `spans` are the passages that are like it,
    and how much; those with a telling part of the name are most.
    """

    target_id: str
    question: float = 0.0
    passage: float = 0.0
    score: float = 0.0
    shares: bool = False
    named: bool = False
    known: bool = False
    spans: Mapping[Span, float] = field(default_factory=dict)

    @property
    def likeness(self) -> float:
        """The highest likeness of all."""
        return max(self.question, self.passage)

    def joined(self, other: Nearness) -> Nearness:
        """What two texts, or two passages, say of one target."""
        return Nearness(
            self.target_id,
            max(self.question, other.question),
            max(self.passage, other.passage),
            max(self.score, other.score),
            self.shares or other.shares,
            self.named or other.named,
            self.known or other.known,
            {
                s: max(self.spans.get(s, 0.0), other.spans.get(s, 0.0))
                for s in (*self.spans, *other.spans)
            },
        )


def nearness_of(scored: Iterable[tuple[Measure, float]]) -> tuple[Nearness, ...]:
    """How near a text is to each target that it was measured against."""
    found: dict[str, Nearness] = {}
    for measure, score in scored:
        near = _of_measure(measure, score)
        before = found.get(measure.target_id)
        found[measure.target_id] = near if before is None else before.joined(near)
    return tuple(n for n in found.values() if n.likeness >= _LISTED or n.named or n.known)


def near_targets(
    question: Sequence[Nearness], text: Sequence[Nearness], *, foreign: bool
) -> tuple[Near, ...]:
    """All targets that a question and the text given in answer are like, the likest first, with
    the passages of the text; none where nothing is near enough to one of them."""
    found = {n.target_id: n for n in text}
    for n in (replace(n, spans={}) for n in question):
        found[n.target_id] = found[n.target_id].joined(n) if n.target_id in found else n
    if not any(is_near(n, foreign=foreign) for n in found.values()):
        return ()
    ranked = sorted(found.values(), key=lambda n: -n.likeness)
    return tuple(Near(n.target_id, n.likeness, _likest(n)) for n in ranked)


def is_near(found: Nearness, *, foreign: bool) -> bool:
    """Whether a text is near a target; `foreign` says that it is in another language."""
    if found.named or found.shares or (foreign and found.known):
        return True
    if found.question >= _LIKE_QUESTION or found.passage >= _LIKE_PASSAGE:
        return True
    return found.score >= _NEARLY_UNCERTAIN and found.likeness >= _RATHER_LIKE


def _of_measure(measure: Measure, score: float) -> Nearness:
    values = dict(zip(FEATURES[measure.kind], measure.features.tolist(), strict=True))
    asks = measure.kind is TextKind.QUESTION
    passage = _highest(values, "qa_cos_max") or (0.0 if asks else _highest(values, "cos_max"))
    like = 1.0 if measure.telling else passage
    return Nearness(
        measure.target_id,
        _highest(values, "cos_max" if asks else "q_cos_max"),
        passage,
        score if asks else 0.0,
        _shares(values, score),
        measure.telling,
        _highest(values, "known_names", "q_known_names") > 0,
        {} if asks or like < _RATHER_LIKE else {measure.span: like},
    )


def _shares(values: Mapping[str, float], score: float) -> bool:
    names = _highest(values, "entities_known", "q_entities_known", "a_entities_known")
    words = _highest(values, "words_best", "q_words_best", "a_words_best")
    like = _highest(values, "cos_max", "q_cos_max", "qa_cos_max")
    several = score >= _UNCERTAIN and names >= _SEVERAL
    return several or (names > 0 and words >= _ONE_FACT and like >= _LIKE_ONE)


def _highest(values: Mapping[str, float], *names: str) -> float:
    return max(values.get(name, 0.0) for name in names)


def _likest(near: Nearness) -> tuple[Span, ...]:
    """The passages that are hardly less like the target than the likest one, and liker than the
    question: a short sentence is read with its question and has that one's likeness, so that all
    of an answer may be what is near; then no passage is said to be."""
    least = max(near.spans.values(), default=0.0) - _LESS_LIKE
    own = [s for s, like in near.spans.items() if like >= max(least, near.question + _LIKER)]
    return tuple(sorted(own, key=lambda s: (s.start, s.end)))
