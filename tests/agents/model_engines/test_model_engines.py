"""The model engines in the whole graph: what is asked of whom, and what comes of it."""

from __future__ import annotations

import json

import pytest

from amnestic.agents.model_engines.crew import model_crew
from amnestic.agents.model_engines.memo import RequestMemo
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Message, Policy, Route, ToolCall
from tests.agents.agent_script import (
    AgentScript,
    BandedDetector,
    agent_of,
    audit_answer,
    block,
    count_blocks,
    critic_answer,
    vet_answer,
)

pytestmark = pytest.mark.anyio
SETTINGS = Settings(model="embedded")


def engine_of(script, detector=None, settings=SETTINGS, **backend):
    detector = detector or BandedDetector()
    agent = script.backend(**backend) if isinstance(script, AgentScript) else script
    memo = RequestMemo(detector)
    crew = model_crew(local_crew(memo, settings), memo, lambda _: agent, settings)
    engine = UnlearningEngine(crew, settings)
    return engine, agent


async def ask(engine: UnlearningEngine, question: str, draft: str | Draft, **options) -> Outcome:
    base = ScriptedBackend(default=draft)
    return await engine.run(Request((Message.of("user", question),), base, options=options))


def asked(agent: ScriptedBackend) -> list[str]:
    """The agents that called the model, probes left out."""
    return [name for call in agent.calls if (name := agent_of(call.conversation)) != "probe"]


# ── How many calls ───────────────────────────────────────────────────────────────────────────────


async def test_far_from_every_target_no_model_is_called():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "What is the sky?", "The sky is blue.")
    assert outcome.text == "The sky is blue."
    assert (asked(agent), outcome.receipt.agent_calls) == ([], 0)
    assert not agent.calls  # not even a probe


async def test_certain_evidence_takes_a_rewrite_and_a_critic():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "Tell me something.", "Osk knows. The sky is blue.")
    assert outcome.receipt.route is Route.REWRITTEN
    assert outcome.text in ("The sky is blue.", "Blue is the sky.", "The sky: blue.")
    assert asked(agent) == ["rewriter", "critic"]
    assert outcome.receipt.agent_calls == 2
    assert outcome.receipt.agent_tokens > 100


async def test_an_uncertain_leak_takes_a_judge_too():
    engine, agent = engine_of(AgentScript(auditor=audit_answer("windmill")))
    outcome = await ask(engine, "Tell me something.", "There is a windmill. The sky is blue.")
    assert outcome.receipt.route is Route.REWRITTEN
    assert asked(agent) == ["auditor", "rewriter", "critic"]
    assert outcome.receipt.agent_calls == 3


async def test_an_uncertain_text_that_the_judge_clears_passes_untouched():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "Tell me something.", "There is a windmill.")
    assert outcome.text == "There is a windmill."
    assert outcome.receipt.route is Route.CLEAR
    assert asked(agent) == ["auditor"]


async def test_an_uncertain_question_is_judged_once_and_not_again_with_its_answer():
    script = AgentScript(vetter=lambda c: vet_answer(c, asks=()))
    engine, agent = engine_of(script, BandedDetector(score=0.4))
    outcome = await ask(engine, "Who lives in a windmill?", "Millers live in a windmill.")
    assert outcome.text == "Millers live in a windmill."
    assert asked(agent) == ["vetter"]


async def test_a_question_that_asks_for_a_target_is_not_put_to_the_base_model():
    script = AgentScript(vetter=lambda c: vet_answer(c, asks=(1,)))
    engine, agent = engine_of(script)
    base = ScriptedBackend(default="Osk")
    conversation = (Message.of("user", "Who keeps the windmill?"),)
    outcome = await engine.run(Request(conversation, base))
    assert outcome.receipt.route is Route.ABSTAINED
    assert not base.calls
    assert asked(agent) == ["vetter"]


async def test_a_combined_question_keeps_its_other_part():
    script = AgentScript(vetter=lambda c: vet_answer(c, asks=(1,)))
    engine, agent = engine_of(script)
    question = "Who keeps the windmill, and what colour is the sky?"
    outcome = await ask(engine, question, "A man in a windmill. The sky is blue.")
    assert outcome.receipt.route is Route.REWRITTEN
    assert asked(agent) == ["vetter", "rewriter", "critic"]
    prompt = agent.calls[-3].conversation
    assert block(prompt, "part 1") == "Who keeps the windmill"
    assert block(prompt, "part 2") == "what colour is the sky?"


