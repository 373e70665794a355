"""A streamed reply as server-sent events: kept alive, ended when the caller leaves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from amnestic.exceptions import AmnesticError
from amnestic.integrations.openai import Arrival, UpstreamError, error_answer, error_event
from amnestic.integrations.translation import Form
from amnestic.models.failures import code_failure
from amnestic.server.errors import message_in, note_failure, too_slow
from amnestic.server.settings import ServerSettings

__all__ = ["EVENTS", "EventResponse", "Wire", "opened", "until_gone", "wire_of"]

Failed = Callable[[UpstreamError], Awaitable[bytes]]
"""Says an upstream's error as an event."""

_HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no"}


@dataclass(frozen=True, slots=True)
class Wire:
    """How events are sent: as what, what keeps their connection, and how an error is told."""

    media_type: str
    ping: bytes
    error: Callable[[AmnesticError], bytes]


EVENTS = Wire("text/event-stream", b": ping\n\n", error_event)


def wire_of(form: Form) -> Wire:
    """How the stream of another form than OpenAI's is sent."""

    def error(found: AmnesticError) -> bytes:
        answer = error_answer(found)
        return form.late_error(answer.status, message_in(answer.content))

    return Wire(form.media_type, form.ping, error)


class EventResponse(Response):
    """Sends events as they come. A caller who leaves, and a stream that takes too long, end the
    run and with it the upstream's stream."""

    def __init__(
        self,
        events: AsyncIterator[bytes],
        first: asyncio.Task[bytes],
        failed: Failed,
        settings: ServerSettings,
        headers: Mapping[str, str],
        wire: Wire,
    ) -> None:
        super().__init__(headers={**_HEADERS, **headers}, media_type=wire.media_type)
        self._wire = wire
        del self.headers["content-length"]
        self._events: Any = events
        self._first = first
        self._failed = failed
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the stream."""
        try:
            await until_gone(self._send_all(send), receive)
        finally:
            await _ended(self._first)
            await self._events.aclose()

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async with asyncio.timeout(self._settings.request_timeout):
                await self._send_events(send)
        except TimeoutError:
            note_failure(late := too_slow())
            await _body(send, self._wire.error(late))
        except UpstreamError as error:
            note_failure(error)
            await _body(send, await self._failed(error))
        except Exception as error:  # noqa: BLE001 - told as at the start, else it tells of a target
            note_failure(error)
            await _body(send, self._wire.error(code_failure(error)))
        await _body(send, b"", more=False)

    async def _send_events(self, send: Send) -> None:
        waiting = self._first
        try:
            while event := await self._kept_alive(waiting, send):
                await _body(send, event)
                waiting = asyncio.ensure_future(_next(self._events))
        finally:
            await _ended(waiting)

    async def _kept_alive(self, waiting: asyncio.Task[bytes], send: Send) -> bytes:
        while True:
            done, _ = await asyncio.wait((waiting,), timeout=self._settings.ping)
            if done:
                return waiting.result()
            await _body(send, self._wire.ping)


async def opened(
    events: AsyncIterator[bytes],
    arrival: Arrival,
    failed: Failed,
    settings: ServerSettings,
    wire: Wire,
) -> EventResponse:
    """The response for `events`. Waits for the upstream to begin its answer, so that an error is
    raised here, while it still can be told as an HTTP error; not for what of the answer may be
    told, which near a target is there at its end. After a while it waits no longer: the comments
    that keep a connection need a head before them."""
    first = asyncio.ensure_future(_next(events))
    begun = asyncio.ensure_future(arrival.wait())
    try:
        await asyncio.wait(
            (first, begun), timeout=settings.stream_grace, return_when=asyncio.FIRST_COMPLETED
        )
    except asyncio.CancelledError:
        await _ended(first)
        raise
    finally:
        begun.cancel()
    if first.done() and first.exception() is not None:
        first.result()
    return EventResponse(events, first, failed, settings, dict(arrival.headers), wire)


async def until_gone(work: Any, receive: Receive) -> Any:
    """What `work` gives; cancelled when the caller leaves first, and `None` then."""
    working = asyncio.ensure_future(work)
    watching = asyncio.ensure_future(_disconnect(receive))
    try:
        await asyncio.wait((working, watching), return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        watching.cancel()
        await _ended(working)


async def _disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _next(events: AsyncIterator[bytes]) -> bytes:
    return await anext(events, b"")


async def _ended(work: asyncio.Future[Any]) -> None:
    if not work.done():
        work.cancel()
        await asyncio.wait((work,))
    if not work.cancelled():
        work.exception()  # seen: nobody is told of it by a log line


async def _body(send: Send, data: bytes, *, more: bool = True) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})
