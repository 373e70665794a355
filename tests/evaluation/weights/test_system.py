"""A weight method as a system under test: it answers as the trained copy does, and reports."""

from __future__ import annotations

from dataclasses import replace

import pytest

from amnestic.evaluation.contract import Subject, System
from amnestic.evaluation.weights import make_weight_system
from amnestic.exceptions import ConfigurationError
from amnestic.testing import ScriptedBackend
from tests.evaluation.weights.conftest import FORGOTTEN, QUICK

pytestmark = pytest.mark.anyio
SUBJECTS = [Subject(name.lower(), name, f"Forget {name}.") for name in FORGOTTEN]


@pytest.fixture
def make(folder, rows):
    def system(method="idk", **how):
        return make_weight_system(method, f"hf:{folder}", rows, training=QUICK, **how)

    return system


async def _told(system, rows) -> int:
    replies = [(await system.answer(row.messages, {"max_tokens": 10})).text for row in rows]
    return sum(row.telling[0] in text for row, text in zip(rows, replies, strict=True))


async def test_a_prepared_system_has_forgotten_and_keeps_the_rest(make, rows):
    system = make()
    assert isinstance(system, System)
    prepared = await system.prepare(SUBJECTS)
    assert prepared.seconds > 0
    assert prepared.detail["after"]["retain"] > 0
    assert await _told(system, rows.forget) < len(rows.forget)
    assert await _told(system, rows.retain) > len(rows.retain) // 2
    answer = await system.answer(rows.retain[0].messages, {"max_tokens": 10})
    assert (answer.calls, answer.added, answer.route) == (1, 0.0, "weights")
    assert answer.tokens > 0
    await system.close()
    with pytest.raises(ConfigurationError, match="before it was prepared"):
        await system.answer(rows.retain[0].messages, {})


async def test_the_forms_of_a_method_share_its_training_and_report_what_was_done(make):
    plain, rounded, relearned = make(), make(quantised=True), make(relearn=2)
    assert [s.name for s in (plain, rounded, relearned)] == [
        "idk", "idk 4-bit", "idk relearned-2",
    ]  # fmt: skip
    details = [(await s.prepare(SUBJECTS)).detail for s in (plain, rounded, relearned)]
    assert details[0]["tried"] == details[1]["tried"] == details[2]["tried"]
    assert details[1]["quantised"]["bits"] == 4
    assert details[2]["relearned"]["rows"] == 2
    assert "quantised" not in details[0]
    assert "relearned" not in details[0]
    assert make(quantised=True, relearn=3).name == "idk relearned-3 4-bit"


async def test_only_the_subjects_of_the_call_are_forgotten(make, rows):
    system = make()
    await system.prepare(SUBJECTS[:1])
    others = [row for row in rows.forget if row.subject != SUBJECTS[0].id]
    assert await _told(system, others) > 0
    with pytest.raises(ConfigurationError, match="no forget rows for someone-else"):
        await system.prepare([Subject("someone-else", "Someone Else", "")])


@pytest.mark.parametrize("how", [{"method": "magic"}, {"relearn": -1}])
def test_a_system_that_cannot_be_is_refused_at_once(make, how):
    with pytest.raises(ConfigurationError):
        make(**how)


def test_a_model_whose_weights_are_elsewhere_is_refused(rows):
    with pytest.raises(ConfigurationError, match="needs the weights"):
        make_weight_system("npo", ScriptedBackend(default="I see."), rows)


async def test_rows_that_are_missing_are_said_before_anything_is_trained(folder, rows):
    empty = make_weight_system("idk", f"hf:{folder}", replace(rows, forget=()))
    with pytest.raises(ConfigurationError, match="no forget rows"):
        await empty.prepare(SUBJECTS)
