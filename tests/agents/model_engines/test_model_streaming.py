"""A stream through model engines gives what a plain request gives, and asks no judge on the way."""

from __future__ import annotations

import pytest

from amnestic.graphs.engine import Request
from amnestic.graphs.streaming import ReviewedStream
from amnestic.testing import ScriptedBackend
from amnestic.types import Message
from tests.agents.agent_script import AgentScript, audit_answer
from tests.agents.model_engines.test_model_engines import asked, engine_of

pytestmark = pytest.mark.anyio
SKY = "The sky is blue. Grass is green. Snow is white."
DRAFTS = {
    "clean": SKY,
    "uncertain": f"{SKY} A windmill grinds corn. So it goes.",
    "certain": f"{SKY} Osk said so. So it goes.",
}


@pytest.mark.parametrize("judged", ["clean", "leak"])
@pytest.mark.parametrize("draft", DRAFTS.values(), ids=DRAFTS)
async def test_a_stream_goes_on_from_what_is_out_and_tells_no_more_than_a_plain_answer(
    draft, judged
):
    says = {"auditor": audit_answer("windmill")} if judged == "leak" else {}
    conversation = (Message.of("user", "Tell me about colours."),)
    engine, _ = engine_of(AgentScript(**says))
    plain = await engine.run(Request(conversation, ScriptedBackend(default=draft)))
    engine, agent = engine_of(AgentScript(**says))

    async def run(emit):
        backend = ScriptedBackend(default=draft)
        return await engine.run(Request(conversation, backend, emit=emit))

    pieces = [d.text async for d in ReviewedStream(run) if d.channel == "answer"]
    streamed = "".join(pieces)
    if draft == SKY:
        assert streamed == plain.text == SKY
    assert streamed.startswith(SKY)
    assert not any(
        word in streamed + plain.text for word in ("Osk",) + ("windmill",) * (judged == "leak")
    )
    assert asked(agent).count("auditor") <= 1


@pytest.mark.parametrize(("kind", "released"), [("clean", True), ("uncertain", False)])
async def test_what_is_uncertain_waits_for_the_judge(kind, released):
    said = []
    engine, _ = engine_of(AgentScript(auditor=audit_answer("windmill")))
    backend = ScriptedBackend(default=DRAFTS[kind])
    conversation = (Message.of("user", "Tell me about colours."),)
    await engine.run(Request(conversation, backend, emit=lambda d: said.append(d.text)))
    assert ("sky" in "".join(said)) or not released
    assert "windmill" not in "".join(said)
