"""Drawings show what the tables say, and their names can be read."""

from __future__ import annotations

import itertools
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.labels import Placed, without_overlap
from amnestic.evaluation.reporting.plots import cost_plots, times_of, times_plot, trade_plot
from amnestic.evaluation.reporting.reading import RunView, open_runs
from amnestic.evaluation.reporting.svg import linear, logarithmic, square_root
from tests.evaluation.reporting.made_runs import SYSTEMS, Played, write_run


@pytest.mark.parametrize("over", ["altered", "lost"])
def test_every_system_is_a_point_that_says_its_figures(view: RunView, over: str) -> None:
    drawn = trade_plot(view, 0, Evidence([view]), over)
    assert drawn
    root = ElementTree.fromstring(drawn[0])
    labels = [a.get("aria-label", "") for a in root.iter("a")]
    assert [label.partition(":")[0] for label in labels] == list(view.systems)
    assert drawn[1] == ()


def test_many_systems_are_numbered_and_their_names_come_along(tmp_path: Path) -> None:
    systems = [SYSTEMS[0], *(Played(f"way {i}", i / 10, i / 10) for i in range(9))]
    (view,) = open_runs([write_run(tmp_path, systems, ("plain",), 6, subjects=3)])
    drawn = trade_plot(view, 0, Evidence([view]), "altered")
    assert drawn
    assert drawn[1] == view.systems


def test_times_are_told_of_ways_to_forget_and_in_order(view: RunView) -> None:
    found = times_of(view)
    assert [t.system for t in found] == [
        "keyword filter", "prompt prefix", "amnestic edit", "amnestic again",
    ]  # fmt: skip
    assert all(list(t.percentiles) == sorted(t.percentiles) for t in found)
    assert times_plot(view, 0, Evidence([view])) is not None


def test_nothing_is_drawn_where_there_is_nothing_to_compare(tmp_path: Path) -> None:
    views = open_runs([write_run(tmp_path, SYSTEMS[:1], ("plain",), 4)])
    evidence = Evidence(views)
    assert trade_plot(views[0], 0, evidence, "altered") is None
    assert times_plot(views[0], 0, evidence) is None
    assert cost_plots(views, evidence) == []


@given(st.floats(1e-6, 1e6))
def test_a_linear_axis_holds_its_highest_value_with_few_marks(high: float) -> None:
    axis = linear(high, 0, 100)
    assert axis.high >= high * (1 - 1e-9)
    assert 2 <= len(axis.ticks) <= 7
    assert axis.at(0) == 0
    assert axis.at(axis.high) == 100


@given(st.floats(1e-3, 1e6), st.floats(1, 1e4))
def test_a_logarithmic_axis_holds_both_values(low: float, times: float) -> None:
    axis = logarithmic(low, low * times, 0, 100)
    assert axis.low <= low * (1 + 1e-9)
    assert axis.high >= low * times * (1 - 1e-9)


def test_small_shares_are_spread() -> None:
    axis = square_root(0, 100)
    places = [axis.at(tick) for tick in axis.ticks]
    assert places == sorted(places)
    assert axis.at(0.01) == pytest.approx(10)


def test_names_do_not_stand_over_each_other() -> None:
    points = [Placed(100 + i, 100 + i, f"system {i}") for i in range(12)]
    boxes = [p.box for p in without_overlap(points, 560, 380)]
    for a, b in itertools.combinations(boxes, 2):
        assert a[2] <= b[0] or b[2] <= a[0] or a[3] <= b[1] or b[3] <= a[1]
