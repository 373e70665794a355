"""Other forms of the chat door: Anthropic's messages, Ollama's chat and generate."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from amnestic.exceptions import AmnesticError
from amnestic.integrations.anthropic import MESSAGES, token_count
from amnestic.integrations.ollama import CHAT, GENERATE
from amnestic.integrations.openai import dumps
from amnestic.integrations.translation import Form
from amnestic.server.doors import serving
from amnestic.server.errors import message_in, param_in
from amnestic.server.form_documents import FORMS, FormDocument
from amnestic.server.rewriting import rewriting_errors
from amnestic.server.service import Service

__all__ = ["ErrorShapes", "form_routes"]

_DOOR = "/chat/completions"
_MESSAGES = "/v1/messages"
_COUNT = f"{_MESSAGES}/count_tokens"

_FORMS = {_MESSAGES: MESSAGES, "/api/chat": CHAT, "/api/generate": GENERATE}


def form_routes(service: Service) -> APIRouter:
    """`/v1/messages`, `/v1/messages/count_tokens`, `/api/chat`, `/api/generate`."""
    routes = APIRouter()
    for path, form in _FORMS.items():
        _add(routes, path, FORMS[path], serving(service, _DOOR, form))
    _add(routes, _COUNT, FORMS[_COUNT], _counting(service))
    return routes


def _add(routes: APIRouter, path: str, document: FormDocument, serve: Any) -> None:
    routes.add_api_route(
        path,
        serve,
        methods=["POST"],
        tags=[document.tag],
        summary=document.summary,
        operation_id=path.strip("/").replace("/", "_"),
        responses=document.replies,
        openapi_extra={"requestBody": document.body},
    )


def _counting(service: Service) -> Any:
    async def count(request: Request) -> Response:
        return JSONResponse(token_count(await service.body(request)))

    return count


class ErrorShapes:
    """An ASGI middleware: every error at a form's paths has the form's own shape, whatever raised
    it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        form = _form_at(scope["path"]) if scope["type"] == "http" else None
        sending = send if form is None else _reshaped(form, send)
        await self._app(scope, receive, sending)


def _form_at(path: str) -> Form | None:
    if f"{path}/".startswith(f"{_MESSAGES}/"):
        return MESSAGES
    return CHAT if path.startswith("/api/") else None


def _reshaped(form: Form, send: Send) -> Send:
    """What sends on all but errors as they are, and an error in the form's shape."""

    async def reshape(start: Message, content: bytes) -> None:
        data = _told(form, start["status"], content)
        kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
        length = (b"content-length", str(len(data)).encode())
        await send({**start, "headers": [*kept, length]})
        await send({"type": "http.response.body", "body": data})

    return rewriting_errors(send, reshape)


def _told(form: Form, status: int, content: bytes) -> bytes:
    try:
        message, param = message_in(content), param_in(content)
    except (AmnesticError, LookupError, TypeError):
        return content  # no error of this server's own
    return dumps(form.error(status, message, param))
