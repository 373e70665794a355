"""A model is asked whom texts tell of: bounded, kept, read generously, and never raising."""

from __future__ import annotations

import asyncio

import pytest

from amnestic.agents.contracts import Named
from amnestic.agents.ledger import open_ledger
from amnestic.agents.model_engines.agent_model import AgentModel, Limits
from amnestic.agents.model_engines.identifier import ModelIdentifier
from amnestic.agents.model_engines.listed import listed_names
from amnestic.exceptions import ModelError
from amnestic.models.purpose import current_purpose
from amnestic.prompts.loader import load_prompts
from amnestic.testing import ScriptedBackend
from amnestic.types import Conversation, Draft, Generation
from tests.patience import PATIENCE

pytestmark = pytest.mark.anyio
SAID = '{"question": ["The Salt Clock"], "draft": ["Maren Ilvasti"]}'
READ = Named(("The Salt Clock",), ("Maren Ilvasti",))


def identifier(backend: ScriptedBackend | None) -> ModelIdentifier:
    model = None if backend is None else AgentModel(backend, Limits(retries=0))
    return ModelIdentifier(load_prompts(), model, timeout=PATIENCE)


async def test_question_and_draft_are_asked_about_in_one_call():
    backend = ScriptedBackend(SAID)
    with open_ledger() as ledger:
        assert await identifier(backend).identify("Who wrote it?", "It is by her.") == READ
    assert len(backend.calls) == 1
    assert "It is by her." in backend.calls[0].conversation[1].text
    assert [(e.agent, e.calls) for e in ledger.entries] == [("identify", 1)]


async def test_the_same_texts_are_asked_about_once():
    backend = ScriptedBackend(SAID)
    asked = identifier(backend)
    assert await asked.identify("Who?", "She.") == await asked.identify("Who?", "She.") == READ
    assert len(backend.calls) == 1


async def test_what_was_asked_for_one_tenant_is_asked_anew_for_another():
    backend = ScriptedBackend(default=SAID)
    asked = identifier(backend)
    for space in ("one", "two", "one", "two"):
        with open_ledger(space):
            assert await asked.identify("Who?", "She.") == READ
    assert len(backend.calls) == 2


async def test_what_was_named_for_the_question_is_kept_by_itself():
    backend = ScriptedBackend(SAID)
    asked = identifier(backend)
    await asked.identify("Who?", "She.")
    assert await asked.identify("Who?") == Named(("The Salt Clock",))
    assert len(backend.calls) == 1


async def test_without_a_draft_only_the_question_is_asked_about():
    backend = ScriptedBackend('{"question": ["The Salt Clock"]}')
    assert await identifier(backend).identify("Which opera?") == Named(("The Salt Clock",))
    assert "draft" not in backend.calls[0].conversation[1].text


@pytest.mark.parametrize("said", ["", "I cannot help with that.", ModelError("it is down")])
async def test_an_answer_that_is_none_is_counted_and_not_kept(said):
    backend = ScriptedBackend(said, SAID)
    asked = identifier(backend)
    with open_ledger() as ledger:
        assert await asked.identify("Who?", "She.") is None
    assert ledger.unidentified == 1
    assert await asked.identify("Who?", "She.") == READ


async def test_a_model_that_does_not_answer_is_no_answer():
    async def ask(conversation: Conversation) -> Generation:
        await asyncio.Event().wait()
        raise AssertionError("unreachable")

    asked = ModelIdentifier(load_prompts(), None, timeout=0.01)
    with open_ledger() as ledger:
        assert await asked.identify("Who?", "She.", ask=ask) is None
    assert ledger.unidentified == 1


async def test_the_base_model_is_asked_with_its_purpose():
    purposes = []

    async def ask(conversation: Conversation) -> Generation:
        purposes.append(current_purpose())
        return Generation((Draft(text=SAID),))

    assert await identifier(None).identify("Who?", "She.", ask=ask) == READ
    assert purposes == ["identify"]


async def test_without_any_model_nothing_is_asked_and_nothing_counted():
    with open_ledger() as ledger:
        assert await identifier(None).identify("Who?", "She.") is None
    assert ledger.unidentified == 0


@pytest.mark.parametrize(
    "answer",
    [
        SAID,
        f"Here you are:\n```json\n{SAID}\n```\nAnything else?",
        f'{{"seal": "1f", "note": [1, null], {SAID[1:]}',
        '{"question": "The Salt Clock", "draft": {"people": ["Maren Ilvasti"], "places": []}}',
        "Question:\n- The Salt Clock\n\n**Draft:**\n1. Maren Ilvasti",
    ],
)
def test_names_are_read_out_of_whatever_stands_around_them(answer):
    assert listed_names(answer, has_draft=True) == READ


@pytest.mark.parametrize(
    "answer", ['["Maren Ilvasti", "Tavel"]', "* Maren Ilvasti\n* Tavel", "Maren Ilvasti\nTavel"]
)
def test_a_list_that_does_not_say_for_what_is_one_for_the_draft(answer):
    assert listed_names(answer, has_draft=True) == Named((), ("Maren Ilvasti", "Tavel"))
    assert listed_names(answer, has_draft=False) == Named(("Maren Ilvasti", "Tavel"))


def test_a_list_recited_from_the_draft_does_not_take_the_place_of_the_models_own():
    answer = f'The draft says {{"question": [], "draft": []}}, but I say: {SAID}'
    assert listed_names(answer, has_draft=True) == READ


@pytest.mark.parametrize("answer", ["[" * 50_000, '{"draft": [' * 20_000, "{" * 100_000, "\x00"])
def test_hostile_answers_are_read_in_bounded_time_and_raise_nothing(answer):
    named = listed_names(answer, has_draft=True)
    assert named is None or len(named.draft) <= 200
