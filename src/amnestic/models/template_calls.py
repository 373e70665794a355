"""Tool calls as a chat template writes them, read back from a model's answer.

No form of any family of models is written down: the template is asked to write a call of its own,
and what stands around the name and the arguments there is what stands around them in an answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from amnestic.models.decoding import StopFinder
from amnestic.types import ToolCall

__all__ = ["CallForm", "CallReader", "form_of", "tools_in"]

Tool: TypeAlias = Mapping[str, Any]
Write: TypeAlias = Callable[[Sequence[Mapping[str, Any]], Sequence[Tool], bool], str]
"""Messages, tools, and whether an answer is to begin behind them, as the model reads them."""

_NAME, _KEY, _VALUE = "zqcall", "zqkey", "zqvalue"
_ARGUMENTS = re.compile(rf'\{{\s*"{_KEY}"\s*:\s*"{_VALUE}"\s*\}}')
_ASKED = {"role": "user", "content": "a"}
_TOOL = {
    "type": "function",
    "function": {
        "name": _NAME,
        "description": "a",
        "parameters": {"type": "object", "properties": {_KEY: {"type": "string"}}},
    },
}
_A_NAME = r"([^\s\"'<>{}\[\](),]+)"


@dataclass(frozen=True, slots=True)
class CallForm:
    """What a template writes before a call's name, between it and the arguments, and after them.

    >>> form = CallForm('<call>{"name": "', '", "arguments": ', "}</call>")
    >>> form.read('<call>{"name": "find", "arguments": {"a": 1}}</call>', {"find"})[0].arguments
    '{"a": 1}'
    >>> form.read('<call>{"name": "lose", "arguments": {}}</call>', {"find"})
    ()
    """

    before: str
    between: str
    after: str

    @property
    def mark(self) -> str:
        """What a call is known by as it begins."""
        return self.before.split()[0]

    def read(self, text: str, names: Collection[str]) -> tuple[ToolCall, ...]:
        """The calls that a text is made of; none where it is made of anything else, or where one
        calls a tool that is not among `names`: then all of it is text."""
        begun = re.compile(rf"\s*{_loosely(self.before)}{_A_NAME}{_loosely(self.between)}")
        ended = re.compile(rf"{_loosely(self.after)}\s*")
        calls: list[ToolCall] = []
        at = 0
        while at < len(text):
            head = begun.match(text, at)
            if head is None or head[1] not in names:
                return ()
            try:
                arguments, end = json.JSONDecoder().raw_decode(text, head.end())
                told = json.dumps(arguments, ensure_ascii=False)
            except (ValueError, RecursionError):
                return ()
            tail = ended.match(text, end)
            if not isinstance(arguments, dict) or tail is None:
                return ()
            calls.append(ToolCall(f"call_{len(calls)}", head[1], told))
            at = tail.end()
        return tuple(calls)


def _loosely(text: str) -> str:
    """A pattern for a text whose blanks a model may write in another way."""
    return r"\s*".join(re.escape(word) for word in ["", *text.split(), ""])


def form_of(write: Write) -> CallForm | None:
    """The form in which a template writes a call; `None` where it has none that can be read back.

    Args:
        write: how the template writes; raises `ValueError` for what it cannot.
    """
    for arguments in ({_KEY: _VALUE}, json.dumps({_KEY: _VALUE})):
        function = {"name": _NAME, "arguments": arguments}
        call = {"id": "call00000", "type": "function", "function": function}
        said = {"role": "assistant", "content": "", "tool_calls": [call]}
        try:
            begun, whole = write([_ASKED], [_TOOL], True), write([_ASKED, said], [_TOOL], False)
        except ValueError:
            continue
        if whole.startswith(begun) and (form := _form_in(whole[len(begun) :])) is not None:
            return form
    return None


def _form_in(written: str) -> CallForm | None:
    at = written.find(_NAME)
    told = _ARGUMENTS.search(written, max(0, at))
    if at < 0 or told is None or not written[:at].strip():
        return None
    between = written[at + len(_NAME) : told.start()]
    return CallForm(written[:at].lstrip(), between, written[told.end() :].rstrip())


def tools_in(tools: Any) -> frozenset[str]:
    """The names of tools in OpenAI's form; what has another one has no name here.

    >>> tools_in([{"type": "function", "function": {"name": "find"}}, print]), tools_in(None)
    (frozenset({'find'}), frozenset())
    """
    told = (tool.get("function") for tool in tools or () if isinstance(tool, Mapping))
    names = (function.get("name") for function in told if isinstance(function, Mapping))
    return frozenset(name for name in names if isinstance(name, str))


class CallReader:
    """Reads one answer as it comes, and holds it back from where a call may have begun.

    Args:
        form: how the model's template writes calls.
        names: the tools that may be called.
    """

    def __init__(self, form: CallForm, names: Collection[str]) -> None:
        self._form, self._names = form, names
        self._marks = StopFinder((form.mark,))
        self._whole, self._given = "", 0

    def feed(self, text: str) -> str:
        """The text that may be given after `text` has come."""
        self._whole += text
        given = self._marks.feed(text)
        self._given += len(given)
        return given

    def end(self, text: str) -> tuple[str, tuple[ToolCall, ...]]:
        """What is left when nothing comes behind `text`: text, and the calls behind it."""
        given = self.feed(text)
        held = self._whole[self._given :]
        calls = self._form.read(held, self._names) if self._marks.found else ()
        return (given, calls) if calls else (given + held, ())
