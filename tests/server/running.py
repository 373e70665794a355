"""A running proxy on loopback, for tests."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import uvicorn

from amnestic import Amnesia
from amnestic.server.app import create_app
from amnestic.server.connections import headers_within
from amnestic.server.settings import ServerSettings
from tests.patience import PATIENCE

__all__ = ["Proxy", "running_proxy"]


class Proxy:
    """A proxy and the thread that it runs in."""

    def __init__(self, amnesia: Amnesia, settings: ServerSettings) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=256)
        self.port: int = self.socket.getsockname()[1]
        self.started = threading.Event()
        app = create_app(amnesia, settings)
        self.server = _Server(
            uvicorn.Config(
                app,
                http=headers_within(settings.header_timeout),
                log_level="warning",
                access_log=False,
            )
        )
        self.server.on_start = self.started
        run = {"sockets": [self.socket]}
        self.thread = threading.Thread(target=self.server.run, kwargs=run, daemon=True)

    @property
    def url(self) -> str:
        """The address without `/v1`."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Ask the server to stop, as a signal would."""
        self.server.stop()


class _Server(uvicorn.Server):
    """Stops as soon as it is told to, where uvicorn looks ten times a second whether it was."""

    on_start: threading.Event
    _loop: asyncio.AbstractEventLoop | None = None

    def stop(self) -> None:
        """Tell it, from any thread."""
        self.should_exit = True
        if self._loop is not None:
            with suppress(RuntimeError):  # its loop has ended already
                self._loop.call_soon_threadsafe(self._told.set)

    async def startup(self, sockets: Any = None) -> None:
        self._told, self._loop = asyncio.Event(), asyncio.get_running_loop()
        await super().startup(sockets)
        self.on_start.set()

    async def main_loop(self) -> None:
        if not await self.on_tick(0):
            await self._told.wait()


@contextmanager
def running_proxy(amnesia: Amnesia, **settings: Any) -> Iterator[Proxy]:
    """Serve `amnesia` until the block ends."""
    proxy = Proxy(amnesia, ServerSettings(**settings))
    proxy.thread.start()
    try:
        ends = time.monotonic() + PATIENCE
        while not proxy.started.wait(0.2):  # a server that could not start is not waited for
            assert proxy.thread.is_alive()
            assert time.monotonic() < ends
        yield proxy
    finally:
        proxy.stop()
        proxy.thread.join(PATIENCE)
        proxy.socket.close()
