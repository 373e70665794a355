"""HTTP calls to the API behind the server, over connections that are kept open."""

from __future__ import annotations

import asyncio
import time
from base64 import b64encode
from collections.abc import AsyncIterator, Awaitable, Iterable, Mapping
from contextlib import asynccontextmanager
from io import BytesIO
from ssl import SSLContext
from typing import Any, TypeVar

import amnestic
from amnestic.exceptions import ConfigurationError, ModelError
from amnestic.extras import require
from amnestic.integrations.openai import Opened
from amnestic.models.failures import describe
from amnestic.models.trust import trusted

try:
    import aiohttp
    from yarl import URL
except ModuleNotFoundError:
    require("server", "the server")
    raise

__all__ = ["Calls"]

T = TypeVar("T")
_BROKEN = (
    aiohttp.ClientOSError,
    aiohttp.ClientConnectionResetError,
    aiohttp.ServerDisconnectedError,
)
_NO_ANSWER = (  # what came is no HTTP, or broke off; the status that the last tells is no answer's
    aiohttp.ClientOSError,
    aiohttp.ClientPayloadError,
    aiohttp.ClientResponseError,
)
_NAME = f"amnestic/{amnestic.__version__}"
_CONNECTIONS = 4_096
_KEPT = 30.0  # seconds that an idle connection is kept
_CONNECTING = 10.0  # seconds
_AT_ONCE = 65_536  # bytes of a request that are written without looking after anything else
_LINE = 65_536  # bytes of a line of an answer's head
_LINES = 4_096  # of such a head: gateways pass on all that the APIs behind them say of themselves
_MOMENT = 2.0  # seconds in which it shows that a connection was being closed when it was used again


class Calls:
    """Calls to one API; opened by the first of them, in whose event loop all others are.

    httpx takes three times as much of the processor for a call, which was the dearest part of a
    request: what it reads in Python, aiohttp reads in C.

    Args:
        base_url: the API's address. A user and a password in it are sent as `Basic`, in the place
            of any other authorization.
        headers: what each call has.
        timeout: seconds without a byte, sent or come, after which a call is given up.

    Raises `ConfigurationError` for an address that cannot be called.
    """

    def __init__(self, base_url: str, headers: Mapping[str, str], timeout: float) -> None:
        address = _address(base_url)
        self._base = str(address.with_user(None)).rstrip("/")
        self._headers = {**headers, **_authorization(address)}
        self._is_secure = address.scheme == "https"
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    @asynccontextmanager
    async def open(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> AsyncIterator[Opened]:
        """One call, its answer to be read piece by piece. Raises `ModelError` where the API cannot
        be reached, and where its answer breaks off."""
        url = URL(f"{self._base}{path}", encoded=True)  # as it is: nothing is quoted anew
        told = {"user-agent": _NAME, **headers, **self._headers}
        response = await _told(self._begun(method, url, content, told))
        try:
            yield Opened(response.status, _headers_in(response.raw_headers), _pieces(response))
        finally:
            response.close()  # one that was read to its end has given its connection back

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _begun(
        self, method: str, url: URL, content: bytes | None, headers: Mapping[str, str]
    ) -> aiohttp.ClientResponse:
        """The head of an answer. An API may close an idle connection in the very moment in which
        it is used again: a call that was sent over one, and of whose answer nothing has come, is
        sent once more, as browsers do. One that is given up after a while was being worked at."""
        way, begun = _Way(), time.monotonic()
        try:
            return await self._asked(method, url, content, headers, way)
        except _BROKEN as error:
            is_late = time.monotonic() - begun > _MOMENT
            if not way.was_idle or is_late or _has_begun(error):
                raise
        return await self._asked(method, url, content, headers, _Way())

    async def _asked(
        self, method: str, url: URL, content: bytes | None, headers: Mapping[str, str], way: _Way
    ) -> aiohttp.ClientResponse:
        return await self._opened().request(
            method,
            url,
            data=self._body(content) if content and len(content) > _AT_ONCE else content,
            headers=headers,
            allow_redirects=False,
            trace_request_ctx=way,
        )

    def _body(self, content: bytes) -> _Body:
        return _Body(BytesIO(content), patience=self._timeout)

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            watching = aiohttp.TraceConfig()
            watching.on_connection_reuseconn.append(_note_idle)
            watching.on_connection_create_end.append(_note_new)
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(
                    limit=_CONNECTIONS,
                    keepalive_timeout=_KEPT,
                    ssl=_trusted() if self._is_secure else True,
                ),
                cookie_jar=_NoCookies(),
                timeout=aiohttp.ClientTimeout(
                    connect=self._timeout + _CONNECTING,  # with a turn and the host's address
                    sock_connect=_CONNECTING,
                    sock_read=self._timeout,
                ),
                skip_auto_headers=("user-agent",),
                max_line_size=_LINE,
                max_field_size=_LINE,
                max_headers=_LINES,
                trace_configs=[watching],
            )
        return self._session


