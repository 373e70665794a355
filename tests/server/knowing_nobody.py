"""An upstream that has never heard of anybody, on loopback, and writes like a real API."""

from __future__ import annotations

import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.integrations.openai.upstreams import chat_chunk, chat_reply, events_of, response

__all__ = ["knowing_nobody"]

KIND = "application/json; charset=utf-8"
ANSWER = "I'm sorry, but I don't know who that is. Could you tell me more?"
PIECES = ["I'm sorry, but I don't know", " who that is.", " Could you tell", " me more?"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        """Answer any question with the same words."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = "".join(_strings({k: body.get(k) for k in _TALK}))
        if failure := _failure(body, asked):
            return self._send(*failure)
        read, written = len(asked), len(ANSWER) // 3  # a tokenizer that knows letters only
        kind = self.path.rpartition("/")[2]
        if kind == "responses":
            told = _response(body, read, written)
            chunks = _response_chunks(told)
        elif self.path.endswith("/chat/completions"):
            told = chat_reply(
                ANSWER, id=f"chatcmpl-{secrets.token_hex(14)}", usage=_usage(read, written)
            )
            chunks = _chunks(body, told)
        else:
            told = _completion(read, written)
            chunks = [_text_chunk(told, piece) for piece in PIECES] + [
                _text_chunk(told, "", "stop")
            ]
        if body.get("stream"):
            return self._send(200, events_of(chunks), {"content-type": "text/event-stream"})
        return self._send(200, json.dumps(told, indent=2).encode() + b"\n", {"content-type": KIND})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for key, value in {**headers, "content-length": str(len(data))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)


_TALK = ("messages", "input", "instructions", "prompt", "suffix")


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [inner for key, inner in value.items() if key not in ("role", "type")]
    return [text for inner in value or () for text in _strings(inner)]


def _failure(body: dict[str, Any], asked: str) -> tuple[int, bytes, dict[str, str]] | None:
    """What is wrong with a request: with its temperature, or as its user wishes it."""
    told: dict[str, tuple[int, str, dict[str, str]]] = {
        "quoting": (400, f"Invalid prompt: {asked!r} was refused.", {}),
        "naming": (400, "Your request about " + " ".join(re.findall("[A-Z][a-z]+", asked)[-2:])
                   + " was rejected.", {}),
        "busy": (429, "Rate limit reached. Try again in 7 s.", {"retry-after": "7"}),
        "broken": (500, "The server had an error.", {}),
        "key": (401, "Incorrect API key provided.", {}),
    }  # fmt: skip
    found = told.get(str(body.get("user")))
    if (body.get("temperature") or 0) > 2:
        found = (400, "Invalid 'temperature': decimal above maximum value.", {})
    if found is None:
        return None
    status, message, headers = found
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": None}
    return (
        status,
        json.dumps({"error": error}, indent=2).encode(),
        {**headers, "content-type": KIND},
    )


def _usage(read: int, written: int) -> dict[str, Any]:
    return {
        **chat_reply()["usage"],
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _completion(read: int, written: int) -> dict[str, Any]:
    choice = {"text": ANSWER, "index": 0, "logprobs": None, "finish_reason": "stop"}
    return {"id": f"cmpl-{secrets.token_hex(14)}", "object": "text_completion",
            "created": 1_741_569_952, "model": "gpt-x", "choices": [choice],
            "usage": _usage(read, written)}  # fmt: skip


def _text_chunk(told: dict[str, Any], text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {**told["choices"][0], "text": text, "finish_reason": finish}
    return {**told, "choices": [choice], "usage": None}


def _chunks(body: dict[str, Any], told: dict[str, Any]) -> list[Any]:
    head = {"id": told["id"]}
    said = [chat_chunk({"role": "assistant", "content": ""}, **head)]
    said += [chat_chunk({"content": piece}, **head) for piece in PIECES]
    said.append(chat_chunk({}, "stop", **head))
    if (body.get("stream_options") or {}).get("include_usage"):
        said.append({**chat_chunk({}, **head), "choices": [], "usage": told["usage"]})
    return said


def _response(body: dict[str, Any], read: int, written: int) -> dict[str, Any]:
    usage = {**response()["usage"], "input_tokens": read, "output_tokens": written,
             "total_tokens": read + written}  # fmt: skip
    kept = {k: body[k] for k in ("instructions", "temperature", "metadata", "user") if k in body}
    told = response(ANSWER, id=f"resp_{secrets.token_hex(25)}", usage=usage, **kept)
    told["output"][0]["id"] = f"msg_{secrets.token_hex(16)}"
    return told


def _response_chunks(told: dict[str, Any]) -> list[Any]:
    begun = {**told, "status": "in_progress", "output": [], "usage": None}
    item = told["output"][0]
    at = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    empty = {**item, "status": "in_progress", "content": []}
    (part,) = item["content"]
    deltas = [
        {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": [],
         "obfuscation": secrets.token_hex(4)} for piece in PIECES
    ]  # fmt: skip
    chunks: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        *deltas,
        {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": "response.completed", "response": told},
    ]
    return [{**chunk, "sequence_number": i} for i, chunk in enumerate(chunks)]


@contextmanager
def knowing_nobody() -> Iterator[str]:
    """Serve until the block ends; gives the base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
