"""What a chat completion says: its choices, and the deltas of its chunks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat_speaker import THOUGHTS
from amnestic.integrations.openai.chunks import Beside, finish_in, place_in
from amnestic.integrations.openai.dialect import Json
from amnestic.models.protocol import Delta
from amnestic.models.values import likelihood_texts, strings_in
from amnestic.types import ENDINGS, Draft, ToolCall

__all__ = ["deltas_in", "draft_in"]

_ROLE = ("role", "assistant")
_SAID = ("content", "refusal", "tool_calls", "function_call", *THOUGHTS)
_DETAILED = ("reasoning_details", "thinking_blocks")
_SIGNS = ("type", "id", "format", "signature", "data", "index")
_TEXTS = ("text", "summary", "thinking", "data")
_CHOICE = ("message", "delta", "index", "logprobs", "finish_reason")


def draft_in(choice: Any) -> Draft:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        raise ModelError("the upstream gave a choice without a message")
    beside = [*_beside_choice(choice), *_beside_message(message)]
    content = message.get("content")
    if isinstance(content, list):
        texts = [p["text"] for p in content if isinstance(p, Mapping) and _is_text(p)]
        beside += strings_in(
            [_untold(p) if isinstance(p, Mapping) and _is_text(p) else p for p in content],
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
    thoughts = strings_in([message.get(key) for key in THOUGHTS], but=_SIGNS)
    return Draft(
        content or "",
        "\n".join(thoughts),
        refusal,
        tuple(map(_call, calls)),
        finish_in(choice),
        "\n".join(beside),
    )


def _beside_choice(choice: Mapping[str, Any]) -> Iterator[str]:
    """What a choice, or the chunk of one, holds in words around its message."""
    rest = {k: v for k, v in choice.items() if k not in _CHOICE}
    yield from strings_in(rest, keys=True)
    yield from likelihood_texts(choice.get("logprobs"))
    if choice.get("finish_reason") not in (None, *ENDINGS):
        yield from strings_in(choice.get("finish_reason"))


def _beside_message(message: Mapping[str, Any]) -> Iterator[str]:
    """What a message, or a piece of one, holds in words beside what it says, thinks and calls."""
    rest = {k: v for k, v in message.items() if k not in _SAID and (k, v) != _ROLE}
    yield from strings_in(rest, but=("data",), keys=True)
    yield from strings_in([message.get(key) for key in THOUGHTS if key in _DETAILED], but=_TEXTS)
    for call in message.get("tool_calls") or ():
        kept = {k: v for k, v in call.items() if k not in ("type", "index", "function", "custom")}
        inner = [call.get(kind) for kind in ("function", "custom")]
        kept["inner"] = [_untold(v) for v in inner if isinstance(v, Mapping)]
        yield from strings_in(kept, keys=True)
        if call.get("type") not in (None, "function", "custom"):
            yield from strings_in(call.get("type"))


def _untold(value: Mapping[str, Any]) -> Json:
    """What a part or a call holds beside what is read of it."""
    read = ("type", "text", "name", "arguments", "input")
    return {k: v for k, v in value.items() if k not in read}


def _is_text(part: Mapping[str, Any]) -> bool:
    return part.get("type") in ("text", "output_text") and isinstance(part.get("text"), str)


def _call(raw: Any) -> ToolCall:
    try:
        kind = raw.get("type") or "function"
        body = raw[kind]
        given = body["arguments"] if kind == "function" else body["input"]
        return ToolCall(str(raw.get("id") or ""), str(body["name"]), str(given))
    except (AttributeError, KeyError, TypeError):
        raise ModelError("the upstream made a tool call that cannot be read") from None


def deltas_in(chunk: Json, beside: Beside) -> Iterator[Delta]:
    yield from beside.told(0, strings_in({k: chunk[k] for k in chunk if k != "choices"}, keys=True))
    for choice in chunk.get("choices") or ():
        delta = choice.get("delta") if isinstance(choice, Mapping) else None
        if not isinstance(delta, Mapping):
            raise ModelError("the upstream sent a chunk that cannot be read")
        n = place_in(choice)
        around = {k: v for k, v in choice.items() if k != "logprobs"}
        yield from beside.told(n, [*_beside_choice(around), *_beside_message(delta)])
        for text in strings_in([delta.get(key) for key in THOUGHTS], but=_SIGNS):
            yield Delta(n, "reasoning", text)
        if isinstance(delta.get("content"), str) and delta["content"]:
            yield Delta(n, "answer", delta["content"])
        if isinstance(delta.get("refusal"), str) and delta["refusal"]:
            yield Delta(n, "refusal", delta["refusal"])
        yield from _call_deltas(n, delta.get("tool_calls") or ())
        if choice.get("finish_reason"):
            yield Delta(n, finish_reason=finish_in(choice))


def _call_deltas(n: int, calls: Any) -> Iterator[Delta]:
    for call in calls:
        body = call.get("function") or call.get("custom") or {}
        text = body.get("arguments") or body.get("input") or ""
        channel, name = f"tool_call:{place_in(call)}", body.get("name")
        if not isinstance(text, str) or not isinstance(name, str | None):
            raise ModelError("the upstream made a tool call that cannot be read")
        yield Delta(n, channel, text, tool_call_id=call.get("id"), tool_name=name)
