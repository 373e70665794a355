"""Reading a caller's messages: plain text, OpenAI-shaped mappings, LangChain messages or our own.

What is not understood is refused here, before anything else sees it, and alike for every request,
so that a refusal tells nothing about the targets.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias, cast, get_args

from amnestic.exceptions import InputTooLargeError, InvalidRequestError, UnsupportedContentError
from amnestic.models.values import strings_in
from amnestic.types import Conversation, Message, Part, Role, ToolCall

__all__ = [
    "MEDIA_KINDS",
    "MessagesLike",
    "check_text",
    "is_thought",
    "parse_conversation",
    "parse_message",
]

MessagesLike: TypeAlias = "str | Sequence[Message | Mapping[str, Any] | Any]"

MEDIA_KINDS = frozenset(
    "image_url input_image image input_audio audio file input_file video video_url".split()
)
"""Content parts that are passed on unread; a request near a target is judged by its text parts."""

THOUGHT_KINDS = frozenset({"thinking", "redacted_thinking", "reasoning"})
"""Content parts of assistants that say what they thought."""

_UNREAD = ("type", "id", "signature", "data", "encrypted_content", "format")
_NOW_CALLED = {"function": "tool"}
_TEXT_KINDS = frozenset({"text", "input_text", "output_text"})
_ROLES = frozenset(get_args(Role))
_ROLE_NAMES = ", ".join(get_args(Role))


def parse_conversation(messages: MessagesLike, *, max_chars: int = 500_000) -> Conversation:
    """The conversation that `messages` hold; a string is one user message.

    Raises `InvalidRequestError` for no or only blank messages and for text that is not valid
    Unicode, `UnsupportedContentError` for an unknown role or content part, `InputTooLargeError`
    for more than `max_chars` characters.

    >>> parse_conversation([{"role": "user", "content": "Hello"}])[0].text
    'Hello'
    """
    if isinstance(messages, str):
        messages = [Message.of("user", messages)]
    if isinstance(messages, Mapping | bytes) or not isinstance(messages, Sequence):
        raise InvalidRequestError(
            f"messages must be a string or a list of messages, not {type(messages).__name__}"
        )
    conversation = tuple(parse_message(m, i) for i, m in enumerate(messages))
    _check(conversation, max_chars)
    return conversation


def parse_message(message: Any, index: int = 0) -> Message:
    """One message, from any of the shapes that `parse_conversation` takes."""
    if isinstance(message, Message):
        _check_role(message.role, index)
        _check_kinds(message, index)
        return message
    if isinstance(message, Mapping):
        return _from_mapping(message, index)
    if hasattr(message, "content") and hasattr(message, "type"):
        return _from_langchain(message, index)
    raise InvalidRequestError(
        f"messages[{index}] is a {type(message).__name__}; give a mapping with 'role' and 'content'"
    )


def check_text(text: str, what: str) -> str:
    """`text` itself; raises `InvalidRequestError` where it is none, or holds NUL or a lone
    surrogate."""
    if not isinstance(text, str):
        raise InvalidRequestError(f"{what} must be a string, not {type(text).__name__}")
    if "\x00" in text:
        raise InvalidRequestError(f"{what} holds a NUL character; remove it")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InvalidRequestError(
            f"{what} is not valid Unicode: lone surrogate at character {error.start}; remove it"
        ) from None
    return text


def _from_mapping(raw: Mapping[str, Any], index: int) -> Message:
    role = _check_role(_NOW_CALLED.get(str(raw.get("role")), raw.get("role")), index)
    content, thoughts = _without_thoughts(raw.get("content"), role)
    reasoning = raw.get("reasoning_content") or raw.get("reasoning") or ""
    told = reasoning if isinstance(reasoning, str) else json.dumps(reasoning)
    return Message(
        role,
        _parts(content, index),
        tool_calls=_tool_calls(_calls_in(raw), index),
        tool_call_id=_optional_text(raw, "tool_call_id", index),
        name=_optional_text(raw, "name", index),
        reasoning="\n".join(text for text in (told, *thoughts) if text),
    )


def _calls_in(raw: Mapping[str, Any]) -> Any:
    """The tool calls of a message; a `function_call`, which is out of use, is the last, without an
    id."""
    calls, called = raw.get("tool_calls"), raw.get("function_call")
    if called is None or not isinstance(calls, list | None):
        return calls
    return [*(calls or ()), {"id": "", "function": called}]


def is_thought(part: Any) -> bool:
    """Whether a part of an assistant's message is what it thought, signed or encrypted.

    >>> is_thought({"type": "thinking", "thinking": "Hm.", "signature": "…"}), is_thought("Hm.")
    (True, False)
    """
    return isinstance(part, Mapping) and part.get("type") in THOUGHT_KINDS


def _without_thoughts(content: Any, role: str) -> tuple[Any, list[str]]:
    """A content without the thoughts in it, and their words."""
    if role != "assistant" or not isinstance(content, list) or not any(map(is_thought, content)):
        return content, []
    thoughts = [part for part in content if is_thought(part)]
    kept = [part for part in content if not is_thought(part)]
    return kept, list(strings_in(thoughts, but=_UNREAD))


def _from_langchain(message: Any, index: int) -> Message:
    from amnestic.models.convert import from_langchain

    parsed = from_langchain([message])[0]
    _check_kinds(parsed, index)
    return parsed


def _check_role(role: Any, index: int) -> Role:
    if not isinstance(role, str) or role not in _ROLES:
        raise UnsupportedContentError(
            f"messages[{index}] has the unknown role {role!r}; use one of {_ROLE_NAMES}"
        )
    return cast(Role, role)


def _check_kinds(message: Message, index: int) -> None:
    for kind in message.opaque_kinds:
        if kind not in MEDIA_KINDS and kind not in ("refusal", "reasoning"):
            raise UnsupportedContentError(
                f"messages[{index}] has a content part of the unknown type {kind!r}; "
                "send text, image, audio or file parts"
            )


def _parts(content: Any, index: int) -> tuple[Part, ...]:
    if content is None:
        return ()
    if isinstance(content, str):
        return (Part("text", content),)
    if not isinstance(content, Sequence):
        raise InvalidRequestError(
            f"messages[{index}].content must be a string or a list of parts, "
            f"not {type(content).__name__}"
        )
    return tuple(_part(part, index) for part in content)


def _part(raw: Any, index: int) -> Part:
    if isinstance(raw, str):
        return Part("text", raw)
    kind = raw.get("type") if isinstance(raw, Mapping) else None
    kind = kind if isinstance(kind, str) else None
    if kind in _TEXT_KINDS and isinstance(raw.get("text"), str):
        plain = set(raw) <= {"type", "text"} and kind == "text"
        return Part("text", raw["text"], None if plain else dict(raw))
    if kind == "refusal" and isinstance(raw.get("refusal"), str):
        return Part("text", raw["refusal"], dict(raw))
    if kind in MEDIA_KINDS:
        return Part(str(kind), payload=dict(raw))
    raise UnsupportedContentError(
        f"messages[{index}] has a content part of the unknown type {kind!r}; "
        "send text, image, audio or file parts"
    )


def _tool_calls(raw: Any, index: int) -> tuple[ToolCall, ...]:
    if raw is None:
        return ()
    try:
        return tuple(map(_tool_call, raw))
    except (AttributeError, KeyError, TypeError):
        raise InvalidRequestError(
            f"messages[{index}].tool_calls must be a list of calls with 'id' and 'function'"
        ) from None


def _tool_call(raw: Mapping[str, Any]) -> ToolCall:
    if raw.get("type") == "custom":
        return ToolCall(str(raw["id"]), str(raw["custom"]["name"]), str(raw["custom"]["input"]))
    function = raw["function"]
    given = function.get("arguments")  # some send none for a tool that takes none, or an object
    text = given if isinstance(given, str) else "" if given is None else json.dumps(given)
    return ToolCall(str(raw["id"]), str(function["name"]), text)


def _optional_text(raw: Mapping[str, Any], key: str, index: int) -> str | None:
    value = raw.get(key)
    if value is not None and not isinstance(value, str):
        raise InvalidRequestError(f"messages[{index}].{key} must be a string")
    return value


def _check(conversation: Conversation, max_chars: int) -> None:
    texts = [_all_text(message) for message in conversation]
    total = sum(map(len, texts))
    if total > max_chars:
        raise InputTooLargeError(
            f"the conversation has {total:,} characters; at most {max_chars:,} are read: "
            "shorten it, or raise `max_chars` (AMNESTIC_MAX_CHARS)"
        )
    for i, text in enumerate(texts):
        check_text(text, f"messages[{i}]")
    if not any(t.strip() or m.opaque_kinds for t, m in zip(texts, conversation, strict=True)):
        raise InvalidRequestError("the conversation is empty; send at least one message with text")


def _all_text(message: Message) -> str:
    calls = [call.arguments for call in message.tool_calls]
    return "\n".join([message.text, message.reasoning, *calls])
