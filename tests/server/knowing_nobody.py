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
PIECES = ["I'm sorry, but I don't know", " who that is.", " Could you tell", " me more?"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    left = 1_000_000  # requests that may still be made

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        """Answer any question with the same words."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        asked = "".join(_strings({k: body.get(k) for k in _TALK}))
        if failure := _failure(body, asked):
            return self._send(*failure)
        pieces, finish = _said(body)
        # a tokenizer that knows letters only
        usage = _usage(len(asked), len("".join(pieces)) // 3)
        kind = self.path.rpartition("/")[2]
        if kind == "responses":
            told = _response(body, usage, pieces, finish)
            chunks = _response_chunks(told, pieces)
        elif self.path.endswith("/chat/completions"):
            told = _chat(body, usage, pieces, finish)
            chunks = _chunks(body, told, pieces)
        else:
            told = _completion(usage, "".join(pieces), finish)
            chunks = [_text_chunk(told, piece) for piece in pieces]
            chunks.append(_text_chunk(told, "", finish))
        if body.get("stream"):
            return self._send(200, events_of(chunks), {"content-type": "text/event-stream"})
        return self._send(200, json.dumps(told, indent=2).encode() + b"\n", {"content-type": KIND})

    def _send(self, status: int, data: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        _Handler.left -= 1
        limits = {"x-request-id": f"req_{secrets.token_hex(16)}", "x-other": "nobody",
                  "x-ratelimit-remaining-requests": str(_Handler.left),
                  "x-ratelimit-reset-tokens": "6m0s"}  # fmt: skip
        for key, value in {**limits, **headers, "content-length": str(len(data))}.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(data)


_TALK = "messages input instructions prompt suffix tools response_format text tool_choice".split()


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        value = [inner for key, inner in value.items() if key not in ("role", "type")]
    inner = value if isinstance(value, list) else ()
    return [text for held in inner for text in _strings(held)]


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


def _said(body: dict[str, Any]) -> tuple[list[str], str]:
    """The answer in pieces, in the form, to the length and up to the words that are asked for, and
    how it ends."""
    pieces, finish = PIECES, "stop"
    form = body.get("response_format") or (body.get("text") or {}).get("format") or {}
    if form.get("type", "text") != "text":
        pieces = ['{"answer": ', '"I do not know."', "}"]
    stops = body.get("stop") or []
    for stop in [stops] if isinstance(stops, str) else stops:
        pieces = ["".join(pieces).partition(stop)[0]]
    most = next((body[key] for key in _LIMITS if isinstance(body.get(key), int)), 99)
    words = re.findall(r"\s*\S+", "".join(pieces))
    if most < len(words):
        pieces, finish = words[:most], "length"
    return [*pieces], finish


_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens")


def _called(body: dict[str, Any]) -> str | None:
    """The tool that has to be called, if one has."""
    if body.get("tool_choice") in (None, "auto", "none") or not body.get("tools"):
        return None
    tool = body["tools"][-1]
    return str(tool.get("function", tool)["name"])


def _chat(
    body: dict[str, Any], usage: dict[str, Any], pieces: list[str], finish: str
) -> dict[str, Any]:
    told = chat_reply(
        "".join(pieces), id=f"chatcmpl-{secrets.token_hex(14)}", usage=usage,
        choice={"finish_reason": finish},
    )  # fmt: skip
    (choice,) = told["choices"]
    if name := _called(body):
        call = {"name": name, "arguments": '{"answer": "I do not know."}'}
        choice["message"] |= {
            "content": None,
            "tool_calls": [
                {"id": f"call_{secrets.token_hex(12)}", "type": "function", "function": call}
            ],
        }
        choice["finish_reason"] = "tool_calls"
    told["choices"] = [{**choice, "index": i} for i in range(body.get("n") or 1)]
    return told


def _usage(read: int, written: int) -> dict[str, Any]:
    return {
        **chat_reply()["usage"],
        "prompt_tokens": read,
        "completion_tokens": written,
        "total_tokens": read + written,
    }


def _completion(usage: dict[str, Any], text: str, finish: str) -> dict[str, Any]:
    choice = {"text": text, "index": 0, "logprobs": None, "finish_reason": finish}
    return {"id": f"cmpl-{secrets.token_hex(14)}", "object": "text_completion",
            "created": 1_741_569_952, "model": "gpt-x", "choices": [choice],
            "usage": usage}  # fmt: skip


def _text_chunk(told: dict[str, Any], text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {**told["choices"][0], "text": text, "finish_reason": finish}
    return {**told, "choices": [choice], "usage": None}


def _chunks(body: dict[str, Any], told: dict[str, Any], pieces: list[str]) -> list[Any]:
    head, choices = {"id": told["id"]}, told["choices"]
    calls = choices[0]["message"].get("tool_calls")
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    if calls:
        deltas.append({"tool_calls": [{"index": 0, **calls[0]}]})
    else:
        deltas += [{"content": piece} for piece in pieces]
    places = [{"index": choice["index"]} for choice in choices]
    said = [chat_chunk(delta, choice=at, **head) for delta in deltas for at in places]
    said += [chat_chunk({}, choice=at | {"finish_reason": choices[0]["finish_reason"]}, **head)
             for at in places]  # fmt: skip
    if (body.get("stream_options") or {}).get("include_usage"):
        said.append({**chat_chunk({}, **head), "choices": [], "usage": told["usage"]})
    return said


def _response(
    body: dict[str, Any], used: dict[str, Any], pieces: list[str], finish: str
) -> dict[str, Any]:
    usage = {
        **response()["usage"],
        "input_tokens": used["prompt_tokens"],
        "output_tokens": used["completion_tokens"],
        "total_tokens": used["total_tokens"],
    }
    told = response("".join(pieces), id=f"resp_{secrets.token_hex(25)}", usage=usage)
    told |= {k: body[k] for k in _REPEATED if k in body}
    told["output"][0]["id"] = f"msg_{secrets.token_hex(16)}"
    if finish == "length":
        told |= {"status": "incomplete", "incomplete_details": {"reason": "max_output_tokens"}}
        told["output"][0]["status"] = "incomplete"
    if name := _called(body):
        call = {"id": f"fc_{secrets.token_hex(24)}", "type": "function_call",
                "status": "completed", "arguments": '{"answer": "I do not know."}',
                "call_id": f"call_{secrets.token_hex(12)}", "name": name}  # fmt: skip
        told["output"] = [call]
    return told


_REPEATED = (
    "instructions temperature metadata user text tools tool_choice max_output_tokens store"
).split()


def _response_chunks(told: dict[str, Any], pieces: list[str]) -> list[Any]:
    begun = {
        **told, "status": "in_progress", "output": [], "usage": None, "incomplete_details": None
    }  # fmt: skip
    item = told["output"][0]
    said = _call_chunks(item) if "arguments" in item else _message_chunks(item, pieces)
    end = "incomplete" if told["status"] == "incomplete" else "completed"
    chunks: list[dict[str, Any]] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
        *said,
        {"type": "response.output_item.done", "output_index": 0, "item": item},
        {"type": f"response.{end}", "response": told},
    ]
    return [{**chunk, "sequence_number": i} for i, chunk in enumerate(chunks)]


def _call_chunks(item: dict[str, Any]) -> list[dict[str, Any]]:
    at = {"item_id": item["id"], "output_index": 0}
    empty = {**item, "status": "in_progress", "arguments": ""}
    name, told = "response.function_call_arguments", item["arguments"]
    return [
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        {"type": f"{name}.delta", **at, "delta": told, "obfuscation": secrets.token_hex(4)},
        {"type": f"{name}.done", **at, "arguments": told},
    ]


def _message_chunks(item: dict[str, Any], pieces: list[str]) -> list[dict[str, Any]]:
    at = {"item_id": item["id"], "output_index": 0, "content_index": 0}
    empty = {**item, "status": "in_progress", "content": []}
    (part,) = item["content"]
    deltas = [
        {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": [],
         "obfuscation": secrets.token_hex(4)} for piece in pieces
    ]  # fmt: skip
    return [
        {"type": "response.output_item.added", "output_index": 0, "item": empty},
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        *deltas,
        {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
    ]


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
