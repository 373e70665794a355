"""Embeddings of an OpenAI-compatible API: any text is sent, any answer is checked."""

from __future__ import annotations

import json

import httpx2
import numpy as np
import pytest
from openai import OpenAI

from amnestic.exceptions import EmbedderError, RetrievalError
from amnestic.tools.embedding.embedder import load_embedder
from amnestic.tools.embedding.openai_embedder import OpenAIEmbedder


class Api:
    """An API that embeds a text as its length, its number of `a`s and one."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.status = 200
        self.lost = 0

    def answer(self, request: httpx2.Request) -> httpx2.Response:
        texts = json.loads(request.content)["input"]
        self.sent += texts
        rows = [
            {
                "object": "embedding",
                "index": i,
                "embedding": [float(len(t)), float(t.count("a")), 1.0],
            }
            for i, t in enumerate(texts)
        ]
        kept = rows[self.lost :][::-1]  # the order is not promised
        return httpx2.Response(
            self.status,
            json={
                "object": "list",
                "data": kept,
                "model": "m",
                "usage": {"prompt_tokens": 1, "total_tokens": 1},
            },
        )


@pytest.fixture
def api() -> Api:
    return Api()


@pytest.fixture
def embedder(api: Api) -> OpenAIEmbedder:
    transport = httpx2.MockTransport(api.answer)
    client = OpenAI(
        api_key="key",
        base_url="http://api.test/v1",
        max_retries=0,
        http_client=httpx2.Client(transport=transport),
    )
    return OpenAIEmbedder("m", client)


def test_rows_come_in_the_order_of_the_texts_and_have_length_one(embedder: OpenAIEmbedder) -> None:
    texts = ["a" * (i % 7) + "b" * i for i in range(1, 301)]
    vectors = embedder.embed(texts)
    expected = np.asarray([[len(t), t.count("a"), 1.0] for t in texts])
    expected /= np.linalg.norm(expected, axis=1, keepdims=True)
    np.testing.assert_allclose(vectors, expected, atol=1e-6)
    assert vectors.dtype == np.float32
    assert embedder.dimension == 3
    assert embedder.embed([]).shape == (0, 3)


def test_odd_texts_are_sent_as_something_the_api_can_read(
    embedder: OpenAIEmbedder, api: Api
) -> None:
    embedder.embed(["", "\ud800", "x" * 100_000])
    assert api.sent[0] == " "
    assert api.sent[1] == "?"
    assert len(api.sent[2]) == 8_000


def test_a_refusal_of_the_api_is_one_clear_line_without_the_text(
    embedder: OpenAIEmbedder, api: Api
) -> None:
    api.status = 500
    with pytest.raises(RetrievalError, match="`openai:m` could not be reached") as caught:
        embedder.embed(["a secret"])
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None


def test_an_answer_with_too_few_vectors_is_refused(embedder: OpenAIEmbedder, api: Api) -> None:
    api.lost = 1
    with pytest.raises(RetrievalError, match="1 vectors for 2 texts"):
        embedder.embed(["one", "two"])


def test_the_identity_names_the_api_and_the_model(embedder: OpenAIEmbedder) -> None:
    assert "api.test" in embedder.identity
    assert ":m:" in embedder.identity


def test_a_missing_key_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(EmbedderError, match="OPENAI_API_KEY"):
        load_embedder("openai:m", tmp_path)  # type: ignore[arg-type]
