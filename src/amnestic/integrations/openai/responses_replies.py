"""What a response says: its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.dialect import Json
from amnestic.models.values import likelihood_texts, strings_in
from amnestic.types import Draft, ToolCall, Usage

__all__ = ["CALLS", "QUIET", "draft_in", "is_other", "usage_in"]

QUIET = ("id", "type", "status", "role", "call_id", "encrypted_content", "format", "phase")
CALLS = {"function_call": "arguments", "custom_tool_call": "input"}
_THOUGHT = ("type", "status", "summary", "content", "encrypted_content")


def draft_in(output: list[Any], reply: Json) -> Draft:
    texts: list[str] = []
    refusals: list[str] = []
    thoughts: list[str] = []
    beside: list[str] = []
    calls: list[ToolCall] = []
    for item in output:
        if not isinstance(item, Mapping):
            raise ModelError("the upstream gave an output item that cannot be read")
        kind = item.get("type")
        if kind in CALLS:
            given = [item.get(key) for key in ("call_id", "name", CALLS[kind])]
            calls.append(ToolCall(*(value if isinstance(value, str) else "" for value in given)))
        elif kind == "message":
            for part in item.get("content") or ():
                texts += _own(part, "output_text", "text")
                refusals += _own(part, "refusal", "refusal")
        elif kind == "reasoning":
            thoughts += strings_in(item, but=QUIET)
        beside += _beside(item)
    beside += strings_in({k: v for k, v in reply.items() if k != "output"}, keys=True)
    return Draft(
        "".join(texts),
        "\n".join(thoughts),
        "".join(refusals),
        tuple(calls),
        _finish(reply, calls),
        "\n".join(beside),
    )


def _beside(item: Mapping[str, Any]) -> Iterator[str]:
    """What an item holds in words beside what it says, thinks and calls."""
    kind = item.get("type")
    if kind == "message":
        rest = {k: v for k, v in item.items() if k not in ("content", "type", "role", "status")}
        yield from strings_in(rest, keys=True)
        for part in item.get("content") or ():
            said = ("text", "refusal", "logprobs", "type")
            inner = {k: v for k, v in part.items() if k not in said}
            yield from strings_in(inner, keys=True)
            yield from likelihood_texts(part.get("logprobs"))
    elif kind == "reasoning":
        yield from strings_in({k: v for k, v in item.items() if k not in _THOUGHT}, keys=True)
    else:
        read = ("type", "status", "name", CALLS.get(str(kind), "")) if kind in CALLS else ("type",)
        rest = {k: v for k, v in item.items() if k not in read}
        yield from strings_in(rest, but=("encrypted_content",), keys=True)


def _own(part: Any, kind: str, key: str) -> list[str]:
    if not isinstance(part, Mapping):
        raise ModelError("the upstream gave a content part that cannot be read")
    value = part.get(key)
    if part.get("type") not in ("output_text", "refusal"):
        raise ModelError("the upstream gave a content part of a kind that is not known")
    return [value] if part.get("type") == kind and isinstance(value, str) else []


def _finish(reply: Json, calls: list[ToolCall]) -> str:
    details = reply.get("incomplete_details")
    if isinstance(details, Mapping):
        return "length" if details.get("reason") == "max_output_tokens" else "content_filter"
    return "tool_calls" if calls else "stop"


def is_other(item: Any) -> bool:
    return isinstance(item, Mapping) and item.get("type") not in ("message", *CALLS)


def usage_in(usage: Any) -> Usage:
    if usage is None:
        return Usage()
    if not isinstance(usage, Mapping):
        raise ModelError("the upstream's usage cannot be read")
    read, written = usage.get("input_tokens"), usage.get("output_tokens")
    return Usage(read if isinstance(read, int) else 0, written if isinstance(written, int) else 0)
