"""An OpenAI-compatible upstream on loopback that streams a fixed reply at a fixed pace.

Run as a process of its own: `python benchmarks/serving_upstream.py --port 0 --gap 0.0`. It prints
its port. Written on bare asyncio, so that it takes as little of the machine as it can.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import time
from pathlib import Path

SENTENCES = (
    "The river rises in the northern hills and runs south for two hundred miles.",
    " Its banks are lined with alder and willow, and herons nest in the reeds.",
    " In spring the water is high, and the ferries stop for a week or two.",
    " Most of the towns along it were built around mills in the seventeenth century.",
    " Today the mills are museums, and the towpath is a favourite walk.",
    " A good map and dry shoes are all that you need.",
)
_LENGTH = re.compile(rb"content-length:\s*(\d+)", re.IGNORECASE)


def _chunk(delta: dict[str, str], finish: str | None = None) -> bytes:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    head = {"id": "chatcmpl-1", "object": "chat.completion.chunk", "created": 0, "model": "m"}
    return b"data: " + json.dumps({**head, "choices": [choice]}).encode() + b"\n\n"


def _whole(text: str) -> bytes:
    message = {"role": "assistant", "content": text}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 9, "completion_tokens": 90, "total_tokens": 99}
    head = {"id": "chatcmpl-1", "object": "chat.completion", "created": 0, "model": "m"}
    return json.dumps({**head, "choices": [choice], "usage": usage}).encode()


class Upstream:
    """Answers every request with the same reply, or with that which belongs to its question."""

    def __init__(self, gap: float, replies: dict[str, str]) -> None:
        self._gap = gap
        self._replies = replies

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                found = _LENGTH.search(head)
                body = await reader.readexactly(int(found.group(1)) if found else 0)
                if not head.startswith(b"POST"):
                    self._send(writer, b'{"object": "list", "data": []}')
                elif json.loads(body).get("stream"):
                    await self._stream(writer)
                    return
                else:
                    asked = json.loads(body)["messages"][-1]["content"]
                    self._send(writer, _whole(self._replies.get(asked, "".join(SENTENCES))))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()

    def _send(self, writer: asyncio.StreamWriter, body: bytes) -> None:
        head = f"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
        writer.write(head.encode() + b"\r\n\r\n" + body)

    async def _stream(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n"
                     b"connection: close\r\n\r\n" + _chunk({"role": "assistant"}))  # fmt: skip
        due = time.monotonic()
        for piece in re.findall(r"\s*\S+", "".join(SENTENCES)):
            writer.write(_chunk({"content": piece}))
            if self._gap:
                due += self._gap
                await asyncio.sleep(max(0.0, due - time.monotonic()))
        writer.write(_chunk({}, "stop") + b"data: [DONE]\n\n")
        await writer.drain()


async def _main(port: int, gap: float, replies: dict[str, str]) -> None:
    upstream = Upstream(gap, replies)
    server = await asyncio.start_server(upstream.serve, "127.0.0.1", port, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--gap", type=float, default=0.0, help="seconds between words")
    parser.add_argument("--replies", type=Path, help="a JSON file: the reply to each question")
    chosen = parser.parse_args()
    known = json.loads(chosen.replies.read_text("utf-8")) if chosen.replies else {}
    asyncio.run(_main(chosen.port, chosen.gap, known))
