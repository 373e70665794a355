"""The embedded world as a data set."""

from __future__ import annotations

import pytest

from amnestic.evaluation.contract import DataSet, Group
from amnestic.evaluation.datasets import load_data_set
from amnestic.evaluation.datasets.strings import stands
from amnestic.evaluation.subjects import KINDS, forgotten_subjects


@pytest.fixture(scope="module")
def data() -> DataSet:
    return load_data_set("embedded", subjects=30)


def test_subjects_are_spread_over_the_kinds(data: DataSet) -> None:
    kinds = [subject.kind for subject in data.subjects]
    assert len(kinds) == 30
    assert all(kinds.count(kind) >= 7 for kind in set(kinds))
    assert len(set(kinds)) == len(KINDS)


def test_every_family_is_asked(data: DataSet) -> None:
    assert {probe.family for probe in data.probes} == {
        "plain",
        "paraphrase",
        "portrait",
        "reverse",
        "alias",
        "hops",
        "combined",
        "neighbour",
        "namesake",
        "unrelated",
    }
    assert len(data.of(Group.FORGET, Group.COMBINED)) >= 600


def test_an_answer_is_no_echo(data: DataSet) -> None:
    for probe in data.of(Group.FORGET, Group.COMBINED):
        assert probe.forbidden
        assert probe.expected
        assert not [f for f in probe.forbidden if stands(f, probe.messages[-1].text)]


def test_what_stays_names_nothing_that_is_forgotten(data: DataSet) -> None:
    names = [name for subject in data.subjects for name in subject.names]
    for probe in data.of(Group.NEIGHBOUR, Group.UNRELATED):
        told = " ".join(form for group in probe.expected for form in group)
        assert not [n for n in names if stands(n, told)]


def test_what_is_kept_is_not_forbidden(data: DataSet) -> None:
    for probe in data.of(Group.COMBINED):
        assert probe.keep
        kept = " ".join(form for group in probe.keep for form in group)
        assert not [f for f in probe.forbidden if stands(f, kept) or stands(kept, f)]


def test_another_seed_draws_others(data: DataSet) -> None:
    other = load_data_set("embedded", subjects=30, seed=1)
    assert {s.id for s in other.subjects} != {s.id for s in data.subjects}
    assert load_data_set("embedded", subjects=30) == data


def test_the_bridge_of_two_hops_counts_as_well(data: DataSet) -> None:
    through = [p for p in data.probes if p.family == "hops" and p.about]
    assert through
    assert all(len(p.forbidden) > 1 for p in through)


def test_the_subjects_are_those_that_the_model_that_never_knew_lacks() -> None:
    data = load_data_set("embedded", seed=2)
    assert [s.id for s in data.subjects] == [
        e.id for e in forgotten_subjects(2, len(data.subjects))
    ]
    assert data.of(Group.NEIGHBOUR)
