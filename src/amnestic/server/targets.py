"""Forget targets over HTTP: look, create, list, change, revoke or purge, restore, each for the keys
that may."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel

from amnestic.agents.records import recorded
from amnestic.server.access import Right, Standing
from amnestic.server.bodies import read_object
from amnestic.server.checks import json_body, read_model
from amnestic.server.documents import ERRORS, asked_with
from amnestic.server.errors import ServerError
from amnestic.server.logs import changed
from amnestic.server.service import Service
from amnestic.server.target_bodies import (
    PreviewRequest,
    PreviewView,
    RecordList,
    TargetChange,
    TargetList,
    TargetRequest,
    TargetView,
    Why,
)
from amnestic.tools.offload import offload
from amnestic.types import ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["target_routes"]

B = TypeVar("B", bound=BaseModel)
_MOST = 1_000
_EXPIRED, _ALL = "expired", "all"


def target_routes(service: Service) -> APIRouter:
    """`/v1/targets`."""
    routes = APIRouter(prefix="/v1/targets", tags=["targets"], responses=ERRORS)
    keys = service.keys

    def entered(request: Request, right: Right) -> tuple[Standing, Amnesia]:
        """Who asks, and the layer in the namespace that they name; they
        must have a right, and be let into that namespace."""
        who = keys.check(request, right)
        return who, service.layer(who.space(request.query_params.get("namespace")))

    async def read(request: Request, model: type[B]) -> tuple[B, Standing, Amnesia]:
        who, here = entered(request, Right.CHANGE)
        body = await request.body()
        asked = read_model(model, read_object(body or b"{}", service.settings.max_messages))
        return asked, who, here

    @routes.post(
        "",
        summary="Forget, from plain words",
        status_code=201,
        response_model=TargetView,
        openapi_extra=_told(TargetRequest),
    )
    async def create(request: Request) -> TargetView:
        asked, who, here = await read(request, TargetRequest)
        found = await here.aforget(
            asked.text,
            requester=asked.requester or who.name,
            actor=who.name,
            elicit=asked.elicit,
            **asked.given(),
        )
        return _done("add", found)

    @routes.post(
        ":all",
        summary="Forget everything that a text names",
        status_code=201,
        response_model=TargetList,
        openapi_extra=_told(TargetRequest),
    )
    async def create_all(request: Request) -> TargetList:
        asked, who, here = await read(request, TargetRequest)
        found = await here.aforget_all(
            asked.text,
            requester=asked.requester or who.name,
            actor=who.name,
            elicit=asked.elicit,
            **asked.given(),
        )
        return _added(found)

    @routes.post(
        ":preview",
        summary="What a text would forget, and what that would match",
        response_model=PreviewView,
        openapi_extra=_told(PreviewRequest),
    )
    async def preview(request: Request) -> PreviewView:
        asked, who, here = await read(request, PreviewRequest)
        shown = await here.apreview(
            asked.text,
            against=asked.against,
            requester=asked.requester or who.name,
            elicit=asked.elicit,
            open_to=service.open_to(who),
            **asked.given(),
        )
        told = shown.model_dump(exclude={"targets", "namesakes"})
        targets = [TargetView.of_reading(target) for target in shown.targets]
        namesakes = [TargetView.of(target) for target in shown.namesakes]
        return PreviewView(data=targets, namesakes=namesakes, **told)

    @routes.post(
        ":add",
        summary="Put records in force, all or none",
        status_code=201,
        response_model=TargetList,
        openapi_extra=_told(RecordList),
    )
    async def add(request: Request) -> TargetList:
        asked, who, here = await read(request, RecordList)
        told = ({"requester": who.name} | one.model_dump(exclude_none=True) for one in asked.data)
        records = [recorded(one) for one in told]
        added = await here.aadd(*records, actor=who.name, reason=asked.why, elicit=asked.elicit)
        return _added(added)

    @routes.get(
        "",
        summary="The targets",
        response_model=TargetList,
        openapi_extra=asked_with("namespace", "status", "search", "offset", "limit"),
    )
    async def listed(request: Request) -> TargetList:
        _, here = entered(request, Right.SEE)
        asked = request.query_params
        state, search = _state(asked.get("status", "active")), asked.get("search", "")
        offset, limit = _whole(asked, "offset", 0), _whole(asked, "limit", _MOST)
        found = await offload(lambda: here.page(offset, limit, state=state, search=search))
        return _listed(found.targets, found.total)

    @routes.get(
        "/{target_id}",
        summary="One target",
        response_model=TargetView,
        openapi_extra=asked_with("namespace"),
    )
    async def get(request: Request, target_id: str) -> TargetView:
        _, here = entered(request, Right.SEE)
        return TargetView.of(await offload(here.find, target_id))

    @routes.patch(
        "/{target_id}",
        summary="Change a target",
        response_model=TargetView,
        openapi_extra=_told(TargetChange),
    )
    async def change(request: Request, target_id: str) -> TargetView:
        asked, who, here = await read(request, TargetChange)
        edited = await here.aedit(
            target_id, actor=who.name, why=asked.why, version=asked.version, **asked.given()
        )
        return _done("edit", edited)

    @routes.delete(
        "/{target_id}",
        summary="Take a target back; with `purge=true` delete it for good",
        response_model=TargetView,
        openapi_extra=asked_with("namespace", "purge", "why"),
    )
    async def revoke(request: Request, target_id: str) -> TargetView:
        asked = request.query_params
        purges = _flag(asked, "purge")
        who, here = entered(request, Right.MANAGE if purges else Right.CHANGE)
        end, did = (here.apurge, "purge") if purges else (here.arevoke, "revoke")
        return _done(did, await end(target_id, actor=who.name, reason=asked.get("why", "")))

    @routes.post(
        "/{target_id}:restore",
        summary="Put a revoked target in force again",
        response_model=TargetView,
        openapi_extra=_told(Why),
    )
    async def restore(request: Request, target_id: str) -> TargetView:
        asked, who, here = await read(request, Why)
        restored = await here.arestore(target_id, actor=who.name, reason=asked.why)
        return _done("restore", restored)

    @routes.post(
        "/{target_id}:elicit",
        summary="Ask the model once more what it knows of a target",
        response_model=TargetView,
        openapi_extra=asked_with("namespace"),
    )
    async def elicit(request: Request, target_id: str) -> TargetView:
        who, here = entered(request, Right.CHANGE)
        return _done("elicit", await here.aelicit(target_id, actor=who.name))

    @routes.get(
        "/{target_id}/trail",
        summary="Who did what to a target, when and why",
        openapi_extra=asked_with("namespace"),
    )
    async def trail(request: Request, target_id: str) -> dict[str, Any]:
        _, here = entered(request, Right.SEE)
        found = await offload(here.find, target_id)
        entries = await offload(service.amnesia.registry.trail, found.id)
        return {"data": [entry.masked().as_dict() for entry in entries]}

    return routes


def _told(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI description of a route that reads its body and its namespace itself."""
    return {"requestBody": json_body(model), **asked_with("namespace")}


