"""A name that is cut in two by a limit, a stop word or a prefill is read whole."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.testing import ScriptedBackend
from tests.integrations.openai.upstreams import (
    Saying,
    answered,
    chat_chunk,
    chat_reply,
    streamed,
)

BEGUN = "The ceiling was painted by Ana Mor"
REST = "el. It is large. It is blue."
ASKED = {"role": "user", "content": "Go on, please."}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    db = tmp_path_factory.mktemp("joining") / "r.db"
    with Amnesia(ScriptedBackend(default=REST), db=db, elicit=False) as amnesia:
        amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        yield amnesia


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": BEGUN}],
        [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": BEGUN}, ASKED],
        [{"role": "user", "content": f"Complete the sentence: {BEGUN}"}],
    ],
)
def test_an_answer_is_read_with_what_it_goes_on_from(layer: Amnesia, messages: Any) -> None:
    assert not layer.chat(messages).text.startswith("el")
    with layer.stream(messages) as stream:
        assert not "".join(d.text for d in stream).startswith("el")
    body = {"model": "m", "messages": messages}
    chunks = [chat_chunk({"content": p}) for p in ("el. ", "It is large. ", "It is blue.")]
    upstream = Saying(
        lambda b: [*chunks, chat_chunk({}, "stop")] if b.get("stream") else chat_reply(REST)
    )
    assert b'"el' not in answered(layer, ChatDialect(), body, upstream)
    assert b'"el' not in streamed(layer, ChatDialect(), body, upstream)


@pytest.mark.parametrize(("begun", "rest"), [("It was Ana", "Morel."), ("It was Ana ", "Morel.")])
def test_a_name_that_is_cut_between_its_words_is_read_whole(
    layer: Amnesia, begun: str, rest: str
) -> None:
    reply = {"id": "c", "choices": [{"text": rest, "finish_reason": "stop"}]}
    body = {"model": "m", "prompt": begun}
    assert b"Morel" not in answered(layer, CompletionsDialect(), body, Saying(reply))


def test_what_goes_on_from_something_else_is_left_alone(layer: Amnesia) -> None:
    for begun in ("The ceiling was painted by Rapha", "The ceiling of Ana's house was pan"):
        messages = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": begun}]
        assert layer.chat(messages).text == REST
