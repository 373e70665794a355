"""What a response says: its items."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.likelihoods import likelihoods_inside, without_likelihoods
from amnestic.models.values import likelihood_texts, strings_in, words_beside
from amnestic.types import Draft, ToolCall, Usage

__all__ = ["CALLS", "QUIET", "draft_in", "is_other", "usage_in"]

QUIET = ("id", "type", "status", "role", "call_id", "encrypted_content", "format", "phase")
CALLS = {"function_call": "arguments", "custom_tool_call": "input"}


def draft_in(output: list[Any], reply: Json) -> Draft:
    """What the items of a reply say, and all that it holds in words beside that."""
    texts: list[str] = []
    refusals: list[str] = []
    thoughts: list[str] = []
    calls: list[ToolCall] = []
    for item in output:
        if not isinstance(item, Mapping):
            raise ModelError("the upstream gave an output item that cannot be read")
        kind = item.get("type")
        if isinstance(kind, str) and kind in CALLS:
            given = [item.get(key) for key in ("call_id", "name", CALLS[kind])]
            calls.append(ToolCall(*(value if isinstance(value, str) else "" for value in given)))
        elif kind == "message":
            for part in item.get("content") or ():
                texts += _own(part, "output_text", "text")
                refusals += _own(part, "refusal", "refusal")
        elif kind == "reasoning":
            thoughts += strings_in(item, but=QUIET)
    read = {*texts, *refusals, *thoughts, *(t for c in calls for t in (c.name, c.arguments))}
    return Draft(
        "".join(texts),
        "\n".join(thoughts),
        "".join(refusals),
        tuple(calls),
        _finish(reply, calls),
        "\n".join(_beside(reply, read)),
    )


def _beside(reply: Json, read: set[str]) -> Iterator[str]:
    yield from words_beside(without_likelihoods(reply), read)
    for likely in likelihoods_inside(reply):
        yield from likelihood_texts(likely)


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
    return isinstance(item, Mapping) and item.get("type") not in ["message", *CALLS]


def usage_in(usage: Any) -> Usage:
    if usage is None:
        return Usage()
    if not isinstance(usage, Mapping):
        raise ModelError("the upstream's usage cannot be read")
    read, written = usage.get("input_tokens"), usage.get("output_tokens")
    return Usage(read if isinstance(read, int) else 0, written if isinstance(written, int) else 0)
