"""The guarded endpoints: chat completions, responses and completions, plain and streamed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response

from amnestic.integrations.openai import (
    Answer,
    Door,
    Json,
    UpstreamError,
    dumps,
    loads_object,
)
from amnestic.integrations.translation import Form, translated
from amnestic.server.bodies import check_fields
from amnestic.server.documents import DOORS, REPLIES
from amnestic.server.errors import ServerError, answer_response, note_failure
from amnestic.server.service import Service
from amnestic.server.streams import opened, until_gone, wire_of
from amnestic.server.unlikely import without_logprobs
from amnestic.server.upstream import Channel

__all__ = ["door_routes", "serving"]

_GONE = 499


def door_routes(service: Service) -> APIRouter:
    """One route for each guarded endpoint."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI"])
    for path in service.paths:
        routes.add_api_route(
            path,
            serving(service, path),
            methods=["POST"],
            summary=DOORS[path].summary,
            operation_id=path.strip("/").replace("/", "_"),
            responses=REPLIES,
            openapi_extra={"requestBody": DOORS[path].body},
        )
    return routes


def serving(service: Service, path: str, form: Form | None = None) -> Any:
    """What serves the door at `path`, to callers who ask and are told in `form`."""

    async def serve(request: Request) -> Response:
        sent = body = await service.body(request)
        if form is not None:
            body = form.asked(sent)
            check_fields(body, service.settings.max_messages)
        if not service.settings.logprobs:
            body = without_logprobs(body)
        asking = _Asking(service, path, request, body)
        try:
            if body.get("stream"):
                return await _streamed(asking, form, sent)
            return await _plain(asking, form, sent)
        except UpstreamError as error:
            note_failure(error)
            return answer_response(await asking.door.checked(error, body))

    return serve


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request of a door's."""

    service: Service
    path: str
    request: Request
    body: Json

    @property
    def door(self) -> Door:
        return self.service.door(self.path, self.request)

    @property
    def upstream(self) -> Channel | None:
        return self.service.upstream.channel(self.path) if self.service.upstream else None


async def _plain(asking: _Asking, form: Form | None, sent: Json) -> Response:
    answering = asking.door.answer(asking.body, asking.upstream)
    try:
        async with asyncio.timeout(asking.service.settings.request_timeout):
            answer: Answer | None = await until_gone(answering, asking.request.receive)
    except TimeoutError:
        raise ServerError(504, "the answer took too long", kind="upstream_error") from None
    if answer is None:
        return Response(status_code=_GONE)
    if form is not None:
        told = form.told(loads_object(answer.content), sent)
        answer = Answer(answer.status, answer.headers, dumps(told))
    return answer_response(answer)


async def _streamed(asking: _Asking, form: Form | None, sent: Json) -> Response:
    events = asking.door.stream(asking.body, asking.upstream).events()
    if form is None:
        return await opened(events, asking.service.settings)
    told = translated(events, form.teller(sent))
    return await opened(told, asking.service.settings, wire_of(form))
