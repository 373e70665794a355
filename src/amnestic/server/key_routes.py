"""Keys over HTTP, for admins of all namespaces: make, look at, list, rotate, revoke."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from amnestic.server.access import Right, Standing
from amnestic.server.bodies import read_object
from amnestic.server.checks import json_body, read_model
from amnestic.server.documents import ERRORS, asked_with
from amnestic.server.errors import ServerError
from amnestic.server.logs import changed
from amnestic.server.service import Service
from amnestic.tools.offload import offload
from amnestic.tools.registry import AccessKey, KeyGrant
from amnestic.types.roles import Role

__all__ = ["KeyList", "KeyMade", "KeyRequest", "KeyView", "Rotation", "key_routes"]


_NOT_BLANK: Any = {"pattern": r"\S"}  # for the description: the registry says it better
_Space = Annotated[str, Field(json_schema_extra=_NOT_BLANK)]


class KeyRequest(BaseModel):
    """What a new key shall open: `namespaces` are those that it opens, else a caller is in the
    layer's own and anybody else in all; limits are for callers."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200, json_schema_extra=_NOT_BLANK)
    role: Role = Role.CALLER
    namespaces: list[_Space] | None = Field(default=None, min_length=1, max_length=1_000)
    requests_per_minute: int | None = Field(default=None, ge=1, strict=True)
    tokens_per_minute: int | None = Field(default=None, ge=1, strict=True)
    expires: datetime | None = None

    def grant(self) -> KeyGrant:
        """The same, as the registry takes it. Raises `InvalidRequestError`."""
        return KeyGrant(
            name=self.name,
            role=self.role,
            namespaces=None if self.namespaces is None else tuple(self.namespaces),
            requests=self.requests_per_minute,
            tokens=self.tokens_per_minute,
            expires=self.expires,
        )


class Rotation(BaseModel):
    """How many seconds the former key goes on opening."""

    model_config = ConfigDict(extra="forbid")

    grace: float = Field(default=0.0, ge=0, le=2_592_000, strict=True)


class KeyView(BaseModel):
    """A key without its secret; `state` is `active`, `expired` or `revoked`."""

    id: str
    name: str
    role: Role
    namespaces: list[str] | None
    requests_per_minute: int | None
    tokens_per_minute: int | None
    made_at: datetime
    made_by: str
    rotated_at: datetime | None
    expires: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    state: str

    @classmethod
    def of(cls, key: AccessKey) -> KeyView:
        """The view of a key."""
        return cls.model_validate(key.as_dict())


class KeyMade(KeyView):
    """A key that was just made or rotated, with itself: it is shown this once."""

    key: str


class KeyList(BaseModel):
    """Keys, oldest first, those that have ended too."""

    data: list[KeyView]


def key_routes(service: Service) -> APIRouter:
    """`/v1/keys`."""
    routes = APIRouter(prefix="/v1/keys", tags=["keys"], responses=ERRORS)
    held = service.amnesia.registry.keys

    def admin(request: Request) -> Standing:
        who = service.keys.check(request, Right.MANAGE)
        if who.spaces is not None:
            raise ServerError(
                403, "keys are for an admin of all namespaces, and this key opens some"
            )
        return who

    async def read(request: Request) -> dict[str, Any]:
        return read_object(await request.body() or b"{}", service.settings.max_messages)

    @routes.post(
        "",
        summary="Make a key; it is shown in this answer and never again",
        status_code=201,
        response_model=KeyMade,
        openapi_extra={"requestBody": json_body(KeyRequest)},
    )
    async def create(request: Request, response: Response) -> KeyMade:
        who = admin(request)
        response.headers["cache-control"] = "no-store"
        grant = read_model(KeyRequest, await read(request)).grant()
        return _made("create", *await offload(held.create, grant, actor=who.name))

    @routes.get("", summary="The keys, none of them itself", response_model=KeyList)
    async def listed(request: Request) -> KeyList:
        admin(request)
        return KeyList(data=[KeyView.of(key) for key in await offload(held.all)])

    @routes.get("/{key_id}", summary="One key", response_model=KeyView)
    async def get(request: Request, key_id: str) -> KeyView:
        admin(request)
        return KeyView.of(await offload(held.get, key_id))

    @routes.post(
        "/{key_id}:rotate",
        summary="Put a new key in the place of one, with the same id and rights",
        response_model=KeyMade,
        openapi_extra={"requestBody": json_body(Rotation)},
    )
    async def rotate(request: Request, response: Response, key_id: str) -> KeyMade:
        who = admin(request)
        response.headers["cache-control"] = "no-store"
        grace = read_model(Rotation, await read(request)).grace
        made = await offload(held.rotate, key_id, actor=who.name, grace=grace)
        return _made("rotate", *made)

    @routes.delete(
        "/{key_id}",
        summary="End a key",
        response_model=KeyView,
        openapi_extra=asked_with("why"),
    )
    async def revoke(request: Request, key_id: str) -> KeyView:
        who, why = admin(request), request.query_params.get("why", "")
        ended = await offload(held.revoke, key_id, actor=who.name, reason=why)
        changed("key", "revoke", ended.id)
        return KeyView.of(ended)

    @routes.get("/{key_id}/trail", summary="Who did what to a key, and when")
    async def trail(request: Request, key_id: str) -> dict[str, Any]:
        admin(request)
        key = await offload(held.get, key_id)
        return {"data": [line.as_dict() for line in await offload(held.trail, key.id)]}

    return routes


def _made(action: str, key: AccessKey, shown: str) -> KeyMade:
    changed("key", action, key.id)
    return KeyMade.model_validate({**key.as_dict(), "key": shown})
