"""The wrapped model is asked again at every door, whatever the request looks like."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.agents.fitness import Fitness
from amnestic.agents.second_ask import SecondAsk
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.responses import ResponsesDialect
from amnestic.prompts.loader import load_prompts
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import Saying, answered, chat_reply, response
from tests.keyword_detector import KeywordDetector
from tests.layers import keyword_layer

AGAIN = "Marsh sings well, and so does Tarn."
ASKED = {"role": "user", "content": "Name poets."}
DESCRIBED: Json = {
    "type": "function",
    "function": {"name": "find", "parameters": {"type": "object", "properties": {}}},
}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    """A layer that has forgotten Osk, and asks again."""
    model, folder = ScriptedBackend(default="?"), tmp_path_factory.mktemp("again")
    with keyword_layer(folder, "Osk", model=model, rewrite_by="again") as amnesia:
        crew: Any = amnesia.parts.engine.crew
        second = SecondAsk(KeywordDetector("Osk"), load_prompts, Fitness())
        object.__setattr__(crew, "second_ask", second)
        yield amnesia


def words(body: Json) -> str:
    return str([body.get(k) for k in ("messages", "input", "instructions", "prompt")])


def poet(make: Any) -> Saying:
    """Tells of Osk unless told that nobody has heard of him."""

    def says(body: Json) -> Any:
        if "Orvane" in words(body):
            return make("I don't know who that is.")
        return make(AGAIN if "never heard" in words(body) else "Osk sings well. Marsh does, too.")

    return Saying(says)


def completion(text: str) -> Json:
    return {"id": "cmpl-1", "choices": [{"text": text, "index": 0, "finish_reason": "stop"}]}


@pytest.mark.parametrize(
    ("dialect", "make", "body"),
    [
        (ChatDialect(), chat_reply, {"messages": [ASKED]}),
        (ChatDialect(), chat_reply, {"messages": [{"role": "system", "content": "Hi."}, ASKED]}),
        (
            ChatDialect(),
            chat_reply,
            {"messages": [{**ASKED, "content": [{"type": "text", "text": "Name poets."}]}]},
        ),
        (
            ChatDialect(),
            chat_reply,
            {
                "messages": [
                    {"role": "system", "content": [{"type": "text", "text": "Hi."}]},
                    ASKED,
                ]
            },
        ),
        (ResponsesDialect(), response, {"input": "Name poets."}),
        (ResponsesDialect(), response, {"input": [ASKED], "instructions": "Hi."}),
        (CompletionsDialect(), completion, {"prompt": "Name poets."}),
    ],
)
def test_the_model_answers_again_whatever_form_the_request_has(
    layer: Amnesia, dialect: Dialect, make: Any, body: Json
) -> None:
    upstream = poet(make)
    assert AGAIN in answered(layer, dialect, {"model": "m", **body}, upstream).decode()
    assert "Name poets." in words(upstream.bodies[-1])


def test_no_tools_are_offered_and_no_likelihoods_asked_for_the_second_time(layer: Amnesia) -> None:
    upstream = poet(chat_reply)
    body = {"model": "m", "messages": [ASKED], "tools": [DESCRIBED], "logprobs": True, "n": 2}
    answered(layer, ChatDialect(), body, upstream)
    first, second = upstream.bodies[0], upstream.bodies[-1]
    assert first == body
    assert set(second) == {"model", "messages"}
