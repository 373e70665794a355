"""Which requests of a wrapped client go where: method and whole path decide."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from typing import Any

import openai
import pytest
from openai import AzureOpenAI, OpenAI

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend, ScriptedServer, serve_scripted
from tests.layers import keyword_layer

TALK = {"model": "m", "messages": [{"role": "user", "content": "Name poets."}]}


@pytest.fixture(scope="module")
def stand(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Amnesia, ScriptedServer, OpenAI]]:
    with ExitStack() as running:
        upstream = running.enter_context(serve_scripted(ScriptedBackend(default="Osk sings.")))
        layer = running.enter_context(keyword_layer(tmp_path_factory.mktemp("gate"), "Osk"))
        client = OpenAI(base_url=upstream.base_url, api_key="k", max_retries=0)
        yield layer, upstream, layer.wrap(client)


@pytest.mark.parametrize(
    "path",
    [
        "/models/gemini-x:generateContent",
        "/models/m:streamGenerateContent",
        "/models/a/b:generateContent",
        "/models",
        "/models/m",
        "/other/embeddings",
        "/threads/t/messages/moderations",
        "/engines/m/embeddings/../chat/completions",
        "/extra/chat/completions",
        "/v2//chat/completions",
    ],
)
def test_a_path_that_only_looks_like_a_known_one_is_not_sent(stand: Any, path: str) -> None:
    _, upstream, client = stand
    before = len(upstream.requests)
    with pytest.raises(openai.PermissionDeniedError) as refused:
        client.post(path, cast_to=object, body=TALK)
    assert refused.value.code == "unguarded_door"
    assert len(upstream.requests) == before


def test_another_host_is_not_asked(stand: Any) -> None:
    _, upstream, client = stand
    other = upstream.base_url.replace("127.0.0.1", "localhost")
    for path in ("/embeddings", "/chat/completions"):
        with pytest.raises(openai.PermissionDeniedError):
            client.post(other + path, cast_to=object, body=TALK)


def test_other_methods_of_a_known_path_are_not_sent(stand: Any) -> None:
    client = stand[2]
    for method in (client.delete, client.put, client.patch):
        with pytest.raises(openai.PermissionDeniedError):
            method("/models/m", cast_to=object)
    with pytest.raises(openai.PermissionDeniedError):
        client.get("/chat/completions", cast_to=object)


def test_the_known_ones_are_sent(stand: Any) -> None:
    client = stand[2]
    assert [model.id for model in client.models.list()] == ["scripted"]
    said: Any = client.post("/chat/completions", cast_to=object, body=TALK)
    assert "Osk" not in str(said["choices"])
    whole = f"{client.base_url}chat/completions"
    assert client.post(whole, cast_to=object, body=TALK)["object"] == "chat.completion"


def test_azures_paths_are_guarded(stand: Any) -> None:
    layer, upstream, _ = stand
    endpoint = upstream.base_url.removesuffix("/v1")
    azure = layer.wrap(AzureOpenAI(azure_endpoint=endpoint, api_key="k", api_version="1"))
    said = azure.chat.completions.create(**TALK)
    assert "Osk" not in str(said.choices[0].message.content)
    assert "/deployments/m/chat/completions" in upstream.requests[-1]["path"]