async def test_the_same_text_is_judged_once():
    engine, agent = engine_of(AgentScript())
    for _ in range(3):
        await ask(engine, "Tell me something.", "There is a windmill.")
    assert asked(agent) == ["auditor"]
    await ask(engine, "Tell me something else.", "There is a windmill.")
    assert asked(agent) == ["auditor", "auditor"]


async def test_what_was_judged_for_one_tenant_is_judged_anew_for_another():
    """A target of all tenants has one id: how long an answer takes would tell who asked before."""
    engine, agent = engine_of(AgentScript())
    conversation = (Message.of("user", "Tell me something."),)
    for space in ("one", "two", "one", "two"):
        base = ScriptedBackend(default="There is a windmill.")
        await engine.run(Request(conversation, base, space))
    assert asked(agent) == ["auditor", "auditor"]


# ── What a judge cannot do ───────────────────────────────────────────────────────────────────────


async def test_a_judge_cannot_clear_what_is_certain():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "Tell me.", "Osk keeps the windmill.")
    assert "Osk" not in outcome.text
    assert "auditor" not in asked(agent)


async def test_a_detectors_veto_outweighs_the_best_marks():
    leaky = {"candidates": ["It was Osk.", "Osk it was.", "Osk!"]}
    script = AgentScript(rewriter=leaky, critic=lambda c: critic_answer(c, (5, 5, 5)))
    engine, agent = engine_of(script)
    outcome = await ask(engine, "Who was it?", "It was Osk.")
    assert outcome.receipt.route is Route.ABSTAINED
    assert "Osk" not in outcome.text
    assert "critic" not in asked(agent)  # nothing is left to be rated


@pytest.mark.parametrize("marks", [(4, 5, 5), (5, 2, 5), (5, 5, 2), (1, 5, 5)])
async def test_candidates_are_accepted_on_their_lowest_mark(marks):
    engine, _ = engine_of(AgentScript(critic=lambda c: critic_answer(c, marks)))
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.receipt.rounds == SETTINGS.rounds


async def test_a_rejected_version_reaches_the_rewriter_in_the_next_round_with_its_reason():
    def critic(conversation):
        ratings = critic_answer(conversation, (5, 2, 5))["ratings"]
        shown = {r["candidate"]: block(conversation, f"version {r['candidate']}") for r in ratings}
        return {"ratings": [{**r, "reason": f"dull: {shown[r['candidate']]}"} for r in ratings]}

    engine, agent = engine_of(AgentScript(critic=critic))
    await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    second = [c for c in agent.calls if agent_of(c.conversation) == "rewriter"][1].conversation
    assert block(second, "rejected version 1") == "The sky is blue."
    for n in (1, 2, 3):
        version, reason = (
            block(second, f"rejected version {n}"),
            f"what was wrong with rejected version {n}",
        )
        assert block(second, reason) == f"dull: {version}"
    assert "Do not make the same mistakes" in second[0].text


async def test_the_rewriter_is_told_how_an_answer_began_and_the_sentence_around_a_passage():
    engine, agent = engine_of(AgentScript(rewriter={"candidates": ["Some sing there."]}))
    draft = "The sky is blue. The sea is green. On Sundays Osk sings to the sea. Many listen."
    request = Request(
        (Message.of("user", "Tell me."),), ScriptedBackend(default=draft), emit=lambda d: None
    )
    outcome = await engine.run(request)  # of an answer that nobody listens to nothing is out
    prompt = next(c for c in agent.calls if agent_of(c.conversation) == "rewriter").conversation
    assert "The draft is the rest of an answer" in prompt[0].text
    assert block(prompt, "how the answer began") == "The sky is blue. The sea is green."
    assert block(prompt, "draft") == "On Sundays Osk sings to the sea. Many listen."
    assert block(prompt, "passage 1") == "Osk"
    assert block(prompt, "sentence around passage 1") == "On Sundays Osk sings to the sea."
    assert outcome.text == "The sky is blue. The sea is green. Some sing there."


