"""Whether the server lives, is ready, and what it counts."""

from __future__ import annotations

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response

from amnestic.exceptions import AmnesticError
from amnestic.server.access import Right
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError
from amnestic.server.reference import ADMIN, asking
from amnestic.server.service import Service
from amnestic.tools.offload import offload

__all__ = ["health_routes"]


def health_routes(service: Service) -> APIRouter:
    """`/healthz`, `/readyz`, `/metrics`."""
    routes = APIRouter(tags=["operation"])

    @routes.get("/healthz", summary="Whether the process lives")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @routes.get(
        "/readyz",
        summary="Whether requests can be served",
        responses={503: {"description": "Not ready"}, 200: {"description": "Ready"}},
    )
    async def readyz() -> Response:
        problem = await _problem(service)
        if problem is None:
            audited = {"audit": True} if service.amnesia.settings.audit else {}
            return JSONResponse({"status": "ready"} | audited)
        return JSONResponse({"status": "not ready", "reason": problem}, 503)

    @routes.get(
        "/metrics",
        summary="Counters in Prometheus's format",
        response_class=PlainTextResponse,
        responses={401: ERRORS[401]},
        dependencies=asking(ADMIN, service.metrics.tells_routes),
    )
    async def metrics(request: Request) -> Response:
        if service.metrics.tells_routes:
            who = service.keys.check(request, Right.SEE)
            if who.spaces is not None:
                raise ServerError(403, "the metrics tell of all namespaces, and this key of some")
        return Response(service.metrics.text(), media_type="text/plain; version=0.0.4")

    return routes


async def _problem(service: Service) -> str | None:
    try:
        await offload(service.amnesia.registry.revision)
        await offload(lambda: service.amnesia.parts)
    except AmnesticError as error:
        return type(error).__name__
    if service.upstream is not None and not await service.upstream.reachable():
        return "the upstream cannot be reached"
    return None
