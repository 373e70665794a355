"""What Ollama's clients ask before they chat: the models, one of them, the version."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from amnestic.integrations.ollama import model_list, shown_model
from amnestic.integrations.openai import Json, loads_object
from amnestic.server.errors import ServerError
from amnestic.server.form_documents import OLLAMA_ERRORS, SHOWN
from amnestic.server.forwarding import going_up
from amnestic.server.passing import all_models, one_model
from amnestic.server.service import Service

__all__ = ["model_routes"]

_VERSION = "0.13.0"
"""The release of Ollama whose API is spoken: some clients ask for a least one."""


def model_routes(service: Service) -> APIRouter:
    """`/api/tags`, `/api/show`, `/api/version`."""
    routes = APIRouter(prefix="/api", tags=["Ollama"])

    @routes.get("/tags", summary="The models that can be asked", responses=OLLAMA_ERRORS)
    async def tags(request: Request) -> Response:
        service.keys.check_caller(request)
        return _told(
            await all_models(service, going_up(request.headers, service.settings)), model_list
        )

    @routes.post(
        "/show",
        summary="One model",
        responses=OLLAMA_ERRORS,
        openapi_extra={"requestBody": SHOWN},
    )
    async def show(request: Request) -> Response:
        body = await service.body(request)
        name = body.get("model") or body.get("name")
        if not isinstance(name, str):
            raise ServerError(400, "'model' must be a string")
        return _told(
            await one_model(service, name, going_up(request.headers, service.settings)), shown_model
        )

    @routes.get("/version", summary="The API that is spoken", responses=OLLAMA_ERRORS)
    async def version() -> dict[str, str]:
        return {"version": _VERSION}

    return routes


def _told(answer: Response, form: Callable[[Json], Json]) -> Response:
    """What the models' own endpoint answers, in Ollama's form."""
    if answer.status_code >= 400:
        return answer
    return JSONResponse(form(loads_object(bytes(answer.body))))