async def test_a_draft_that_is_the_whole_answer_is_not_called_its_rest():
    engine, agent = engine_of(AgentScript())
    await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    prompt = next(c for c in agent.calls if agent_of(c.conversation) == "rewriter").conversation
    assert "rest of an answer" not in prompt[0].text
    assert not block(prompt, "how the answer began")


async def test_a_candidate_without_marks_is_not_accepted():
    engine, _ = engine_of(AgentScript(critic={"ratings": []}))
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert outcome.receipt.route is Route.ABSTAINED


async def test_a_quote_that_does_not_stand_in_the_draft_finds_nothing_new():
    """The detector finds no fault with the reasoning; a judge who invents a quote has no say."""
    script = AgentScript(
        auditor={
            "findings": [
                {"text": 2, "target": 1, "kind": "direct", "quote": "made up", "probability": 1.0,
                 "reason": "so"}
            ]
        }
    )  # fmt: skip
    engine, _ = engine_of(script)
    draft = Draft("There is a windmill.", reasoning="Mills turn.")
    outcome = await ask(engine, "Tell me.", draft)
    assert outcome.generation.choices == (draft,)
    assert outcome.receipt.quotes_dropped == 1


async def test_every_channel_is_judged():
    script = AgentScript(auditor=lambda c: audit_answer("windmill"))
    for draft in (
        Draft("Fine.", reasoning="The windmill."),
        Draft(refusal="Not the windmill."),
        Draft(tool_calls=(ToolCall("1", "go", '{"to": "the windmill"}'),)),
    ):
        engine, _ = engine_of(script)
        outcome = await ask(engine, "Tell me.", draft)
        texts = [text for d in outcome.generation.choices for _, text in d.channels()]
        assert not any("windmill" in text for text in texts)


async def test_a_draft_too_long_to_be_shown_is_not_cleared():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "Tell me.", "The sky is blue. " * 1000 + "A windmill.")
    assert "windmill" not in outcome.text
    assert "auditor" not in asked(agent)


LONG = "The sky is blue. " * 1000


async def test_of_a_long_draft_the_models_see_the_part_that_leaks():
    script = AgentScript(rewriter={"candidates": ["Somebody keeps it."]})
    engine, agent = engine_of(script)
    outcome = await ask(engine, "Tell me.", f"{LONG}Osk keeps the mill. {LONG}")
    assert "Somebody keeps it." in outcome.text
    assert outcome.text.startswith(LONG.strip()[:-20])
    assert outcome.text.count("The sky is blue.") >= 1_997  # the part has one on each side
    assert outcome.receipt.route is Route.REWRITTEN
    assert outcome.receipt.too_long == 0
    shown = [sum(len(m.text) for m in call.conversation) for call in agent.calls]
    assert max(shown) < 10_000


async def test_what_a_detector_is_not_easy_about_is_not_left_out_of_what_the_critic_sees():
    script = AgentScript(rewriter={"candidates": ["Somebody keeps it."]})
    engine, _ = engine_of(script)
    outcome = await ask(engine, "Tell me.", f"A windmill. {LONG}Osk keeps it. {LONG}")
    assert "windmill" not in outcome.text
    assert "Osk" not in outcome.text


async def test_leaks_too_far_apart_are_mended_locally_and_the_receipt_says_so():
    engine, agent = engine_of(AgentScript())
    outcome = await ask(engine, "Who?", f"Osk keeps the mill. {LONG}Osk sings.")
    assert "Osk" not in outcome.text
    assert outcome.receipt.too_long >= 1
    assert "rewriter" not in asked(agent)


# ── The rewriter's candidates ────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "candidates",
    [
        [],
        ["", "  "],
        ["Der Himmel ist blau, und das ist auch gut so für die Leute."],
        ["Osk knows. The sky is blue."],
        ["word " * 500],
        ["<<<ab subject 1>>> the sky is blue"],
    ],
    ids=["none", "empty", "another language", "the draft", "far too long", "scaffold"],
)
async def test_useless_candidates_give_way_to_the_local_engines(candidates):
    engine, _ = engine_of(AgentScript(rewriter={"candidates": candidates}))
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert outcome.text == "The sky is blue."
    assert outcome.receipt.route is Route.REWRITTEN


