"""A chat model whose answers to forget requests are recorded, where it cannot be called.

    python benchmarks/requests.py --data DIR --prompts prompts.jsonl
    python benchmarks/requests.py --data DIR --answers answers.jsonl --prompts further.jsonl

A line of the prompts is one call of the model: its `id`, the `messages`, and the JSON `schema` that
the answer is to fill. Whoever plays the model writes a line for each: the same `id`, and as `reply`
what the model says, as a text or as the object itself. The first call for a request has the
request's id; the second, which asks again for an answer that could not be read, ends in `#2`. Calls
without an answer are written to the prompts, so that rounds follow each other until none is left;
where an answer is missing the layer does as with a model that fails.

Seals and marks of prompts are drawn anew in every run. Here they follow from the id, and an answer
is given the seal of the prompt that it answers now: it is the model's, as it was given.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from langchain_core.utils.function_calling import convert_to_openai_tool

from amnestic.testing import HTTPFailure, ScriptedChatModel
from amnestic.testing.script import Answer
from amnestic.types import Conversation

__all__ = ["NotRecorded", "Recorded", "answers_in", "written"]

_SEAL = re.compile(r'"seal": "([0-9a-f]{8})"')
_MARK = re.compile(r"<<<([0-9a-f]{16}) ")
_SNOW = '{"seal": "", "colour": "white"}'
_NOT_FOUND = 404  # a status that no call is tried again for


class NotRecorded(BaseException):
    """A call that is only to be written down: nothing goes on behind it."""


class Recorded:
    """A model that gives recorded answers, one request after the other.

    Args:
        answers: by the id of the call.
        only_asks: end each request at its first call without an answer (`NotRecorded`).

    Attributes:
        model: the chat model, which keeps to the schema that it is given.
        asked: the calls that had no answer, as lines of a file of prompts.
        answered: how many had one.
    """

    def __init__(self, answers: Mapping[str, str], *, only_asks: bool = False) -> None:
        self.model = _SchemaModel.of(default=self._reply)
        self.asked: list[dict[str, Any]] = []
        self.answered = 0
        self._answers = answers
        self._only_asks = only_asks
        self._request = ""
        self._calls = 0

    def turn_to(self, request_id: str) -> None:
        """Answer for this request from now on."""
        self._request, self._calls = request_id, 0

    def _reply(self, conversation: Conversation) -> Answer:
        form = self.model.calls[-1].options["tools"][0]["function"]
        if form["name"] == "ProbeAnswer":  # asked in plain words, answered in the schema
            return _SNOW
        self._calls += 1
        key = self._request if self._calls == 1 else f"{self._request}#{self._calls}"
        seals = _drawn(conversation, self._request)
        if key in self._answers:
            self.answered += 1
            reply = self._answers[key]
            for drawn, own in seals.items():
                reply = reply.replace(own, drawn)
            return reply
        messages = [{"role": m.role, "content": _with(m.text, seals)} for m in conversation]
        self.asked.append({"id": key, "messages": messages, "schema": form["parameters"]})
        if self._only_asks:
            raise NotRecorded
        return HTTPFailure(_NOT_FOUND)


class _SchemaModel(ScriptedChatModel):
    """A model behind a service that takes tools in OpenAI's form, and keeps to their schemas."""

    def bind_tools(self, tools: Any, *, tool_choice: Any = None, **kwargs: Any) -> Any:
        """Bind tools as the service takes them."""
        forms = [convert_to_openai_tool(tool) for tool in tools]
        return super().bind_tools(forms, tool_choice=tool_choice, **kwargs)


def _drawn(conversation: Conversation, request_id: str) -> dict[str, str]:
    """What was drawn for a prompt, the seal and the mark of its blocks, each with what stands for
    it in a file."""
    text = "\n".join(message.text for message in conversation)
    known = hashlib.sha256(request_id.encode()).hexdigest()
    seals = dict.fromkeys(_SEAL.findall(text)[:1], known[:8])
    return seals | dict.fromkeys(_MARK.findall(text)[:1], known[8:24])


def _with(text: str, drawn: Mapping[str, str]) -> str:
    for one, other in drawn.items():
        text = text.replace(one, other)
    return text


def answers_in(file: Path) -> dict[str, str]:
    """The answers of a file, by the id of the call. Raises `ValueError` for a line that is none,
    and for a second answer to one call."""
    found: dict[str, str] = {}
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        key, reply = _answer(line, f"{file.name}, line {number}")
        if key in found:
            raise ValueError(f"{file.name}, line {number}: {key!r} is answered already")
        found[key] = reply
    return found


def _answer(line: str, where: str) -> tuple[str, str]:
    try:
        told = json.loads(line)
        key, reply = told["id"], told["reply"]
    except (ValueError, TypeError, KeyError):
        raise ValueError(f"{where}: an answer is an object with `id` and `reply`") from None
    return str(key), reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)


def written(prompts: list[dict[str, Any]]) -> str:
    """Prompts as lines of a file."""
    return "".join(_lines(prompts))


def _lines(prompts: list[dict[str, Any]]) -> Iterator[str]:
    for prompt in prompts:
        yield json.dumps(prompt, ensure_ascii=False) + "\n"
