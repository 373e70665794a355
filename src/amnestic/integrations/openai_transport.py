"""The HTTP transports of a wrapped client: requests in, verified replies out."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread

from amnestic.exceptions import AmnesticError
from amnestic.integrations.openai_chat import ChatDialect
from amnestic.integrations.openai_completions import CompletionsDialect
from amnestic.integrations.openai_dialect import Json
from amnestic.integrations.openai_door import Door, error_answer, error_event
from amnestic.integrations.openai_responses import ResponsesDialect
from amnestic.integrations.openai_upstream import Answer, Opened, UpstreamError
from amnestic.integrations.openai_wire import dumps, error_body

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["AsyncGuard", "Guard", "doors_of"]

_PASSED = re.compile(r"/(?:models(?:/[^/]+)?|embeddings|moderations)$")
_EVENTS = (("content-type", "text/event-stream; charset=utf-8"),)
_JSON = (("content-type", "application/json"),)
_NOT_OURS = ("content-length", "content-encoding", "transfer-encoding", "connection")
_THREADS = 256


def doors_of(amnesia: Amnesia) -> tuple[tuple[str, Door], ...]:
    """The guarded endpoints, by the ends of their paths; the longest first."""
    dialects = (ChatDialect(), ResponsesDialect(), CompletionsDialect())
    return tuple((dialect.path, Door(amnesia, dialect)) for dialect in dialects)


class _Gate:
    """What a transport does with a request, whatever the HTTP library and the colour of its calls.

    Args:
        amnesia: the layer.
        inner: the caller's own HTTP client, which sends what goes on.
    """

    def __init__(self, amnesia: Amnesia, inner: Any) -> None:
        self._amnesia = amnesia
        self._inner = inner
        self._doors = doors_of(amnesia)
        self._http: Any = None

    def bind(self, http: Any) -> None:
        """Say which library's requests and responses these are: httpx or httpx2."""
        self._http = http
        self._stream_type = _stream_type(http)

    def _door(self, request: Any) -> Door | None:
        if request.method != "POST":
            return None
        path = request.url.path.rstrip("/")
        return next((door for end, door in self._doors if path.endswith(end)), None)

    def _is_passed(self, request: Any) -> bool:
        return _PASSED.search(request.url.path.rstrip("/")) is not None

    def _response(self, request: Any, answer: Answer) -> Any:
        headers = [(k, v) for k, v in answer.headers if k.lower() not in _NOT_OURS]
        return self._http.Response(
            answer.status, headers=headers, content=answer.content, request=request
        )

    def _streaming(self, request: Any, pieces: Any, close: Callable[[], Any]) -> Any:
        return self._http.Response(
            200, headers=list(_EVENTS), stream=self._stream_type(pieces, close), request=request
        )

    def _refused(self, request: Any) -> Answer:
        message = (
            f"{request.method} {request.url.path} is not guarded by Amnestic, so the wrapped "
            "client does not send it; use the client that is not wrapped"
        )
        return Answer(403, _JSON, dumps(error_body(message, code="unguarded_door")))

    def _edited(self, request: Any, body: Json) -> Any:
        """The SDK's request with another body: same address, headers and time-outs."""
        headers = [(k, v) for k, v in request.headers.multi_items() if k.lower() not in _NOT_OURS]
        return self._http.Request(
            request.method,
            request.url,
            headers=headers,
            content=dumps(body),
            extensions=request.extensions,
        )


class AsyncGuard(_Gate):
    """The transport of a wrapped `AsyncOpenAI`."""

    async def handle_async_request(self, request: Any) -> Any:
        """Answer one request of the SDK."""
        door = self._door(request)
        if door is None:
            return await self._pass(request)
        body = _object_in(await request.aread())
        if body is None:
            return self._response(request, _UNREADABLE)
        upstream = _AsyncUpstream(self, request)
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
        events: Any = door.stream(body, upstream).events()
        first = await anext(events, b"")

        async def rest() -> AsyncIterator[bytes]:
            try:
                yield first
                async for event in events:
                    yield event
            except AmnesticError as error:
                yield error_event(error)

        return self._streaming(request, rest(), events.aclose)

    async def _pass(self, request: Any) -> Any:
        if not self._is_passed(request):
            return self._response(request, self._refused(request))
        response = await self._inner.send(request)
        return self._response(request, _answer_of(response))

    async def send(self, request: Any, body: Json, *, stream: bool) -> Any:
        """Send a request of the SDK on, with another body."""
        return await self._inner.send(self._edited(request, body), stream=stream)

    async def aclose(self) -> None:
        """Nothing: the caller's own HTTP client is the caller's to close."""

    async def __aenter__(self) -> AsyncGuard:
        return self

    async def __aexit__(self, *exc: object) -> None:
        await self.aclose()


