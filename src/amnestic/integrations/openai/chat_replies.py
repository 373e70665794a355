"""What a chat completion says: its choices, and the deltas of its chunks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat_speaker import THOUGHTS
from amnestic.integrations.openai.chunks import finish_in
from amnestic.models.values import likelihood_texts, strings_in, words_beside
from amnestic.types import Draft, ToolCall

__all__ = ["SIGNS", "beside_choice", "draft_in", "is_text"]

SIGNS = ("type", "id", "format", "signature", "data", "index")
"""What signs a thought, or says how it is to be read."""


def draft_in(choice: Any) -> Draft:
    """What one choice of a reply says, and all that it holds in words beside that."""
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        raise ModelError("the upstream gave a choice without a message")
    texts = _contents(message.get("content"))
    refusal = message.get("refusal") or ""
    if not isinstance(refusal, str):
        raise ModelError("the upstream gave a message that cannot be read")
    raw = [*(message.get("tool_calls") or ())]
    if message.get("function_call"):
        raw.append({"id": "", "type": "function", "function": message["function_call"]})
    calls = tuple(map(_call, raw))
    thoughts = list(strings_in([message.get(key) for key in THOUGHTS], but=SIGNS))
    read = {*texts, refusal, *thoughts, *(text for c in calls for text in (c.name, c.arguments))}
    return Draft(
        "".join(texts),
        "\n".join(thoughts),
        refusal,
        calls,
        finish_in(choice),
        "\n".join(beside_choice(choice, read)),
    )


def beside_choice(choice: Mapping[str, Any], read: Collection[str]) -> Iterator[str]:
    """What a choice, or the chunk of one, holds in words beside what is read of it; what else was
    likely comes last."""
    rest = {key: value for key, value in choice.items() if key != "logprobs"}
    yield from words_beside(rest, read)
    yield from likelihood_texts(choice.get("logprobs"))


def _contents(content: Any) -> list[str]:
    if content is None or isinstance(content, str):
        return [content or ""]
    if not isinstance(content, list):
        raise ModelError("the upstream gave a message that cannot be read")
    return [part["text"] for part in content if isinstance(part, Mapping) and is_text(part)]


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
