"""Callers of the proxy, on bare asyncio, so that measuring takes as little as it can."""

from __future__ import annotations

import asyncio
import json
import re
import time
from dataclasses import dataclass, field

__all__ = ["Caller", "Streamed", "Took", "Where"]


@dataclass(frozen=True, slots=True)
class Where:
    """A server on loopback."""

    port: int
    key: str = "none"


@dataclass(frozen=True, slots=True)
class Took:
    """One whole reply and the milliseconds that it took."""

    status: int
    text: str
    ms: float


@dataclass(slots=True)
class Streamed:
    """One streamed reply: its text, and when each piece of it came, in milliseconds."""

    text: str = ""
    pieces: list[tuple[float, str]] = field(default_factory=list)
    ended: bool = False

    def sentence_ms(self, sentence: str) -> float:
        """When the first `sentence` had come whole."""
        so_far = ""
        for ms, piece in self.pieces:
            so_far += piece
            if sentence in so_far:
                return ms
        return float("nan")


class Caller:
    """One caller with one connection."""

    def __init__(self, where: Where) -> None:
        self._where = where
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    async def ask(self, question: str) -> Took:
        """Ask for a whole reply."""
        status, body, ms = await self.send("POST", "/v1/chat/completions", _chat(question))
        if status != 200:
            return Took(status, "", ms)
        return Took(status, json.loads(body)["choices"][0]["message"]["content"], ms)

    async def send(self, method: str, path: str, body: object = None) -> tuple[int, bytes, float]:
        """One request: status, body, milliseconds."""
        content = b"" if body is None else json.dumps(body).encode()
        begun = time.perf_counter()
        await self._write(method, path, content)
        assert self._reader is not None
        head = await self._reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"content-length:\s*(\d+)", head, re.IGNORECASE)
        answer = await self._reader.readexactly(int(found.group(1)) if found else 0)
        return int(head.split(b" ", 2)[1]), answer, (time.perf_counter() - begun) * 1000

    async def stream(self, question: str) -> Streamed:
        """Ask for a streamed reply."""
        found = Streamed()
        begun = time.perf_counter()
        body = {**_chat(question), "stream": True}
        await self._write("POST", "/v1/chat/completions", json.dumps(body).encode())
        assert self._reader is not None
        async for line in self._reader:
            if not line.startswith(b"data: "):
                continue
            if line.startswith(b"data: [DONE]"):
                found.ended = True
                break
            for choice in json.loads(line[6:]).get("choices", ()):
                if piece := choice["delta"].get("content"):
                    found.pieces.append(((time.perf_counter() - begun) * 1000, piece))
                    found.text += piece
        self.close()
        return found

    async def _write(self, method: str, path: str, content: bytes) -> None:
        if self._writer is None:
            port = self._where.port
            self._reader, self._writer = await asyncio.open_connection("127.0.0.1", port)
        head = (
            f"{method} {path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
            f"authorization: Bearer {self._where.key}\r\ncontent-length: {len(content)}\r\n\r\n"
        )
        self._writer.write(head.encode() + content)
        await self._writer.drain()

    def close(self) -> None:
        """Close the connection."""
        if self._writer is not None:
            self._writer.close()
        self._reader = self._writer = None


def _chat(question: str) -> dict[str, object]:
    return {"model": "m", "messages": [{"role": "user", "content": question}]}
