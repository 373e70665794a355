"""The guarded endpoints: chat completions, responses and completions, plain and streamed."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from amnestic.integrations.openai import Answer, UpstreamError
from amnestic.server.documents import DOORS, REPLIES
from amnestic.server.errors import ServerError, answer_response, note_failure
from amnestic.server.service import Service
from amnestic.server.streams import opened, until_gone
from amnestic.server.unlikely import without_logprobs

__all__ = ["door_routes"]

_GONE = 499


def door_routes(service: Service) -> APIRouter:
    """One route for each guarded endpoint."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI"])
    for path in service.paths:
        routes.add_api_route(
            path,
            _serving(service, path),
            methods=["POST"],
            summary=DOORS[path].summary,
            operation_id=path.strip("/").replace("/", "_"),
            responses=REPLIES,
            openapi_extra={"requestBody": DOORS[path].body},
        )
    return routes


def _serving(service: Service, path: str) -> Any:
    async def serve(request: Request) -> Response:
        body = await service.body(request)
        if not service.settings.logprobs:
            body = without_logprobs(body)
        try:
            if body.get("stream"):
                return await _streamed(service, path, body, request)
            return await _plain(service, path, body, request)
        except UpstreamError as error:
            note_failure(error)
            return answer_response(await service.door(path, request).checked(error, body))

    return serve


async def _plain(service: Service, path: str, body: dict[str, Any], request: Request) -> Response:
    upstream = service.upstream.channel(path) if service.upstream else None
    answering = service.door(path, request).answer(body, upstream)
    try:
        async with asyncio.timeout(service.settings.request_timeout):
            answer: Answer | None = await until_gone(answering, request.receive)
    except TimeoutError:
        raise ServerError(504, "the answer took too long", kind="upstream_error") from None
    return answer_response(answer) if answer else Response(status_code=_GONE)


async def _streamed(
    service: Service, path: str, body: dict[str, Any], request: Request
) -> Response:
    upstream = service.upstream.channel(path) if service.upstream else None
    events = service.door(path, request).stream(body, upstream).events()
    return await opened(events, service.settings)
