"""What goes wrong before or behind the console's own routes, as a page."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.requests import HTTPConnection
from starlette.responses import HTMLResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amnestic.exceptions import AmnesticError
from amnestic.server.console.language import words_for
from amnestic.server.console.look import HEADERS, rendered
from amnestic.server.console.messages import told
from amnestic.server.errors import message_in
from amnestic.server.rewriting import rewriting_errors

__all__ = ["ConsoleErrors"]

_ROOT = "/console"
_NOT_FOUND = 404


class ConsoleErrors:
    """An ASGI middleware: an error that is told in JSON below `/console` becomes a page."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        here = scope["type"] == "http" and f"{scope['path']}/".startswith(f"{_ROOT}/")
        await self._app(scope, receive, _paged(scope, receive, send) if here else send)


def _paged(scope: Scope, receive: Receive, send: Send) -> Send:
    """What sends on all but errors in JSON, and a page for each of these."""

    async def page(start: Message, content: bytes) -> None:
        await _page(start, content, scope)(scope, receive, send)

    return rewriting_errors(send, page, _is_json)


def _is_json(start: Message) -> bool:
    kind = Headers(raw=start["headers"]).get("content-type", "")
    return kind.startswith("application/json")


def _page(held: Message, content: bytes, scope: Scope) -> HTMLResponse:
    try:
        message = message_in(content)
    except (AmnesticError, LookupError, TypeError):
        message = ""
    words = words_for(HTTPConnection(scope))
    html = rendered(
        "bare.html",
        _=words.say,
        _told=lambda text: told(text, words.code),
        language=words.code,
        message=message,
        missing=held["status"] == _NOT_FOUND,
    )
    own = (b"content-type", b"content-length", *(name.encode() for name in HEADERS))
    page = HTMLResponse(html, held["status"], dict(HEADERS))
    page.raw_headers += [(k, v) for k, v in held["headers"] if k.lower() not in own]
    return page
