"""Identification in a whole layer: asked of the agents' model, near a target only."""

from __future__ import annotations

import json

import pytest

from amnestic.testing import ScriptedBackend
from amnestic.types import Route
from tests.agents.agent_script import AgentScript, agent_of

FORGET = "Please forget Ana Morel. Ana Morel is a painter from Tavel who won the Orlo Prize."
QUESTION = "Which painters won the Orlo Prize?"
ALLUSION = (
    "Look at the woman whose grey gulls hang in every ferry. Stretch a canvas before you start."
)
NAMES = json.dumps({"question": [], "draft": ["Ana Morel", "grey gulls"]})


def asked(agent: ScriptedBackend) -> list[str]:
    return [agent_of(call.conversation) for call in agent.calls]


def test_an_allusion_that_a_model_identifies_does_not_leave(layer):
    agent = AgentScript(identify=NAMES).backend()
    amnesia = layer(ALLUSION, agent_model=agent)
    amnesia.forget(FORGET)
    reply = amnesia.chat(QUESTION)
    assert "gulls" not in reply.text
    assert reply.receipt.route not in (Route.CLEAR, Route.PASSED)
    assert "identify" in asked(agent)


def test_what_is_left_after_cutting_is_asked_about_again(layer):
    left = ALLUSION.split(". ")[0]
    agent = AgentScript(identify=NAMES, rewriter={"candidates": [left]}).backend()
    amnesia = layer(ALLUSION, agent_model=agent)
    amnesia.forget(FORGET)
    assert "gulls" not in amnesia.chat(QUESTION).text
    assert asked(agent).count("identify") >= 2


def test_a_stream_releases_nothing_that_a_model_is_still_to_be_asked_about(layer):
    agent = AgentScript(identify=NAMES).backend()
    amnesia = layer(ALLUSION, agent_model=agent)
    amnesia.forget(FORGET)
    assert "gulls" not in "".join(delta.text for delta in amnesia.stream(QUESTION))
    assert "identify" in asked(agent)


def test_what_the_model_does_not_identify_leaves_as_it_came(layer):
    agent = AgentScript().backend()
    amnesia = layer(ALLUSION, agent_model=agent)
    amnesia.forget(FORGET)
    assert amnesia.chat(QUESTION).text == ALLUSION
    assert asked(agent).count("identify") == 1


@pytest.mark.parametrize(
    ("question", "identify"), [("What is 15 % of 80?", "agent"), (QUESTION, "off")]
)
def test_far_from_a_target_or_switched_off_nobody_is_asked(layer, question, identify):
    agent = AgentScript(identify=NAMES).backend()
    amnesia = layer("It is 12.", agent_model=agent, identify=identify)
    amnesia.forget(FORGET)
    assert amnesia.chat(question).text == "It is 12."
    assert "identify" not in asked(agent)


def test_an_unreadable_list_is_said_in_the_receipt(layer):
    agent = AgentScript(identify="I would rather not say.").backend()
    amnesia = layer(ALLUSION, agent_model=agent)
    amnesia.forget(FORGET)
    reply = amnesia.chat(QUESTION)
    assert reply.text == ALLUSION
    assert reply.receipt.unidentified == 1
