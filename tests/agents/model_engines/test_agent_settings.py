"""Which model serves which agent, and what is refused at start."""

from __future__ import annotations

import pytest

from amnestic.assembly import agent_backends
from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError, ModelNotFoundError
from amnestic.testing import ScriptedBackend, assert_no_leak
from amnestic.types import Route
from tests.agents.agent_script import AgentScript

FORGET = "Please forget Ana Morel. Ana Morel is a painter."
LEAK = "Ana Morel knows. The sky is blue."


def test_single_agents_may_have_a_model_of_their_own():
    settings = Settings(
        api_key="k", agent_model="openai:small", agent_models={"critic": "openai:large"}
    )
    backends = agent_backends(settings, settings.agent_model)
    assert backends["critic"].name == "openai:large"
    assert {backends[a].name for a in ("vetter", "auditor", "rewriter")} == {"openai:small"}
    assert backends["vetter"] is backends["auditor"]


def test_without_a_model_the_agents_keep_to_their_local_engines(layer):
    assert agent_backends(Settings(), None) is None
    amnesia = layer(LEAK)
    amnesia.forget(FORGET)
    reply = amnesia.chat("What is above us?")
    assert reply.text.endswith("The sky is blue.")
    assert "Morel" not in reply.text
    assert reply.receipt.agent_calls == 0


def test_an_agent_without_a_model_is_said():
    with pytest.raises(ConfigurationError, match="no model for the vetter"):
        agent_backends(Settings(agent_models={"critic": "embedded"}), None)


@pytest.mark.parametrize(
    ("given", "error", "words"),
    [
        ({"agent_model": "hf:/no/such/folder"}, ModelNotFoundError, "there is no folder"),
        ({"agent_model": "gpt"}, ModelNotFoundError, "unknown model spec"),
        ({"agent_model": 5}, ModelNotFoundError, "not a chat model"),
        (
            {"agent_model": "embedded", "agent_models": {"critic": "hf:/no/such"}},
            ModelNotFoundError,
            "there is no folder",
        ),
        (
            {"agent_model": "embedded", "agent_models": {"baker": "embedded"}},
            ConfigurationError,
            "names 'baker'",
        ),
        ({"agent_retries": -1}, ConfigurationError, "agent_retries"),
        ({"agent_tokens": 1}, ConfigurationError, "agent_tokens"),
    ],
)
def test_what_cannot_work_is_refused_at_start(layer, given, error, words):
    with pytest.raises(error, match=words) as caught:
        layer("x", **given)
    assert "\n" not in str(caught.value)


def test_with_a_wrong_key_the_local_engines_go_on_with_the_reason_in_the_receipt(
    layer, scripted_server
):
    server = scripted_server("x", api_key="right")
    amnesia = layer(LEAK, agent_model="openai:m", base_url=server.base_url, api_key="sk-wrong")
    amnesia.forget(FORGET)
    reply = amnesia.chat("What is above us?")
    assert reply.receipt.route is Route.REWRITTEN
    assert "API key" in reply.receipt.reason
    assert "Morel" not in reply.text
    assert_no_leak("sk-wrong", reply)


def test_a_far_request_does_not_notice_a_model_that_is_not_there(layer):
    amnesia = layer("Two.", agent_model="openai:m", base_url="http://127.0.0.1:9/v1")
    amnesia.forget(FORGET)
    reply = amnesia.chat("What is one and one?")
    assert (reply.text, reply.receipt.route) == ("Two.", Route.CLEAR)


def test_base_model_and_agent_model_are_apart(layer):
    base, agent = ScriptedBackend(default=LEAK), AgentScript().backend()
    amnesia = layer(base, agent_model=agent, rewrite_by="edit")
    amnesia.forget(FORGET)
    assert base.calls == []
    asked = len(agent.calls)  # a probe, and the request to read
    amnesia.chat("What is above us?")
    assert len(base.calls) == 1
    assert len(agent.calls) - asked == 2  # the rewriter, the critic


def test_the_counterfactual_voice_is_a_setting(layer):
    base = ScriptedBackend(default=lambda c: f"Who is that? {c[-1].text}")
    amnesia = layer(base, abstention="counterfactual")
    amnesia.forget(FORGET)
    reply = amnesia.chat("Who is Ana Morel?")
    assert reply.text == "Who is that? Who is Ana Morel?"
    assert not any("Morel" in call.text for call in base.calls)
    assert reply.receipt.route is Route.ABSTAINED
