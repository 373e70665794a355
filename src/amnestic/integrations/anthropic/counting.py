"""About how many tokens a request takes: no upstream is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from amnestic.integrations.anthropic.requests import counted_body
from amnestic.integrations.openai import Json, dumps

__all__ = ["token_count"]

_CHARS = 4  # of a token, as the chat door estimates too
_MEDIA = 1_600  # tokens that an image takes at most; a page of a document takes about as many


def token_count(body: Json) -> Json:
    """The tokens of a request, estimated from its length; raises as its translation does.

    >>> token_count({"model": "m", "messages": [{"role": "user", "content": "How are you?"}]})
    {'input_tokens': 3}
    """
    chat = counted_body(body)
    contents = [message.get("content") for message in chat["messages"]]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    media = sum(part["type"] != "text" for part in parts)
    texts = [*_words(chat["messages"]), *(dumps(tool).decode() for tool in chat.get("tools", ()))]
    return {"input_tokens": max(1, sum(map(len, texts)) // _CHARS + media * _MEDIA)}


def _words(messages: list[Json]) -> Iterator[str]:
    for message in messages:
        content: Any = message.get("content") or ""
        parts = content if isinstance(content, list) else [{"text": content}]
        yield from (part.get("text", "") for part in parts)
        yield message.get("reasoning_content", "")
        yield from (call["function"]["arguments"] for call in message.get("tool_calls", ()))
