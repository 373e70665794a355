"""A request in plain words: read, shown, and put in force once it is confirmed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from amnestic.agents.records import recorded
from amnestic.exceptions import InvalidRequestError
from amnestic.server.console.parts import parts_of
from amnestic.server.console.posted import Posted
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.server.logs import changed
from amnestic.server.target_bodies import TargetRecord, TargetView
from amnestic.types import ForgetTarget

__all__ = ["confirm", "form", "preview"]

_TRIED = 200
_EMPTY: Mapping[str, str] = {"text": "", "against": "", "reason": "", "legal_basis": ""}


async def form(visit: Visit) -> Response:
    """The page for a request."""
    return await _form(visit, Posted(), 200, "")


async def preview(visit: Visit) -> Response:
    """What a request would forget, and what that would match; nothing is stored."""
    sent = await visit.form()
    text, space = sent.text("text"), sent.text("space")
    if sent.told("back"):
        return await _form(visit, sent, 200, "")
    try:
        if not text:
            raise InvalidRequestError("write what is to be forgotten")
        shown = await visit.layer(space).apreview(
            text,
            against=sent.lines("against")[:_TRIED],
            requester=visit.name,
            open_to=visit.spaces,
            **_details(sent),
        )
    except InvalidRequestError as error:
        return await _form(visit, sent, 400, str(error))
    return visit.page(
        "preview.html",
        shown=shown,
        readings=[(target, parts_of(target), _record(target)) for target in shown.targets],
        sent={name: sent.text(name) for name in (*_EMPTY, "space")},
        sealed=sent.told("sealed"),
        elicits=visit.desk.service.amnesia.settings.elicit,
    )


async def confirm(visit: Visit) -> Response:
    """Put in force what was shown."""
    sent = await visit.form()
    layer, elicit = visit.layer(sent.text("space")), sent.told("elicit")
    taken = set(sent.every("take"))
    readings = [_read(line) for i, line in enumerate(sent.every("record")) if str(i) in taken]
    if not readings:
        raise InvalidRequestError("nothing is ticked, so that nothing is forgotten")
    records = [recorded({**one, "requester": visit.name}) for one in readings]
    added = await layer.aadd(
        *records, actor=visit.name, reason=sent.text("reason")[:1_000], elicit=elicit
    )
    changed("target", "add", *(one.id for one in added))
    if len(added) == 1:
        return visit.moved(f"/console/targets/{added[0].id}?done=forgotten")
    return visit.moved("/console?done=forgotten")


async def _form(visit: Visit, sent: Posted, status: int, error: str) -> Response:
    return visit.page(
        "request.html",
        status,
        sent={name: sent.text(name) for name in (*_EMPTY, "space")},
        sealed=sent.told("sealed"),
        spaces=await visit.choices(),
        error=error,
    )


def _details(sent: Posted) -> dict[str, Any]:
    told: dict[str, Any] = {name: sent.text(name) for name in ("reason", "legal_basis")}
    given = {name: value for name, value in told.items() if value}
    return given | ({"sealed": True} if sent.told("sealed") else {})


def _record(target: ForgetTarget) -> str:
    """A reading as the form that confirms it holds it."""
    return TargetView.of_reading(target).model_dump_json()


def _read(line: str) -> dict[str, Any]:
    """The record that a form holds; raises `ServerError` (400) for none."""
    try:
        record = TargetRecord.model_validate(json.loads(line))
    except (ValueError, RecursionError):
        raise ServerError(400, "the form holds no reading: send the request again") from None
    return record.model_dump(exclude_none=True)
