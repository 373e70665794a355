"""What a caller may ask of the server at once: body size, time to send it, requests in flight."""

from __future__ import annotations

import asyncio
import re
import zlib
from collections.abc import Callable

from fastapi import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amnestic.server.access import Keys
from amnestic.server.connections import HEAD_BYTES, HEAD_TOO_LARGE
from amnestic.server.errors import ServerError, error_response
from amnestic.server.settings import ServerSettings
from amnestic.tools.offload import offload

__all__ = ["Limits"]

_UNLIMITED = ("/healthz", "/readyz", "/metrics")
_MOST_MEMBERS = 1_000  # of a gzip, each of which costs, however little it holds
_PIECE = 64 * 1024
_PADDING = re.compile(rb"\0*")


class Limits:
    """An ASGI middleware in front of everything. A request's body is read here, whole and within
    its limits, so that no route waits for a caller that sends slowly. Of who shows no key that is
    known nothing is read, and takes nobody's place: the route refuses it by its head."""

    def __init__(
        self,
        app: ASGIApp,
        settings: ServerSettings,
        keys: Keys,
        others: Callable[[Request], int | None] = lambda _: None,
    ) -> None:
        self._app = app
        self._settings = settings
        self._keys = keys
        self._others = others
        self._running = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "http" and _head_of(scope) > HEAD_BYTES:
            await error_response(_head_too_large())(scope, receive, send)
            return
        if scope["type"] != "http" or scope["path"] in _UNLIMITED:
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        most = self._others(request)  # of who shows what they are otherwise than by a key
        if most is None:
            most = self._settings.max_body if self._keys.knows(request) else 0
        if most < self._settings.max_body:
            await self._unknown(most, scope, receive, send)
            return
        if self._running >= self._settings.max_concurrent:
            await error_response(self._too_many())(scope, receive, send)
            return
        self._running += 1
        try:
            body = await self._body(scope, receive, most)
            scope, body = await self._unpacked(scope, body)
            await self._app(scope, _replay(body, receive), send)
        except ServerError as error:
            await error_response(error)(scope, receive, send)
        except _Gone:
            pass
        finally:
            self._running -= 1

    async def _unknown(self, most: int, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve somebody who has shown no key: so many bytes at most, in nobody's place."""
        try:
            body = await self._body(scope, receive, most) if most else b""
            await self._app(scope, _replay(body, receive), send)
        except ServerError as error:
            await error_response(error)(scope, receive, send)
        except _Gone:
            pass

    async def _body(self, scope: Scope, receive: Receive, most: int) -> bytes:
        length = next((v for k, v in scope["headers"] if k == b"content-length"), b"0")
        if length.isdigit() and int(length) > most:
            raise _too_large(most)
        try:
            async with asyncio.timeout(self._settings.body_timeout):
                return await self._read(receive, most)
        except TimeoutError:
            raise ServerError(
                408,
                f"the request's body did not arrive within {self._settings.body_timeout:g} s",
                headers={"connection": "close"},
            ) from None

    async def _read(self, receive: Receive, most: int) -> bytes:
        body = bytearray()
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise _Gone
            body += message.get("body", b"")
            if len(body) > most:
                raise _too_large(most)
            if not message.get("more_body", False):
                return bytes(body)

    async def _unpacked(self, scope: Scope, body: bytes) -> tuple[Scope, bytes]:
        """A request whose body is compressed as one whose body is not; no more is unpacked than a
        body may have."""
        named = b",".join(v for k, v in scope["headers"] if k == b"content-encoding")
        coding = named.strip().lower().decode("latin-1")
        if coding in ("", "identity"):
            return scope, body
        if coding not in ("gzip", "x-gzip"):
            raise ServerError(
                415, "the body's content-encoding is not known; send it as it is, or as gzip"
            )
        most = self._settings.max_body
        unpacked = await offload(_from_gzip, body, most)
        if len(unpacked) > most:
            raise _too_large(most)
        gone = (b"content-encoding", b"content-length")
        headers = [(k, v) for k, v in scope["headers"] if k not in gone]
        length = (b"content-length", str(len(unpacked)).encode())
        return {**scope, "headers": [*headers, length]}, unpacked

    def _too_many(self) -> ServerError:
        return ServerError(
            429,
            f"{self._settings.max_concurrent} requests are being served; come again in a moment",
            kind="rate_limit_error",
            code="too_many_requests",
            headers={"retry-after": str(self._settings.retry_after)},
        )


def _from_gzip(body: bytes, most: int) -> bytes:
    """What a body unpacks to, cut behind one byte too many; raises `ServerError` (400)."""
    found = bytearray()
    at = members = 0
    while at < len(body) and len(found) <= most:
        members += 1
        if members > _MOST_MEMBERS:
            raise ServerError(
                400, f"the body's gzip has over {_MOST_MEMBERS:,} members; send it as one"
            )
        padding = _PADDING.match(body, _unpacked_member(body, at, found, most))
        assert padding is not None  # it matches nothing at all, too
        at = padding.end()
    return bytes(found)


def _unpacked_member(body: bytes, at: int, found: bytearray, most: int) -> int:
    """Where the member that begins at `at` ends, once `found` has what it unpacks to. It is read
    piece by piece, so that what comes behind it is not copied for each member."""
    unpacking = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
    while not unpacking.eof and len(found) <= most:
        piece = body[at : at + _PIECE]
        if not piece:
            raise ServerError(400, "the body's gzip breaks off")
        try:
            found += unpacking.decompress(piece, most + 1 - len(found))
        except zlib.error:
            raise ServerError(400, "the body is not gzip, as its content-encoding says") from None
        at += len(piece) - len(unpacking.unused_data)
    return at


def _head_of(scope: Scope) -> int:
    """How long the head of a request was, without the marks between its parts."""
    first = len(scope.get("raw_path") or b"") + len(scope["query_string"])
    return first + sum(len(name) + len(value) for name, value in scope["headers"])


def _too_large(most: int) -> ServerError:
    return ServerError(
        413,
        f"the request's body is over {most:,} bytes; send less",
        code="body_too_large",
        headers={"connection": "close"},
    )


def _head_too_large() -> ServerError:
    told = {"connection": "close"}
    return ServerError(431, HEAD_TOO_LARGE, code="head_too_large", headers=told)


class _Gone(Exception):
    """The caller left before its request had arrived."""


def _replay(body: bytes, receive: Receive) -> Receive:
    """What the app receives: the body that was read, then whatever comes next."""
    told = False

    async def replayed() -> Message:
        nonlocal told
        if told:
            return await receive()
        told = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replayed
