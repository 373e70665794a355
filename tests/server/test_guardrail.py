"""A gateway asks what its model may read and what its caller may be told."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.server.app import create_app
from amnestic.server.settings import ServerSettings
from amnestic.testing import ScriptedBackend, serve_scripted
from tests.layers import keyword_layer
from tests.server.running import Proxy, running_proxy

KEY = {"x-api-key": "gate"}
PATH = "/beta/litellm_basic_guardrail_api"


@pytest.fixture(scope="module")
def proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    layer = keyword_layer(tmp_path_factory.mktemp("gate"), "Osk")
    with layer as amnesia, running_proxy(amnesia, gateway_keys=["gate", "other"]) as running:
        yield running


def ask(proxy: Proxy, kind: str, key: Any = KEY, **fields: Any) -> httpx.Response:
    body = {"input_type": kind, "request_data": {}, **fields}
    return httpx.post(f"{proxy.url}{PATH}", json=body, headers=key)


def asked(proxy: Proxy, *said: tuple[str, str], **fields: Any) -> Any:
    messages = [{"role": role, "content": text} for role, text in said]
    texts = [text for _, text in said]
    given = ask(proxy, "request", texts=texts, structured_messages=messages, **fields)
    assert given.status_code == 200
    return given.json()


def answered(proxy: Proxy, text: str, **fields: Any) -> Any:
    given = ask(proxy, "response", texts=[text], **fields)
    assert given.status_code == 200
    return given.json()


def test_what_is_far_from_every_target_stays_as_it_is(proxy: Proxy) -> None:
    tools = [{"type": "function", "function": {"name": "rain", "parameters": {}}}]
    assert asked(proxy, ("user", "How is it?"), tools=tools) == {"action": "NONE"}
    assert answered(proxy, "A mild day.")["action"] == "NONE"


def test_a_document_goes_in_without_what_belongs_to_a_target(proxy: Proxy) -> None:
    document = "The city lies by a lake. Osk was mayor. Two bridges lead over it."
    told = asked(proxy, ("system", "Be kind."), ("tool", document), ("user", "How is the city?"))
    assert told["action"] == "GUARDRAIL_INTERVENED"
    first, second, third = told["structured_messages"]
    assert "Osk" not in second["content"]
    assert "Two bridges" in second["content"]
    assert (first["content"], third["content"]) == ("Be kind.", "How is the city?")
    # a gateway that takes texts alone has them in the order in which it sent them
    assert told["texts"] == [message["content"] for message in told["structured_messages"]]


def test_a_question_goes_in_as_it_was_asked(proxy: Proxy) -> None:
    assert asked(proxy, ("user", "Who is Osk?")) == {"action": "NONE"}


def test_texts_alone_are_cleaned_text_by_text(proxy: Proxy) -> None:
    given = ask(proxy, "request", texts=["", "A lake. Osk was mayor. Two bridges."]).json()
    assert given["action"] == "GUARDRAIL_INTERVENED"
    assert given["texts"][0] == ""
    assert "Osk" not in given["texts"][1]


def test_an_answer_comes_back_without_what_it_tells(proxy: Proxy) -> None:
    told = answered(proxy, "It is one. Osk did it. Yes.")
    assert told["action"] == "GUARDRAIL_INTERVENED"
    assert told["texts"][0].startswith("It is one.")
    assert "Osk" not in told["texts"][0]


def test_the_question_of_an_answer_is_found_by_its_call(proxy: Proxy) -> None:
    asked(proxy, ("user", "Who is Osk?"), litellm_call_id="call-1")
    told = answered(proxy, "A poet of the north.", litellm_call_id="call-1")
    assert told["action"] == "GUARDRAIL_INTERVENED"
    assert "poet" not in told["texts"][0]


def test_a_second_question_under_a_call_does_not_hide_the_first(proxy: Proxy) -> None:
    for question in ("Who is Osk?", "How is it?", "How is it?"):
        asked(proxy, ("user", question), litellm_call_id="call-8")
    told = answered(proxy, "A poet of the north.", litellm_call_id="call-8")
    assert told["action"] == "GUARDRAIL_INTERVENED"
    assert "poet" not in told["texts"][0]
    for _ in range(16):
        asked(proxy, ("user", "How is it?"), litellm_call_id="call-8")
    assert answered(proxy, "A mild day.", litellm_call_id="call-8")["action"] == "BLOCKED"


def test_a_question_with_a_picture_is_found(proxy: Proxy) -> None:
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,AAAA"}}
    parts = [{"type": "text", "text": "How is it?"}, picture]
    for content in (parts, [picture]):
        said = [{"role": "user", "content": content}]
        given = ask(proxy, "request", structured_messages=said, litellm_call_id="call-9")
        assert given.json() == {"action": "NONE"}
        assert answered(proxy, "A mild day.", litellm_call_id="call-9")["action"] == "NONE"


def test_an_answer_whose_question_is_lost_is_blocked(proxy: Proxy) -> None:
    asked(proxy, ("user", "How is it?"), litellm_call_id="call-5")
    assert answered(proxy, "A mild day.", litellm_call_id="call-5")["action"] == "NONE"
    told = answered(proxy, "A mild day.", litellm_call_id="call-6")
    assert (told["action"], told["blocked_reason"][:12]) == ("BLOCKED", "The question")


def test_the_answers_of_a_gateway_that_shows_no_questions_are_judged_alone(tmp_path: Any) -> None:
    layer = keyword_layer(tmp_path, "Osk")
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": "{}"}}
    with layer as amnesia, running_proxy(amnesia, gateway_keys=["gate"]) as proxy:
        assert ask(proxy, "request", tool_calls=[call], litellm_call_id="a").status_code == 200
        assert answered(proxy, "A mild day.", litellm_call_id="a")["action"] == "NONE"
        told = answered(proxy, "It is one. Osk did it.", litellm_call_id="b")
        assert told["action"] == "GUARDRAIL_INTERVENED"


def test_another_caller_cannot_push_a_question_out(tmp_path: Any) -> None:
    with (
        serve_scripted(ScriptedBackend("Hello.")) as upstream,
        keyword_layer(tmp_path, "Osk") as layer,
        running_proxy(
            layer, upstream=upstream.base_url, gateway_keys=["gate"], stored_responses=2
        ) as proxy,
    ):
        asked(proxy, ("user", "Who is Osk?"), litellm_call_id="1")
        for _ in range(3):
            body = {"model": "m", "input": "Hi"}
            httpx.post(f"{proxy.url}/v1/responses", json=body).raise_for_status()
        told = answered(proxy, "A painter who lives in Oslo.", litellm_call_id="1")
        assert told["action"] == "GUARDRAIL_INTERVENED"
        for call in "23":
            asked(proxy, ("user", "How is it?"), litellm_call_id=call)
        told = answered(proxy, "A painter who lives in Oslo.", litellm_call_id="1")
        assert told["action"] == "BLOCKED"


def test_a_gateway_needs_its_questions_kept(tmp_path: Any) -> None:
    with keyword_layer(tmp_path, "Osk") as layer:
        settings: Any = {"gateway_keys": ["gate"], "stored_responses": 0}
        with pytest.raises(ConfigurationError, match="STORED_RESPONSES"):
            create_app(layer, ServerSettings(**settings))


@pytest.mark.parametrize("content", [None, "", []])
@pytest.mark.parametrize("arguments", ["", None])
def test_a_history_that_has_no_text_is_taken(proxy: Proxy, content: Any, arguments: Any) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": arguments}}
    said = {"role": "assistant", "content": content, "tool_calls": [call]}
    tools = [{"type": "function", "function": {"name": "osk", "parameters": {}}},
             {"type": "function", "function": {"name": "rain", "parameters": {}}}]  # fmt: skip
    given = {"structured_messages": [said], "litellm_call_id": "call-7"}
    assert ask(proxy, "request", **given).json() == {"action": "NONE"}
    offered = ask(proxy, "request", tools=tools, **given).json()["tools"]
    assert [tool["function"]["name"] for tool in offered] == ["rain"]
    assert answered(proxy, "A mild day.", litellm_call_id="call-7")["action"] == "NONE"
    told = answered(proxy, "Osk did it.", litellm_call_id="call-7")
    assert told["action"] == "GUARDRAIL_INTERVENED"


def test_another_gateway_does_not_find_it(proxy: Proxy) -> None:
    asked(proxy, ("user", "Who is Osk?"), litellm_call_id="call-3")
    given = ask(proxy, "response", {"authorization": "Bearer other"}, litellm_call_id="call-3",
                texts=["A poet of the north."])  # fmt: skip
    assert given.json()["action"] == "NONE"


def test_a_stream_grows_and_takes_nothing_back(proxy: Proxy) -> None:
    whole = "It is one. It is two. Osk did it. Yes. It is done."
    asked(proxy, ("user", "How is it?"), litellm_call_id="call-4")
    emitted = ""
    for end in range(1, len(whole) + 1):
        given = answered(proxy, whole[:end], litellm_call_id="call-4")
        text = (given.get("texts") or [whole[:end]])[0]
        assert text.startswith(emitted)
        held = given["stream_holdback_chars"][0] if end < len(whole) else 0
        emitted = text[: max(len(emitted), len(text) - held)]
    assert emitted.startswith("It is one. It is two.")
    assert "Osk" not in emitted


def test_a_gateway_that_takes_nothing_else_can_have_an_answer_blocked(proxy: Proxy) -> None:
    wish = {"additional_provider_specific_params": {"on_leak": "block"}}
    told = answered(proxy, "It is one. Osk did it.", **wish)
    assert told["action"] == "BLOCKED"
    assert "Osk" not in told["blocked_reason"]
    assert answered(proxy, "A mild day.", **wish)["action"] == "NONE"


@pytest.mark.parametrize("arguments", ['{"q": "Osk"}', "Osk"])
def test_a_call_that_tells_of_a_target_is_blocked(proxy: Proxy, arguments: str) -> None:
    call = {"id": "c", "type": "function", "function": {"name": "find", "arguments": arguments}}
    for kind in ("request", "response"):
        told = ask(proxy, kind, tool_calls=[call]).json()
        assert told["action"] == "BLOCKED"
        assert "Osk" not in told["blocked_reason"]
    call["function"] = {"name": "find", "arguments": '{"q": "Tarn"}'}
    assert ask(proxy, "response", tool_calls=[call]).json()["action"] == "NONE"


def test_a_tool_that_is_called_by_a_targets_name_is_not_offered(proxy: Proxy) -> None:
    tools = [{"type": "function", "function": {"name": name, "parameters": {}}}
             for name in ("osk", "rain")]  # fmt: skip
    told = asked(proxy, ("user", "How is it?"), tools=tools)
    assert [tool["function"]["name"] for tool in told["tools"]] == ["rain"]
    assert asked(proxy, ("user", "How is it?"), tools=tools[:1])["action"] == "BLOCKED"


def test_only_a_gateways_key_opens_it(proxy: Proxy) -> None:
    for key in ({}, {"x-api-key": "no"}, {"authorization": "Bearer no"}):
        assert ask(proxy, "response", key, texts=["Osk."]).status_code == 401


def test_without_such_a_key_the_door_is_closed(tmp_path: Any) -> None:
    with keyword_layer(tmp_path, "Osk") as layer, running_proxy(layer) as proxy:
        assert ask(proxy, "response", texts=["Osk."]).status_code == 403


def test_a_team_has_its_own_targets(tmp_path: Any) -> None:
    keys: dict[str, Any] = {"gateway_keys": ["gate"], "team_namespaces": {"t1": "a"}}
    with Amnesia(ScriptedBackend("?"), db=tmp_path / "r.db", elicit=False) as layer:
        layer.within("a").forget("Please forget Ana Morel.")
        with running_proxy(layer, **keys) as proxy:
            for team, action in (("t1", "GUARDRAIL_INTERVENED"), ("t2", "NONE")):
                data = {"user_api_key_team_id": team}
                told = ask(proxy, "response", texts=["Ana Morel did it."], request_data=data)
                assert told.json()["action"] == action


@pytest.mark.parametrize(
    "body",
    [
        {"input_type": "other"},
        {"input_type": "request", "texts": 3},
        {"input_type": "request", "structured_messages": [{"role": "user", "content": [3]}]},
        {"input_type": "request", "structured_messages": [{"role": "nobody", "content": "A"}]},
        {"input_type": "response", "tool_calls": [{"function": {"arguments": 3}}]},
        {"input_type": "response", "litellm_call_id": "x" * 1_000, "texts": ["A"]},
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(proxy: Proxy, body: Any) -> None:
    given = httpx.post(f"{proxy.url}{PATH}", json={"request_data": {}, **body}, headers=KEY)
    assert given.status_code == 400
    assert "\n" not in given.json()["error"]["message"]
