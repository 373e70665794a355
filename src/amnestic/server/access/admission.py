"""The first that a request meets: whose key it shows, and whether that may send another."""

from __future__ import annotations

from collections.abc import Iterable

from fastapi import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from amnestic.server.access.allowance import Allowance
from amnestic.server.access.keys import Keys
from amnestic.server.errors import ServerError, error_response

__all__ = ["Admission", "with_limits"]

_UNASKED = ("/healthz", "/readyz")
_LIMITS = "amnestic.limits"
_TOLD = "x-ratelimit-"


class Admission:
    """An ASGI middleware. Where the registry cannot tell whose a key is, or what it has used, the
    request is refused (503); one too many is told when to come again (429). Neither is read."""

    def __init__(self, app: ASGIApp, keys: Keys, allowance: Allowance) -> None:
        self._app = app
        self._keys = keys
        self._allowance = allowance

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"] in _UNASKED:
            await self._app(scope, receive, send)
            return
        try:
            admitted = await self._keys.admit(Request(scope))
            if admitted.key is not None:
                scope[_LIMITS] = await self._allowance.take(admitted.key)
        except ServerError as error:
            told = [pair for pair in error.headers.items() if pair[0].startswith(_TOLD)]
            scope[_LIMITS] = tuple(told)
            await error_response(error)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def with_limits(scope: Scope, headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of a reply with the limits of the key that its request showed, where it has any,
    in the place of the upstream's: these are for all callers together."""
    own = scope.get(_LIMITS)
    if not own:
        return list(headers)
    kept = [(name, value) for name, value in headers if not name.startswith(_TOLD.encode())]
    return [*((name.encode(), value.encode()) for name, value in own), *kept]
