"""The verdict is plain, and never better than what was measured."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.honesty import differences, where_others_are_better
from amnestic.evaluation.reporting.marks import MARKS, chosen_system, standing_of
from amnestic.evaluation.reporting.reading import RunView, open_runs
from amnestic.evaluation.reporting.sentences import Linked, Verdict, verdict
from amnestic.evaluation.scoring import Estimate
from tests.evaluation.reporting.made_runs import SYSTEMS, Played, write_run

NONE = SYSTEMS[0]
PERFECT = Played("amnestic again", 0.0, 0.0)


def _view(folder: Path, *systems: Played, **options: object) -> RunView:
    given = {"families": ("plain", "cloze"), "probes": 12, "subjects": 3, **options}
    (view,) = open_runs([write_run(folder, systems, **given)])  # type: ignore[arg-type]
    return view


def _verdict(view: RunView) -> Verdict:
    return verdict(view, 0, Evidence([view]))


def _words(found: Verdict) -> str:
    pieces = [p.text if isinstance(p, Linked) else p for s in found.sentences for p in s]
    return "".join(pieces)


def test_few_questions_without_a_leak_are_no_proof(tmp_path: Path) -> None:
    found = _verdict(_view(tmp_path, NONE, PERFECT))
    assert found.outcome == "unsure"
    assert "too few questions" in found.headline
    assert "told something forbidden never (0 %)" in _words(found)


def test_many_questions_without_a_leak_or_a_loss_are_good(tmp_path: Path) -> None:
    view = _view(tmp_path, NONE, PERFECT, probes=800, families=("cloze",))
    found = _verdict(view)
    assert (
        found.headline
        == "amnestic again forgets what it was told to, and the rest stays as it was."
    )
    assert found.outcome == "good"


@pytest.mark.parametrize(
    ("played", "told"),
    [
        (Played("amnestic edit", 0.4, 0.0), "amnestic edit does not forget enough"),
        (Played("amnestic edit", 0.0, 0.6), "it changes answers that should have stayed"),
    ],
)
def test_what_is_missed_is_said_in_the_first_line(
    tmp_path: Path, played: Played, told: str
) -> None:
    found = _verdict(_view(tmp_path, NONE, played, probes=40))
    assert told in found.headline
    assert found.outcome == "bad"


def test_a_run_that_is_not_complete_is_never_called_good(tmp_path: Path) -> None:
    view = _view(tmp_path, NONE, PERFECT, SYSTEMS[2], status="partial", probes=400,
                 families=("cloze",))  # fmt: skip
    assert "not complete" in _verdict(view).headline


def test_one_that_has_answered_little_is_not_the_best(tmp_path: Path) -> None:
    halted = dataclasses.replace(PERFECT, name="amnestic identify")
    view = _view(tmp_path, NONE, SYSTEMS[4], halted, status="partial")
    assert view.answered(halted.name) < view.expected
    assert chosen_system(view) == "amnestic edit"


def test_a_run_of_the_bare_model_alone_has_no_verdict(tmp_path: Path) -> None:
    found = _verdict(_view(tmp_path, NONE))
    assert (found.outcome, found.sentences) == ("none", ())


def test_where_amnestic_was_not_asked_the_others_are_spoken_of(tmp_path: Path) -> None:
    assert _verdict(_view(tmp_path, NONE, SYSTEMS[2])).system == "keyword filter"


def test_where_others_are_better_is_told(tmp_path: Path) -> None:
    quick = Played("keyword filter", 0.0, 0.0, added=0.0001)
    view = _view(tmp_path, NONE, quick, Played("amnestic edit", 0.5, 0.5))
    told = "\n".join(where_others_are_better(view))
    for words in ("leak", "neighbours altered", "added time"):
        assert words in told
    assert where_others_are_better(_view(tmp_path / "b", NONE, PERFECT)) == ()


@pytest.mark.parametrize(
    ("estimate", "standing"),
    [
        (Estimate(value=0.001, low=0.0, high=0.009, n=900), "met"),
        (Estimate(value=0.001, low=0.0, high=0.02, n=90), "unsure"),
        (Estimate(value=0.02, low=0.005, high=0.04, n=90), "missed"),
        (None, "unknown"),
    ],
)
def test_a_mark_is_met_missed_or_unsure(estimate: Estimate | None, standing: str) -> None:
    assert standing_of(estimate, MARKS[0]) == standing


def test_a_mark_that_is_a_least_is_read_the_other_way() -> None:
    same = next(mark for mark in MARKS if mark.key == "same")
    assert standing_of(Estimate(value=0.9, low=0.8, high=0.99, n=90), same) == "missed"
    assert standing_of(Estimate(value=1.0, low=0.97, high=1.0, n=90), same) == "unsure"
    assert standing_of(Estimate(value=1.0, low=0.998, high=1.0, n=9000), same) == "met"


def test_runs_that_differ_in_more_than_their_systems_are_said_to(tmp_path: Path) -> None:
    one = _view(tmp_path / "a", NONE)
    other = _view(tmp_path / "b", NONE, model="gguf:other.gguf", seeds=(3,))
    assert differences([one, one]) == ()
    assert len(differences([one, other])) == 2


def test_the_guide_says_what_an_interval_is_worth_as_it_is() -> None:
    guide = Path(__file__).parents[3] / "docs" / "evaluation.md"
    told = re.findall(
        r"in (\d+)(?: questions means)?\s+at most ([\d.]+) %", guide.read_text("utf-8")
    )
    assert len(told) == 3
    for count, bound in told:
        assert float(bound) == pytest.approx(100 * (1 - 0.025 ** (1 / int(count))), abs=0.05)
