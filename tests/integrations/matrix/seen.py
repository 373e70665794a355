"""Everything that can be seen of one request, and the one check over it."""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from langchain_core.messages import BaseMessage

from amnestic.testing.leaks import leaks_in

from .channels import Channel

__all__ = ["MARK", "Seen", "places"]

MARK = "given-"
"""How the ids of the messages begin that a caller hands over itself."""


@dataclass(eq=False)
class Seen:
    """The surfaces of one request.

    Attributes:
        caller: what the caller got: replies, events, headers, errors.
        logs: what every logger of the process said, down to DEBUG.
        metrics: what Prometheus reads.
        traces: what LangSmith is sent, and what the caller's callbacks are told.
        checkpoints: what a LangGraph checkpointer keeps.
        model: what reached the wrapped model, where the layer promises to keep the secret from it.
    """

    caller: list[Any] = field(default_factory=list)
    logs: list[str] = field(default_factory=list)
    metrics: list[str] = field(default_factory=list)
    traces: list[Any] = field(default_factory=list)
    checkpoints: list[Any] = field(default_factory=list)
    model: list[str] = field(default_factory=list)


def places(secrets: tuple[str, ...], seen: Seen, channel: Channel) -> Iterator[str]:
    """Where a secret stands.

    An application's own traces, streams and checkpoints hold what it hands over itself, as it
    handed it over: its messages, known by their ids and words, and its tool's description; and an
    error of an HTTP library holds the request that its caller made. That is left out, and nothing
    else: the same words anywhere else are a leak.
    """
    own = _Own(channel)
    for surface in fields(seen):
        for i, value in enumerate(getattr(seen, surface.name)):
            for place in leaks_in(secrets, own.taken_from(value)):
                yield f"{surface.name}[{i}]{place[1:]}"


class _Own:
    """Takes out of a surface what the caller handed over."""

    def __init__(self, channel: Channel) -> None:
        self._inbound = channel.inbound
        self._words = {channel.question, channel.described}
        for message in channel.before:
            self._words.add(message["content"])
            self._words |= {c["function"]["arguments"] for c in message.get("tool_calls", ())}

    def taken_from(self, value: Any) -> Any:
        """The value without it; the value itself where the caller planted nothing."""
        if not self._inbound:
            return value
        return self._rest(_parsed(value) if isinstance(value, bytes | str) else value)

    def _rest(self, value: Any) -> Any:
        if isinstance(value, BaseException):
            return list(_told(value))
        if isinstance(value, BaseMessage):
            return None if self._is_given(value.id, value.content, value) else value
        if isinstance(value, Mapping):
            inner = value.get("kwargs") if isinstance(value.get("kwargs"), Mapping) else value
            if self._is_given(inner.get("id"), inner.get("content"), inner):
                return None
            return {k: self._rest(v) for k, v in value.items() if not self._is_described(k, v)}
        if isinstance(value, list | tuple | set):
            return [self._rest(item) for item in value]
        return value

    def _is_given(self, mark: Any, content: Any, message: Any) -> bool:
        """Whether it is a message of the caller's, word for word, its tool calls included."""
        calls = message.get("tool_calls") if isinstance(message, Mapping) else _calls(message)
        return (
            isinstance(mark, str)
            and mark.startswith(MARK)
            and (content or None) in self._words | {None}
            and all(json.dumps(call["args"]) in self._words for call in calls or ())
        )

    def _is_described(self, key: Any, value: Any) -> bool:
        return key == "description" and value in self._words


def _calls(message: Any) -> Any:
    return getattr(message, "tool_calls", ())


def _told(error: BaseException | None) -> Iterator[Any]:
    """What an error and those behind it tell, but for the request that was made."""
    while error is not None:
        yield traceback.format_exception(error, chain=False)
        yield error.args
        yield {k: v for k, v in vars(error).items() if k.strip("_") not in ("request", "response")}
        if (response := getattr(error, "response", None)) is not None:
            yield [dict(response.headers), response.content]
        error = error.__cause__ or error.__context__


def _parsed(value: bytes | str) -> Any:
    """What a body or a server-sent event in JSON holds; other text as it is. JSON inside of it
    stays text: it may be what a model said."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else value
    try:
        return json.loads(text.removeprefix("data: "))
    except ValueError:
        return text
