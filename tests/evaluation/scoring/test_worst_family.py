"""The worst family is one of which enough probes count, in small runs as in large ones."""

from __future__ import annotations

import pytest

from amnestic.evaluation.scoring import ALL, Estimate, Figures, Scores


def _of(family: str, n: int, leak: float) -> Figures:
    estimate = Estimate(value=leak, low=0.0, high=1.0, n=n)
    return Figures(system="s", family=family, asked=n, leak=estimate)


@pytest.mark.parametrize(
    ("a", "b", "c", "worst"),
    [
        ((25, 0.4), (25, 0.6), (3, 1.0), "b"),
        ((30, 0.4), (4, 0.9), (4, 0.8), "b"),
        ((30, 0.4), (4, 0.6), (1, 1.0), "b"),
        ((4, 0.4), (4, 0.6), (4, 1.0), "c"),
    ],
)
def test_it_is_of_those_of_which_as_many_count_as_of_most(
    a: tuple[int, float], b: tuple[int, float], c: tuple[int, float], worst: str
) -> None:
    made = [_of(name, n, leak) for name, (n, leak) in zip("abc", (a, b, c), strict=True)]
    (summary,) = Scores(figures=(_of(ALL, 60, 0.5), *made)).summary()
    assert summary.worst_family_name == worst
