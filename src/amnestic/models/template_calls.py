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

__all__ = ["CallForm", "CallReader", "call_id", "form_of", "functions_in"]

Tool: TypeAlias = Mapping[str, Any]
Write: TypeAlias = Callable[[Sequence[Mapping[str, Any]], Sequence[Tool], bool], str]
"""Messages, tools, and whether an answer is to begin behind them, as the model reads them."""

_NAME, _KEY, _VALUE, _TEXT = "zqcall", "zqkey", "zqvalue", "zqtext"
_ID = "zqid00000"  # some templates take no other length, and no number beside it that is shorter
_ARGUMENTS = re.compile(rf'\{{\s*"{_KEY}"\s*:\s*"{_VALUE}"\s*\}}')
_ASKED = {"role": "user", "content": "a"}
_ANSWERED = {"role": "assistant", "content": _TEXT}
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

    def read(self, text: str, names: Collection[str], number: int = 0) -> tuple[ToolCall, ...]:
        """The calls that a text is made of; none where it is made of anything else, or where one
        calls a tool that is not among `names`: then all of it is text.

        Args:
            text: an answer, or its end.
            names: the tools that may be called.
            number: of the first call, from which those behind it are counted: what tells the calls
                of one turn from those of another.
        """
        ended = re.compile(rf"{_loosely(self.after)}\s*")
        calls: list[ToolCall] = []
        at = 0
        while at < len(text):
            head = self.begun_at(text, at)
            if head is None or head[1] not in names:
                return ()
            try:
                arguments, end = json.JSONDecoder().raw_decode(text, head.end())
                told = json.dumps(arguments, ensure_ascii=False, allow_nan=False)
                told.encode()  # half a character, written as an escape, is in nobody's reach
            except (ValueError, RecursionError):
                return ()
            tail = ended.match(text, end)
            if not isinstance(arguments, dict) or tail is None:
                return ()
            calls.append(ToolCall(call_id(number + len(calls)), head[1], told))
            at = tail.end()
        return tuple(calls)

    def around(self, name: str, number: int) -> tuple[str, str]:
        """What stands before and behind the arguments of a call of the tool `name`.

        >>> CallForm('<call>{"name": "', '", "arguments": ', "}</call>").around("find", 0)
        ('<call>{"name": "find", "arguments": ', '}</call>')
        """
        texts = (f"{self.before}{name}{self.between}", self.after)
        before, after = (text.replace(_ID, call_id(number)) for text in texts)
        return before, after

    def begun_at(self, text: str, at: int) -> re.Match[str] | None:
        """A call's beginning up to its arguments, where one stands there; its group is the name."""
        begun = rf"\s*{_loosely(self.before)}{_A_NAME}{_loosely(self.between)}"
        return re.compile(begun).match(text, at)


def call_id(number: int) -> str:
    """Nine letters and digits, which is all that some templates take.

    >>> call_id(7), call_id(100_007)
    ('call00007', 'call00007')
    """
    return f"call{number % 100_000:05d}"


def _loosely(text: str) -> str:
    """A pattern for a text whose blanks, and whose call's id, a model may write in another way."""
    pattern = r"\s*".join(re.escape(word) for word in ["", *text.split(), ""])
    return pattern.replace(_ID, r"[\w.:-]+")


def form_of(write: Write) -> CallForm | None:
    """The form in which a template writes a call; `None` where it has none that can be read back.

    Args:
        write: how the template writes; raises `ValueError` for what it cannot.
    """
    for arguments in ({_KEY: _VALUE}, json.dumps({_KEY: _VALUE})):
        function = {"name": _NAME, "arguments": arguments}
        call = {"id": _ID, "type": "function", "function": function}
        said = {"role": "assistant", "content": "", "tool_calls": [call]}
        try:
            whole = write([_ASKED, said], [_TOOL], False)
            begun = write([_ASKED], [_TOOL], True)
            text = write([_ASKED, _ANSWERED], [_TOOL], False)
        except ValueError:
            continue
        # Before a text there may be empty thoughts as well, which are none of the call's.
        openings = (text.partition(_TEXT)[0], begun) if _TEXT in text else (begun,)
        for opening in openings:
            if whole.startswith(opening) and (form := _form_in(whole[len(opening) :])) is not None:
                return form
    return None


def _form_in(written: str) -> CallForm | None:
    at = written.find(_NAME)
    told = _ARGUMENTS.search(written, max(0, at))
    if at < 0 or told is None or not written[:at].strip():
        return None
    between = written[at + len(_NAME) : told.start()]
    form = CallForm(written[:at].lstrip(), between, written[told.end() :].rstrip())
    return None if form.mark.isalnum() else form  # a word: any answer may hold it


def functions_in(tools: Any) -> dict[str, Mapping[str, Any]]:
    """The functions of tools in OpenAI's form, by their names; what has another one has none here.

    >>> functions_in([{"type": "function", "function": {"name": "find"}}, print])
    {'find': {'name': 'find'}}
    """
    told = (tool.get("function") for tool in tools or () if isinstance(tool, Mapping))
    named = (function for function in told if isinstance(function, Mapping))
    return {f["name"]: f for f in named if isinstance(f.get("name"), str)}


class CallReader:
    """Reads one answer as it comes, and holds it back from where a call may have begun.

    Args:
        form: how the model's template writes calls.
        names: the tools that may be called.
        number: of the first call, as `CallForm.read` takes it.
    """

    def __init__(self, form: CallForm, names: Collection[str], number: int = 0) -> None:
        self._form, self._names, self._number = form, names, number
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
        at = held.find(self._form.mark)
        while at >= 0 and self._form.begun_at(held, at) is None:  # it was only spoken of
            at = held.find(self._form.mark, at + 1)
        if at >= 0 and (calls := self._form.read(held[at:], self._names, self._number)):
            return given + held[:at], calls
        return given + held, ()
