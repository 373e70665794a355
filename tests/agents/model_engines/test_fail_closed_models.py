"""Every way in which a model can fail, in every agent, near a target and far from all of them."""

from __future__ import annotations

import json

import pytest

from amnestic.config import Settings
from amnestic.exceptions import ModelError, WithheldError
from amnestic.testing import HTTPFailure, Late, assert_no_leak, capture_logs
from amnestic.types import Route
from tests.agents.agent_script import (
    AgentScript,
    audit_answer,
    critic_answer,
    seal_of,
    vet_answer,
)
from tests.agents.model_engines.test_model_engines import ask, asked, engine_of

pytestmark = pytest.mark.anyio
SETTINGS = Settings(model="embedded", agent_retries=0, compose=2)
SECRETS = ["Osk", "windmill"]


def sealed(fields):
    return lambda conversation: json.dumps({"seal": seal_of(conversation), **fields})


FAILURES = {
    "connection lost": ConnectionError("Osk"),
    "time-out": TimeoutError("windmill"),
    "key refused": HTTPFailure(401, "Osk"),
    "model unknown": HTTPFailure(404, "Osk"),
    "rate limit": HTTPFailure(429),
    "server error": HTTPFailure(500, "windmill"),
    "an error of its own": RuntimeError("Osk keeps the windmill"),
    "prose": "Looks clean to me, Osk is fine.",
    "clean in one word": "clean",
    "empty": "",
    "white space": "  \n ",
    "HTML": "<html><body>502</body></html>",
    "cut-off JSON": '{"seal": "',
    "null": "null",
    "a bare list": "[]",
    "wrong schema": sealed({"verdict": "clean"}),
    "nothing but the seal": sealed({}),
    "another agent's form": sealed({"text": 1, "colour": "white"}),
    "wrong seal": '{"seal": "0", "findings": [], "ratings": [], "candidates": [], "parts": []}',
    "a refusal": "I'm sorry, but I can't help with that.",
    "far too much": "x" * 250_000,
}
REQUESTS = {
    "forget": ("Who keeps the windmill?", "Osk keeps the windmill. The sky is blue."),
    "near": ("What grinds corn?", "A windmill grinds corn. The sky is blue."),
    "near question": ("Is a windmill tall?", "The windmill is. The sky is blue."),
    "far": ("What is the sky?", "The sky is blue."),
}
CALLED = {
    "vetter": {"forget", "near question"},
    "auditor": {"near"},
    "rewriter": {"forget", "near", "near question"},
    "critic": {"forget", "near", "near question"},
    "composer": {"forget", "near", "near question"},
}


def script_failing(agent, failure):
    says = {
        "vetter": lambda c: vet_answer(c, asks=()),
        "auditor": audit_answer("windmill"),
        "critic": lambda c: critic_answer(c, (5, 5, 5)),
    }
    return AgentScript(**{**says, agent: failure})


@pytest.mark.parametrize("agent", CALLED)
async def test_far_from_every_target_no_agent_is_called_that_could_fail(agent):
    question, draft = REQUESTS["far"]
    engine, model = engine_of(script_failing(agent, FAILURES["server error"]), settings=SETTINGS)
    outcome = await ask(engine, question, draft)
    assert outcome.text == draft
    assert outcome.receipt.route is Route.CLEAR
    assert not model.calls


@pytest.mark.product
@pytest.mark.parametrize("request_kind", ["forget", "near", "near question"])
@pytest.mark.parametrize("agent", CALLED)
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_a_failing_agent_never_lets_text_pass(agent, failure, request_kind):
    question, draft = REQUESTS[request_kind]
    engine, model = engine_of(script_failing(agent, failure), settings=SETTINGS)
    outcome = await ask(engine, question, draft)
    assert_no_leak(SECRETS, outcome.text, outcome.generation.choices, outcome.receipt)
    assert (agent in asked(model)) is (request_kind in CALLED[agent])


