"""Connections that keep the server waiting for a request are closed."""

from __future__ import annotations

import asyncio
from typing import Any

__all__ = ["headers_within"]


def headers_within(seconds: float) -> type[asyncio.Protocol]:
    """uvicorn's HTTP protocol, which closes a connection that has not sent the whole head of a
    request within `seconds`, of its first request or of a later one. An idle connection that has
    had its answer is uvicorn's to close."""
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    return type("HeadersInTime", (_HeadersInTime, AutoHTTPProtocol), {"seconds": seconds})


class _HeadersInTime(asyncio.Protocol):
    """Beside uvicorn's protocol: `cycle` is its request in work."""

    seconds: float
    cycle: Any
    _deadline: asyncio.TimerHandle | None = None
    _connection: asyncio.BaseTransport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to wait."""
        super().connection_made(transport)
        self._connection = transport
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Stop waiting where a request has begun."""
        super().data_received(data)
        if self.cycle is not None and not self.cycle.response_complete:
            self._stop_waiting()
        elif self._deadline is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nothing is waited for any more."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._deadline = loop.call_later(self.seconds, self._connection.close)

    def _stop_waiting(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None
