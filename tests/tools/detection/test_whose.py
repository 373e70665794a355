"""What a reader of the whole text may change of what was found, and what it may not."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.measures import Measure, Scored
from amnestic.tools.detection.weights import FEATURES, TextKind
from amnestic.tools.detection.whose import Attributed, decided, is_by_place
from amnestic.types import Band, Span

LIMITS = Thresholds(-1.0, 0.5, 3.0)
HERE = Span(10, 40)
MEASURE = Measure(
    "osk",
    TextKind.STATEMENT,
    np.zeros(1, np.float32),
    HERE,
    False,
    window="He wrote a book about the sea.",
)
UNCERTAIN = Scored(MEASURE, 0.6, Band.UNCERTAIN)
NO = Attributed("osk", {HERE: -5.0}, may_clear=True)


def test_what_is_told_of_others_is_clean() -> None:
    left, told = decided([UNCERTAIN], [NO], LIMITS)
    assert [one.band for one in left] == [Band.CLEAN]
    assert left[0].score == UNCERTAIN.score  # nearness goes by it
    assert not told


@pytest.mark.parametrize(
    "scored",
    [
        UNCERTAIN._replace(band=Band.LEAK),
        UNCERTAIN._replace(measure=replace(MEASURE, named=True)),
        UNCERTAIN._replace(measure=replace(MEASURE, window="Brenn, 1954.")),
        UNCERTAIN._replace(measure=replace(MEASURE, window="He wr0te a b00k about it.")),
    ],
    ids=["over the leak threshold", "named", "too few words", "digits for letters"],
)
def test_what_is_certain_or_says_little_is_never_cleared(scored: Scored) -> None:
    assert decided([scored], [NO], LIMITS)[0] == [scored]


@pytest.mark.parametrize(
    "read",
    [
        replace(NO, may_clear=False),
        replace(NO, target_id="vey"),
        replace(NO, pieces={}),
        replace(NO, pieces={HERE: -0.5}),
        replace(NO, pieces={HERE: float("nan")}),
        replace(NO, pieces={Span(10, 30): -5.0}),  # the rest names the target, or was not read
        replace(NO, pieces={Span(10, 30): -5.0, Span(30, 40): 0.0}),
    ],
    ids=["its no does not count", "other target", "unread", "unsure", "no number", "part", "half"],
)
def test_only_a_sure_no_on_all_of_a_piece_clears_it(read: Attributed) -> None:
    assert decided([UNCERTAIN], [read], LIMITS)[0] == [UNCERTAIN]


@pytest.mark.parametrize("kind", [TextKind.STATEMENT, TextKind.ANSWER])
def test_what_the_verifier_and_several_known_names_speak_for_is_not_cleared(kind: TextKind) -> None:
    def band(names: float, logit: float) -> Band:
        known = [
            names * name.removeprefix("a_").startswith("known_names") for name in FEATURES[kind]
        ]
        features = np.array(known, np.float32)
        measure = replace(MEASURE, kind=kind, features=features, logit=logit)
        return decided([UNCERTAIN._replace(measure=measure)], [NO], LIMITS)[0][0].band

    assert band(2, 1.0) is Band.UNCERTAIN
    assert band(1, 1.0) is band(2, -1.0) is Band.CLEAN


def test_what_stands_nowhere_is_not_cleared() -> None:
    empty = UNCERTAIN._replace(measure=replace(MEASURE, span=Span(0, 0)))
    for read in (NO, replace(NO, pieces={})):
        assert decided([empty], [read], LIMITS)[0] == [empty]


@pytest.mark.parametrize("window", ["In the 1950s he won the 3rd prize.", "He left in 1954."])
def test_digits_by_themselves_hide_nothing(window: str) -> None:
    scored = UNCERTAIN._replace(measure=replace(MEASURE, window=window))
    assert decided([scored], [NO], LIMITS)[0][0].band is Band.CLEAN


def test_a_piece_is_cleared_by_all_of_its_sentences() -> None:
    read = replace(NO, pieces={Span(5, 25): -5.0, Span(25, 60): -4.0})
    assert decided([UNCERTAIN], [read], LIMITS)[0][0].band is Band.CLEAN


def test_nothing_is_cleared_of_a_target_that_is_held() -> None:
    assert decided([UNCERTAIN], [NO], LIMITS, {"osk"})[0] == [UNCERTAIN]


def test_what_is_told_of_the_target_is_found_whatever_it_shows_by_itself() -> None:
    read = Attributed("osk", {Span(0, 10): 4.0, HERE: 1.0, Span(40, 60): 0.0, Span(60, 70): -6.0})
    left, (found,) = decided([], [read], LIMITS, {"osk"})
    assert not left
    assert (found.target_id, found.band) == ("osk", Band.LEAK)
    assert found.spans == (Span(0, 10), HERE)
    assert is_by_place(found)
    assert not found.named


def test_what_is_hardly_told_counts_as_uncertain() -> None:
    _, (found,) = decided([], [Attributed("osk", {HERE: 0.0})], LIMITS)
    assert (found.band, found.spans) == (Band.UNCERTAIN, (HERE,))
    assert found.score < 0.5


odds = st.floats(-20, 20) | st.just(float("nan"))


@given(
    bands=st.lists(st.sampled_from(Band), min_size=1, max_size=6),
    logits=st.lists(odds, min_size=1, max_size=6),
    may_clear=st.booleans(),
)
def test_no_word_of_it_takes_what_is_certain_away(
    bands: list[Band], logits: list[float], may_clear: bool
) -> None:
    scored = [UNCERTAIN._replace(band=band) for band in bands]
    pieces = {Span(10 + 5 * i, 15 + 5 * i): z for i, z in enumerate(logits)}
    left, _ = decided(scored, [Attributed("osk", pieces, may_clear)], LIMITS)
    for before, after in zip(scored, left, strict=True):
        assert after.measure is before.measure
        assert after.score == before.score
        assert after.band in (before.band, Band.CLEAN)
        assert after.band is before.band or before.band is Band.UNCERTAIN
