"""A request that meets a sealed target is answered as it is without any agents' model."""

from __future__ import annotations

import pytest

from amnestic.assembly import local_crew
from amnestic.graphs.engine import UnlearningEngine
from tests.agents.agent_script import AgentScript, BandedDetector, SealedDetector
from tests.agents.model_engines.test_model_engines import SETTINGS, ask, asked, engine_of

pytestmark = pytest.mark.anyio


@pytest.mark.parametrize(
    ("question", "draft"),
    [
        ("Tell me something.", "Osk knows. The sky is blue."),
        ("Tell me something.", "There is a windmill. The sky is blue."),
        ("Who lives in a windmill?", "Millers live in a windmill."),
        ("Who keeps the windmill, and what colour is the sky?", "Osk. The sky is blue."),
    ],
)
@pytest.mark.parametrize("score", [0.4, 0.6])
async def test_no_agents_model_is_asked_and_the_local_engines_go_on(
    question: str, draft: str, score: float
) -> None:
    settings = SETTINGS.model_copy(update={"compose": 2})
    engine, agent = engine_of(AgentScript(), SealedDetector(score=score), settings)
    outcome = await ask(engine, question, draft)
    assert asked(agent) == []
    alone = UnlearningEngine(local_crew(SealedDetector(score=score), settings), settings)
    local = await ask(alone, question, draft)
    assert (outcome.text, outcome.receipt.route) == (local.text, local.receipt.route)
    assert outcome.receipt.reason == local.receipt.reason
    other, agent = engine_of(AgentScript(), BandedDetector(score=score), settings)
    await ask(other, question, draft)
    assert asked(agent) != []


async def test_a_request_far_from_it_is_shown_to_nobody_as_ever() -> None:
    engine, agent = engine_of(AgentScript(), SealedDetector())
    outcome = await ask(engine, "What is the sky?", "The sky is blue.")
    assert (outcome.text, asked(agent)) == ("The sky is blue.", [])
