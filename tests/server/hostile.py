"""An upstream on loopback that says whatever a test tells it to, at every endpoint of OpenAI's."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from tests.integrations.openai.upstreams import chat_chunk, chat_reply, events_of, response

__all__ = ["Hostile", "hostile"]

Json = dict[str, Any]


class Hostile:
    """What the upstream says: a `text`, its `reasoning`, `calls` by name and arguments, fields of
    the `choice` and of the whole `reply`, `headers`. `asked` is what it was asked."""

    def __init__(self) -> None:
        self.url = ""
        self.asked: list[Json] = []
        self.says: Json = {}

    def say(self, text: str | None = None, **more: Any) -> None:
        """Say this from now on."""
        self.asked.clear()
        self.says = {"text": text, **more}


@contextmanager
def hostile() -> Iterator[Hostile]:
    """Serve until the block ends."""
    told = Hostile()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"told": told}))
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    told.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    try:
        yield told
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    told: Hostile

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        """Answer as was said."""
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.told.asked.append(body)
        says, kind = self.told.says, self.path.rpartition("/")[2]
        make = _response if kind == "responses" else _chat if "chat" in self.path else _completion
        whole, chunks = make(says)
        streamed = bool(body.get("stream"))
        data = events_of(chunks) if streamed else json.dumps(whole).encode()
        kind = "text/event-stream" if streamed else "application/json"
        self.send_response(200)
        head = {"content-type": kind, **says.get("headers", {}), "content-length": str(len(data))}
        for name, value in head.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)


def _words(text: str | None) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text or "")


def _chat(says: Json) -> tuple[Json, list[Json]]:
    calls = [
        {"id": f"call_{i}x8Yz7Qw3", "type": "function", "function": {"name": n, "arguments": a}}
        for i, (n, a) in enumerate(says.get("calls", ()))
    ]
    message: Json = {"tool_calls": calls} if calls else {}
    deltas: list[Json] = [{"content": piece} for piece in _words(says["text"])]
    if thought := says.get("reasoning"):
        message["reasoning_content"] = thought
        deltas = [{"reasoning_content": piece} for piece in _words(thought)] + deltas
    deltas += [{"tool_calls": [{"index": i, **call}]} for i, call in enumerate(calls)]
    finish, head = "tool_calls" if calls else "stop", says.get("reply", {})
    choice = {"finish_reason": finish, **says.get("choice", {})}
    whole = chat_reply(says["text"], message=message, choice=choice, **head)
    first = [chat_chunk({"role": "assistant", "content": ""}, **head)]
    last = [chat_chunk({}, choice["finish_reason"], choice=choice, **head)]
    return whole, [*first, *(chat_chunk(delta, **head) for delta in deltas), *last]


def _response(says: Json) -> tuple[Json, list[Json]]:
    whole = response(says["text"] or "", **says.get("reply", {}))
    items = whole["output"] if says["text"] is not None else []
    items += [
        {"type": "function_call", "id": f"fc_{i}x8Yz7Qw3", "call_id": f"call_{i}x8Yz7Qw3",
         "name": name, "arguments": arguments, "status": "completed"}
        for i, (name, arguments) in enumerate(says.get("calls", ()))
    ]  # fmt: skip
    whole["output"] = items
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    chunks: list[Json] = [{"type": "response.created", "response": begun}]
    for i, item in enumerate(items):
        chunks += _item_chunks(i, item)
    chunks.append({"type": "response.completed", "response": whole})
    return whole, [{**chunk, "sequence_number": i} for i, chunk in enumerate(chunks)]


def _item_chunks(index: int, item: Json) -> Iterator[Json]:
    at = {"item_id": item["id"], "output_index": index}
    emptied: Json = {"arguments": ""} if "arguments" in item else {"content": []}
    begun = {**item, **emptied, "status": "in_progress"}
    yield {"type": "response.output_item.added", "output_index": index, "item": begun}
    if "arguments" in item:
        name, told = "response.function_call_arguments", item["arguments"]
        yield {"type": f"{name}.delta", **at, "delta": told}
        yield {"type": f"{name}.done", **at, "arguments": told}
    else:
        (part,), at = item["content"], {**at, "content_index": 0}
        yield {"type": "response.content_part.added", **at, "part": {**part, "text": ""}}
        for piece in _words(part["text"]):
            yield {"type": "response.output_text.delta", **at, "delta": piece, "logprobs": []}
        yield {"type": "response.output_text.done", **at, "text": part["text"], "logprobs": []}
        yield {"type": "response.content_part.done", **at, "part": part}
    yield {"type": "response.output_item.done", "output_index": index, "item": item}


def _completion(says: Json) -> tuple[Json, list[Json]]:
    choice = {"text": says["text"] or "", "index": 0, "logprobs": None, "finish_reason": "stop"}
    choice |= says.get("choice", {})
    usage = {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10}
    whole = {"id": "cmpl-8x7Yz6Qw5Pv4Ou3Nt2Ms1", "object": "text_completion",
             "created": 1_741_569_952, "model": "gpt-x", "choices": [choice], "usage": usage,
             **says.get("reply", {})}  # fmt: skip
    chunks = [
        {**whole, "usage": None, "choices": [{**choice, "text": piece, "finish_reason": None}]}
        for piece in _words(says["text"])
    ]
    return whole, [*chunks, {**whole, "choices": [{**choice, "text": ""}]}]
