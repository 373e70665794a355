"""Connections that keep the server waiting for a request, or flood it with a head, are closed."""

from __future__ import annotations

import asyncio
from typing import Any

from amnestic.integrations.openai import dumps, error_body

__all__ = ["HEAD_BYTES", "HEAD_TOO_LARGE", "headers_within"]

HEAD_BYTES = 65_536
"""The most bytes of a request's head: its first line and its headers."""

HEAD_TOO_LARGE = f"the request's head is over {HEAD_BYTES:,} bytes; send fewer and shorter headers"


def headers_within(seconds: float) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol, which closes a connection that has not sent the whole head of a
    request within `seconds`, of its first request or of a later one, or that sends more and more of
    one. An idle connection that has had its answer is uvicorn's to close."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return type("HeadersInTime", (_HeadersInTime, AutoHTTPProtocol), {"seconds": seconds})


class _HeadersInTime(asyncio.Protocol):
    """Beside uvicorn's protocol: `cycle` is its request in work. Of its two parsers httptools calls
    `on_message_begin` and `on_headers_complete`; h11 has a limit of its own."""

    seconds: float
    cycle: Any
    _head: int | None = None  # bytes of a head that has begun
    _deadline: asyncio.TimerHandle | None = None
    _connection: Any

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._connection = transport
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Stop waiting where a request has begun."""
        begun = self._head is not None
        super().data_received(data)
        if begun and self._head is not None:
            self._head += len(data)
            if self._head > HEAD_BYTES:
                self._refuse()
                return
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def on_message_begin(self) -> None:
        """Begin to count."""
        self._head = 0
        super().on_message_begin()  # type: ignore[misc]

    def on_headers_complete(self) -> None:
        """Stop counting: whoever reads the request looks at how long its head was."""
        self._head = None
        super().on_headers_complete()  # type: ignore[misc]

    def _refuse(self) -> None:
        """Say so, unless another request of the connection is being answered, and hang up."""
        self._head = None
        if self.cycle is None or self.cycle.response_complete:
            body = dumps(error_body(HEAD_TOO_LARGE, code="head_too_large"))
            head = (
                "HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-type: application/json\r\n"
                f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
            )
            self._connection.write(head.encode() + body)
        self._connection.close()

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self.seconds, self._connection.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
