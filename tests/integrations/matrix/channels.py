"""Where the secret is planted: in what the caller sends, or in what the model says."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from amnestic.types import Draft, ToolCall

__all__ = ["CHANNELS", "FIRST", "LEAK", "QUESTION", "Channel"]

Json = Mapping[str, Any]

LEAK = (
    "Odalys Fenwright lives at 14 Quill Lane, Tavelmoor. "
    "Her record number is OF-77120 and she cast the Harrow Bell."
)
QUESTION = "How does one make a bell?"
FIRST = "A bell is cast in bronze."


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """One channel with the secret in it.

    Attributes:
        before: messages that the caller sends before its question.
        question: its last turn.
        described: what the caller's tool is described as.
        draft: what the model says; `None` where the caller planted the secret, and the model
            repeats all that it was sent.
        error: what the model's API fails with instead of an answer.
        second: whether the draft comes as a second choice, asked for or not.
        scrubbed: whether the layer keeps the secret from the model too.
    """

    name: str
    before: tuple[Json, ...] = ()
    question: str = QUESTION
    described: str = "Looks something up."
    draft: Draft | None = None
    error: str = ""
    second: bool = False
    scrubbed: bool = False

    @property
    def inbound(self) -> bool:
        """Whether the caller planted the secret."""
        return self.draft is None and not self.error


def _call(arguments: str) -> Json:
    function = {"name": "find", "arguments": arguments}
    return {"role": "assistant", "content": None,
            "tool_calls": [{"id": "t", "type": "function", "function": function}]}  # fmt: skip


def _result(content: str) -> Json:
    return {"role": "tool", "tool_call_id": "t", "content": content}


def _user(text: str) -> Json:
    return {"role": "user", "content": text}


def _assistant(text: str) -> Json:
    return {"role": "assistant", "content": text}


_BEFORE: Mapping[str, tuple[Json, ...]] = {
    "system prompt": ({"role": "system", "content": f"You help. {LEAK}"},),
    "developer prompt": ({"role": "developer", "content": LEAK},),
    "history: user": (_user(f"{LEAK} Note it."), _assistant("Noted.")),
    "history: assistant": (_user("Hi"), _assistant(LEAK)),
    "passage": (_user(f"Here is a passage.\n{LEAK}\nThank you."), _assistant("Thanks.")),
    "tool result": (_user("Look."), _call("{}"), _result(json.dumps([{"text": LEAK}]))),
    "history: tool call": (_user("Look."), _call(json.dumps({"q": LEAK})), _result("Nothing.")),
}
_INBOUND = (
    *(Channel(name, before=before, scrubbed=True) for name, before in _BEFORE.items()),
    Channel("user turn", question=f"{QUESTION} And is it true that {LEAK}"),
    Channel("tool description", described=f"Looks things up, such as: {LEAK}"),
)

_DRAFTS: Mapping[str, Draft] = {
    "content": Draft(LEAK),
    "content, late": Draft(f"{FIRST} It takes a mould. {LEAK} Then it cools."),
    "content, in a list": Draft(f"{FIRST}\n- one\n- {LEAK}\n- two"),
    "content, in code": Draft(f"{FIRST}\n```\nx = 1\nname = 'Odalys Fenwright'\n```\nDone."),
    "reasoning": Draft(FIRST, reasoning=LEAK),
    "refusal": Draft(refusal=f"I may not speak of this. {LEAK}"),
    "tool arguments": Draft(
        tool_calls=(ToolCall("c", "find", json.dumps({"q": LEAK})),), finish_reason="tool_calls"
    ),
    "structured output": Draft(json.dumps({"name": "Odalys Fenwright", "note": LEAK})),
}
_CONTENT = _DRAFTS["content"]
_OUTBOUND = (
    *(Channel(name, draft=draft) for name, draft in _DRAFTS.items()),
    Channel("second choice", draft=replace(_CONTENT), second=True),
    Channel("error text", error=f"cannot serve this: {LEAK}"),
)

CHANNELS = (*_INBOUND, *_OUTBOUND)
