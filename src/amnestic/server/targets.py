"""Forget targets over HTTP, for the admin alone: create from plain words, list, get, revoke."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from amnestic.server.bodies import read_object
from amnestic.server.checks import json_body, read_model
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError
from amnestic.server.service import Service
from amnestic.tools.offload import offload
from amnestic.types import ForgetTarget, TargetKind, TargetStatus

__all__ = ["TargetList", "TargetRequest", "TargetView", "target_routes"]


class TargetRequest(BaseModel):
    """A forget request in plain words."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=100_000)
    requester: str = Field(default="admin", min_length=1, max_length=200)


class TargetView(BaseModel):
    """One target, as the admin sees it."""

    id: str
    subject: str
    kind: TargetKind
    description: str
    aliases: tuple[str, ...]
    facts: tuple[str, ...]
    exceptions: tuple[str, ...]
    status: TargetStatus
    namespace: str
    requester: str
    created: datetime
    expires: datetime | None

    @classmethod
    def of(cls, target: ForgetTarget) -> TargetView:
        """The view of a target."""
        return cls(**{name: getattr(target, name) for name in cls.model_fields})


class TargetList(BaseModel):
    """Targets, oldest first."""

    data: list[TargetView]


def target_routes(service: Service) -> APIRouter:
    """`/v1/targets`."""
    routes = APIRouter(prefix="/v1/targets", tags=["targets"], responses=ERRORS)
    amnesia, keys = service.amnesia, service.keys

    async def read_request(request: Request) -> TargetRequest:
        keys.check_admin(request)
        body = read_object(await request.body(), service.settings.max_messages)
        return read_model(TargetRequest, body)

    @routes.post(
        "",
        summary="Forget, from plain words",
        status_code=201,
        response_model=TargetView,
        openapi_extra={"requestBody": json_body(TargetRequest)},
    )
    async def create(request: Request) -> TargetView:
        asked = await read_request(request)
        return TargetView.of(await amnesia.aforget(asked.text, requester=asked.requester))

    @routes.post(
        ":all",
        summary="Forget everything that a text names",
        status_code=201,
        response_model=TargetList,
        openapi_extra={"requestBody": json_body(TargetRequest)},
    )
    async def create_all(request: Request) -> TargetList:
        asked = await read_request(request)
        found = await amnesia.aforget_all(asked.text, requester=asked.requester)
        return TargetList(data=[TargetView.of(target) for target in found])

    @routes.get("", summary="The targets", response_model=TargetList)
    async def listed(request: Request) -> TargetList:
        keys.check_admin(request)
        status = _status(request.query_params.get("status", "active"))
        found = await offload(lambda: amnesia.targets(status=status))
        return TargetList(data=[TargetView.of(target) for target in found])

    @routes.get("/{target_id}", summary="One target", response_model=TargetView)
    async def get(request: Request, target_id: str) -> TargetView:
        keys.check_admin(request)
        return TargetView.of(await offload(amnesia.registry.get, target_id))

    @routes.delete("/{target_id}", summary="Take a target back", response_model=TargetView)
    async def revoke(request: Request, target_id: str) -> TargetView:
        keys.check_admin(request)
        return TargetView.of(await amnesia.arevoke(target_id, actor="admin"))

    return routes


def _status(name: str) -> TargetStatus | None:
    known: dict[str, Any] = {**{s.value: s for s in TargetStatus}, "all": None}
    if name not in known:
        raise ServerError(400, f"'status' must be one of {', '.join(known)}")
    status: TargetStatus | None = known[name]
    return status
