"""`with_structured_output` of a real `ChatOpenAI` behind the layer, in every form that it has."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from langchain_openai import ChatOpenAI
from langchain_openai.chat_models.base import OpenAIRefusalError
from pydantic import BaseModel, Field
from typing_extensions import TypedDict

from amnestic import Amnesia
from amnestic.integrations.langchain_model import AmnesticChatModel
from amnestic.testing import Script, ScriptedServer, assert_no_leak, serve_scripted
from amnestic.types import Conversation, Draft, Generation, ToolCall

from .canary import KEPT, SECRETS

FAR = "Which clock maker is old?"
NEAR = "Which bell founder is old?"  # the answer leaks
TOLD = "Who is Odalys Fenwright?"  # the question is of a target


class Maker(BaseModel):
    """Someone who makes things."""

    name: str
    street: str | None
    born: int


class TypedMaker(TypedDict):
    """Someone who makes things."""

    name: str
    street: str | None
    born: int


class Numbered(BaseModel):
    """A record that no sentence and no gap fits."""

    number: str = Field(json_schema_extra={"format": "archive-number"})


SCHEMAS: dict[str, Any] = {
    "class": Maker,
    "typed": TypedMaker,
    "schema": Maker.model_json_schema(),
}
FORMS: dict[str, dict[str, Any]] = {
    "default": {},
    "raw": {"include_raw": True},
    "strict": {"strict": True},
    "function calling": {"method": "function_calling"},
    "function calling, raw": {"method": "function_calling", "include_raw": True},
    "JSON mode": {"method": "json_mode"},
    "JSON mode, raw": {"method": "json_mode", "include_raw": True},
}
WAYS: dict[str, Callable[[Any, str], Any]] = {
    "invoke": lambda chain, asked: chain.invoke(asked),
    "ainvoke": lambda chain, asked: asyncio.run(chain.ainvoke(asked)),
    "stream": lambda chain, asked: _joined(list(chain.stream(asked))),
    "astream": lambda chain, asked: _joined(asyncio.run(_gathered(chain, asked))),
}


class _Makers(Script):
    """A model of OpenAI's: what it knows, in the form that it is asked for."""

    def answer(self, conversation: Conversation, options: Any) -> Generation:
        super().answer(conversation, options)
        told: Any = {"name": KEPT, "street": None, "born": 1950}
        if conversation[-1].text != FAR:
            told = {"name": "Odalys Fenwright", "street": "14 Quill Lane", "born": 1950}
        if "Numbered" in json.dumps(options):
            told = {"number": "OF-77120"}
        tools = options.get("tools")
        if not tools:
            return Generation((Draft(json.dumps(told)),))
        name = tools[0].get("function", tools[0])["name"]
        call = ToolCall("c", name, json.dumps(told))
        return Generation((Draft(tool_calls=(call,), finish_reason="tool_calls"),))


def _joined(pieces: list[Any]) -> Any:
    """What a stream told in the end: its last piece, or all where it told of one key at a time."""
    if not any("raw" in piece for piece in pieces if isinstance(piece, dict)):
        return pieces[-1]
    return {key: value for piece in pieces for key, value in piece.items()}


async def _gathered(chain: Any, asked: str) -> list[Any]:
    return [piece async for piece in chain.astream(asked)]


@pytest.fixture(scope="module")
def upstream() -> Iterator[ScriptedServer]:
    with serve_scripted(_Makers()) as server:
        yield server


def _chat(upstream: ScriptedServer, **options: Any) -> ChatOpenAI:
    return ChatOpenAI(
        model="gpt-4o", base_url=upstream.base_url, api_key="any", max_retries=0, **options
    )


def _object(found: Any) -> Any:
    """What a chain gave, as a JSON object."""
    parsed = found["parsed"] if isinstance(found, dict) and "parsed" in found else found
    return parsed.model_dump() if isinstance(parsed, BaseModel) else parsed


@pytest.mark.product
@pytest.mark.parametrize("responses", [False, True], ids=["chat", "responses"])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("schema", SCHEMAS)
def test_an_object_is_given_near_a_target_and_the_models_own_far_from_it(
    layer: Amnesia, upstream: ScriptedServer, schema: str, form: str, responses: bool
) -> None:
    inner = _chat(upstream, use_responses_api=responses)
    wanted, options = SCHEMAS[schema], FORMS[form]
    own = inner.with_structured_output(wanted, **options)
    chain = AmnesticChatModel(amnesia=layer, inner=inner).with_structured_output(wanted, **options)
    for way, ask in WAYS.items():
        assert _object(ask(chain, FAR)) == _object(own.invoke(FAR)), way
        for asked in (NEAR, TOLD):
            found = ask(chain, asked)
            Maker.model_validate(_object(found))
            assert_no_leak(SECRETS, found)
            assert "raw" not in form or found["parsing_error"] is None


def test_where_no_object_can_be_filled_in_the_model_refuses_as_openais_own_do(
    layer: Amnesia, upstream: ScriptedServer
) -> None:
    chain = AmnesticChatModel(amnesia=layer, inner=_chat(upstream)).with_structured_output(Numbered)
    with pytest.raises(OpenAIRefusalError):
        chain.invoke(NEAR)


HEADS: dict[str, Any] = {
    "none": {k: v for k, v in Maker.model_json_schema().items() if k not in ("title", "$schema")},
    "name": {"name": "maker", "schema": Maker.model_json_schema()},
    "function": {"name": "maker", "parameters": Maker.model_json_schema()},
}


@pytest.mark.parametrize("head", HEADS)
def test_in_json_mode_a_schema_is_known_under_any_head(
    layer: Amnesia, upstream: ScriptedServer, head: str
) -> None:
    model = AmnesticChatModel(amnesia=layer, inner=_chat(upstream))
    chain = model.with_structured_output(HEADS[head], method="json_mode")
    assert chain.invoke(FAR)["name"] == KEPT
    Maker.model_validate(chain.invoke(TOLD))


def test_a_streamed_object_comes_with_what_it_cost(
    layer: Amnesia, upstream: ScriptedServer
) -> None:
    model = AmnesticChatModel(amnesia=layer, inner=_chat(upstream)).bind(response_format=Maker)
    pieces = list(model.stream(FAR))
    whole = sum(pieces[1:], pieces[0])
    assert whole.usage_metadata == model.invoke(FAR).usage_metadata
