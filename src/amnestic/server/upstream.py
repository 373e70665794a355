"""The API behind the server."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import MappingProxyType

import anyio

from amnestic.exceptions import ConfigurationError, ModelError
from amnestic.integrations.openai import (
    IDEMPOTENCY,
    Answer,
    Json,
    Opened,
    Unrepeated,
    dumps,
    whole,
)
from amnestic.models.headers import request_id
from amnestic.server.calls import Calls
from amnestic.server.settings import ServerSettings

__all__ = ["Channel", "UpstreamAPI"]

_REACHED_FOR = 5.0  # seconds that an answer to whether the upstream can be reached holds
NOTHING: Mapping[str, str] = MappingProxyType({})


class UpstreamAPI:
    """One OpenAI-compatible API: its address, its key, and the connections to it. Raises
    `ConfigurationError` for an address or a key that no request can be sent with."""

    def __init__(self, base_url: str, key: str | None, timeout: float) -> None:
        headers = {"content-type": "application/json", "accept-encoding": "identity"}
        if key:
            if not key.isprintable():
                raise ConfigurationError(
                    "AMNESTIC_UPSTREAM_KEY holds a line break or another control character: give "
                    "the key alone"
                )
            headers["authorization"] = f"Bearer {key}"
        self._calls = Calls(base_url, headers, timeout)
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

    def open(
        self,
        path: str,
        content: bytes | None,
        headers: Mapping[str, str] = NOTHING,
        method: str = "POST",
    ) -> AbstractAsyncContextManager[Opened]:
        """One request, its answer to be read piece by piece."""
        return self._calls.open(method, path, content, headers)

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
        await self._calls.aclose()


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
