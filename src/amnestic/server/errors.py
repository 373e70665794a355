"""Every error of the server in OpenAI's shape, none with a trace of its insides."""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import compile_path

from amnestic.exceptions import (
    AmnesticError,
    InvalidRequestError,
    KeyNotFoundError,
    KeyStateError,
    ModelError,
    RegistryUnavailableError,
    TargetNotFoundError,
    TargetStateError,
    WithheldError,
)
from amnestic.integrations.openai import (
    OWN_FAULT,
    Answer,
    dumps,
    error_answer,
    error_body,
    given_down,
    json_type,
    loads_object,
    retrying,
)
from amnestic.models.origins import place
from amnestic.server.logs import noted_failure

__all__ = ["KeyEndedError", "ServerError", "add_error_handlers", "answer_response",
           "error_response", "kind_of", "message_in", "note_failure", "param_in", "too_slow",
           "unforeseen"]  # fmt: skip


_log = logging.getLogger(__name__)


class ServerError(Exception):
    """An error that the server tells a caller, with its HTTP status."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.kind = kind
        self.code = code
        self.param = param
        self.headers = dict(headers or {})


class KeyEndedError(InvalidRequestError):
    """A key that does not hold any more by the time that its reply is there."""


def error_response(error: ServerError) -> Response:
    """The answer to a request that failed."""
    body = error_body(str(error), error.kind, error.code)
    body["error"]["param"] = error.param
    headers = {"content-type": "application/json", **error.headers}  # in the order of any answer's
    return Response(dumps(body), error.status, headers)


def message_in(content: bytes) -> str:
    """The message of an error in OpenAI's shape."""
    return str(loads_object(content)["error"]["message"])


def param_in(content: bytes) -> str | None:
    """The field that an error in OpenAI's shape is about, if it says."""
    param = loads_object(content)["error"].get("param")
    return param if isinstance(param, str) else None


def answer_response(answer: Answer) -> Response:
    """An answer of a door. Of the upstream's headers only the ones that a caller needs go on:
    others would tell which replies were the upstream's own."""
    kept = {"content-type": json_type(answer.headers), **dict(given_down(answer.headers))}
    return Response(answer.content, answer.status, kept | dict(retrying(answer.headers)))


def add_error_handlers(app: FastAPI) -> None:
    """Tell every error that a route or the framework raises in OpenAI's shape."""

    @app.exception_handler(ServerError)
    async def server_error(request: Request, error: ServerError) -> Response:
        return error_response(error)

    @app.exception_handler(AmnesticError)
    async def own_error(request: Request, error: AmnesticError) -> Response:
        if isinstance(error, TargetNotFoundError | KeyNotFoundError):
            return error_response(ServerError(404, str(error), code="not_found"))
        if isinstance(error, TargetStateError | KeyStateError):
            return error_response(ServerError(409, str(error), code="wrong_state"))
        if isinstance(error, KeyEndedError):
            return error_response(ServerError(401, str(error), code="invalid_api_key"))
        note_failure(error)
        if isinstance(error, RegistryUnavailableError):
            return error_response(
                ServerError(
                    503,
                    "the registry is out of reach now; come again",
                    kind="server_error",
                    code="registry_unavailable",
                    headers={"retry-after": "1"},
                )
            )
        return answer_response(error_answer(error))

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return error_response(ServerError(400, f"{where}: {first['msg']}"))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        message = f"{request.method} {request.url.path}: {str(error.detail).lower()}"
        headers = dict(error.headers or {})
        if error.status_code == 405 and (allowed := _allowed(request)):
            headers["Allow"] = allowed
        return error_response(ServerError(error.status_code, message, headers=headers))


def _allowed(request: Request) -> str:
    """The methods of a path that the description knows: of two that fit, the one counts that says
    more of it word for word."""
    found = dict[int, list[str]]()
    for path, operations in request.app.openapi()["paths"].items():
        if compile_path(path)[0].match(request.url.path):
            found[len(_PLACE.sub("", path))] = [method.upper() for method in operations]
    return ", ".join(sorted(found[max(found)])) if found else ""


_PLACE = re.compile(r"\{[^}]*\}")


def kind_of(error: ModelError) -> str:
    """Of which kind a failure of the model behind the server is, for counting.

    >>> kind_of(ModelError("slow down", status_code=429)), kind_of(ModelError("gone"))
    ('busy', 'unreadable')
    """
    status = error.status_code
    if status is None:  # a lost connection and no answer in time may be better the next time
        return "unreachable" if error.retryable else "unreadable"
    named = {401: "key", 403: "key", 429: "busy"}
    return named.get(status, "failed" if status >= 500 else "refused")


def too_slow() -> ModelError:
    """A reply that took longer than any may."""
    return ModelError("the answer took too long", retryable=True)


def unforeseen() -> ServerError:
    """What is told of an error that nobody foresaw."""
    return ServerError(500, OWN_FAULT, kind="server_error")


def note_failure(error: Exception) -> None:
    """Tell the operator's log why a request failed. The layer's own errors hold no text of a
    request and no words of a provider; of any other its kind and its place are told."""
    if isinstance(error, ModelError):
        noted_failure(kind_of(error))
        asked = f" (request id {error.request_id})" if error.request_id else ""
        _log.warning("the model failed: %s%s", error, asked)
    elif not isinstance(error, InvalidRequestError | WithheldError):
        told = error if isinstance(error, AmnesticError) else place(error) or "in a library"
        _log.error("a request failed in an unforeseen way: %s: %s", type(error).__name__, told)
