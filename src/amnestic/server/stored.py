"""What is kept of a caller's replies and conversations: looked at, and removed."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from amnestic.integrations.openai import Answer, Json, dumps
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError, answer_response
from amnestic.server.history import Marked
from amnestic.server.recalling import CONVERSATION, RESPONSE, Recall, gone
from amnestic.server.service import Service
from amnestic.server.standing import standing_item, standing_reply
from amnestic.tools.offload import offload

__all__ = ["stored_routes"]

_JSON = (("content-type", "application/json"),)
_BODY = {"content": {"application/json": {"schema": {"type": "object"}}}, "required": True}
_PAGE, _MOST_PAGE = 20, 100


def stored_routes(service: Service) -> APIRouter:
    """`/v1/responses/{id}` and `/v1/conversations`."""
    routes = APIRouter(prefix="/v1", tags=["OpenAI"], responses=ERRORS)

    async def found(request: Request, kind: str, kept_id: str) -> Any:
        return await offload(_recall(service, request).found, kind, kept_id)

    async def removed(request: Request, kind: str, kept_id: str) -> Response:
        recall = _recall(service, request)
        if not await offload(recall.history.forget, recall.owner, kind, kept_id):
            raise gone(kind, kept_id)
        what = kind if kind == RESPONSE else f"{kind}.deleted"
        return JSONResponse({"id": kept_id, "object": what, "deleted": True})

    async def listed(request: Request, kind: str, kept_id: str) -> Response:
        kept = await found(request, kind, kept_id)
        layer = service.layer(service.keys.check_caller(request))
        items = _with_ids(kept.given(), kept_id)
        page = _page([item for item, _ in items], request.query_params)
        shown = {id(item) for item in page["data"]}
        async with _in_time(service):
            standing = {
                id(item): await standing_item(layer, items, i)
                for i, (item, _) in enumerate(items)
                if id(item) in shown
            }
        data = [standing[id(item)] for item in page["data"]]
        return JSONResponse(page | {"data": [item for item in data if item is not None]})

    @routes.get("/responses/{response_id}", summary="A reply that is kept, reviewed again")
    async def response(request: Request, response_id: str) -> Response:
        kept = await found(request, RESPONSE, response_id)
        layer = service.layer(service.keys.check_caller(request))
        async with _in_time(service):
            told = await standing_reply(layer, kept.asked, kept.said, kept.since)
        return answer_response(Answer(200, _JSON, dumps(told)))

    @routes.delete("/responses/{response_id}", summary="Keep a reply no longer")
    async def remove(request: Request, response_id: str) -> Response:
        return await removed(request, RESPONSE, response_id)

    @routes.get("/responses/{response_id}/input_items", summary="What a kept reply was asked")
    async def input_items(request: Request, response_id: str) -> Response:
        return await listed(request, RESPONSE, response_id)

    @routes.post(
        "/conversations",
        summary="Begin a conversation that is kept",
        openapi_extra={"requestBody": _BODY},
    )
    async def begin(request: Request) -> Response:
        recall, body = _recall(service, request), await service.body(request)
        items = _given(body, service.settings.max_messages)
        made_id = f"conv_{secrets.token_hex(24)}"
        made: Json = {
            "id": made_id,
            "object": CONVERSATION,
            "created_at": int(time.time()),
            "metadata": body.get("metadata") or {},
        }
        await offload(
            recall.history.keep,
            recall.owner,
            CONVERSATION,
            made_id,
            {"input": items},
            made,
            items,
            [None] * len(items),
        )
        return JSONResponse(made)

    @routes.get("/conversations/{conversation_id}", summary="A conversation that is kept")
    async def conversation(request: Request, conversation_id: str) -> Response:
        return JSONResponse((await found(request, CONVERSATION, conversation_id)).said)

    @routes.delete("/conversations/{conversation_id}", summary="Keep a conversation no longer")
    async def end(request: Request, conversation_id: str) -> Response:
        return await removed(request, CONVERSATION, conversation_id)

    @routes.get("/conversations/{conversation_id}/items", summary="What a conversation holds")
    async def items(request: Request, conversation_id: str) -> Response:
        return await listed(request, CONVERSATION, conversation_id)

    @routes.post(
        "/conversations/{conversation_id}/items",
        summary="Add to a conversation",
        openapi_extra={"requestBody": _BODY},
    )
    async def add(request: Request, conversation_id: str) -> Response:
        recall, body = _recall(service, request), await service.body(request)
        await offload(recall.found, CONVERSATION, conversation_id)
        added = _given(body, service.settings.max_messages)
        more = [(item, None) for item in added]
        await offload(recall.history.add, recall.owner, CONVERSATION, conversation_id, more)
        items = [item for item, _ in _with_ids(more, conversation_id)]
        return JSONResponse(_page(items, {"order": "asc"}))

    return routes


def _recall(service: Service, request: Request) -> Recall:
    service.keys.check_caller(request)
    recall = service.recall(request)
    if recall is None:
        raise ServerError(501, "this server keeps no replies", code="no_door")
    return recall


def _given(body: Json, most: int) -> list[Any]:
    """The items that a caller gives a conversation."""
    items, metadata = body.get("items") or [], body.get("metadata") or {}
    if not isinstance(items, list) or not all(isinstance(item, dict) for item in items):
        raise ServerError(400, "'items' must be a list of objects")
    if len(items) > most:
        raise ServerError(400, f"'items' has over {most:,} entries; send fewer")
    if not isinstance(metadata, dict):
        raise ServerError(400, "'metadata' must be an object")
    return items


def _with_ids(items: Sequence[Marked], kept_id: str) -> list[Marked]:
    """Items as they are listed, each with an id."""
    return [
        ({"id": f"msg_{sha256(f'{kept_id} {i}'.encode()).hexdigest()[:48]}", **item}, mark)
        for i, (item, mark) in enumerate(items)
        if isinstance(item, dict)
    ]


@asynccontextmanager
async def _in_time(service: Service) -> AsyncIterator[None]:
    """As long as any answer may take."""
    try:
        async with asyncio.timeout(service.settings.request_timeout):
            yield
    except TimeoutError:
        raise ServerError(504, "the answer took too long", kind="upstream_error") from None


def _page(items: list[Any], asked: Mapping[str, str]) -> Json:
    """A part of a list, the newest first unless the caller wants it otherwise."""
    ordered = items if asked.get("order") == "asc" else items[::-1]
    ids = [item.get("id") for item in ordered]
    after = asked.get("after")
    start = ids.index(after) + 1 if after in ids else 0
    told = asked.get("limit", "")
    limit = int(told) if told.isascii() and told.isdigit() and len(told) < 5 else _PAGE
    shown = ordered[start : start + max(1, min(limit, _MOST_PAGE))]
    return {
        "object": "list",
        "data": shown,
        "first_id": shown[0].get("id") if shown else None,
        "last_id": shown[-1].get("id") if shown else None,
        "has_more": start + len(shown) < len(ordered),
    }