class _Way:
    """Which way a call went: over a connection that was idle before, or over a new one."""

    was_idle = False


async def _note_idle(session: aiohttp.ClientSession, context: Any, told: Any) -> None:
    context.trace_request_ctx.was_idle = True


async def _note_new(session: aiohttp.ClientSession, context: Any, told: Any) -> None:
    context.trace_request_ctx.was_idle = False


def _has_begun(error: Exception) -> bool:
    """Whether a part of an answer's head had come."""
    return not isinstance(getattr(error, "message", ""), str)


class _Body(aiohttp.BytesIOPayload):
    """A long request, whose pieces an API must take in time, too: aiohttp counts only from where
    all of it is sent."""

    def __init__(self, value: BytesIO, *, patience: float) -> None:
        super().__init__(value)
        self._patience = patience

    async def write_with_length(self, writer: Any, content_length: int | None) -> None:
        """Write it; raises `TimeoutError`."""
        while piece := self._value.read(_AT_ONCE):
            async with asyncio.timeout(self._patience):
                await writer.write(piece)
            await asyncio.sleep(0)  # others have their turn


class _NoCookies(aiohttp.DummyCookieJar):
    """Neither keeps a cookie, which would go along with the calls of other callers, nor reads one,
    whose words would be logged where they cannot be read."""

    def update_cookies_from_headers(self, headers: Any, response_url: Any) -> None:
        """Leave them."""


def _address(base_url: str) -> URL:
    try:
        address = URL(base_url)
        _ = address.port
    except ValueError:  # its own words quote the address, in which there may be a password
        address = URL()
    if address.scheme not in ("http", "https") or not address.host:
        raise ConfigurationError(
            "AMNESTIC_SERVER_UPSTREAM is not a base URL; give one such as https://api.openai.com/v1"
        )
    return address


def _authorization(address: URL) -> dict[str, str]:
    if address.user is None and address.password is None:
        return {}
    shown = f"{address.user or ''}:{address.password or ''}".encode()
    return {"authorization": f"Basic {b64encode(shown).decode()}"}


def _trusted() -> SSLContext:
    context = trusted(trust_env=False)
    context.set_alpn_protocols(["http/1.1"])  # as the SDK's library does
    return context


def _headers_in(pairs: Iterable[tuple[bytes, bytes]]) -> tuple[tuple[str, str], ...]:
    return tuple((k.decode("latin-1").lower(), v.decode("latin-1")) for k, v in pairs)


async def _pieces(response: aiohttp.ClientResponse) -> AsyncIterator[bytes]:
    while piece := await _told(response.content.readany()):
        yield piece


def _told_twice(error: aiohttp.ClientError) -> ModelError | None:
    """For an answer that is whole where its length says, and where its chunks end: one of both may
    be somebody else's word, so that it is not read."""
    said = str(getattr(error, "message", "")).partition(":")[0]  # what came stands behind
    if "Content-Length" not in said or "Transfer-Encoding" not in said:
        return None
    return ModelError(
        "the upstream's answer has a length and comes in chunks as well, of which HTTP allows one",
        hint="have what stands in front of it drop 'content-length' where it sends chunks",
    )


async def _told(calling: Awaitable[T]) -> T:
    try:
        return await calling
    except _NO_ANSWER as error:
        failure = _told_twice(error) or describe("upstream", ConnectionResetError())
    except Exception as error:  # noqa: BLE001 - the edge to foreign code
        failure = describe("upstream", error)
    raise failure
