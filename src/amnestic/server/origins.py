"""Web pages that call the server from a browser: those of known origins, and no others."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from amnestic.exceptions import ConfigurationError
from amnestic.server.errors import ServerError, error_response
from amnestic.server.settings import ServerSettings

__all__ = ["EXPOSED", "METHODS", "OwnPages", "check_origins"]

METHODS = ("GET", "POST", "PATCH", "DELETE")
EXPOSED = (
    "retry-after",
    "retry-after-ms",
    "x-request-id",
    "x-should-retry",
    *(
        f"x-ratelimit-{what}-{of}"
        for what in ("limit", "remaining", "reset")
        for of in ("requests", "tokens")
    ),
)
"""The headers of a reply that a page may read."""

_ORIGIN = re.compile(r"[a-z][a-z0-9+.-]*://[A-Za-z0-9.\-\[\]:_]+")
_ANYBODYS = ("*", "null")  # a page in a frame of its own calls itself `null`, whoever wrote it


def check_origins(settings: ServerSettings) -> None:
    """Refuse what is no origin, and every page of the web where no key is asked for: it would spend
    the upstream's key. Raises `ConfigurationError`."""
    for origin in settings.cors_origins:
        if origin not in _ANYBODYS and not _ORIGIN.fullmatch(origin):
            raise ConfigurationError(
                f"AMNESTIC_SERVER_CORS_ORIGINS: {origin!r} is no origin; "
                "write scheme://host or scheme://host:port"
            )
    if set(_ANYBODYS) & set(settings.cors_origins) and not _asks_for_keys(settings):
        raise ConfigurationError(
            "AMNESTIC_SERVER_CORS_ORIGINS: '*' and 'null' would let any web page spend the "
            "upstream's key; set AMNESTIC_SERVER_CALLER_KEYS, or name the origins"
        )


class OwnPages:
    """An ASGI middleware of a server that asks for no keys: requests that a page of another origin
    makes are refused. A browser sends the simple ones without asking first."""

    def __init__(self, app: ASGIApp, settings: ServerSettings) -> None:
        self._app = app
        self._allowed = frozenset(settings.cors_origins)
        self._open = _asks_for_keys(settings)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or self._open or self._is_known(Headers(scope=scope)):
            await self._app(scope, receive, send)
            return
        refused = ServerError(
            403,
            "pages of this origin may not call: name it in AMNESTIC_SERVER_CORS_ORIGINS",
            code="unknown_origin",
        )
        await error_response(refused)(scope, receive, send)

    def _is_known(self, headers: Headers) -> bool:
        origin = headers.get("origin")
        if origin is None or origin in self._allowed:
            return True
        return urlsplit(origin).netloc == headers.get("host")


def _asks_for_keys(settings: ServerSettings) -> bool:
    return bool(settings.caller_keys or settings.namespace_keys)