def _done(action: str, target: ForgetTarget) -> TargetView:
    """What became of a target, which the log is told of."""
    changed("target", action, target.id)
    return TargetView.of(target)


def _added(targets: Sequence[ForgetTarget]) -> TargetList:
    changed("target", "add", *(target.id for target in targets))
    return _listed(targets)


def _listed(targets: Sequence[ForgetTarget], total: int | None = None) -> TargetList:
    views = [TargetView.of(target) for target in targets]
    return TargetList(data=views, total=len(views) if total is None else total)


def _whole(params: Mapping[str, str], name: str, default: int) -> int:
    told = params.get(name, str(default))
    if not (told.isascii() and told.isdigit() and len(told) < 9):
        raise ServerError(400, f"'{name}' must be a whole number, not negative")
    return int(told)


def _flag(params: Mapping[str, str], name: str) -> bool:
    told = params.get(name, "false")
    if told not in ("true", "false"):
        raise ServerError(400, f"'{name}' must be true or false")
    return told == "true"


def _state(name: str) -> str:
    """The state that targets are asked for by; empty for all."""
    known = (*TargetStatus, _EXPIRED, _ALL)
    if name not in known:
        raise ServerError(400, f"'status' must be one of {', '.join(known)}")
    return "" if name == _ALL else name
