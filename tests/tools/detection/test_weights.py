"""What is promised of answers that say a fact again."""

from __future__ import annotations

import numpy as np
import pytest

from amnestic.tools.detection.weights import FEATURES, TextKind, restates


def _answer(**values: float) -> bool:
    names = FEATURES[TextKind.ANSWER]
    assert values.keys() <= set(names)
    return restates(TextKind.ANSWER, np.array([values.get(name, 0.0) for name in names]))


@pytest.mark.parametrize("part", ["a_surname", "a_part", "a_told"])
def test_a_part_of_the_name_answers_the_question_that_a_fact_asks(part: str) -> None:
    assert _answer(**{part: 1.0, "q_words_best": 1.0, "q_entities_known": 2.0})


@pytest.mark.parametrize(
    "values",
    [
        {"a_surname": 1.0, "q_words_best": 0.6, "q_entities_known": 2.0},
        {"a_surname": 1.0, "q_words_best": 1.0},
        {"a_surname_among_others": 1.0, "q_words_best": 1.0, "q_entities_known": 2.0},
        {"q_words_best": 1.0, "q_entities_known": 2.0},
    ],
)
def test_less_than_that_is_left_to_the_scorer(values: dict[str, float]) -> None:
    assert not _answer(**values)
