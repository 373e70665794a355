"""Web pages that call the server from a browser: those of known origins, and no others."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from amnestic.exceptions import ConfigurationError
from amnestic.server.access import Keys
from amnestic.server.errors import ServerError, error_response
from amnestic.server.settings import ServerSettings, is_loopback

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
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(?::\d+)?|\[[0-9A-Fa-f:.]+\](?::\d+)?")
_JSON = re.compile(r"(?:application|text)/(?:[a-z0-9!#$&^_.+-]+\+)?json")
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
    makes are refused, since a browser sends the simple ones without asking first; so are those for
    a host of another name, since a page may have its own name point to this machine; and bodies
    that are not called JSON, which is what a simple one cannot be."""

    def __init__(self, app: ASGIApp, settings: ServerSettings, keys: Keys) -> None:
        self._app = app
        self._allowed = frozenset(settings.cors_origins)
        self._hosts = frozenset(map(str.lower, (settings.host, *settings.allowed_hosts)))
        self._keys = keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        refused = None
        if scope["type"] == "http" and not self._keys.asks(Request(scope)):
            headers = Headers(scope=scope)
            refused = self._refused(headers) or _not_json(scope["path"], headers)
        if refused is None:
            await self._app(scope, receive, send)
            return
        await error_response(refused)(scope, receive, send)

    def _refused(self, headers: Headers) -> ServerError | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if not self._is_here(host):
            return ServerError(
                403,
                "this server is not known by the name of that host: name it in "
                "AMNESTIC_SERVER_ALLOWED_HOSTS, or set caller keys",
                code="unknown_host",
            )
        fetched = (headers.get("sec-fetch-site"), headers.get("sec-fetch-mode"))
        foreign = fetched[0] == "cross-site" and fetched[1] != "navigate"
        own = origin is None and not foreign
        if own or origin in self._allowed or urlsplit(origin or "").netloc == host:
            return None
        return ServerError(
            403,
            "pages of this origin may not call: name it in AMNESTIC_SERVER_CORS_ORIGINS",
            code="unknown_origin",
        )

    def _is_here(self, host: str) -> bool:
        name = (urlsplit(f"//{host}").hostname or "") if _HOST.fullmatch(host) else ""
        return name in self._hosts or is_loopback(name)


def _not_json(path: str, headers: Headers) -> ServerError | None:
    """Why a body is not read that is called a form, a text or nothing at all: these a page sends
    from anywhere without the browser asking first. The console's own forms hold a token."""
    sends = headers.get("content-length", "0").strip("0 ") or "transfer-encoding" in headers
    if not sends or f"{path}/".startswith("/console/"):
        return None
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if _JSON.fullmatch(kind):
        return None
    return ServerError(
        415,
        "this server asks for no key, and reads a body only where it is called JSON: send the "
        "header 'content-type: application/json' (curl: -H 'content-type: application/json')",
        code="unsupported_media_type",
    )


def _asks_for_keys(settings: ServerSettings) -> bool:
    return bool(settings.caller_keys or settings.namespace_keys)
