"""An upstream on loopback that answers with the bytes that it is given."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

__all__ = ["Replaying", "replaying"]


class Replaying:
    """What it answers, and where."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/v1"
        self.content = b""
        self.kind = "text/event-stream"
        self.asked: list[Any] = []


class _Server(ThreadingHTTPServer):
    replaying: Replaying


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing on the screen."""

    def do_POST(self) -> None:
        """Answer with the bytes of the moment."""
        replaying = self.server.replaying
        body = self.rfile.read(int(self.headers["content-length"]))
        replaying.asked.append(json.loads(body))
        self.send_response(200)
        self.send_header("content-type", replaying.kind)
        self.send_header("content-length", str(len(replaying.content)))
        self.end_headers()
        self.wfile.write(replaying.content)


@contextmanager
def replaying() -> Iterator[Replaying]:
    """Serve until the block ends."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    server.replaying = Replaying(server.server_address[1])
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield server.replaying
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
