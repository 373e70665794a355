"""Asking the same in every form: Anthropic's messages, Ollama's chat and generate."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

__all__ = ["FORMS", "Asked", "ask", "in_shape", "messages"]

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asked:
    """One form: where it is asked, its request for some words, and the words of its replies."""

    path: str
    body: Callable[[str], Json]
    plain: Callable[[Json], str]
    streamed: Callable[[str], str]


def _messages(text: str) -> Json:
    said = [{"role": "user", "content": text}]
    return {"model": "m", "max_tokens": 99, "messages": said, "stream": False}


def _chat(text: str) -> Json:
    return {"model": "m", "messages": [{"role": "user", "content": text}], "stream": False}


def _generate(text: str) -> Json:
    return {"model": "m", "prompt": text, "stream": False}


def _blocks(reply: Json) -> str:
    return "".join(block.get("text", "") for block in reply["content"])


def _events(told: str) -> str:
    data = [json.loads(line[6:]) for line in told.splitlines() if line.startswith("data: ")]
    assert data[-1]["type"] == "message_stop"
    return "".join(event.get("delta", {}).get("text", "") for event in data)


def _lines(told: str) -> list[Json]:
    lines = [json.loads(line) for line in told.splitlines()]
    assert [line["done"] for line in lines] == [False] * (len(lines) - 1) + [True]
    return lines


FORMS = {
    "messages": Asked("/v1/messages", _messages, _blocks, _events),
    "chat": Asked(
        "/api/chat",
        _chat,
        lambda reply: str(reply["message"]["content"]),
        lambda told: "".join(line["message"]["content"] for line in _lines(told)),
    ),
    "generate": Asked(
        "/api/generate",
        _generate,
        lambda reply: str(reply["response"]),
        lambda told: "".join(line["response"] for line in _lines(told)),
    ),
}


def ask(url: str, form: Asked, text: str, **more: Any) -> tuple[str, str]:
    """What is said to `text`, whole and streamed."""
    body = {**form.body(text), **more}
    plain = httpx.post(url + form.path, json=body)
    streamed = httpx.post(url + form.path, json={**body, "stream": True})
    assert (plain.status_code, streamed.status_code) == (200, 200), plain.text + streamed.text
    return form.plain(plain.json()), form.streamed(streamed.text)


def in_shape(path: str, reply: httpx.Response) -> bool:
    """Whether an error is in the shape of its form."""
    error = reply.json()
    if path.startswith("/v1/messages"):
        told = error.pop("error")
        return bool(
            error == {"type": "error"} and set(told) == {"type", "message"} and told["message"]
        )
    return bool(set(error) == {"error"} and isinstance(error["error"], str) and error["error"])


def messages(content: Any, **more: Any) -> Json:
    return {
        "model": "m",
        "max_tokens": 9,
        "messages": [{"role": "user", "content": content}],
        **more,
    }