class _AsyncUpstream:
    def __init__(self, guard: AsyncGuard, request: Any) -> None:
        self._guard = guard
        self._request = request

    async def send(self, body: Json) -> Answer:
        return _answer_of(await self._guard.send(self._request, body, stream=False))

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        response = await self._guard.send(self._request, body, stream=True)
        try:
            headers = tuple(response.headers.multi_items())
            yield Opened(response.status_code, headers, response.aiter_bytes())
        finally:
            with anyio.CancelScope(shield=True):
                await response.aclose()


class Guard(_Gate):
    """The transport of a wrapped `OpenAI`. The review path runs in the layer's own thread, and
    there calls the caller's HTTP client in worker threads."""

    def __init__(self, amnesia: Amnesia, inner: Any) -> None:
        super().__init__(amnesia, inner)
        self._limiter: anyio.CapacityLimiter | None = None

    def handle_request(self, request: Any) -> Any:
        """Answer one request of the SDK."""
        door = self._door(request)
        if door is None:
            return self._pass(request)
        body = _object_in(request.read())
        if body is None:
            return self._response(request, _UNREADABLE)
        upstream = _ThreadUpstream(self, request)
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
        events: Any = door.stream(body, upstream).events()

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

        return self._streaming(request, rest(), lambda: self._call(events.aclose))

    def _pass(self, request: Any) -> Any:
        if not self._is_passed(request):
            return self._response(request, self._refused(request))
        return self._response(request, _answer_of(self._inner.send(request)))

    def _call(self, make: Callable[[], Any]) -> Any:
        return self._amnesia._call(make)

    async def in_thread(self, work: Callable[[], Any]) -> Any:
        """Run a blocking call of the caller's HTTP client."""
        self._limiter = self._limiter or anyio.CapacityLimiter(_THREADS)
        return await anyio.to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._limiter)

    def send(self, request: Any, body: Json, *, stream: bool) -> Any:
        """Send a request of the SDK on, with another body; blocks."""
        return self._inner.send(self._edited(request, body), stream=stream)

    def close(self) -> None:
        """Nothing: the caller's own HTTP client is the caller's to close."""

    def __enter__(self) -> Guard:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class _ThreadUpstream:
    def __init__(self, guard: Guard, request: Any) -> None:
        self._guard = guard
        self._request = request

    async def send(self, body: Json) -> Answer:
        return _answer_of(
            await self._guard.in_thread(lambda: self._guard.send(self._request, body, stream=False))
        )

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        response = await self._guard.in_thread(
            lambda: self._guard.send(self._request, body, stream=True)
        )
        try:
            headers = tuple(response.headers.multi_items())
            yield Opened(response.status_code, headers, self._pieces(response))
        finally:
            response.close()

    async def _pieces(self, response: Any) -> AsyncIterator[bytes]:
        pieces = response.iter_bytes()
        while (piece := await self._guard.in_thread(lambda: next(pieces, None))) is not None:
            yield piece


def _stream_type(http: Any) -> Any:
    """A response's stream that can be closed; what the library makes of a generator cannot."""

    class Stream(http.SyncByteStream, http.AsyncByteStream):  # type: ignore[misc]
        def __init__(self, pieces: Any, close: Callable[[], Any]) -> None:
            self._pieces = pieces
            self._close = close

        def __iter__(self) -> Any:
            return self._pieces

        def __aiter__(self) -> Any:
            return self._pieces

        def close(self) -> None:
            self._pieces.close()
            self._close()

        async def aclose(self) -> None:
            await self._pieces.aclose()
            await self._close()

    return Stream


def _answer_of(response: Any) -> Answer:
    return Answer(
        response.status_code, tuple(response.headers.multi_items()), bytes(response.content)
    )


def _object_in(content: bytes) -> Json | None:
    try:
        value = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


_UNREADABLE = Answer(400, _JSON, dumps(error_body("the request's body is not a JSON object")))
