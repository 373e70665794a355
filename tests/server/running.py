"""A running proxy on loopback, for tests."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
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
        self.server.should_exit = True


class _Server(uvicorn.Server):
    on_start: threading.Event

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.on_start.set()


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
