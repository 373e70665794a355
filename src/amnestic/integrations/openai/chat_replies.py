"""What a chat completion says: its choices, and the deltas of its chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat_speaker import THOUGHTS
from amnestic.integrations.openai.chunks import finish_in
from amnestic.integrations.openai.dialect import Json
from amnestic.models.values import likelihood_texts, strings_in
from amnestic.types import ENDINGS, Draft, ToolCall

__all__ = ["SIGNS", "beside_choice", "beside_message", "draft_in", "is_text", "untold"]

_ROLE = ("role", "assistant")
_SAID = ("content", "refusal", "tool_calls", "function_call", *THOUGHTS)
_DETAILED = ("reasoning_details", "thinking_blocks")
SIGNS = ("type", "id", "format", "signature", "data", "index")
_TEXTS = ("text", "summary", "thinking", "data")
_CHOICE = ("message", "delta", "index", "logprobs", "finish_reason")


def draft_in(choice: Any) -> Draft:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        raise ModelError("the upstream gave a choice without a message")
    beside = [*beside_choice(choice), *beside_message(message)]
    content = message.get("content")
    if isinstance(content, list):
        texts = [p["text"] for p in content if isinstance(p, Mapping) and is_text(p)]
        beside += strings_in(
            [untold(p) if isinstance(p, Mapping) and is_text(p) else p for p in content],
            but=("data",),
            keys=True,
        )
        content = "".join(texts)
    refusal = message.get("refusal") or ""
    if not isinstance(refusal, str) or not isinstance(content, str | None):
        raise ModelError("the upstream gave a message that cannot be read")
    calls = [*(message.get("tool_calls") or ())]
    if message.get("function_call"):
        calls.append({"id": "", "type": "function", "function": message["function_call"]})
    thoughts = strings_in([message.get(key) for key in THOUGHTS], but=SIGNS)
    return Draft(
        content or "",
        "\n".join(thoughts),
        refusal,
        tuple(map(_call, calls)),
        finish_in(choice),
        "\n".join(beside),
    )


def beside_choice(choice: Mapping[str, Any]) -> Iterator[str]:
    """What a choice, or the chunk of one, holds in words around its message."""
    rest = {k: v for k, v in choice.items() if k not in _CHOICE}
    yield from strings_in(rest, keys=True)
    yield from likelihood_texts(choice.get("logprobs"))
    if choice.get("finish_reason") not in (None, *ENDINGS):
        yield from strings_in(choice.get("finish_reason"))


def beside_message(message: Mapping[str, Any]) -> Iterator[str]:
    """What a message, or a piece of one, holds in words beside what it says, thinks and calls."""
    rest = {k: v for k, v in message.items() if k not in _SAID and (k, v) != _ROLE}
    yield from strings_in(rest, but=("data",), keys=True)
    yield from strings_in([message.get(key) for key in THOUGHTS if key in _DETAILED], but=_TEXTS)
    for call in message.get("tool_calls") or ():
        kept = {k: v for k, v in call.items() if k not in ("type", "index", "function", "custom")}
        inner = [call.get(kind) for kind in ("function", "custom")]
        kept["inner"] = [untold(v) for v in inner if isinstance(v, Mapping)]
        yield from strings_in(kept, keys=True)
        if call.get("type") not in (None, "function", "custom"):
            yield from strings_in(call.get("type"))


def untold(value: Mapping[str, Any]) -> Json:
    """What a part or a call holds beside what is read of it."""
    read = ("type", "text", "name", "arguments", "input")
    return {k: v for k, v in value.items() if k not in read}


def is_text(part: Mapping[str, Any]) -> bool:
    return part.get("type") in ("text", "output_text") and isinstance(part.get("text"), str)


def _call(raw: Any) -> ToolCall:
    try:
        kind = raw.get("type") or "function"
        body = raw[kind]
        given = body.get("arguments" if kind == "function" else "input")
        given = "" if given is None else given
        return ToolCall(str(raw.get("id") or ""), str(body["name"]), str(given))
    except (AttributeError, KeyError, TypeError):
        raise ModelError("the upstream made a tool call that cannot be read") from None
