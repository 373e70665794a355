"""The doors where clients look for them: Azure's paths, and a base URL without `/v1`."""

from __future__ import annotations

import json
from contextlib import ExitStack
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import httpx
import openai
import pytest

from amnestic.testing import ScriptedServer
from tests.layers import keyword_layer
from tests.server.conftest import CLEAN
from tests.server.running import Proxy, running_proxy

ASKED: Any = [{"role": "user", "content": "Where is Paris?"}]
LEAKING: Any = [{"role": "user", "content": "Name poets."}]


def azure(proxy: Proxy, **more: Any) -> Any:
    return openai.AzureOpenAI(
        azure_endpoint=proxy.url, api_version="2025-04-01-preview", max_retries=0, **more
    )


def test_azures_client_is_served_with_its_key_and_its_version(
    tmp_path: Any, upstream: ScriptedServer
) -> None:
    before = len(upstream.requests)
    settings: Any = {"upstream": upstream.base_url, "caller_keys": ["caller"]}
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer, **settings) as proxy:
        client = azure(proxy, api_key="caller")
        reply = client.chat.completions.create(model="my-gpt", messages=ASKED)
        assert reply.choices[0].message.content == CLEAN
        chunks = client.chat.completions.create(model="my-gpt", messages=LEAKING, stream=True)
        said = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
        assert said.startswith("Marsh sings well.")
        assert "Osk" not in said
        assert client.responses.create(model="my-gpt", input="Where is Paris?").output_text == CLEAN
        fixed = azure(proxy, api_key="caller", azure_deployment="other")
        assert fixed.chat.completions.create(model="x", messages=ASKED).choices
        with pytest.raises(openai.AuthenticationError):
            azure(proxy, api_key="stranger").chat.completions.create(model="m", messages=ASKED)
    asked = [request["body"]["model"] for request in upstream.requests[before:]]
    assert asked == ["my-gpt", "my-gpt", "my-gpt", "other"]


@pytest.mark.parametrize("base", ["", "/openai/v1", "/openai/v1/", "/v1"])
def test_openais_client_is_served_whatever_its_base_url(proxy: Proxy, base: str) -> None:
    client = openai.OpenAI(base_url=proxy.url + base, api_key="any", max_retries=0)
    reply = client.chat.completions.create(model="m", messages=ASKED)
    assert reply.choices[0].message.content == CLEAN
    assert client.responses.create(model="m", input="Where is Paris?").output_text == CLEAN
    assert [model.id for model in client.models.list()] == ["scripted"]


def test_a_deployments_path_needs_no_model_in_the_body(
    proxy: Proxy, upstream: ScriptedServer
) -> None:
    before = len(upstream.requests)
    url = f"{proxy.url}/openai/deployments/meta%2Fllama/chat/completions?api-version=1"
    assert httpx.post(url, json={"messages": ASKED}).status_code == 200
    assert upstream.requests[before]["body"]["model"] == "meta/llama"


@pytest.mark.parametrize(
    "path",
    [
        "/openai/deployments/m/audio/speech",
        "/openai/deployments/m/images/generations",
        "/openai/v1/files",
        "/openai/deployments",
        "/chat",
        "/targets",
        "/openai/targets",
        "/v1/v1/chat/completions",
    ],
)
def test_no_path_leads_around_the_doors(proxy: Proxy, path: str) -> None:
    reply = httpx.post(proxy.url + path, json={"messages": ASKED})
    assert reply.status_code == 404
    assert reply.json()["error"]["message"]


def test_moderations_are_passed_on(tmp_path: Any) -> None:
    seen = []

    class Moderating(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            seen.append((self.path, body["input"]))
            told = json.dumps({"id": "modr-1", "model": "m", "results": []}).encode()
            self.send_response(200)
            self.send_header("content-length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *args: Any) -> None:
            pass

    with ExitStack() as running:
        layer = running.enter_context(keyword_layer(tmp_path, "Osk"))
        api = running.enter_context(HTTPServer(("127.0.0.1", 0), Moderating))
        Thread(target=api.serve_forever, daemon=True).start()
        running.callback(api.shutdown)
        url = f"http://127.0.0.1:{api.server_port}/v1"
        proxy = running.enter_context(running_proxy(layer, upstream=url))
        client = openai.OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=0)
        assert client.moderations.create(input="Hello.").id == "modr-1"
    assert seen == [("/v1/moderations", "Hello.")]
