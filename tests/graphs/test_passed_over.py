"""Whoever mends an answer: what is gone of a combined question is said not to be known."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from amnestic.agents.fitness import Fitness
from amnestic.agents.second_ask import SecondAsk
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.models.protocol import Delta
from amnestic.prompts.loader import load_prompts
from amnestic.testing import PlayedModel
from amnestic.tools.reading import says_ignorance
from amnestic.types import Message
from tests.graphs.stand import Stand
from tests.keyword_detector import KeywordDetector

FIRST = "Who wrote The Glass Harbour, and who wrote Salt Winter?"
LAST = "Who wrote Salt Winter, and who wrote The Glass Harbour?"
DRAFT = "The Glass Harbour was written by Mirela Osk. Salt Winter was written by Ines Tarn."
SWAPPED = "Salt Winter was written by Ines Tarn. The Glass Harbour was written by Mirela Osk."
LEFT = "Salt Winter was written by Ines Tarn."


def _answer(question: str, draft: str, writer: str, **request: Any) -> Any:
    model = PlayedModel(answer=draft, again=LEFT, canary="I don't know who that is.")
    chosen = Settings(model="openai:any", rewrite_by="edit" if writer == "edit" else "again")
    detector = KeywordDetector("Osk")
    crew = local_crew(detector, chosen)
    if writer == "again":
        crew = replace(crew, second_ask=SecondAsk(detector, load_prompts, Fitness()))
    if writer == "agent":

        async def give() -> Any:
            return (LEFT,)

        crew = replace(crew, rewriter=Stand(give))
    engine = UnlearningEngine(crew, chosen)
    return asyncio.run(engine.run(Request((Message.of("user", question),), model, **request)))


@pytest.mark.parametrize("writer", ["again", "agent", "edit"])
@pytest.mark.parametrize(
    ("question", "draft"),
    [(FIRST, DRAFT), (LAST, SWAPPED)],
    ids=["asked first", "asked last"],
)
def test_whoever_writes_says_what_is_not_known(question, draft, writer) -> None:
    reply = _answer(question, draft, writer)
    assert reply.receipt.tried[-1].endswith(": accepted")
    assert LEFT in reply.text
    assert "Osk" not in reply.text
    assert says_ignorance(reply.text.replace(LEFT, ""))
    assert reply.text.index(LEFT) > 0 or question == LAST


@pytest.mark.parametrize("writer", ["again", "agent", "edit"])
def test_a_stream_says_it_behind_what_is_out(writer) -> None:
    out: list[Delta] = []
    reply = _answer(LAST, SWAPPED, writer, emit=out.append)
    assert reply.text.startswith("".join(delta.text for delta in out))
    assert says_ignorance(reply.text.replace(LEFT, ""))


@pytest.mark.parametrize("writer", ["again", "agent", "edit"])
def test_nothing_is_added_to_an_answer_from_which_nothing_is_gone(writer) -> None:
    draft = "The Glass Harbour was written by Edda Marsh. Salt Winter was written by Ines Tarn."
    reply = _answer(FIRST, draft, writer)
    assert reply.text == draft
    assert reply.receipt.tried == ()


@pytest.mark.parametrize("options", [{"max_tokens": 8}, {"stop": "know"}, {"stop": [" I"]}])
def test_nothing_is_added_where_its_caller_left_no_room(options) -> None:
    assert _answer(LAST, SWAPPED, "agent", options=options).text == LEFT
