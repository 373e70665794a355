"""Messages requests as chat completions: what holds words is translated or refused by its name."""

from __future__ import annotations

from typing import Any

import pytest

from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.anthropic import MESSAGES, token_count

Json = dict[str, Any]


def asked(content: Any = "Hi.", role: str = "user", **more: Any) -> Json:
    return {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": role, "content": content}],
        **more,
    }


def translated(content: Any, role: str = "user", **more: Any) -> list[Json]:
    return list(MESSAGES.asked(asked(content, role, **more))["messages"])


def text(words: str, **more: Any) -> Json:
    return {"type": "text", "text": words, **more}


def test_system_prompts_are_strings_or_blocks() -> None:
    said = {"role": "user", "content": "Hi."}
    assert translated("Hi.", system="Be kind.") == [{"role": "system", "content": "Be kind."}, said]
    blocks = [text("Be kind.", cache_control={"type": "ephemeral"}), text("Be brief.")]
    parts = [text("Be kind."), text("Be brief.")]
    assert translated("Hi.", system=blocks) == [{"role": "system", "content": parts}, said]


def test_tool_results_come_first_and_their_pictures_after_them() -> None:
    picture = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "iVBORw0KGgo="},
    }
    blocks = [
        {"type": "tool_result", "tool_use_id": "t1", "content": "sunny", "is_error": False},
        {"type": "tool_result", "tool_use_id": "t2", "content": [text("map:"), picture]},
        {"type": "tool_result", "tool_use_id": "t3"},
        text("Well?"),
    ]
    url = {"url": "data:image/png;base64,iVBORw0KGgo="}
    assert translated(blocks) == [
        {"role": "tool", "tool_call_id": "t1", "content": "sunny"},
        {"role": "tool", "tool_call_id": "t2", "content": "map:"},
        {"role": "tool", "tool_call_id": "t3", "content": ""},
        {"role": "user", "content": [{"type": "image_url", "image_url": url}, text("Well?")]},
    ]


def test_histories_keep_what_was_thought_and_called() -> None:
    blocks = [
        {"type": "thinking", "thinking": "Look it up.", "signature": "abc"},
        {"type": "redacted_thinking", "data": "xyz"},
        text("One moment."),
        {"type": "tool_use", "id": "t1", "name": "find", "input": {"q": "élan"}},
    ]
    call = {"name": "find", "arguments": '{"q": "élan"}'}
    assert translated(blocks, "assistant") == [
        {
            "role": "assistant",
            "content": "One moment.",
            "tool_calls": [{"id": "t1", "type": "function", "function": call}],
            "reasoning_content": "Look it up.",
        }
    ]


def test_documents_tell_their_title_and_context() -> None:
    source = {"type": "text", "media_type": "text/plain", "data": "It rains."}
    document = {"type": "document", "source": source, "title": "Weather", "context": "Today"}
    assert translated([document])[0]["content"] == [
        text("Weather"),
        text("Today"),
        text("It rains."),
    ]
    paper = {"type": "base64", "media_type": "application/pdf", "data": "JVBERi0="}
    file = {"filename": "document.pdf", "file_data": "data:application/pdf;base64,JVBERi0="}
    held = translated([{"type": "document", "source": paper, "title": "Weather"}])[0]["content"]
    assert held == [text("Weather"), {"type": "file", "file": file}]
    inner = {"type": "content", "content": [text("It rains.")]}
    assert translated([{"type": "document", "source": inner}])[0]["content"] == "It rains."


def test_search_results_tell_where_they_are_from() -> None:
    found = {"type": "search_result", "source": "https://a.example", "title": "A",
             "content": [text("It rains.")]}  # fmt: skip
    assert translated([found])[0]["content"] == [
        text("A"),
        text("https://a.example"),
        text("It rains."),
    ]


def test_tools_and_their_choice_are_translated() -> None:
    schema = {"type": "object", "properties": {"q": {"type": "string"}}}
    tool = {"name": "find", "description": "Finds.", "input_schema": schema,
            "input_examples": [{"q": "rain"}], "cache_control": {"type": "ephemeral"}}  # fmt: skip
    choice = {"type": "tool", "name": "find", "disable_parallel_tool_use": True}
    chat = MESSAGES.asked(asked(tools=[tool], tool_choice=choice))
    parameters = {**schema, "examples": [{"q": "rain"}]}
    function = {"name": "find", "description": "Finds.", "parameters": parameters}
    assert chat["tools"] == [{"type": "function", "function": function}]
    assert chat["tool_choice"] == {"type": "function", "function": {"name": "find"}}
    assert chat["parallel_tool_calls"] is False
    kinds = {
        kind: MESSAGES.asked(asked(tool_choice={"type": kind}))["tool_choice"]
        for kind in ("auto", "any", "none")
    }
    assert kinds == {"auto": "auto", "any": "required", "none": "none"}


