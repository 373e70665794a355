from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import anyio
import pytest

from amnestic.agents.ledger import OutOfCalls, open_ledger
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.cards import cards_of
from amnestic.agents.model_engines.memo import RequestMemo
from amnestic.testing import ScriptedBackend
from amnestic.tools.protocols import Context, Drafts, Told
from amnestic.types import Message
from tests.agents.agent_script import BandedDetector, SealedDetector


def test_a_text_is_looked_at_once_in_a_request_and_anew_in_the_next():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    for looks in (1, 2):
        with open_ledger():
            for _ in range(3):
                assert memo.audit("Osk", "", Context())[0].target_id == "t1"
        assert detector.audits == looks


def test_another_question_or_company_is_judged_apart():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    with open_ledger():
        memo.audit("Osk", "", Context())
        memo.audit("Osk", "Who?", Context())
        memo.audit("Osk", "", Context(sticky={"t1": 0.5}))
        memo.audit("Osk", "", Context(cue="before"))
        memo.audit("Osk", "", Context(namespace="other"))
    assert detector.audits == 5


AROUND = {
    "namespace": "other",
    "sticky": {"t1": 0.5},
    "cue": "before",
    "nicknames": {"t1": ("the painter",)},
    "own": True,
    "drafts": Drafts((Told("Osk", ""),), frozenset({"t1"})),
    "reply": True,
    "bulk": True,
}


@pytest.mark.parametrize("name", [f.name for f in fields(Context) if f.compare])
def test_whatever_surrounds_a_text_is_judged_with_it(name: str) -> None:
    detector = BandedDetector()
    memo = RequestMemo(detector)
    given: Any = AROUND.get(name, frozenset({"t1"}))
    with open_ledger():
        for _ in range(2):
            memo.audit("Osk", "", Context())
            memo.audit("Osk", "", replace(Context(), **{name: given}))
            memo.audit("Osk", "", Context(cut={}, arrived={}))
    assert detector.audits == 2


def test_outside_a_request_nothing_is_remembered():
    detector = BandedDetector()
    memo = RequestMemo(detector)
    memo.audit("Osk", "", Context())
    memo.audit("Osk", "", Context())
    assert detector.audits == 2


def test_a_request_that_has_met_a_sealed_target_is_shown_to_no_agents_model():
    memo, backend = RequestMemo(SealedDetector()), ScriptedBackend(default="I see.")
    model, said = AgentModel(backend), (Message.of("user", "Hello."),)
    for look in (lambda: memo.vet("Osk", Context()), lambda: memo.audit("Osk", "", Context())):
        with open_ledger():
            memo.audit("It rains.", "", Context())
            anyio.run(model.ask, "vetter", said)
            look()
            assert model.calls_left == 0
            for agent in ("critic", "identify"):
                with pytest.raises(OutOfCalls):
                    anyio.run(model.ask, agent, said)
    assert len(backend.calls) == 2


def test_a_sealed_target_has_no_card():
    assert list(cards_of(BandedDetector(), ["t1"])) == ["t1"]
    assert cards_of(SealedDetector(), ["t1"]) == {}
