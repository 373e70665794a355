"""The HTTP transports of a wrapped client: requests in, verified replies out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from amnestic.exceptions import AmnesticError
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.door import Door
from amnestic.integrations.openai.errors import error_answer, error_event
from amnestic.integrations.openai.gate import UNREADABLE, Gate, answer_of, object_in
from amnestic.integrations.openai.headers import Unrepeated
from amnestic.integrations.openai.upstream import Opened, UpstreamError
from amnestic.integrations.openai.wire import Answer

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer

__all__ = ["AsyncGuard", "Guard"]

_THREADS = 256


class AsyncGuard(Gate):
    """The transport of a wrapped `AsyncOpenAI`."""

    async def handle_async_request(self, request: Any) -> Any:
        """Answer one request of the SDK."""
        door = self._door(request)
        if door is None:
            return await self._pass(request)
        body = object_in(await request.aread())
        if body is None:
            return self._response(request, UNREADABLE)
        upstream = _AsyncUpstream(self, request, Unrepeated(body))
        try:
            if body.get("stream"):
                return await self._events(request, door, body, upstream)
            return self._response(request, await door.answer(body, upstream))
        except UpstreamError as error:
            return self._response(request, await door.checked(error, body))
        except AmnesticError as error:
            return self._response(request, error_answer(error))

    async def _events(self, request: Any, door: Door, body: Json, upstream: Any) -> Any:
        """The reply once its first event is there, so that an early error is an HTTP error."""
        stream = door.stream(body, upstream)
        events: Any = stream.events()
        first = await anext(events, b"")

        async def rest() -> AsyncIterator[bytes]:
            try:
                yield first
                async for event in events:
                    yield event
            except AmnesticError as error:
                yield error_event(error)

        return self._streaming(request, rest(), events.aclose, stream.arrival.headers)

    async def _pass(self, request: Any) -> Any:
        if not self._is_passed(request):
            return self._response(request, self._refused(request))
        response = await self.inner.send(request)
        return self._response(request, answer_of(response))

    async def send(self, request: Any, body: Json, unrepeated: Unrepeated, *, stream: bool) -> Any:
        """Send a request of the SDK on, with another body."""
        return await self.inner.send(self._edited(request, body, unrepeated), stream=stream)

    async def aclose(self) -> None:
        """Nothing: the caller's own HTTP client is the caller's to close."""

    async def __aenter__(self) -> AsyncGuard:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


class _AsyncUpstream:
    def __init__(self, guard: AsyncGuard, request: Any, unrepeated: Unrepeated) -> None:
        self._guard = guard
        self._request = request
        self._unrepeated = unrepeated

    async def send(self, body: Json) -> Answer:
        return answer_of(await self._sent(body, stream=False))

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        response = await self._sent(body, stream=True)
        pieces = response.aiter_bytes()
        try:
            headers = tuple(response.headers.multi_items())
            yield Opened(response.status_code, headers, pieces)
        finally:
            with anyio.CancelScope(shield=True):
                # Closing the response leaves what reads it to the garbage collector, which may
                # run in another thread while this one closes it: Python then complains.
                async with aclosing(pieces):
                    await response.aclose()

    async def _sent(self, body: Json, *, stream: bool) -> Any:
        return await self._guard.send(self._request, body, self._unrepeated, stream=stream)


class Guard(Gate):
    """The transport of a wrapped `OpenAI`. The review path runs in the layer's own thread, and
    there calls the caller's HTTP client in worker threads."""

    def __init__(self, amnesia: Reviewer, inner: Any) -> None:
        super().__init__(amnesia, inner)
        self._limiter: anyio.CapacityLimiter | None = None

    def handle_request(self, request: Any) -> Any:
        """Answer one request of the SDK."""
        door = self._door(request)
        if door is None:
            return self._pass(request)
        body = object_in(request.read())
        if body is None:
            return self._response(request, UNREADABLE)
        upstream = _ThreadUpstream(self, request, Unrepeated(body))
        try:
            if body.get("stream"):
                return self._events(request, door, body, upstream)
            return self._response(request, self._call(lambda: door.answer(body, upstream)))
        except UpstreamError as failure:
            error = failure
            return self._response(request, self._call(lambda: door.checked(error, body)))
        except AmnesticError as error:
            return self._response(request, error_answer(error))

    def _events(self, request: Any, door: Door, body: Json, upstream: Any) -> Any:
        stream = door.stream(body, upstream)
        events: Any = stream.events()

        async def advance() -> bytes | None:
            return await anext(events, None)

        first = self._call(advance)

        def rest() -> Iterator[bytes]:
            try:
                event = first
                while event is not None:
                    yield event
                    event = self._call(advance)
            except AmnesticError as error:
                yield error_event(error)

        def close() -> None:
            self._call(events.aclose)

        return self._streaming(request, rest(), close, stream.arrival.headers)

    def _pass(self, request: Any) -> Any:
        if not self._is_passed(request):
            return self._response(request, self._refused(request))
        return self._response(request, answer_of(self.inner.send(request)))

    def _call(self, make: Callable[[], Any]) -> Any:
        return self._amnesia.call(make)

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        """Run a blocking call of the caller's HTTP client."""
        self._limiter = self._limiter or anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)

    def send(self, request: Any, body: Json, unrepeated: Unrepeated, *, stream: bool) -> Any:
        """Send a request of the SDK on, with another body; blocks."""
        return self.inner.send(self._edited(request, body, unrepeated), stream=stream)

    def close(self) -> None:
        """Nothing: the caller's own HTTP client is the caller's to close."""

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _ThreadUpstream:
    def __init__(self, guard: Guard, request: Any, unrepeated: Unrepeated) -> None:
        self._guard = guard
        self._request = request
        self._unrepeated = unrepeated

    async def send(self, body: Json) -> Answer:
        return answer_of(await self._sent(body, stream=False))

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        response = await self._sent(body, stream=True)
        try:
            headers = tuple(response.headers.multi_items())
            yield Opened(response.status_code, headers, self._pieces(response))
        finally:
            response.close()

    async def _sent(self, body: Json, *, stream: bool) -> Any:
        return await self._guard.in_thread(
            lambda: self._guard.send(self._request, body, self._unrepeated, stream=stream)
        )

    async def _pieces(self, response: Any) -> AsyncIterator[bytes]:
        pieces = response.iter_bytes()
        while (piece := await self._guard.in_thread(lambda: next(pieces, None))) is not None:
            yield piece
