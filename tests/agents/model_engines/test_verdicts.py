"""How often models are asked, what their verdicts can do and what they cannot."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from amnestic.graphs.engine import Request
from amnestic.testing import HTTPFailure, ScriptedBackend
from amnestic.types import Draft, Message, Route, Span
from tests.agents.agent_script import (
    AgentScript,
    BandedDetector,
    audit_answer,
    critic_answer,
    vet_answer,
)
from tests.agents.model_engines.test_model_engines import SETTINGS, ask, asked, engine_of

pytestmark = pytest.mark.anyio

# ── Three calls at most ──────────────────────────────────────────────────────────────────────────

VETTERS = {"unreadable": "Hm.", "clear": lambda c: vet_answer(c, ())}
AUDITORS = {
    "unreadable": "Hm.",
    "clear": {"findings": []},
    "finds": audit_answer("windmill"),
}
REWRITERS = {
    "unreadable": "Hm.",
    "good": {"candidates": ["The sky is blue.", "Blue is the sky."]},
    "leaky": {"candidates": ["Osk knows the sky."]},
    "hinting": {"candidates": ["A mill stands under the sky, a windmill."]},
}
CRITICS = {
    "low use": lambda c: critic_answer(c, (5, 2, 5)),
    "low forgetting": lambda c: critic_answer(c, (3, 5, 5)),
    "no marks": {"ratings": []},
    "unreadable": "Fine, I think.",
    "good": lambda c: critic_answer(c, (5, 5, 5)),
}


@pytest.mark.product
@pytest.mark.parametrize("vetter", VETTERS)
@pytest.mark.parametrize("auditor", AUDITORS)
@pytest.mark.parametrize("rewriter", REWRITERS)
@pytest.mark.parametrize("critic", CRITICS)
async def test_a_request_takes_three_calls_at_most(vetter, auditor, rewriter, critic):
    says = {
        "vetter": VETTERS[vetter],
        "auditor": AUDITORS[auditor],
        "rewriter": REWRITERS[rewriter],
        "critic": CRITICS[critic],
    }
    for question, draft in (
        ("Tell me.", "Osk knows the mill. The sky is blue."),
        ("Tell me.", "There is a windmill. The sky is blue."),
        ("Is a windmill tall, and what is the sky?", "The windmill is. The sky is blue."),
    ):
        engine, agent = engine_of(
            AgentScript(**says), BandedDetector(uncertain=("windmill", "mill"))
        )
        outcome = await ask(engine, question, draft)
        assert len(asked(agent)) <= 3
        assert outcome.receipt.agent_calls == len(asked(agent))
        assert "Osk" not in outcome.text


async def test_each_choice_has_the_calls_of_one():
    engine, agent = engine_of(AgentScript())
    draft = Draft("Osk knows. The sky is blue.")
    base = ScriptedBackend(default=[draft, draft])
    outcome = await engine.run(Request((Message.of("user", "Tell."),), base, options={"n": 2}))
    assert sorted(asked(agent)) == ["critic", "critic", "rewriter", "rewriter"]
    assert outcome.receipt.route is Route.REWRITTEN


# ── What was cleared, and what a rating model cannot do ──────────────────────────────────────────


async def test_what_the_judge_cleared_is_not_cut_by_the_local_engines():
    """Two subjects: the judge clears the one and finds the other in another choice of words."""
    draft = "A windmill grinds corn, as everywhere. A windmill stands in Tavel. The sky is blue."
    script = AgentScript(
        auditor=audit_answer("A windmill stands in Tavel."),
        rewriter="nothing that could be read",
    )
    engine, _ = engine_of(script)
    outcome = await ask(engine, "Tell me.", draft)
    assert outcome.text == "A windmill grinds corn, as everywhere. The sky is blue."
    assert outcome.receipt.route is Route.REWRITTEN


async def test_a_find_whose_place_is_not_known_clears_nothing_beside_it():
    """One quote stands in the draft and one does not: what the second meant may be anywhere."""
    found = audit_answer("A windmill stands in Tavel.")["findings"]
    elsewhere = audit_answer("some windmill of his")["findings"]
    script = AgentScript(auditor={"findings": [*found, *elsewhere]}, rewriter="unreadable")
    engine, _ = engine_of(script)
    draft = "His is any windmill at all. A windmill stands in Tavel. The sky is blue."
    outcome = await ask(engine, "Tell me.", draft)
    assert "windmill" not in outcome.text
    assert outcome.receipt.quotes_dropped == 1


async def test_a_candidate_that_a_detector_is_not_easy_about_is_for_the_critics_model_to_judge():
    hinting = {"candidates": ["Any windmill turns in the wind; the sky is blue."]}
    for marks, route in (((5, 5, 5), Route.REWRITTEN), ((3, 5, 5), Route.ABSTAINED)):
        script = AgentScript(rewriter=hinting, critic=lambda c, m=marks: critic_answer(c, m))
        engine, agent = engine_of(script)
        outcome = await ask(engine, "Tell me.", "Osk knows the sky, and any windmill that turns.")
        assert outcome.receipt.route is route
        assert asked(agent).count("auditor") == 0
        if route is Route.REWRITTEN:
            assert outcome.text == hinting["candidates"][0]


async def test_a_judge_clears_nothing_that_is_certain_in_a_later_look():
    script = AgentScript(auditor={"findings": []}, rewriter={"candidates": ["Osk. A windmill."]})
    engine, _ = engine_of(script)
    outcome = await ask(engine, "Tell me.", Draft("A windmill.", reasoning="Osk knows."))
    assert "Osk" not in outcome.text
    assert "Osk" not in outcome.generation.choices[0].reasoning


async def test_a_rating_model_does_not_raise_what_is_useless():
    """Far from the draft, with every mark at its best."""
    useless = {"candidates": ["Bananas are a fruit that some people eat for breakfast."]}
    draft = "Osk met the Queen in Paris on a rainy Thursday, and they spoke at length of kettles."
    engine, _ = engine_of(
        AgentScript(rewriter=useless, critic=lambda c: critic_answer(c, (5, 5, 5)))
    )
    outcome = await ask(engine, "Tell me.", draft)
    assert "Bananas" not in outcome.text


@pytest.mark.parametrize("agent_name", ["auditor", "vetter", "rewriter", "critic", "composer"])
async def test_a_model_that_parrots_its_prompt_gives_no_verdict_and_gets_no_text_sent(agent_name):
    def parrot(conversation):
        return conversation[0].text

    def examples(conversation):
        text = conversation[0].text
        starts = [i for i, c in enumerate(text) if text.startswith('{"', i)]
        return "\n".join(text[i : text.find("\n", i)] for i in starts)

    for say in (parrot, examples):
        settings = SETTINGS.model_copy(update={"compose": 2})
        engine, agent = engine_of(AgentScript(**{agent_name: say}), settings=settings)
        question = "Is a windmill tall?" if agent_name == "vetter" else "Tell me."
        start = "A windmill" if agent_name == "auditor" else "Osk knows"
        outcome = await ask(engine, question, f"{start}. The sky is blue.")
        assert agent_name in asked(agent)
        assert outcome.receipt.reason.startswith(f"{agent_name}: ModelError")
        assert "version" not in outcome.text
        assert "Carmen" not in outcome.text


async def test_the_worked_example_given_as_a_version_is_not_sent():
    example = "One comes to mind: Carmen. An interval lasts about twenty minutes."
    engine, agent = engine_of(AgentScript(rewriter={"candidates": [example]}))
    outcome = await ask(
        engine, "Tell me.", "Osk knows Carmen. An interval is about twenty minutes."
    )
    assert any(example in m.text for c in agent.calls for m in c.conversation)
    assert "comes to mind" not in outcome.text


# ── Other languages ──────────────────────────────────────────────────────────────────────────────


class Surveyed(BandedDetector):
    """Near its target wherever a bell is, in any language."""

    def near(self, text, question, context):
        at = re.search(r"\b(?:bells?|Glocken?|cloches?)\b", text, re.IGNORECASE)
        return (Near("t1", (Span(*at.span()),)),) if at else ()


@dataclass(frozen=True)
class Near:
    target_id: str
    spans: tuple[Span, ...]


GERMAN = "Der Himmel ist blau, und das Meer ist grün. Er sammelt Glocken und wohnt bei einer Mühle."
ENGLISH = "The sky is blue and the sea is green. He collects bells and lives at a mill."


async def test_a_text_in_another_language_reaches_the_judge_where_it_is_only_near_a_target():
    told = audit_answer("Er sammelt Glocken und wohnt bei einer Mühle.")
    script = AgentScript(auditor=told, rewriter={"candidates": []})
    engine, agent = engine_of(script, Surveyed())
    outcome = await ask(engine, "Was weißt du?", GERMAN)
    assert "auditor" in asked(agent)
    assert outcome.text.strip() == "Der Himmel ist blau, und das Meer ist grün."


async def test_english_and_what_is_far_reach_no_judge_at_lower_scores():
    for text in (ENGLISH, "Der Himmel ist blau, und das Meer ist grün wie eine Wiese im Mai."):
        engine, agent = engine_of(AgentScript(), Surveyed())
        outcome = await ask(engine, "Tell me.", text)
        assert outcome.text == text
        assert not agent.calls


@pytest.mark.parametrize("said", [{"findings": []}, "Nichts gefunden.", HTTPFailure(500)])
async def test_what_is_only_near_passes_where_the_judge_finds_nothing_or_cannot_be_had(said):
    settings = SETTINGS.model_copy(update={"agent_retries": 0})
    engine, agent = engine_of(AgentScript(auditor=said), Surveyed(), settings)
    outcome = await ask(engine, "Was weißt du?", GERMAN)
    assert outcome.text == GERMAN
    assert "auditor" in asked(agent)
