"""The API behind the server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from importlib import import_module
from types import MappingProxyType
from typing import Any

import anyio

from amnestic.exceptions import ModelError
from amnestic.integrations.openai import (
    IDEMPOTENCY,
    Answer,
    Json,
    Opened,
    Unrepeated,
    dumps,
    whole,
)
from amnestic.models.failures import describe
from amnestic.models.headers import request_id
from amnestic.server.settings import ServerSettings

__all__ = ["Channel", "UpstreamAPI"]

_CONNECTIONS = 4_096
_REACHED_FOR = 5.0  # seconds that an answer to whether the upstream can be reached holds
NOTHING: Mapping[str, str] = MappingProxyType({})


class UpstreamAPI:
    """One OpenAI-compatible API: its address, its key, and the connections to it."""

    def __init__(self, base_url: str, key: str | None, timeout: float) -> None:
        self._base_url = base_url.rstrip("/")
        self._headers = {"content-type": "application/json", "accept-encoding": "identity"}
        if key:
            self._headers["authorization"] = f"Bearer {key}"
        self._client = _http_client(timeout)
        self._asking = anyio.Lock()
        self._reached, self._asked_again = False, 0.0

    @classmethod
    def of(cls, settings: ServerSettings) -> UpstreamAPI | None:
        """The upstream that the settings name."""
        if settings.upstream is None:
            return None
        key = settings.upstream_key
        secret = key.get_secret_value() if key else None
        return cls(settings.upstream, secret, settings.request_timeout)

    def channel(self, path: str, body: Json, headers: Mapping[str, str]) -> Channel:
        """Where the requests go that one of a caller's leads to, with those of its headers that
        go on."""
        return Channel(self, path, body, headers)

    async def request(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str] = NOTHING
    ) -> Answer:
        """One request and its whole answer. Raises `ModelError` when the upstream cannot be
        reached, and when its answer does not end."""
        async with self.open(path, content, headers, method) as opened:
            return Answer(opened.status, opened.headers, await whole(opened.pieces))

    @asynccontextmanager
    async def open(
        self,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str] = NOTHING,
        method: str = "POST",
    ) -> AsyncIterator[Opened]:
        """One request, its answer to be read piece by piece."""
        request = self._request(method, path, content, headers)
        response = await _sent(self._client.send(request, stream=True))
        try:
            told = tuple(response.headers.multi_items())
            yield Opened(response.status_code, told, _pieces(response))
        finally:
            with anyio.CancelScope(shield=True):
                await response.aclose()

    async def reachable(self) -> bool:
        """Whether the upstream answers at all; asked every few seconds at most, whoever wants to
        know."""
        async with self._asking:
            if time.monotonic() >= self._asked_again:
                self._reached = await self._reaches()
                self._asked_again = time.monotonic() + _REACHED_FOR
            return self._reached

    async def _reaches(self) -> bool:
        try:
            answer = await self.request("GET", "/models", None)
        except ModelError:
            return False
        return answer.status < 500

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _request(
        self, method: str, path: str, content: bytes | None, headers: Mapping[str, str]
    ) -> Any:
        whole = {**headers, **self._headers}
        url = f"{self._base_url}{path}"
        return self._client.build_request(method, url, content=content, headers=whole)


class Channel:
    """One endpoint of the upstream, for one request of a caller's."""

    def __init__(self, api: UpstreamAPI, path: str, body: Json, headers: Mapping[str, str]) -> None:
        self._api = api
        self._path = path
        self._headers = headers
        self._unrepeated = Unrepeated(body)

    async def send(self, body: Json) -> Answer:
        """The whole answer to one request."""
        headers = self._headers_for(body)
        return _own_fault(await self._api.request("POST", self._path, dumps(body), headers))

    @asynccontextmanager
    async def open(self, body: Json) -> AsyncIterator[Opened]:
        """The answer to one request, to be read piece by piece."""
        async with self._api.open(self._path, dumps(body), self._headers_for(body)) as opened:
            _own_fault(Answer(opened.status, opened.headers))
            yield opened

    def _headers_for(self, body: Json) -> Mapping[str, str]:
        if self._unrepeated.takes(body):
            return self._headers
        return {name: value for name, value in self._headers.items() if name != IDEMPOTENCY}


def _own_fault(answer: Answer) -> Answer:
    """A key that the upstream refuses is the server's, not the caller's."""
    if answer.status in (401, 403):
        raise ModelError(
            "the upstream refused the server's key",
            hint="check AMNESTIC_UPSTREAM_KEY",
            status_code=answer.status,
            request_id=request_id(answer.headers),
        )
    return answer


async def _sent(sending: Any) -> Any:
    try:
        return await sending
    except Exception as error:  # noqa: BLE001 - the edge to foreign code: two HTTP libraries
        failure = describe("upstream", error)
    raise failure


async def _pieces(response: Any) -> AsyncIterator[bytes]:
    pieces = response.aiter_bytes()
    while (piece := await _sent(anext(pieces, None))) is not None:
        yield piece


def _http_client(timeout: float) -> Any:
    """An HTTP client of the library that the OpenAI SDK brings: httpx, or httpx2 since openai 3."""
    import openai

    kinds = openai.DefaultAsyncHttpxClient.__mro__
    library = next(kind for kind in kinds if kind.__module__.startswith("httpx"))
    http: Any = import_module(library.__module__.partition(".")[0])
    limits = http.Limits(
        max_connections=_CONNECTIONS, max_keepalive_connections=256, keepalive_expiry=30
    )
    return http.AsyncClient(
        timeout=http.Timeout(timeout, connect=10), limits=limits, trust_env=False
    )
