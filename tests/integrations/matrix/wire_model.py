"""The model as an OpenAI-compatible API on loopback."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from amnestic.testing import wire
from amnestic.types import Draft, Generation
from tests.patience import PATIENCE

from .upstream import Part

__all__ = ["WireModel", "serving"]


class WireModel(ThreadingHTTPServer):
    """A server that plays `part`, which changes from cell to cell."""

    daemon_threads = True
    block_on_close = False
    part: Part

    @property
    def base_url(self) -> str:
        """The address with `/v1`."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that leave are what several cells are about."""


@contextmanager
def serving() -> Iterator[WireModel]:
    """Serve until the block ends."""
    with WireModel(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: WireModel

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        """A chat completion or a response."""
        self._part = self.server.part  # a cell's model plays its part to the end
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self._chat = self.path.endswith("/chat/completions")
        read = wire.conversation_of_chat if self._chat else _conversation_of_responses
        generation = self._part.generation(read(body["messages"] if self._chat else body), body)
        try:
            self._answer(generation, body)
        finally:
            self._part.reached.set()

    def _answer(self, generation: Generation, body: dict[str, Any]) -> None:
        failure = self._part.failure(generation)
        if body.get("stream") and not self._part.cell.channel.error:
            self._events(generation, failure)
        elif failure is not None:
            said = {"error": {"message": failure, "type": "server_error", "code": None}}
            self._whole(500 if self._part.ending == "breaks" else 400, said)
        else:
            answer = wire.chat_response if self._chat else wire.responses_response
            self._whole(200, answer(generation, "m"))

    def _whole(self, status: int, content: Any) -> None:
        data = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        if self._part.ending == "hangs":
            self._hang(data[:-1])
        else:
            self.wfile.write(data)

    def _events(self, generation: Generation, failure: str | None) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.close_connection = True
        speak = wire.chat_chunks if self._chat else wire.responses_events
        events = list(speak(generation, "m", _pieces))
        whole = self._part.ending == "whole"
        for event in events if whole else events[:-1]:
            self._event(event)
        if failure is not None:
            self._event({"error": {"message": failure}})
        elif self._part.ending == "hangs":
            self._hang(b'data: {"id": ')
        elif self._chat:
            self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, data: Any) -> None:
        kind = f"event: {data['type']}\n" if "type" in data else ""
        self.wfile.write(f"{kind}data: {json.dumps(data)}\n\n".encode())

    def _hang(self, data: bytes) -> None:
        self.wfile.write(data)
        self.wfile.flush()
        self._part.reached.set()
        self._part.over.wait(PATIENCE)
        self.close_connection = True


def _pieces(draft: Draft) -> tuple[str, ...]:
    return tuple(f"{word} " for word in draft.text.split(" "))


def _conversation_of_responses(body: dict[str, Any]) -> Any:
    """The conversation, calls of tools in it as messages."""
    items = [
        {**item, "content": item.get("content") or item.get("output") or item.get("arguments")}
        for item in body["input"]
    ]
    return wire.conversation_of_responses({**body, "input": items})
