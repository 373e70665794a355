"""Endpoints whose answers hold no chat text: passed through to the upstream."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from amnestic.integrations.openai import Answer, dumps, error_body, loads_object
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError, answer_response
from amnestic.server.forwarding import going_up
from amnestic.server.service import Service

__all__ = ["all_models", "one_model", "passing_routes"]

_OBJECT = {"content": {"application/json": {"schema": {"type": "object"}}}, "required": True}


def passing_routes(service: Service) -> APIRouter:
    """`/v1/models`, `/v1/embeddings`, `/v1/moderations`."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI"])

    def up(request: Request) -> dict[str, str]:
        return going_up(request.headers, service.settings)

    @routes.get("/models", summary="The models that can be asked", responses=ERRORS)
    async def models(request: Request) -> Response:
        service.keys.check_caller(request)
        return await all_models(service, up(request))

    @routes.get("/models/{model:path}", summary="One model", responses=ERRORS)
    async def model(request: Request, model: str) -> Response:
        service.keys.check_caller(request)
        return await one_model(service, model, up(request))

    for path in ("/embeddings", "/moderations"):
        routes.add_api_route(
            path,
            _passing(service, path),
            methods=["POST"],
            summary=f"{path[1:].capitalize()}, passed through",
            operation_id=path[1:],
            responses=ERRORS,
            openapi_extra={"requestBody": _OBJECT},
        )
    return routes


def _passing(service: Service, path: str) -> Any:
    async def passing(request: Request) -> Response:
        body = await service.body(request)
        if service.upstream is None:
            raise ServerError(501, f"this server has no upstream for {path}", code="no_door")
        up, meter = going_up(request.headers, service.settings), service.meter(request, body)
        answer = await service.upstream.request("POST", path, dumps(body), up)
        if meter is not None:
            await meter.answered(answer)
        return _passed(answer)

    return passing


async def all_models(service: Service, up: Mapping[str, str]) -> Response:
    """The models that can be asked; `up` are headers for the upstream."""
    if service.upstream is None:
        return JSONResponse({"object": "list", "data": [_own_model(service)]})
    return _passed(await service.upstream.request("GET", "/models", None, up))


async def one_model(service: Service, model: str, up: Mapping[str, str]) -> Response:
    """One of them; raises `ServerError` (404) for a model that the layer has not."""
    if service.upstream is not None:
        if any(part in (".", "..") for part in model.replace("\\", "/").split("/")):
            raise ServerError(404, "there is no model of this name", code="model_not_found")
        path = f"/models/{quote(model, safe='')}"
        return _passed(await service.upstream.request("GET", path, None, up))
    if model != service.model_name:
        raise ServerError(404, "there is no model of this name", code="model_not_found")
    return JSONResponse(_own_model(service))


def _own_model(service: Service) -> dict[str, Any]:
    return {"id": service.model_name, "object": "model", "created": 0, "owned_by": "amnestic"}


def _passed(answer: Answer) -> Response:
    if answer.status < 400:
        loads_object(answer.content)  # a page in HTML is a failure, whatever its status says
        return answer_response(answer)
    status = 502 if answer.status in (401, 403) or answer.status >= 500 else answer.status
    message = f"the upstream answered HTTP {answer.status}"
    body = dumps(error_body(message, "upstream_error"))
    return answer_response(Answer(status, _without_type(answer), body))


def _without_type(answer: Answer) -> tuple[tuple[str, str], ...]:
    return tuple((k, v) for k, v in answer.headers if k.lower() != "content-type")
