"""Conversations: messages, their parts and the tool calls in them."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Literal

__all__ = ["Conversation", "Message", "Part", "Role", "ToolCall", "title_of"]

_JOINT = re.compile(r"[\W_]+|(?<=[a-z0-9])(?=[A-Z])")

Role = Literal["system", "developer", "user", "assistant", "tool"]


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message's content.

    `kind` is `"text"` for text; any other kind (an image, audio, something newer) is carried in
    `payload` untouched and counts as not understood.
    """

    kind: str
    text: str = ""
    payload: Any = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that a model asks for; `arguments` is the raw JSON text.

    >>> ToolCall("c1", "find_adaLovelace", "{}").title
    'find ada Lovelace'
    """

    id: str
    name: str
    arguments: str

    @property
    def title(self) -> str:
        """The tool's name in words, as somebody would read it."""
        return title_of(self.name)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    >>> Message.of("user", "Hello").text
    'Hello'
    """

    role: Role
    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    reasoning: str = ""

    @classmethod
    def of(cls, role: Role, text: str) -> Message:
        """A message that holds one text."""
        return cls(role, (Part("text", text),))

    @property
    def text(self) -> str:
        """All text parts, joined by new lines."""
        return "\n".join(part.text for part in self.parts if part.kind == "text")

    @property
    def opaque_kinds(self) -> tuple[str, ...]:
        """The kinds of the parts that are not text."""
        return tuple(part.kind for part in self.parts if part.kind != "text")

    def with_text(self, text: str) -> Message:
        """The message with its text parts replaced by one; other parts stay."""
        others = tuple(part for part in self.parts if part.kind != "text")
        return replace(self, parts=(Part("text", text), *others))


Conversation = tuple[Message, ...]


def title_of(name: str) -> str:
    """A name as programs write it, in words.

    >>> title_of("find-the_lastPoem")
    'find the last Poem'
    """
    return _JOINT.sub(" ", name).strip()
