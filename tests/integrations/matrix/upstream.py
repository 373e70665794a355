"""The worst model there is: it repeats all that it is sent, says what it must not, and breaks off.

It stands behind every door in the shape that the door needs: an OpenAI-compatible API on loopback,
or a LangChain model in the same process. A `Part` is what it plays in one cell.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import Any

from amnestic.types import Conversation, Draft, Generation, ToolCall, Usage

from .cells import Cell
from .channels import FIRST

__all__ = ["ASKED", "Part"]

ASKED: ContextVar[Part | None] = ContextVar("asked", default=None)
"""The part of the cell whose request is running, where its thread knows that."""

_HARMLESS = ToolCall("h", "find", '{"q": "bronze"}')


@dataclass(eq=False)
class Part:
    """What the model plays in one cell.

    Attributes:
        cell: the cell.
        sent: what reached the model.
        reached: set once the model has said all that it will say.
        over: set when the cell is over, so that a model that hangs lets go.
    """

    cell: Cell
    sent: list[str] = field(default_factory=list)
    reached: threading.Event = field(default_factory=threading.Event)
    over: threading.Event = field(default_factory=threading.Event)

    def generation(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The answer to a request, as it would be if it came whole."""
        self.sent.append(text := _sent(conversation, options))
        draft = self._shaped(self.cell.channel.draft or Draft(text), conversation)
        count = int(options.get("n") or 1)
        choices = (Draft(FIRST),) * max(count - 1, int(self.cell.channel.second)) + (draft,)
        return Generation(choices, Usage(7, 7))

    def whose(self) -> Part:
        """The part that a call belongs to: this one, but for a call that a request of an earlier
        cell had begun when it ran out of time, which a thread makes when it comes to it."""
        asked = ASKED.get()
        return self if asked is None or not asked.over.is_set() else asked

    def failure(self, generation: Generation) -> str | None:
        """What the model fails with, where it fails: it quotes its own answer."""
        if self.cell.channel.error:
            return self.cell.channel.error
        return f"cannot serve this: {generation}" if self.ending == "breaks" else None

    @property
    def ending(self) -> str:
        """How the answer ends."""
        return self.cell.mode.ending

    def _shaped(self, draft: Draft, conversation: Conversation) -> Draft:
        """The draft in the shape that the mode asks for: as a tool's arguments beside a harmless
        call, or as the JSON of a form. A tool's result is answered in words."""
        if self.cell.mode.shape == "structured" and draft.text:
            return replace(draft, text=json.dumps({"name": "Brannoch", "note": draft.text}))
        if self.cell.mode.shape != "tool call" or conversation[-1].role == "tool":
            return draft
        calls = draft.tool_calls
        if self.cell.channel.inbound:
            calls = (ToolCall("r", "find", json.dumps({"q": draft.text})),)
            draft = replace(draft, text="")
        return replace(draft, tool_calls=(*calls, _HARMLESS), finish_reason="tool_calls")


def _sent(conversation: Conversation, options: Mapping[str, Any]) -> str:
    """All that a request holds, its tools included."""
    told = [
        "\n".join([message.text, message.reasoning, *(c.arguments for c in message.tool_calls)])
        for message in conversation
    ]
    return "\n".join(["I was told:", *told, json.dumps(options.get("tools") or "", default=str)])
