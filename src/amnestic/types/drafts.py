"""What a chat model gives back, channel by channel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.types.messages import ToolCall

__all__ = ["ENDINGS", "Draft", "Generation", "Usage", "stands_alone"]


ENDINGS = frozenset({"stop", "length", "tool_calls", "function_call", "content_filter"})
"""Why an answer ends, in OpenAI's words."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that model calls took."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """One choice of a model's answer, with every channel in which text can leave. `beside` is what
    else stands in it in words: ids, sources, likely words. It is read, and never said again.

    >>> draft = Draft(text="Paris.", reasoning="France, so Paris.")
    >>> dict(draft.channels())
    {'answer': 'Paris.', 'reasoning': 'France, so Paris.'}
    >>> draft.with_channel("reasoning", "").reasoning
    ''
    """

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = "stop"
    beside: str = ""

    def channels(self) -> Iterator[tuple[str, str]]:
        """The channels that hold text, as `(name, text)`; a tool call's is `tool_call:<i>`."""
        for name, text in (
            ("answer", self.text),
            ("reasoning", self.reasoning),
            ("refusal", self.refusal),
            ("beside", self.beside),
        ):
            if text:
                yield name, text
        for i, call in enumerate(self.tool_calls):
            yield f"tool_call:{i}", call.arguments

    def told(self) -> Iterator[tuple[str, str]]:
        """All that is to be read: the channels, and the names of the tools that are called."""
        yield from self.channels()
        for i, call in enumerate(self.tool_calls):
            if call.title:
                yield f"tool_call:{i}", call.title

    def with_channel(self, channel: str, text: str) -> Draft:
        """The draft with one channel's text replaced."""
        if channel.startswith("tool_call:"):
            i = int(channel.partition(":")[2])
            calls = list(self.tool_calls)
            calls[i] = replace(calls[i], arguments=text)
            return replace(self, tool_calls=tuple(calls))
        if channel == "answer":
            return replace(self, text=text)
        if channel == "reasoning":
            return replace(self, reasoning=text)
        if channel == "refusal":
            return replace(self, refusal=text)
        if channel == "beside":
            return replace(self, beside=text)
        raise KeyError(channel)


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything that one call of a chat model gave: its choices, usage and, for adapters that
    must return what they got byte for byte, the provider's own object in `raw`."""

    choices: tuple[Draft, ...]
    usage: Usage = Usage()
    raw: Any = field(default=None, repr=False, compare=False)


def stands_alone(channel: str) -> bool:
    """Whether what stands in a channel is no answer to the question, and is read without it.

    >>> stands_alone("tool_call:0"), stands_alone("answer")
    (True, False)
    """
    return channel == "beside" or channel.startswith("tool_call:")
