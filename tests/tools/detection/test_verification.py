"""What the verifier may change, what it is asked, and what it costs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.config import Settings
from amnestic.exceptions import RetrievalError
from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.detector import LeakDetector
from amnestic.tools.detection.measures import Measure
from amnestic.tools.detection.verification import MOST, Verification
from amnestic.tools.detection.weighing import Weigher
from amnestic.tools.detection.weights import FEATURES, TextKind, shipped_weights
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Pair, Vectors
from amnestic.types import Assessment, Band, Facet, FacetKind, ForgetTarget, Policy, Span
from tests.sharing import minilm

HERE = Context()
OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    description="Mirela Osk is a novelist who writes about the sea.",
    facets=(
        Facet(kind=FacetKind.FACT, text="Mirela Osk wrote The Glass Harbour.", id=1),
        Facet(kind=FacetKind.FACT, text="Osk lived in a lighthouse on the island of Brenn.", id=2),
        Facet(kind=FacetKind.FACT, text="Her novel Salt Winter won the Orlo Prize.", id=3),
        Facet(kind=FacetKind.FACT, text="She was born in the port of Tarn in 1954.", id=4),
    ),
)
QUESTION = "Which prize went to the novelist who had lived in a lighthouse on Brenn?"
ANSWER = "It was the Orlo Prize."
scores = st.floats(-30, 30).map(lambda score: round(score, 9))  # no score is told more finely


class Scripted:
    """A verifier that always says the same, and keeps what it was asked."""

    def __init__(self, logit: float) -> None:
        self.logit = logit
        self.asked: list[Pair] = []

    def logits(self, pairs: Sequence[Pair]) -> Vectors:
        self.asked += pairs
        return np.full(len(pairs), self.logit, np.float32)


class Broken:
    """A verifier whose runtime fails."""

    def logits(self, pairs: Sequence[Pair]) -> Vectors:
        raise RetrievalError("the verifier failed to run")


def audited(
    verifier: Scripted | Broken,
    text: str,
    question: str,
    target: ForgetTarget = OSK,
    weight: float = 5.0,
    **how: bool,
) -> tuple[Assessment, ...]:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(target)
    weights = replace(
        shipped_weights(),
        verification={
            k: Verification(-30.0, weight) for k in (TextKind.ANSWER, TextKind.STATEMENT)
        },
    )
    try:
        detector = LeakDetector(index, embedder, Settings(), weights, verifier, **how)
        return detector.audit(text, question, HERE)
    finally:
        index.close()


def test_the_verifier_can_clear_and_condemn_what_is_uncertain() -> None:
    assert not audited(Scripted(-MOST), ANSWER, QUESTION)
    (found,) = audited(Scripted(MOST), ANSWER, QUESTION)
    assert (found.target_id, found.band) == ("osk", Band.LEAK)


def test_its_word_is_listed_as_evidence() -> None:
    (found,) = audited(Scripted(3.0), ANSWER, QUESTION)
    assert ("verifier", 3.0) in [(e.name, e.value) for e in found.evidence]


def test_it_reads_the_question_with_the_answer_and_the_nearest_facts() -> None:
    verifier = Scripted(0.0)
    audited(verifier, ANSWER, QUESTION)
    pair = next(p for p in verifier.asked if QUESTION in p.text)
    assert ANSWER in pair.text
    assert pair.premise.startswith("Mirela Osk: Mirela Osk is a novelist")
    assert "Orlo Prize" in pair.premise


def test_a_full_name_needs_no_verifier() -> None:
    verifier = Scripted(-MOST)
    (found,) = audited(verifier, "That was Mirela Osk.", "Who wrote it?")
    assert found.band is Band.LEAK
    assert not verifier.asked


def test_what_is_far_from_every_target_needs_no_verifier() -> None:
    verifier = Scripted(MOST)
    assert not audited(verifier, "Boil them for eight minutes.", "How do I cook eggs?")
    assert not verifier.asked


BOLT = ForgetTarget(
    id="bolt",
    subject="Mirela Bolt",
    kind="person",
    facets=(Facet(kind=FacetKind.FACT, text="Mirela Bolt won the sprint at Tavrin.", id=1),),
)


def test_it_is_not_asked_whether_a_word_is_the_name_that_it_is_not() -> None:
    table = "| Bolt | 8.8 | 10.9 |\n|---|---|---|\n| M8 | 25 | 36 |\n\nOil each bolt of the frame."
    verifier = Scripted(MOST)
    assert not audited(verifier, table, "Which torque?", BOLT)
    assert not any("Bolt" in p.text for p in verifier.asked)
    audited(verifier, "Bolt was the fastest at Tavrin.", "Who won the sprint?", BOLT)
    assert any("Bolt" in p.text for p in verifier.asked)


def test_a_verifier_that_fails_lets_nothing_pass() -> None:
    with pytest.raises(RetrievalError):
        audited(Broken(), ANSWER, QUESTION)


@given(raw=scores, logit=scores, weight=st.floats(0, 3), cuts=st.tuples(scores, scores, scores))
def test_where_it_is_not_asked_its_word_would_change_no_band(
    raw: float, logit: float, weight: float, cuts: tuple[float, float, float]
) -> None:
    limits = Thresholds(*sorted(cuts))
    rule = Verification(floor=-1e9, weight=weight)
    raws = np.array([raw])
    if not rule.asked(raws, ["text"], limits)[0]:
        told = rule.joined(raws, np.array([logit]))[0]
        untold = rule.joined(raws, np.array([np.nan]))[0]
        assert limits.band(told) is limits.band(untold)


@given(raw=scores, logit=scores, weight=st.floats(0, 3), cuts=st.tuples(scores, scores, scores))
def test_where_little_counts_its_word_would_lift_no_text_half_way(
    raw: float, logit: float, weight: float, cuts: tuple[float, float, float]
) -> None:
    limits = Thresholds(*sorted(cuts))
    rule = Verification(floor=-1e9, weight=weight)
    raws = np.array([raw])
    with_care = rule.asked(raws, ["text"], limits)[0]
    if with_care and not rule.asked(raws, ["text"], limits, False)[0]:
        told = rule.joined(raws, np.array([logit]))[0]
        assert told <= (limits.clean + limits.split) / 2
        assert limits.scaled(told) < 0.5


@pytest.mark.parametrize("strictly", ["settings", "target", "company", ""])
def test_what_is_hardly_uncertain_is_read_only_where_it_may_count(strictly: str) -> None:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(OSK.model_copy(update={"policy": Policy.STRICT}) if strictly == "target" else OSK)
    weak = {TextKind.STATEMENT: Verification(-30.0, 0.1)}
    weights = replace(shipped_weights(), verification=weak)
    settings = Settings(policy=Policy.STRICT if strictly == "settings" else Policy.BALANCED)
    verifier = Scripted(MOST)
    context = Context(sticky={"osk": 0.1}) if strictly == "company" else HERE
    detector = LeakDetector(index, embedder, settings, weights, verifier)
    detector.audit("The lighthouse on the island was built in 1954.", "", context)
    assert bool(verifier.asked) is bool(strictly)


def test_of_many_targets_it_is_asked_about_the_likeliest_two_of_each_text() -> None:
    rule = Verification(floor=-9.0, weight=1.0)
    raws = np.array([0.1, 0.4, 0.3, 0.2, 0.0])
    asked = rule.asked(raws, ["one", "one", "one", "one", "two"], Thresholds(-1.0, 0.0, 1.0))
    assert asked.tolist() == [False, True, True, False, True]


@given(raw=scores, low=scores, high=scores, weight=st.floats(0, 3))
def test_a_firmer_yes_never_lowers_the_score(
    raw: float, low: float, high: float, weight: float
) -> None:
    rule = Verification(-1.0, weight)
    less, more = rule.joined(np.array([raw, raw]), np.sort([low, high]))
    assert less <= more


NAMED = "Mirela Osk grew up by the sea. Her novel won the Orlo Prize in a year of storms."


def test_where_a_text_names_its_target_what_names_it_nowhere_is_not_read() -> None:
    verifier, judged = Scripted(MOST), Scripted(MOST)
    (found,) = audited(verifier, NAMED, "Who grew up by the sea?", weight=0.3, decides=True)
    assert not verifier.asked
    assert audited(judged, NAMED, "Who grew up by the sea?", weight=0.3) == (found,)
    assert judged.asked  # where a model may be asked about the rest
    assert [NAMED[s.start : s.end] for s in found.spans] == ["Mirela Osk"]
    left = NAMED.partition(". ")[2]
    audited(verifier, left, "Who grew up by the sea?", weight=0.3, decides=True)
    assert verifier.asked


class Flat:
    """A scorer that gives all rows one score."""

    def __init__(self, raw: float) -> None:
        self._raw = raw

    def margins(self, rows: Vectors) -> Vectors:
        return np.full(len(rows), self._raw, np.float32)


@pytest.mark.parametrize(
    ("words", "beside", "told", "wary_of", "raw", "is_read"),
    [
        (0.0, False, "osk", "", 0.0, False),
        (0.0, False, "osk", "", 5.0, True),
        (0.5, False, "osk", "", 0.0, True),
        (0.5, False, "vey", "", 0.0, False),
        (0.0, True, "osk", "", 0.0, True),
        (0.0, False, "vey", "osk", 0.0, True),
    ],
    ids=["hardly", "likely", "words", "another's", "names beside", "asked of"],
)
def test_beside_a_told_target_only_what_may_count_is_read(
    words: float, beside: bool, told: str, wary_of: str, raw: float, is_read: bool
) -> None:
    features = np.zeros(len(FEATURES[TextKind.STATEMENT]))
    features[FEATURES[TextKind.STATEMENT].index("words_best")] = words
    measure = Measure(
        "osk", TextKind.STATEMENT, features, Span(0, 4), False, window="Rain", beside=beside
    )
    weights = replace(
        shipped_weights(),
        scorers={TextKind.STATEMENT: Flat(raw)},  # type: ignore[dict-item]
        verification={TextKind.STATEMENT: Verification(-30.0, 0.3)},
    )
    verifier = Scripted(MOST)
    weigher = Weigher(
        weights, lambda m: Pair("Osk", m.window), lambda target_id: False, verifier, decides=True
    )
    limits = {TextKind.STATEMENT: Thresholds(-1.0, 6.0, 9.0)}  # likely: 6, reached from 4.8 on
    weigher.weighed([measure], limits, careful=False, told={told}, wary_of={wary_of}.__contains__)
    assert bool(verifier.asked) is is_read


@pytest.mark.parametrize(
    ("raw", "names", "is_read"), [(0.0, (), False), (8.5, (), True), (0.0, (Span(0, 4),), True)]
)
def test_what_answers_a_question_on_somebody_else_is_read_where_it_may_be_certain(
    raw: float, names: tuple[Span, ...], is_read: bool
) -> None:
    features = np.zeros(len(FEATURES[TextKind.ANSWER]))
    measure = Measure(
        "osk", TextKind.ANSWER, features, Span(0, 4), False, names, window="Rain", aside=True
    )
    weights = replace(
        shipped_weights(),
        scorers={TextKind.ANSWER: Flat(raw)},  # type: ignore[dict-item]
        verification={TextKind.ANSWER: Verification(-30.0, 0.3)},
    )
    verifier = Scripted(MOST)
    weigher = Weigher(
        weights, lambda m: Pair("Osk", m.window), lambda target_id: False, verifier, decides=True
    )
    limits = {TextKind.ANSWER: Thresholds(-1.0, 6.0, 9.0)}
    weigher.weighed([measure], limits, careful=True, told={"osk"})
    assert bool(verifier.asked) is is_read


@pytest.mark.parametrize(("likely", "pairs"), [(0.0, 0), (7.0, 2)])
def test_what_is_hardly_uncertain_is_read_beside_what_counts_of_the_same_target(
    likely: float, pairs: int
) -> None:
    class Each:
        def margins(self, rows: Vectors) -> Vectors:
            return np.array([likely, 0.0], np.float32)

    features = np.zeros(len(FEATURES[TextKind.STATEMENT]))
    rows = [
        Measure("osk", TextKind.STATEMENT, features, Span(i, i + 4), False, window=f"Rain {i}")
        for i in (0, 4)
    ]
    weights = replace(
        shipped_weights(),
        scorers={TextKind.STATEMENT: Each()},  # type: ignore[dict-item]
        verification={TextKind.STATEMENT: Verification(-30.0, 0.3)},
    )
    verifier = Scripted(MOST)
    weigher = Weigher(
        weights, lambda m: Pair("Osk", m.window), lambda target_id: False, verifier, decides=True
    )
    limits = {TextKind.STATEMENT: Thresholds(-1.0, 6.0, 9.0)}
    weigher.weighed(rows, limits, careful=False, told={"osk"})
    assert len(verifier.asked) == pairs