def test_what_tells_a_service_how_to_serve_goes_no_further() -> None:
    more = {
        "cache_control": {"type": "ephemeral"},
        "thinking": {"type": "enabled", "budget_tokens": 2000},
        "service_tier": "auto",
        "context_management": {"edits": [{"type": "clear_tool_uses_20250919"}]},
        "container": None,
    }
    assert MESSAGES.asked(asked(**more)) == MESSAGES.asked(asked())


def test_everything_else_has_its_place() -> None:
    schema = {"type": "object", "properties": {}}
    form = {"format": {"type": "json_schema", "schema": schema}, "effort": "low"}
    chat = MESSAGES.asked(
        asked(
            stop_sequences=["END"],
            metadata={"user_id": "u1"},
            temperature=0.5,
            top_p=0.9,
            top_k=5,
            output_config=form,
            stream=True,
        )
    )
    del chat["messages"]
    assert chat == {
        "model": "m",
        "max_completion_tokens": 9,
        "stop": ["END"],
        "user": "u1",
        "temperature": 0.5,
        "top_p": 0.9,
        "top_k": 5,
        "reasoning_effort": "low",
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": schema},
        },
        "stream": True,
        "stream_options": {"include_usage": True},
    }


UNREADABLE: list[tuple[Json, str]] = [
    ({"container": "c1"}, "'container'"),
    ({"mcp_servers": [{"url": "https://a.example"}]}, "'mcp_servers'"),
    ({"metadata": {"note": "x"}}, "'note'"),
    ({"tools": [{"type": "web_search_20250305", "name": "web_search"}]}, "web_search_20250305"),
    ({"tools": [{"name": "f", "input_schema": {}, "secret": "x"}]}, "'secret'"),
    ({"system": [{"type": "image", "source": {}}]}, "image"),
    ({"output_config": {"notes": "x"}}, "'notes'"),
]
BLOCKS: list[tuple[str, Json, str]] = [
    ("user", {"type": "container_upload", "file_id": "f"}, "container_upload"),
    ("user", {"type": "image", "source": {"type": "file", "file_id": "f"}}, "'file_id'"),
    ("user", {"type": "document", "source": {"type": "url", "url": "https://a.example"}}, "'url'"),
    ("user", {"type": "text", "text": "a", "note": "b"}, "'note'"),
    ("assistant", {"type": "server_tool_use", "id": "s", "name": "n", "input": {}}, "server_tool"),
    ("assistant", {"type": "tool_use", "id": "s", "name": "n", "input": {}, "toolset_name": "t"},
     "'toolset_name'"),
    ("assistant", {"type": "image", "source": {}}, "image"),
]  # fmt: skip


@pytest.mark.parametrize(("more", "named"), UNREADABLE, ids=[named for _, named in UNREADABLE])
def test_a_field_that_cannot_be_read_is_refused_by_its_name(more: Json, named: str) -> None:
    with pytest.raises(UnsupportedContentError, match=named):
        MESSAGES.asked(asked(**more))


@pytest.mark.parametrize(("role", "block", "named"), BLOCKS, ids=[b[2] for b in BLOCKS])
def test_a_block_that_cannot_be_read_is_refused_by_its_name(
    role: str, block: Json, named: str
) -> None:
    with pytest.raises(UnsupportedContentError, match=named):
        translated([block], role)


@pytest.mark.parametrize("missing", ["model", "max_tokens", "messages"])
def test_what_must_be_given_is_asked_for(missing: str) -> None:
    body = asked()
    del body[missing]
    with pytest.raises(InvalidRequestError, match=missing):
        MESSAGES.asked(body)


def test_tokens_are_counted_by_length_and_pictures() -> None:
    body = {"model": "m", "messages": [{"role": "user", "content": "x" * 400}]}
    assert token_count(body) == {"input_tokens": 100}
    tool = {"name": "f", "description": "y" * 400, "input_schema": {"type": "object"}}
    assert token_count({**body, "tools": [tool], "system": "z" * 40})["input_tokens"] > 210
    source = {"type": "base64", "media_type": "image/png", "data": "A" * 4_000_000}
    body["messages"] = [{"role": "user", "content": [{"type": "image", "source": source}]}]
    assert token_count(body) == {"input_tokens": 1_600}
