"""Whatever stands anywhere in an upstream's reply is told, or is the upstream's failure."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.exceptions import ModelError
from amnestic.integrations.openai import ChatDialect, Door, dumps, loads_object
from amnestic.integrations.translation import Form, translated
from tests.integrations.openai.upstreams import Saying, chat_chunk, chat_reply
from tests.integrations.placing import changed, places
from tests.integrations.translation.test_odd_requests import ODD
from tests.integrations.translation.test_streams import BODY, FORMS
from tests.layers import keyword_layer

SOME = ODD[::4]
CALL = {"id": "c1", "type": "function", "function": {"name": "find", "arguments": '{"q": 1}'}}
LIKELY = {"logprobs": {"content": [{"token": "a", "logprob": -1}]}}
REPLY = chat_reply("Hi.", message={"tool_calls": [CALL], "reasoning_content": "Hm."}, choice=LIKELY)
CHUNKS = [
    chat_chunk({"role": "assistant", "content": "Hi."}),
    chat_chunk({"reasoning_content": "Hm.", "tool_calls": [{**CALL, "index": 0}]}),
    chat_chunk({}, "stop", choice=LIKELY),
    {**chat_chunk({}), "choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": 7}},
]


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    with keyword_layer(tmp_path_factory.mktemp("odd"), "Osk") as layer:
        yield layer


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_odd_value_anywhere_in_a_reply(layer: Amnesia, form: Form) -> None:
    async def told() -> int:
        door, count = Door(layer, ChatDialect()), 0
        for path in places(REPLY):
            for odd in SOME:
                with suppress(ModelError):
                    answer = await door.answer(BODY, Saying(changed(REPLY, path, odd)))
                    count += bool(dumps(form.told(loads_object(answer.content), {})))
        return count

    assert asyncio.run(told()) > 30


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_an_odd_value_anywhere_in_a_stream(layer: Amnesia, form: Form) -> None:
    async def told() -> int:
        door, count = Door(layer, ChatDialect()), 0
        asked: Any = {**BODY, "stream": True}
        for path in (path for path in places(CHUNKS) if len(path) > 1):
            for odd in SOME:
                said = changed({"all": CHUNKS}, ("all", *path), odd)["all"]
                with suppress(ModelError):
                    events = door.stream(asked, Saying(said)).events()
                    count += len([e async for e in translated(events, form.teller({}))]) > 0
        return count

    assert asyncio.run(told()) > 30
