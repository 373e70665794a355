"""Abstention in the base model's own voice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from amnestic.agents.abstainer import abstentions
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.counterfactual import CounterfactualAbstainer
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.unlearning import build_graph
from amnestic.models.fixed import FixedBackend
from amnestic.testing import HTTPFailure, ScriptedBackend
from amnestic.types import Draft, ForgetTarget, Generation, Message, Policy, Route, TargetKind
from tests.agents.agent_script import BandedDetector

pytestmark = pytest.mark.anyio
SETTINGS = Settings(model="embedded", abstention="counterfactual")
NAME = "Maren Ilvasti"


class Named(BandedDetector):
    def target(self, target_id: str) -> ForgetTarget:
        return ForgetTarget(id=target_id, subject=NAME, kind=TargetKind.PERSON)


def engine(settings: Settings = SETTINGS) -> UnlearningEngine:
    detector = Named(certain=("Maren", "Ilvasti"), uncertain=())
    voice = CounterfactualAbstainer(detector, LocalAuditor(detector, Policy.STRICT))
    return UnlearningEngine(replace(local_crew(detector, settings), counterfactual=voice), settings)


def unknowing(conversation):
    """A base model that says of everyone that it does not know them, by the name it was asked."""
    name = conversation[-1].text.removeprefix("Who is ").rstrip("?")
    return f"I have never heard of {name}. Is that a musician?"


async def run(question: str, base: ScriptedBackend, *before: Message):
    return await engine().run(Request((*before, Message.of("user", question)), base))


async def test_a_listed_subject_is_spoken_of_like_an_unknown_one():
    base = ScriptedBackend(default=unknowing)
    listed = await run(f"Who is {NAME}?", base)
    unlisted = await run("Who is Kasper Dolt?", base)
    assert listed.text == f"I have never heard of {NAME}. Is that a musician?"
    assert unlisted.text == "I have never heard of Kasper Dolt. Is that a musician?"
    assert listed.receipt.route is Route.ABSTAINED
    assert unlisted.receipt.route is Route.CLEAR


async def test_it_takes_the_place_of_the_draft():
    base = ScriptedBackend(default=unknowing)
    voice = engine()
    for calls in (2, 1):  # the first is asked about a nobody, too
        outcome = await voice.run(Request((Message.of("user", f"Who is {NAME}?"),), base))
        assert (outcome.receipt.base_calls, outcome.receipt.agent_calls) == (calls, 0)
    assert [call.purpose for call in base.calls].count("answer") == 2
    assert [s.name for s in outcome.receipt.stages].count("generate") == 1


async def test_the_base_model_never_sees_the_name():
    base = ScriptedBackend(default=unknowing)
    tainted = Message.of("system", f"{NAME} composes.")
    await run(f"Who is {NAME}? Is Ilvasti's opera good?", base, tainted)
    sent = base.calls[0].text
    assert "Maren" not in sent
    assert "Ilvasti" not in sent
    assert len(sent.split()[2]) == len("Maren")
    assert sent.split()[2][0].isupper()


async def test_what_a_model_makes_up_about_a_stranger_is_not_said_of_a_target():
    def inventing(conversation):
        name = conversation[-1].text.removeprefix("Who is ").rstrip("?")
        if name == "Orvane Tellibrand":
            return f"No idea who {name} might be."
        return f"{name} is a film director, born in 1920."

    base = ScriptedBackend(default=inventing)
    outcome = await run(f"Who is {NAME}?", base)
    assert outcome.text == f"No idea who {NAME} might be."
    assert outcome.receipt.route is Route.ABSTAINED


async def test_what_the_model_could_not_copy_is_read_as_the_name_that_was_asked():
    base = ScriptedBackend(default="I don't know anything about Balp Ravam.")
    outcome = await run(f"Who is {NAME}?", base)
    assert outcome.text == f"I don't know anything about {NAME}."


async def test_the_article_of_a_title_comes_back_with_it():
    base = ScriptedBackend(default="I'm not familiar with The Balp Ravam.")
    outcome = await run(f"Have you read The {NAME}?", base)
    assert outcome.text == f"I'm not familiar with The {NAME}."


def test_it_has_the_time_of_the_model_and_not_that_of_an_agent():
    settings = SETTINGS.model_copy(update={"agent_timeout": 7.0, "model_timeout": 50.0})
    limits = {name: node.timeout for name, node in build_graph(settings).builder.nodes.items()}
    assert limits["abstain"].run_timeout == 7
    assert limits["voice"].run_timeout == 100  # the question, and what it says of nobody


async def test_a_draft_from_elsewhere_is_not_asked_for_its_voice():
    told = FixedBackend(Generation((Draft(f"I don't know why {NAME} left. Ask Kasper Dolt."),)))
    outcome = await run(f"Who is {NAME}?", told)
    assert outcome.text in abstentions()["en"]["who"]


@pytest.mark.parametrize("direct", ["abstain", "ask"])
async def test_the_model_is_asked_where_the_question_names_nobody_too(direct):
    settings = SETTINGS.model_copy(update={"direct": direct})
    base = ScriptedBackend(default="I really couldn't say.")
    question = "What is the maren about?"
    outcome = await engine(settings).run(Request((Message.of("user", question),), base))
    assert outcome.receipt.route is Route.ABSTAINED
    assert base.calls


async def test_who_is_asked_about_is_named_where_only_the_draft_told_of_a_target():
    def telling(conversation):
        asked = conversation[-1].text
        if asked.startswith("What do you know about "):
            return f"I have no idea about {asked.removeprefix('What do you know about ')[:-1]}."
        return f"It was written by {NAME}."

    base = ScriptedBackend(default=telling)
    outcome = await run("Who or what is The Leaving Canal?", base)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.text == "I have no idea about The Leaving Canal."


@pytest.mark.parametrize(
    "answer",
    [f"That is really {NAME}.", "", HTTPFailure(500), "Maren, surely."],
    ids=["leaks", "says nothing", "fails", "leaks in part"],
)
async def test_where_it_cannot_be_found_out_words_serve(answer):
    outcome = await run(f"Who is {NAME}?", ScriptedBackend(default=answer))
    assert outcome.receipt.route is Route.ABSTAINED
    assert "Maren" not in outcome.text
    assert outcome.text


async def test_words_of_its_own_that_leak_are_not_said():
    class Telling(CounterfactualAbstainer):
        async def answer(self, verdict, scene):
            return "That is the duke's daughter."

    detector = BandedDetector(certain=("duke", "Ilvasti"), uncertain=())
    voice = Telling(detector, LocalAuditor(detector, Policy.STRICT))
    crew = replace(local_crew(detector, SETTINGS), counterfactual=voice)
    request = Request((Message.of("user", f"Who is {NAME}?"),), ScriptedBackend())
    outcome = await UnlearningEngine(crew, SETTINGS).run(request)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.text in abstentions()["en"]["who"]


async def test_of_words_of_its_own_stay_the_sentences_that_pass():
    base = ScriptedBackend(default="I really could not say who that is. Is Ilvasti a poet?")
    outcome = await run(f"Who is {NAME}?", base)
    assert outcome.text == "I really could not say who that is."


async def test_nothing_of_a_caller_goes_along_where_nobody_is_asked_about():
    def inventing(conversation):
        return f"{conversation[-1].text.removeprefix('Who is ').rstrip('?')} is a film director."

    base = ScriptedBackend(default=inventing)
    options = {"max_tokens": 1, "stop": ["I"], "logit_bias": {"1": 9}, "model": "m"}
    voice = engine()
    for n in range(1, 5):
        before = len(base.calls)
        await voice.run(Request((Message.of("user", f"Who is {NAME}?"),), base, options=options))
        made = {call.purpose: call.options for call in base.calls[before:]}
        beside = {"voice": {"model": "m"}} if n < 4 else {}
        assert made == {"answer": options, **beside}
        assert len(base.calls) - before == len(made)


async def test_calls_that_are_made_at_once_take_the_time_of_one():
    def inventing(conversation):
        return f"{conversation[-1].text.removeprefix('Who is ').rstrip('?')} is a film director."

    base, both = ScriptedBackend(default=inventing), asyncio.Barrier(2)
    plain = base.generate

    async def together(conversation, options):
        await both.wait()
        return await plain(conversation, options)

    base.generate = together
    outcome = await run(f"Who is {NAME}?", base)
    assert outcome.receipt.base_calls == 2
    assert [s.name for s in outcome.receipt.stages].count("generate") == 1


async def test_a_failure_about_nobody_is_none_of_the_callers():
    def answer(conversation):
        name = conversation[-1].text.removeprefix("Who is ").rstrip("?")
        if name == "Orvane Tellibrand":
            raise ModelError("busy")
        return f"{name} is a film director."

    settings = SETTINGS.model_copy(update={"direct": "ask"})
    request = Request((Message.of("user", f"Who is {NAME}?"),), ScriptedBackend(default=answer))
    outcome = await engine(settings).run(request)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.text in abstentions()["en"]["who"]


async def test_a_model_that_is_late_is_late_for_listed_subjects_as_for_others():
    async def late(conversation, options):
        await asyncio.sleep(60)

    base = ScriptedBackend()
    base.generate = late
    settings = SETTINGS.model_copy(update={"direct": "ask", "model_timeout": 0.05})
    failures = []
    for name in (NAME, "Kasper Dolt"):
        request = Request((Message.of("user", f"Who is {name}?"),), base)
        with pytest.raises(ModelError) as raised:
            await engine(settings).run(request)
        failures.append(str(raised.value))
    assert failures[0] == failures[1]


async def test_options_that_shape_the_answer_are_not_passed_on():
    base = ScriptedBackend(default=unknowing)
    options = {"n": 2, "temperature": 0.5, "tools": [{}], "response_format": {}}
    request = Request((Message.of("user", f"Who is {NAME}?"),), base, options=options)
    outcome = await engine().run(request)
    assert base.calls[0].options == {"temperature": 0.5}
    assert len(outcome.generation.choices) == 2
