"""The proxy's doors with real clients: openai-python, langchain-openai, curl, bare HTTP."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage
from langchain_openai import ChatOpenAI
from openai import OpenAI
from pydantic import SecretStr

from amnestic.testing import ScriptedServer
from tests.patience import PATIENCE
from tests.server.conftest import CLEAN
from tests.server.running import Proxy

LEAKING = "Marsh sings well. Osk sings too. Tarn is silent."


def user(text: str) -> Any:
    return [{"role": "user", "content": text}]


@pytest.fixture(scope="module")
def client(proxy: Proxy) -> OpenAI:
    return OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=0)


def chat(client: OpenAI, text: str) -> str:
    reply = client.chat.completions.create(model="m", messages=user(text))
    return reply.choices[0].message.content or ""


def chat_stream(client: OpenAI, text: str) -> str:
    chunks = client.chat.completions.create(model="m", messages=user(text), stream=True)
    return "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)


def responses(client: OpenAI, text: str) -> str:
    return client.responses.create(model="m", input=text).output_text


def responses_stream(client: OpenAI, text: str) -> str:
    with client.responses.stream(model="m", input=text) as stream:
        stream.until_done()
        return stream.get_final_response().output_text


def langchain(client: OpenAI, text: str) -> str:
    return str(_langchain(client).invoke([HumanMessage(text)]).content)


def langchain_stream(client: OpenAI, text: str) -> str:
    return "".join(str(chunk.content) for chunk in _langchain(client).stream(text))


def _langchain(client: OpenAI) -> ChatOpenAI:
    url = str(client.base_url)
    return ChatOpenAI(model="m", base_url=url, api_key=SecretStr("any"), max_retries=0)


def curl(client: OpenAI, text: str) -> str:
    return _curl(client, {"model": "m", "messages": user(text)})["choices"][0]["message"]["content"]


def _curl(client: OpenAI, body: Any) -> Any:
    program = shutil.which("curl")
    if program is None:
        pytest.skip("curl is not installed")
    url = f"{client.base_url}chat/completions"
    command = [program, "-sS", url, "-H", "content-type: application/json", "-d", json.dumps(body)]
    return json.loads(
        subprocess.run(command, capture_output=True, check=True, timeout=PATIENCE).stdout
    )


DOORS = [chat, chat_stream, responses, responses_stream, langchain, langchain_stream, curl]
each_door = pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)


@each_door
def test_far_from_every_target_the_answer_is_the_models_own(client: OpenAI, door: Any) -> None:
    assert door(client, "Where is Paris?") == CLEAN


@each_door
def test_a_leak_is_taken_out_alike_at_every_door(client: OpenAI, door: Any) -> None:
    said = door(client, "Name poets.")
    assert said == chat(client, "Name poets.")
    assert said.startswith("Marsh sings well.")
    assert "Osk" not in said


@each_door
def test_a_direct_question_never_reaches_the_upstream(
    client: OpenAI, door: Any, upstream: ScriptedServer
) -> None:
    before = len(upstream.calls)
    said = door(client, "Who is Osk?")
    assert said
    assert "Osk" not in said
    assert len(upstream.calls) == before


def test_an_untouched_reply_is_the_upstreams_own_byte_for_byte(
    proxy: Proxy, upstream: ScriptedServer
) -> None:
    body = {"model": "m", "messages": user("Where is Paris?")}
    own = httpx.post(f"{upstream.base_url}/chat/completions", json=body)
    ours = httpx.post(f"{proxy.url}/v1/chat/completions", json=body)
    assert ours.content == own.content


def test_no_header_and_no_field_tells_which_way_a_request_went(proxy: Proxy) -> None:
    seen = []
    for text in ("Where is Paris?", "Name poets.", "Who is Osk?", "Think about it."):
        body = {"model": "m", "messages": user(text)}
        reply = httpx.post(f"{proxy.url}/v1/chat/completions", json=body)
        value = reply.json()
        message = value["choices"][0]["message"]
        seen.append(
            (
                sorted(name for name in reply.headers),
                sorted(value),
                sorted(set(message) - {"reasoning_content"}),
                sorted(value["choices"][0]),
                value["model"],
                value["id"].partition("-")[0],
            )
        )
    assert all(shape == seen[0] for shape in seen)


def test_the_callers_key_does_not_reach_the_upstream_and_the_servers_does(
    tmp_path: Any,
) -> None:
    from amnestic.testing import ScriptedBackend, serve_scripted
    from tests.layers import keyword_layer
    from tests.server.running import running_proxy

    model = ScriptedBackend(default="Hello.")
    with (
        serve_scripted(model, api_key="upstream-key") as api,
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(
            layer, upstream=api.base_url, upstream_key="upstream-key", caller_keys=["caller"]
        ) as proxy,
    ):
        url = f"{proxy.url}/v1/chat/completions"
        body = {"model": "m", "messages": user("Hi")}
        good = httpx.post(url, json=body, headers={"authorization": "Bearer caller"})
        bad = httpx.post(url, json=body, headers={"authorization": "Bearer upstream-key"})
        none = httpx.post(url, json=body)
    assert good.json()["choices"][0]["message"]["content"] == "Hello."
    assert (bad.status_code, none.status_code) == (401, 401)
    assert bad.json()["error"]["code"] == "invalid_api_key"


def test_a_leaking_tool_call_is_not_made(client: OpenAI) -> None:
    reply: Any = client.chat.completions.create(model="m", messages=user("Call both."))
    assert [c.id for c in reply.choices[0].message.tool_calls] == ["c2"]
    with client.chat.completions.stream(model="m", messages=user("Call both.")) as stream:
        stream.until_done()
        streamed: Any = stream.get_final_completion()
    assert [c.id for c in streamed.choices[0].message.tool_calls] == ["c2"]


def test_without_an_upstream_the_layers_own_model_answers(tmp_path: Any) -> None:
    from amnestic.testing import ScriptedBackend
    from tests.layers import keyword_layer
    from tests.server.running import running_proxy

    model = ScriptedBackend(rules=[("poets", LEAKING)], default="Hello there. How are you?")
    with keyword_layer(tmp_path, "Osk", model=model) as layer, running_proxy(layer) as proxy:
        client = OpenAI(base_url=f"{proxy.url}/v1", api_key="any", max_retries=0)
        for door in (chat, chat_stream, responses, responses_stream):
            assert door(client, "Hi") == "Hello there. How are you?"
            assert "Osk" not in door(client, "Name poets.")
        assert [m.id for m in client.models.list()] == [layer.settings.model]
        assert client.models.retrieve(layer.settings.model).owned_by == "amnestic"
        embedded = httpx.post(f"{proxy.url}/v1/embeddings", json={"input": "a"})
        completed: Any = client.completions.create(model="m", prompt="Hi")
    assert embedded.status_code == 501
    assert completed.choices[0].text == "Hello there. How are you?"
    assert model.calls[0].options.get("stream") is None


def test_models_are_passed_through(client: OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["scripted"]