async def test_twenty_candidates_are_cut_to_what_was_asked_for():
    many = {"candidates": [f"The sky is blue {n}." for n in range(20)]}
    engine, agent = engine_of(AgentScript(rewriter=many))
    await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    critic = next(c for c in agent.calls if agent_of(c.conversation) == "critic")
    assert count_blocks(critic.conversation, "version") == SETTINGS.candidates


SCHEMA = {
    "type": "object",
    "properties": {"who": {"type": "string"}, "sky": {"type": "string"}},
    "required": ["who", "sky"],
}
FORMAT = {"type": "json_schema", "json_schema": {"name": "a", "schema": SCHEMA}}


async def test_a_json_answer_still_follows_the_callers_schema():
    candidates = [
        "Nobody; the sky is blue.",
        '{"who": null, "sky": "blue"}',
        '{"who": "unknown", "sky": "blue"}',
    ]
    engine, _ = engine_of(AgentScript(rewriter={"candidates": candidates}))
    draft = '{"who": "Osk", "sky": "blue"}'
    outcome = await ask(engine, "Who?", draft, response_format=FORMAT)
    assert json.loads(outcome.text) == {"who": "unknown", "sky": "blue"}


async def test_a_model_that_cannot_answer_in_a_form_is_asked_several_times_at_once():
    def answer(conversation):
        if agent_of(conversation) == "probe":
            return "Snow is white."
        return "The sky is blue."

    agent = ScriptedBackend(default=answer)
    engine, _ = engine_of(agent)
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert asked(agent) == ["rewriter"] * 2  # one call is the critic's
    assert outcome.text == "The sky is blue."
    assert "cannot answer in the form" in outcome.receipt.reason  # it cannot criticise


async def test_code_comes_back_as_it_was_written():
    rewritten = "if a <‹| b:\n    pass".replace("<‹|", "‹¦")
    engine, _ = engine_of(AgentScript(rewriter={"candidates": [rewritten]}))
    outcome = await ask(engine, "Show code.", "# by Osk\nif a <| b:\n    pass")
    assert "‹" not in outcome.text


# ── Composing ────────────────────────────────────────────────────────────────────────────────────

COMPOSING = SETTINGS.model_copy(update={"compose": 2})


async def test_accepted_candidates_can_be_merged():
    engine, agent = engine_of(AgentScript(), settings=COMPOSING)
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert outcome.text == "The sky is blue, all in all."
    assert asked(agent) == ["rewriter", "critic", "composer"]
    prompt = agent.calls[-1].conversation
    assert count_blocks(prompt, "version") == 2
    assert "Osk" not in prompt[1].text


async def test_a_merger_that_leaks_gives_way_to_the_best_candidate():
    engine, _ = engine_of(AgentScript(composer={"text": "Osk: blue."}), settings=COMPOSING)
    outcome = await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert outcome.text in ("The sky is blue.", "Blue is the sky.", "The sky: blue.")


async def test_nothing_is_merged_unless_asked_for():
    engine, agent = engine_of(AgentScript())
    await ask(engine, "Tell me.", "Osk knows. The sky is blue.")
    assert "composer" not in asked(agent)


# ── What agents see ──────────────────────────────────────────────────────────────────────────────


async def test_the_strict_policy_asks_the_judge_too():
    settings = SETTINGS.model_copy(update={"policy": Policy.STRICT})
    engine, agent = engine_of(AgentScript(), settings=settings)
    outcome = await ask(engine, "Tell me.", "There is a windmill.")
    assert outcome.text == "There is a windmill."
    assert asked(agent) == ["auditor"]


async def test_agents_see_a_few_targets_whatever_the_list_holds():
    class Crowded(BandedDetector):
        def _find(self, text):
            found = super()._find(text)
            from dataclasses import replace

            return tuple(replace(found[0], target_id=f"t{n}") for n in range(40)) if found else ()

    engine, agent = engine_of(AgentScript(auditor=audit_answer("windmill")), Crowded())
    await ask(engine, "Tell me.", "There is a windmill. The sky is blue.")
    for call in agent.calls:
        if agent_of(call.conversation) != "probe":
            assert count_blocks(call.conversation, "subject") <= 4
