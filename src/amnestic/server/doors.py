"""The guarded endpoints: chat completions, responses and completions, plain and streamed."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
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
from amnestic.server.errors import ServerError, answer_response, message_in, note_failure, too_slow
from amnestic.server.metering import Meter
from amnestic.server.recalling import Recall, Told
from amnestic.server.service import Service
from amnestic.server.streams import EVENTS, opened, until_gone, wire_of
from amnestic.server.unlikely import without_logprobs
from amnestic.server.upstream import Channel

__all__ = ["door_routes", "serving"]

_GONE = 499
_REFERRING = ("/responses",)
"""The endpoints whose requests may refer to earlier replies."""


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
        recall = service.recall(request) if path in _REFERRING else None
        told = await recall.told(body) if recall else Told(body)
        asking = _Asking(service, path, request, told, recall, sent, form)
        try:
            return await (asking.streamed() if told.body.get("stream") else asking.plain())
        except UpstreamError as error:
            note_failure(error)
            return answer_response(await asking.door.checked(error, told.body))

    return serve


@dataclass(frozen=True, slots=True)
class _Asking:
    """One request of a door's: what is `told` to it, and what its caller `sent` in `form`."""

    service: Service
    path: str
    request: Request
    told: Told
    recall: Recall | None
    sent: Json
    form: Form | None

    @property
    def door(self) -> Door:
        return self.service.door(self.path, self.request)

    async def plain(self) -> Response:
        """The whole reply."""
        meter = self._meter
        answering = self.door.answer(self.told.body, self._upstream)
        try:
            async with asyncio.timeout(self.service.settings.request_timeout):
                answer: Answer | None = await until_gone(answering, self.request.receive)
            if meter is not None:
                await meter.answered(answer)
        except TimeoutError:
            note_failure(late := too_slow())
            raise ServerError(504, str(late), kind="upstream_error") from None
        if answer is None:
            return Response(status_code=_GONE)
        if self.recall is not None:
            answer = await self.recall.kept_answer(self.told, answer)
        if self.form is not None:
            told = self.form.told(loads_object(answer.content), self.sent)
            answer = replace(answer, content=dumps(told))
        return answer_response(answer)

    async def streamed(self) -> Response:
        """The reply as it comes."""
        stream = self.door.stream(self.told.body, self._upstream)
        events = stream.events()
        if (meter := self._meter) is not None:
            events = meter.told(events)
        if self.recall is not None:
            events = self.recall.kept_events(self.told, events)
        if self.form is not None:
            events = translated(events, self.form.teller(self.sent))
        wire = wire_of(self.form) if self.form else EVENTS
        opening = opened(events, stream.arrival, self._failed, self.service.settings, wire)
        response: Response | None = await until_gone(opening, self.request.receive)
        return response or Response(status_code=_GONE)

    async def _failed(self, error: UpstreamError) -> bytes:
        """An upstream's error that came too late to be an HTTP error."""
        answer = await self.door.checked(error, self.told.body)
        if self.form is not None:
            return self.form.late_error(answer.status, message_in(answer.content))
        return b"data: " + answer.content + b"\n\n"

    @property
    def _meter(self) -> Meter | None:
        return self.service.meter(self.request, self.told.body)

    @property
    def _upstream(self) -> Channel | None:
        return self.service.channel(self.path, self.told.body, self.request)
