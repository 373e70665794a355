"""uvicorn, with the limits of this server, alone or as one of several workers."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import uvicorn

from amnestic.server.connections import HEAD_BYTES, headers_within
from amnestic.server.sockets import QUEUE

if TYPE_CHECKING:
    from fastapi import FastAPI

    from amnestic.server.seats import Seat
    from amnestic.server.settings import ServerSettings

__all__ = ["serve_alone", "serve_among"]

_QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "openai")


def serve_alone(app: FastAPI, settings: ServerSettings, listening: socket.socket) -> None:
    """Serve on a socket until SIGTERM or SIGINT."""
    uvicorn.Server(_config(app, settings)).run(sockets=[listening])


def serve_among(app: FastAPI, settings: ServerSettings, seat: Seat) -> None:
    """Serve on the socket of a seat, and on those of others while nobody else does."""
    _Worker(_config(app, settings), seat).run(sockets=[seat.own])


def _config(app: FastAPI, settings: ServerSettings) -> uvicorn.Config:
    for name in _QUIET:  # request lines of the HTTP library would tell which calls were made
        logging.getLogger(name).setLevel(logging.WARNING)
    return uvicorn.Config(
        app,
        http=headers_within(settings.header_timeout),
        log_config=None,  # its own would write to standard error, and wait for a reader
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # who connects is who connects, whatever its headers say
        backlog=QUEUE,
        timeout_keep_alive=settings.idle_timeout,  # type: ignore[arg-type]  # a timer takes parts
        timeout_graceful_shutdown=settings.shutdown_grace,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )


class _Worker(uvicorn.Server):
    """One of several, which accepts on the sockets of those that are dead or not there yet."""

    def __init__(self, config: uvicorn.Config, seat: Seat) -> None:
        super().__init__(config)
        self._seat = seat
        self._others = dict[int, asyncio.Server]()
        self._orders: asyncio.Queue[frozenset[int] | None] = asyncio.Queue()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say when this worker serves."""
        await super().startup(sockets)
        loop = asyncio.get_running_loop()
        self._following = loop.create_task(self._follow())
        self._seat.serve(_from_thread(loop, self._orders.put_nowait))

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let go of every socket: on one that is held, connections would wait for nobody."""
        self._orders.put_nowait(None)
        await self._following
        self._seat.leave()
        await super().shutdown([*self._seat.sockets])

    async def _follow(self) -> None:
        while (unmanned := await self._orders.get()) is not None:
            wanted = unmanned - {self._seat.number}
            for number in self._others.keys() - wanted:
                server = self._others.pop(number)
                self.servers.remove(server)
                server.close()
            for number in wanted - self._others.keys():
                await self._stand_in(number)

    async def _stand_in(self, number: int) -> None:
        loop = asyncio.get_running_loop()
        with suppress(OSError):  # too many open files: nothing can be accepted anywhere
            same = self._seat.sockets[number].dup()  # to be closed in this worker alone
            server = await loop.create_server(self._protocol, sock=same, backlog=QUEUE)
            self._others[number] = server
            self.servers.append(server)

    def _protocol(self) -> asyncio.Protocol:
        kind: Any = self.config.http_protocol_class
        made: asyncio.Protocol = kind(
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made


def _from_thread(
    loop: asyncio.AbstractEventLoop, call: Callable[[frozenset[int]], None]
) -> Callable[[frozenset[int]], None]:
    def called(value: frozenset[int]) -> None:
        with suppress(RuntimeError):  # the loop is closed: this worker has stopped
            loop.call_soon_threadsafe(call, value)

    return called
