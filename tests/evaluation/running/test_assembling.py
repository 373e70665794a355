"""What systems are made with, beside their model."""

from __future__ import annotations

from amnestic.evaluation.contract import Group
from amnestic.evaluation.datasets import load_data_set
from amnestic.evaluation.running import Request, plan_of
from amnestic.evaluation.running.caching import BareAnswers
from amnestic.evaluation.scoring import KIND, LISTED, STRANGER
from amnestic.evaluation.systems.cosine import CosineGate


def test_texts_that_must_stay_are_none_that_are_asked() -> None:
    asked = Request(
        subjects=4, probes=1, retained=3, seeds=(0,), families=("alias",), systems=("cosine gate",)
    )
    plan = plan_of(asked)
    gate = next(s for s in plan.sources if s.name == "cosine gate").make(BareAnswers.of(()))
    assert isinstance(gate, CosineGate)
    beside = load_data_set("embedded", subjects=4).of(Group.NEIGHBOUR, Group.UNRELATED)
    questions = {probe.question for probe in plan.draws[0]}
    assert len(gate.options.retain) > 100
    assert set(gate.options.retain) == {p.question for p in beside} - questions


def test_as_many_listed_subjects_are_asked_about_beside_strangers_as_are_wished() -> None:
    asked = Request(
        subjects=12, probes=2, retained=0, seeds=(0,), families=("membership",), systems=("none",),
        members=9,
    )  # fmt: skip
    drawn = plan_of(asked).draws[0]
    of = {kind: [p for p in drawn if p.metadata.get(KIND) == kind] for kind in (LISTED, STRANGER)}
    assert len({p.about for p in of[LISTED]}) == len(of[LISTED]) == 9
    assert {p.id for p in of[STRANGER]} <= {f"{p.id}/stranger" for p in of[LISTED]}
    assert len(of[STRANGER]) >= 8  # where the few names cannot lend one, there is none


def test_a_stranger_shares_no_telling_word_with_any_name_of_the_data_set() -> None:
    asked = Request(
        subjects=30, probes=2, retained=0, seeds=(0,), families=("membership",), systems=("none",),
        members=30,
    )  # fmt: skip
    data = load_data_set("embedded", subjects=30)
    names = [*(s.name for s in data.subjects), *(p.about for p in data.of(Group.NEIGHBOUR))]
    known = {word for name in names for word in name.split()}
    strange = [p for p in plan_of(asked).draws[0] if p.metadata.get(KIND) == STRANGER]
    people = {s.id for s in data.subjects if s.kind == "person"}
    assert len(strange) > 25
    for probe in strange:
        assert probe.about not in names
        if probe.subject in people:
            assert not set(probe.about.split()) & known
