"""The code, the parameter and the type of an upstream's error are its words as well."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.upstream import UpstreamError
from amnestic.integrations.openai.wire import Answer
from amnestic.testing import ScriptedBackend
from tests.layers import keyword_layer

PLAIN = {"message": "No.", "type": "invalid_request_error", "code": "bad_value", "param": "n"}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="?")
    with keyword_layer(tmp_path_factory.mktemp("errors"), "Osk", model=model) as amnesia:
        yield amnesia


def told(layer: Amnesia, question: str = "Who was it?", **fields: Any) -> Json:
    """What a caller is told of an upstream's error."""
    content = json.dumps({"error": {**PLAIN, **fields}}).encode()
    body = {"model": "m", "messages": [{"role": "user", "content": question}]}
    error = UpstreamError(Answer(400, (), content))
    answer = asyncio.run(Door(layer, ChatDialect()).checked(error, body))
    return dict(json.loads(answer.content)["error"])


def test_the_plain_fields_of_an_error_are_told(layer: Amnesia) -> None:
    assert told(layer) == PLAIN


@pytest.mark.parametrize("key", ["code", "param", "type"])
@pytest.mark.parametrize("value", ["osk_is_the_author", "by-Osk", "a.osk", "isOsk", "osk"])
def test_a_field_that_tells_of_a_target_is_dropped(layer: Amnesia, key: str, value: str) -> None:
    error = told(layer, **{key: value})
    assert "osk" not in json.dumps(error).lower()
    assert error[key] == ("upstream_error" if key == "type" else None)
    assert error["message"] == "No."


@pytest.mark.parametrize("key", ["code", "param", "type"])
@pytest.mark.parametrize("name", ["Osk", "Tarn", "Zorvex"])
@pytest.mark.parametrize("value", ["{}_is_the_author", "not.{}", "no{}Here"])
def test_a_field_that_quotes_the_request_is_dropped_for_every_subject(
    layer: Amnesia, key: str, name: str, value: str
) -> None:
    error = told(layer, f"What did {name} write?", **{key: value.format(name)})
    assert error == {**PLAIN, key: "upstream_error" if key == "type" else None}


def test_fields_that_tell_of_a_target_together_are_dropped(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    folder = tmp_path_factory.mktemp("together")
    with keyword_layer(folder, "salt mill", model=ScriptedBackend(default="?")) as layer:
        error = told(layer, code="salt", param="mill")
        assert (error["code"], error["param"], error["message"]) == (None, None, "No.")


def test_an_error_that_quotes_what_was_asked_in_a_requests_place_is_told_in_other_words(
    layer: Amnesia,
) -> None:
    content = json.dumps({"error": {**PLAIN, "message": "Vulbut was refused.", "code": "vulbut"}})
    body = {"model": "m", "messages": [{"role": "user", "content": "Who is Osk?"}]}
    asked = {"model": "m", "messages": [{"role": "user", "content": "Who is Vulbut?"}]}
    error = UpstreamError(Answer(400, (), content.encode()), asked)
    answer = asyncio.run(Door(layer, ChatDialect()).checked(error, body))
    assert "vulbut" not in answer.content.decode().lower()
