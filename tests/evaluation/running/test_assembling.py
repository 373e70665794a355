"""What systems are made with, beside their model."""

from __future__ import annotations

from amnestic.evaluation.contract import Group
from amnestic.evaluation.datasets import load_data_set
from amnestic.evaluation.running import Request, plan_of
from amnestic.evaluation.running.caching import BareAnswers
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
