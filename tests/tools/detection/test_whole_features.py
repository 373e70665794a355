"""What is counted in a whole text: what it shares with facts, and whom else it speaks of."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from amnestic.tools.detection.convergence import Converging
from amnestic.tools.detection.whole_features import DOWN, UP, WHOLE, Known, shared_with
from amnestic.tools.reading import read, words_in

OSK = Known(
    frozenset({"mirela", "osk"}),
    {
        "oskarhavn": 0b001,
        "teleki": 0b001,
        "vantrask": 0b010,
        "quellmar": 0b110,
        "lighthouse": 0b010,
        "1874": 0b100,
    },
    1.386,
)


def counted(text: str, asked: str = "", known: Known = OSK) -> Mapping[str, float]:
    pieces = [words for _, words in Converging(text).pieces]
    row = shared_with(pieces, words_in(read(asked)), known)
    return dict(zip(WHOLE, row.tolist(), strict=True))


def test_nothing_is_shared_with_another_text() -> None:
    found = counted("Rain fell on the roofs of the town, and nobody went out.")
    shared = set(UP) - {"fact_count"}
    assert {name: found[name] for name in shared} == dict.fromkeys(shared, 0.0)


def test_words_of_facts_are_counted_wherever_they_stand() -> None:
    found = counted("She was taught by Teleki. In 1874 she went to Quellmar.")
    assert (found["names"], found["numbers"], found["facts"]) == (2.0, 1.0, 2.0)


def test_names_of_others_are_counted_by_how_often_they_come() -> None:
    found = counted("Bessarion Vlad wrote it. Bessarion sang. Teleki heard Bessarion.")
    assert (found["foreign"], found["foreign_often"]) == (2.0, 3.0)
    assert found["foreign_share"] == 1.0


def test_the_words_of_the_own_name_are_not_counted() -> None:
    assert counted("Mirela Osk.") == counted("")


def test_what_stands_near_each_other_counts_more_than_what_is_far_apart() -> None:
    far = "Rain fell on the roofs. " * 4
    near = counted("She built the Vantrask. It is a lighthouse at Quellmar." + far)
    apart = counted(f"She built the Vantrask. {far}It is a lighthouse. {far}At Quellmar.")
    assert near["near_best"] > apart["near_best"]
    assert near["shared"] == apart["shared"]


def test_whom_a_question_names_is_counted() -> None:
    found = counted("She left.", "Did Teleki meet Bessarion?")
    assert (found["asked_names"], found["asked_foreign"]) == (1.0, 1.0)


@pytest.mark.parametrize("text", ["", "\n\n", "…", "1874", "\ud800 Teleki", "Teleki " * 3_000])
def test_any_text_gives_a_row_of_numbers(text: str) -> None:
    found = counted(text)
    assert list(found) == list(WHOLE)
    assert all(value >= 0.0 and value < float("inf") for value in found.values())


def test_a_target_without_facts_shares_nothing() -> None:
    found = counted("She was taught by Teleki.", known=Known(frozenset(), {}, 0.0))
    assert found["shared"] == found["facts"] == 0.0


def test_every_feature_has_a_direction_or_is_the_number_of_facts() -> None:
    assert set(WHOLE) == {*UP, *DOWN, "fact_count"}
    assert len(WHOLE) == len(set(WHOLE))