@pytest.mark.parametrize("agent", CALLED)
@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_where_an_agent_fails_its_local_engine_goes_on_and_the_receipt_says_so(
    agent, failure
):
    """An exception that is no model's failure is a fault in somebody's code, and fails closed."""
    question, draft = REQUESTS[next(kind for kind in REQUESTS if kind in CALLED[agent])]
    engine, _ = engine_of(script_failing(agent, failure), settings=SETTINGS)
    outcome = await ask(engine, question, draft)
    if failure is FAILURES["an error of its own"]:
        assert outcome.receipt.route is Route.FAILED
        assert "RuntimeError" in outcome.receipt.reason
    else:
        assert "sky" in outcome.text.lower()
        assert outcome.receipt.route is Route.REWRITTEN
        assert outcome.receipt.reason.startswith(f"{agent}: ModelError: ")


@pytest.mark.parametrize("agent", CALLED)
async def test_an_agent_that_never_answers_is_given_up(agent):
    settings = SETTINGS.model_copy(update={"agent_call_timeout": 0.05})
    engine, _ = engine_of(script_failing(agent, Late()), settings=settings)
    request = next(kind for kind in REQUESTS if kind in CALLED[agent])
    outcome = await ask(engine, *REQUESTS[request])
    assert "did not answer in" in outcome.receipt.reason
    assert "sky" in outcome.text.lower()
    assert_no_leak(SECRETS, outcome.text, outcome.receipt)


async def test_tries_and_repairs_leave_time_for_the_local_engine():
    """However often a call may be tried again, its agent's time is not used up by it."""
    settings = SETTINGS.model_copy(
        update={"agent_timeout": 2.0, "agent_call_timeout": 1.0, "agent_retries": 10}
    )
    engine, _ = engine_of(script_failing("rewriter", Late()), settings=settings)
    outcome = await ask(engine, *REQUESTS["forget"])
    assert outcome.receipt.route is Route.REWRITTEN
    assert "gave no verdict in 1.6 s" in outcome.receipt.reason


@pytest.mark.parametrize("failure", [HTTPFailure(500), "prose", ""])
async def test_where_no_candidate_is_good_either_a_failed_agent_ends_in_an_abstention(failure):
    engine, _ = engine_of(script_failing("rewriter", failure), settings=SETTINGS)
    outcome = await ask(engine, "Who keeps it?", "Osk keeps it.")
    assert outcome.receipt.route is Route.FAILED
    assert outcome.receipt.reason.startswith("rewriter: ModelError")
    assert_no_leak(SECRETS, outcome.text)


@pytest.mark.parametrize("agent", CALLED)
async def test_a_failing_probe_fails_closed_near_a_target_only(agent):
    class Broken(AgentScript):
        def answer(self, conversation):
            return HTTPFailure(401)

    for kind, (question, draft) in REQUESTS.items():
        engine, _ = engine_of(Broken(), settings=SETTINGS)
        outcome = await ask(engine, question, draft)
        assert (outcome.text == draft) is (kind == "far")
        assert_no_leak(SECRETS, outcome.text)


async def test_a_failure_raises_where_that_is_asked_for_and_nothing_could_be_told():
    settings = SETTINGS.model_copy(update={"on_failure": "raise"})
    engine, _ = engine_of(script_failing("rewriter", HTTPFailure(500, "Osk")), settings=settings)
    draft = "Osk keeps it."
    with pytest.raises(WithheldError, match="was withheld") as caught:
        await ask(engine, "Who keeps it?", draft)
    assert_no_leak(SECRETS, caught.value)
    outcome = await ask(engine, "Who keeps it?", "Osk keeps it. The sky is blue.")
    assert outcome.text == "The sky is blue."


async def test_no_log_holds_what_the_agents_said_or_were_sent():
    with capture_logs() as logs:
        for agent in CALLED:
            for failure in (FAILURES["prose"], FAILURES["an error of its own"], {"parts": 1}):
                engine, _ = engine_of(script_failing(agent, failure), settings=SETTINGS)
                await ask(engine, *REQUESTS["near"])
    assert_no_leak(SECRETS, logs.lines)


async def test_the_base_models_own_failure_goes_to_its_caller():
    engine, _ = engine_of(AgentScript(), settings=SETTINGS)
    with pytest.raises(ModelError, match="503"):
        await ask(engine, "What is the sky?", HTTPFailure(503))
