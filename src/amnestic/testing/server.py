"""An OpenAI-compatible server on loopback around a scripted model, failures included."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Protocol

from amnestic.testing.script import Call, HTTPFailure, MalformedAnswer, Script
from amnestic.testing.wire import (
    chat_chunks,
    chat_response,
    conversation_of_chat,
    conversation_of_responses,
    responses_events,
    responses_response,
)
from amnestic.types import Generation

__all__ = ["ScriptedServer", "serve_scripted"]

_ECHOED = (
    "instructions max_output_tokens metadata parallel_tool_calls previous_response_id reasoning "
    "store temperature text tool_choice tools top_p truncation user"
).split()
_HTML = b"<!doctype html><html><body><h1>502 Bad Gateway</h1></body></html>"


class Scripted(Protocol):
    """Anything with a script: `ScriptedChatModel`, `ScriptedBackend`."""

    @property
    def script(self) -> Script:
        """What it says."""
        ...


class ScriptedServer:
    """A running server; `base_url` is what an OpenAI client takes."""

    def __init__(self, script: Script, model: str, api_key: str | None) -> None:
        self.script = script
        self.model = model
        self.api_key = api_key
        self.requests: list[dict[str, Any]] = []
        self.closing = threading.Event()
        self._http = _Server(("127.0.0.1", 0), _Handler)
        self._http.scripted = self

    @property
    def base_url(self) -> str:
        """The URL with `/v1`."""
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    @property
    def calls(self) -> list[Call]:
        """What the model was sent, call by call."""
        return self.script.calls

    @contextmanager
    def running(self) -> Iterator[ScriptedServer]:
        """Serve in a thread until the block ends."""
        thread = threading.Thread(target=self._http.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        try:
            yield self
        finally:
            self.closing.set()
            self._http.shutdown()
            self._http.server_close()
            thread.join()


@contextmanager
def serve_scripted(
    model: Scripted | Script, *, name: str = "scripted", api_key: str | None = None
) -> Iterator[ScriptedServer]:
    """Serve a scripted model as an OpenAI-compatible API on 127.0.0.1.

    Chat completions and responses, plain and streamed, and the list of models. `HTTPFailure` and
    `MalformedAnswer` in the script become failures on the wire. With `api_key`, any other key is
    refused with 401.

    >>> from amnestic.testing import ScriptedBackend
    >>> with serve_scripted(ScriptedBackend("Paris.")) as server:
    ...     server.base_url.startswith("http://127.0.0.1:")
    True
    """
    script = model if isinstance(model, Script) else model.script
    with ScriptedServer(script, name, api_key).running() as server:
        yield server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    scripted: ScriptedServer

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: a client that goes away early is what several tests are about."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    @property
    def _scripted(self) -> ScriptedServer:
        return self.server.scripted

    @property
    def _endpoint(self) -> str:
        """The path, without what is asked behind it."""
        return self.path.partition("?")[0]

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_GET(self) -> None:
        """The list of models."""
        if not self.path.rstrip("/").endswith("/models"):
            return self._error(404, "no such path")
        entry = {"id": self._scripted.model, "object": "model", "created": 0, "owned_by": "test"}
        self._json(200, {"object": "list", "data": [entry]})

    def do_POST(self) -> None:
        """A chat completion or a response."""
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        self._scripted.requests.append({"path": self.path, "body": body})
        key = self._scripted.api_key
        if key is not None and self.headers.get("Authorization") != f"Bearer {key}":
            return self._error(401, "Incorrect API key provided")
        if self._endpoint.endswith("/chat/completions"):
            conversation = conversation_of_chat(body.get("messages") or [])
        elif self._endpoint.endswith("/responses"):
            conversation = conversation_of_responses(body)
        else:
            return self._error(404, "no such path")
        options = {k: v for k, v in body.items() if k not in ("messages", "input", "instructions")}
        try:
            generation = self._scripted.script.answer(conversation, options)
        except HTTPFailure as failure:
            message = failure.body or "scripted failure"
            return self._error(failure.status_code, message, failure.headers)
        except MalformedAnswer as malformed:
            return self._malformed(malformed.kind)
        self._answer(body, generation)

    def _answer(self, body: Mapping[str, Any], generation: Generation) -> None:
        chat = self._endpoint.endswith("/chat/completions")
        model = str(body.get("model"))
        if not body.get("stream"):
            return self._json(
                200,
                chat_response(generation, model)
                if chat
                else _echoing(body, responses_response(generation, model)),
            )
        self._start_events()
        if chat:
            for chunk in chat_chunks(generation, model, self._scripted.script.pieces):
                self._event(chunk)
            self.wfile.write(b"data: [DONE]\n\n")
        else:
            for event in responses_events(generation, model, self._scripted.script.pieces):
                if "response" in event:
                    event["response"] = _echoing(body, event["response"])
                self._event(event, event["type"])

    def _malformed(self, kind: str) -> None:
        if kind == "html":
            return self._send(200, "text/html", _HTML)
        if kind == "empty":
            return self._json(200, {})
        if kind == "no_choices":
            return self._json(200, chat_response(Generation(()), self._scripted.model))
        if kind == "silence":
            self._scripted.closing.wait()
            return None
        self._start_events()
        piece = {"index": 0, "delta": {"content": "and "}, "finish_reason": None}
        chunk = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        if kind == "cut":
            self._event({**chunk, "choices": [piece]})
            self.wfile.write(b'data: {"id": "c", "choi')
        while kind == "endless" and not self._scripted.closing.is_set():
            self._event({**chunk, "choices": [piece]})
            time.sleep(0.002)
        self.close_connection = True

    def _start_events(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True

    def _event(self, data: Any, name: str | None = None) -> None:
        head = f"event: {name}\n" if name else ""
        self.wfile.write(f"{head}data: {json.dumps(data)}\n\n".encode())
        self.wfile.flush()

    def _error(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        body = {"error": {"message": message, "type": "scripted", "code": None}}
        self._send(status, "application/json", json.dumps(body).encode(), headers)

    def _json(self, status: int, data: Any) -> None:
        self._send(status, "application/json", json.dumps(data).encode())

    def _send(
        self, status: int, kind: str, data: bytes, headers: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for key, value in (headers or {}).items():
            self.send_header(key, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _echoing(body: Mapping[str, Any], response: Mapping[str, Any]) -> dict[str, Any]:
    """A response that repeats what it was asked for, as OpenAI's do, with the id of its turn: of
    two that have one id, programs that keep a conversation take the later for the same."""
    given = body.get("input")
    turn = len(given) if isinstance(given, list) else 1
    told = {key: body[key] for key in _ECHOED if key in body}
    return {**response, "id": f"{response['id']}_{turn}", **told}
