from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.messages import AIMessage, ChatMessage, HumanMessage

from amnestic.exceptions import ModelError, UnsupportedContentError
from amnestic.models.convert import draft_of, finish_reason_of, from_langchain, to_langchain
from amnestic.types import Message, Part, ToolCall

IMAGE = {"type": "image_url", "image_url": {"url": "https://example.org/a.png"}}
texts = st.text(min_size=1, max_size=40)
arguments = st.one_of(
    st.dictionaries(texts, st.integers() | texts).map(lambda d: json.dumps(d, indent=1)), texts
)
calls = st.lists(
    st.builds(
        ToolCall, st.uuids().map(str), st.from_regex(r"[a-z]{1,8}", fullmatch=True), arguments
    ),
    max_size=3,
).map(tuple)
parts = st.lists(
    st.one_of(texts.map(lambda t: Part("text", t)), st.just(Part("image_url", payload=IMAGE))),
    min_size=1,
    max_size=3,
).map(tuple)
messages = st.one_of(
    st.builds(Message, st.sampled_from(["system", "developer", "user"]), parts),
    st.builds(
        lambda p, c, r: Message("assistant", p, tool_calls=c, reasoning=r),
        parts,
        calls,
        st.just("") | texts,
    ),
    st.builds(lambda p, i: Message("tool", p, tool_call_id=i, name="look"), parts, texts),
)


@given(st.lists(messages, max_size=5).map(tuple))
def test_a_conversation_survives_the_way_to_langchain_and_back(conversation):
    assert from_langchain(to_langchain(conversation)) == conversation


def test_raw_tool_arguments_keep_their_spaces():
    call = ToolCall("1", "find", '{"a":    1}')
    (message,) = to_langchain((Message("assistant", tool_calls=(call,)),))
    assert message.tool_calls[0]["args"] == {"a": 1}
    assert from_langchain([message])[0].tool_calls == (call,)


def test_arguments_that_are_not_json_are_kept_as_they_are():
    call = ToolCall("1", "find", "{not json")
    (message,) = to_langchain((Message("assistant", tool_calls=(call,)),))
    assert message.invalid_tool_calls[0]["args"] == "{not json"
    assert draft_of(message, {}).tool_calls == (call,)


def test_an_unknown_role_is_refused():
    with pytest.raises(UnsupportedContentError, match="role 'chat'"):
        from_langchain([ChatMessage("Hello", role="narrator")])


def test_an_unknown_content_part_is_carried_untouched():
    (message,) = from_langchain([HumanMessage([{"type": "hologram", "data": [1, 2]}])])
    assert message.opaque_kinds == ("hologram",)
    assert to_langchain((message,))[0].content == [{"type": "hologram", "data": [1, 2]}]


@pytest.mark.parametrize(
    "message",
    [
        AIMessage("Paris.", additional_kwargs={"reasoning_content": "So."}),
        AIMessage([{"type": "reasoning", "reasoning": "So."}, {"type": "text", "text": "Paris."}]),
        AIMessage([{"type": "thinking", "thinking": "So."}, {"type": "text", "text": "Paris."}]),
        AIMessage(
            [
                {"type": "reasoning", "summary": [{"type": "summary_text", "text": "So."}]},
                {"type": "text", "text": "Paris."},
            ]
        ),
    ],
)
def test_reasoning_is_found_wherever_a_provider_puts_it(message):
    draft = draft_of(message, {})
    assert (draft.text, draft.reasoning) == ("Paris.", "So.")


@pytest.mark.parametrize(
    "message",
    [
        AIMessage("", additional_kwargs={"refusal": "No."}),
        AIMessage([{"type": "refusal", "refusal": "No."}]),
    ],
)
def test_a_refusal_is_its_own_channel(message):
    draft = draft_of(message, {})
    assert (draft.text, draft.refusal) == ("", "No.")


@pytest.mark.parametrize("block", [{"type": "image", "base64": "x"}, {"type": "hologram"}])
def test_an_answer_of_a_kind_that_cannot_be_checked_is_an_error(block):
    with pytest.raises(ModelError, match="of kind"):
        draft_of(AIMessage([block]), {})


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"finish_reason": "length"}, "length"),
        ({"stop_reason": "max_tokens"}, "length"),
        ({"stop_reason": "tool_use"}, "tool_calls"),
        ({}, None),
    ],
)
def test_finish_reasons_speak_openai(info, reason):
    assert finish_reason_of(AIMessage(""), info) == reason
