"""The guarded endpoints: chat completions, responses and completions, plain and streamed."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from amnestic.integrations.openai import Answer, UpstreamError
from amnestic.server.documents import DOORS, REPLIES
from amnestic.server.errors import ServerError, answer_response, note_failure
from amnestic.server.recalling import Recall, Told
from amnestic.server.service import Service
from amnestic.server.streams import opened, until_gone
from amnestic.server.unlikely import without_logprobs

__all__ = ["door_routes"]

_GONE = 499
_REFERRING = ("/responses",)
"""The endpoints whose requests may refer to earlier replies."""


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
        recall = service.recall(request) if path in _REFERRING else None
        told = await recall.told(body) if recall else Told(body)
        body = told.body
        try:
            if body.get("stream"):
                return await _streamed(service, path, told, request, recall)
            return await _plain(service, path, told, request, recall)
        except UpstreamError as error:
            note_failure(error)
            return answer_response(await service.door(path, request).checked(error, body))

    return serve


async def _plain(
    service: Service, path: str, told: Told, request: Request, recall: Recall | None
) -> Response:
    upstream = service.channel(path, told.body, request)
    answering = service.door(path, request).answer(told.body, upstream)
    try:
        async with asyncio.timeout(service.settings.request_timeout):
            answer: Answer | None = await until_gone(answering, request.receive)
    except TimeoutError:
        raise ServerError(504, "the answer took too long", kind="upstream_error") from None
    if answer is None:
        return Response(status_code=_GONE)
    return answer_response(await recall.kept_answer(told, answer) if recall else answer)


async def _streamed(
    service: Service, path: str, told: Told, request: Request, recall: Recall | None
) -> Response:
    upstream, door = service.channel(path, told.body, request), service.door(path, request)
    stream = door.stream(told.body, upstream)
    events = recall.kept_events(told, stream.events()) if recall else stream.events()

    async def failed(error: UpstreamError) -> bytes:
        """An upstream's error that came too late to be an HTTP error."""
        return b"data: " + (await door.checked(error, told.body)).content + b"\n\n"

    opening = opened(events, stream.arrival, failed, service.settings)
    response: Response | None = await until_gone(opening, request.receive)
    return response or Response(status_code=_GONE)
