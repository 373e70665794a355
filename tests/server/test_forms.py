"""Anthropic's and Ollama's forms over bare HTTP: one review path, errors in each one's shape."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from amnestic.server.settings import ServerSettings
from amnestic.testing import ScriptedServer
from tests.layers import keyword_layer
from tests.server.asking import FORMS, Asked, ask, in_shape, messages
from tests.server.conftest import CLEAN
from tests.server.running import Proxy, running_proxy

Json = dict[str, Any]
OPENAI = "/v1/chat/completions"
PNG = "iVBORw0KGgoAAAANSUhEUg=="
each_form = pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)


def openai_says(proxy: Proxy, text: str) -> str:
    body = {"model": "m", "messages": [{"role": "user", "content": text}]}
    reply = httpx.post(proxy.url + OPENAI, json=body).json()
    return str(reply["choices"][0]["message"]["content"])


@each_form
def test_far_from_every_target_the_answer_is_the_models_own(proxy: Proxy, form: Asked) -> None:
    assert ask(proxy.url, form, "Where is Paris?") == (CLEAN, CLEAN)


@each_form
def test_a_leak_is_taken_out_as_at_openais_door(proxy: Proxy, form: Asked) -> None:
    said = openai_says(proxy, "Name poets.")
    assert ask(proxy.url, form, "Name poets.") == (said, said)
    assert "Osk" not in said


@each_form
def test_a_direct_question_never_reaches_the_upstream(
    proxy: Proxy, form: Asked, upstream: ScriptedServer
) -> None:
    before = len(upstream.calls)
    assert "Osk" not in "".join(ask(proxy.url, form, "Who is Osk?"))
    assert len(upstream.calls) == before


@each_form
def test_thoughts_of_a_target_are_told_to_nobody(proxy: Proxy, form: Asked) -> None:
    for stream in (False, True):
        body = {**form.body("Think about it."), "stream": stream}
        body |= {"thinking": {"type": "adaptive"}} if form.path == "/v1/messages" else {}
        assert "Osk" not in httpx.post(proxy.url + form.path, json=body).text


@pytest.mark.parametrize("name", ["messages", "chat"])
@pytest.mark.parametrize("stream", [False, True])
def test_a_leaking_tool_call_is_not_made(proxy: Proxy, name: str, stream: bool) -> None:
    form = FORMS[name]
    reply = httpx.post(proxy.url + form.path, json={**form.body("Call both."), "stream": stream})
    assert "c2" in reply.text
    assert "c1" not in reply.text
    assert "Osk" not in reply.text


SCHEMA = {"type": "object", "properties": {"who": {"type": "string"}}, "required": ["who"]}
FORMATS: dict[str, Json] = {
    "messages": {"output_config": {"format": {"type": "json_schema", "schema": SCHEMA}}},
    "chat": {"format": SCHEMA},
    "generate": {"format": SCHEMA},
}


@pytest.mark.parametrize("name", FORMS)
def test_structured_answers_near_a_target_hold_to_their_schema(proxy: Proxy, name: str) -> None:
    for said in ask(proxy.url, FORMS[name], "Who is Osk?", **FORMATS[name]):
        assert set(json.loads(said)) == {"who"}
        assert "Osk" not in said


def test_a_tool_that_must_be_called_is_called_near_a_target(proxy: Proxy) -> None:
    tool = {"name": "find", "input_schema": SCHEMA}
    body = {**FORMS["messages"].body("Who is Osk?"), "tools": [tool]}
    body["tool_choice"] = {"type": "tool", "name": "find"}
    reply = httpx.post(f"{proxy.url}/v1/messages", json=body).json()
    assert reply["stop_reason"] == "tool_use"
    assert reply["content"][0]["name"] == "find"
    assert set(reply["content"][0]["input"]) == {"who"}


# ── All that holds words is read ─────────────────────────────────────────────────────────────────

TEXT = {"type": "text", "text": "Osk is a poet."}
HELD: list[tuple[str, str, Json]] = [
    ("messages", "a system prompt", {"system": "Osk is here."}),
    ("messages", "a system block", {"system": [TEXT]}),
    ("messages", "a tool's description",
     {"tools": [{"name": "find", "description": "Finds Osk.", "input_schema": SCHEMA}]}),
    ("messages", "a tool's examples",
     {"tools": [{"name": "find", "input_schema": SCHEMA, "input_examples": [{"who": "Osk"}]}]}),
    ("messages", "metadata", {"metadata": {"user_id": "Osk"}}),
    ("messages", "a stop sequence", {"stop_sequences": ["Osk"]}),
    ("messages", "a tool's result",
     {"before": [{"role": "assistant", "content": [{"type": "tool_use", "id": "t", "name": "find",
                                                    "input": {"q": "Osk"}}]}],
      "blocks": [{"type": "tool_result", "tool_use_id": "t", "content": [TEXT]}]}),
    ("messages", "a thought",
     {"before": [{"role": "assistant", "content": [
         {"type": "thinking", "thinking": "Osk, surely.", "signature": "s"},
         {"type": "text", "text": "Yes."}]}]}),
    ("messages", "a redacted thought",
     {"before": [{"role": "assistant", "content": [
         {"type": "redacted_thinking", "data": "Osk"}, {"type": "text", "text": "Yes."}]}]}),
    ("messages", "a citation",
     {"blocks": [{"type": "text", "text": "Hi.", "citations": [{"cited_text": "Osk sings."}]}]}),
    ("chat", "a tool's description",
     {"tools": [{"type": "function", "function": {"name": "find", "description": "Finds Osk."}}]}),
    ("chat", "a thought",
     {"before": [{"role": "assistant", "content": "Yes.", "thinking": "Osk, surely."}]}),
    ("chat", "a tool's result",
     {"before": [{"role": "assistant", "tool_calls": [
         {"function": {"name": "find", "arguments": {"q": "Osk"}}}]},
         {"role": "tool", "content": "Osk is a poet.", "tool_name": "find"}]}),
    ("chat", "an option", {"options": {"stop": ["Osk"], "note": "Osk"}}),
    ("chat", "a schema", {"format": {"type": "object", "title": "Osk", "properties": {}}}),
    ("chat", "what is kept alive", {"keep_alive": "Osk"}),
    ("generate", "a system prompt", {"system": "Osk is here."}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "place", "held"), HELD, ids=[f"{h[0]}-{h[1]}" for h in HELD])
def test_what_tells_of_a_target_anywhere_in_a_request_goes_no_further(
    proxy: Proxy, upstream: ScriptedServer, name: str, place: str, held: Json
) -> None:
    form, before = FORMS[name], len(upstream.requests)
    body = form.body("Where is Paris?")
    more = {**held}
    if "before" in more:
        body["messages"] = [*more.pop("before"), *body["messages"]]
    if "blocks" in more:
        asked = {"type": "text", "text": "Where is Paris?"}
        body["messages"][-1]["content"] = [*more.pop("blocks"), asked]
    reply = httpx.post(proxy.url + form.path, json={**body, **more})
    assert reply.status_code == 200, reply.text
    assert "Osk" not in json.dumps(upstream.requests[before:])
    assert "Osk" not in reply.text


WHO = {"type": "text", "text": "Who is Osk?"}
DOCUMENT = {"type": "document", "source": {"type": "text", "data": ""}}
FOUND = {"type": "search_result", "source": "", "title": "", "content": []}
QUESTIONS: dict[str, Json] = {
    "a text": WHO,
    "a document": {**DOCUMENT, "source": {"type": "text", "data": WHO["text"]}},
    "a document's blocks": {**DOCUMENT, "source": {"type": "content", "content": [WHO]}},
    "a document's title": {**DOCUMENT, "title": WHO["text"]},
    "a document's context": {**DOCUMENT, "context": WHO["text"]},
    "a search result": {**FOUND, "content": [WHO]},
    "a search result's title": {**FOUND, "title": WHO["text"]},
    "a search result's source": {**FOUND, "source": WHO["text"]},
}


@pytest.mark.parametrize("block", QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_in_any_block_is_read(
    proxy: Proxy, upstream: ScriptedServer, block: Json
) -> None:
    before = len(upstream.requests)
    body = {**FORMS["messages"].body(""), "messages": [{"role": "user", "content": [block]}]}
    reply = httpx.post(f"{proxy.url}/v1/messages", json=body)
    assert reply.status_code == 200, reply.text
    assert len(upstream.requests) == before
    assert "Osk" not in reply.text


# ── Keys, models, counts ─────────────────────────────────────────────────────────────────────────


def test_keys_are_taken_where_each_client_puts_them(
    tmp_path: Any, upstream: ScriptedServer
) -> None:
    settings: Any = {"upstream": upstream.base_url, "caller_keys": ["caller"]}
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer, **settings) as proxy:
        for form in FORMS.values():
            url, body = proxy.url + form.path, form.body("Where is Paris?")
            shown = {
                "authorization": "Bearer caller",
                "x-api-key": "caller",
                "api-key": "caller",
            }
            for name, value in shown.items():
                assert httpx.post(url, json=body, headers={name: value}).status_code == 200
            for headers in ({}, {"x-api-key": "other"}, {"authorization": "Bearer upstream"}):
                refused = httpx.post(url, json=body, headers=headers)
                assert refused.status_code == 401
                assert in_shape(form.path, refused)
        assert httpx.get(f"{proxy.url}/api/tags").status_code == 401
        counting = httpx.post(f"{proxy.url}/v1/messages/count_tokens", json=messages("Hi."))
        assert counting.status_code == 401


def test_models_are_listed_and_shown(tmp_path: Any, proxy: Proxy) -> None:
    listed = httpx.get(f"{proxy.url}/api/tags").json()["models"]
    assert [model["name"] for model in listed] == ["scripted"]
    assert httpx.get(f"{proxy.url}/api/version").json()["version"]
    unknown = httpx.post(f"{proxy.url}/api/show", json={"model": "other"})
    assert unknown.status_code == 404
    assert in_shape("/api/show", unknown)
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer) as own:
        shown = httpx.post(f"{own.url}/api/show", json={"model": layer.settings.model}).json()
        assert "tools" in shown["capabilities"]


def test_tokens_are_counted_alike_for_every_subject(proxy: Proxy) -> None:
    counted = [
        httpx.post(f"{proxy.url}/v1/messages/count_tokens", json=messages(f"Who is {name}?")).json()
        for name in ("Osk", "Ask")
    ]
    assert counted == [{"input_tokens": 2}] * 2


def test_without_an_upstream_the_layers_own_model_answers(tmp_path: Any) -> None:
    from amnestic.testing import ScriptedBackend

    model = ScriptedBackend(default="Hello there. How are you?")
    with keyword_layer(tmp_path, "Osk", model=model) as layer, running_proxy(layer) as proxy:
        for form in FORMS.values():
            assert ask(proxy.url, form, "Hi") == ("Hello there. How are you?",) * 2


def test_logprobs_are_not_asked_for_where_callers_are_given_none(
    tmp_path: Any, upstream: ScriptedServer
) -> None:
    before = len(upstream.requests)
    with (
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(layer, upstream=upstream.base_url, logprobs=False) as proxy,
    ):
        ask(proxy.url, FORMS["chat"], "Where is Paris?", logprobs=True, top_logprobs=2)
    assert "logprobs" not in json.dumps(upstream.requests[before:])
    assert ServerSettings().logprobs
