"""Tokens are counted as the wrapped model counts them, and without a network."""

from __future__ import annotations

import socket
from typing import Any

import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI

from amnestic import Amnesia
from amnestic.integrations import AmnesticChatModel
from amnestic.testing import ScriptedChatModel

TEXT = "The quick brown fox jumps over the lazy dog."


class Counting(ScriptedChatModel):
    """A model with a tokenizer of its own."""

    def get_token_ids(self, text: str) -> list[int]:
        """A token a letter."""
        return list(map(ord, text))


class CountingMore(ScriptedChatModel):
    """A model that only says how many there are."""

    def get_num_tokens(self, text: str) -> int:
        """A token a letter."""
        return len(text)


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    def refuse(*_: Any, **__: Any) -> Any:
        raise OSError("there is no network here")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(tmp_path))


@pytest.mark.usefixtures("no_network")
@pytest.mark.parametrize(
    "inner", [None, ScriptedChatModel.of("x"), ChatOpenAI(model="gpt-4o", api_key="k")]
)
def test_tokens_are_counted_without_a_download(layer: Amnesia, inner: Any) -> None:
    model = AmnesticChatModel(amnesia=layer, inner=inner)
    assert model.get_num_tokens(TEXT) == len(model.get_token_ids(TEXT)) == 10
    assert model.get_num_tokens_from_messages([HumanMessage(TEXT)]) > 10


@pytest.mark.parametrize("kind", [Counting, CountingMore])
def test_tokens_are_counted_as_the_wrapped_model_counts_them(layer: Amnesia, kind: Any) -> None:
    model = AmnesticChatModel(amnesia=layer, inner=kind.of("x"))
    assert model.get_num_tokens(TEXT) == len(TEXT)
    assert model.get_num_tokens_from_messages([HumanMessage(TEXT)]) == len(f"Human: {TEXT}")


def test_an_encoder_that_was_given_counts(layer: Amnesia) -> None:
    model = AmnesticChatModel(amnesia=layer, custom_get_token_ids=lambda text: [1, 2, 3])
    assert model.get_num_tokens(TEXT) == 3
