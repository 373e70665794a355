"""Check-only: what some other system wants to say, back with a verdict and a clean text."""

from __future__ import annotations

from copy import deepcopy
from functools import cache
from typing import Annotated, Any, Literal, TypeVar

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from amnestic.server.access import Rate
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError
from amnestic.server.service import Service

__all__ = ["BatchRequest", "BatchResult", "CheckRequest", "CheckResult", "check_routes",
           "json_body", "read_model"]  # fmt: skip

_MOST = 100

M = TypeVar("M", bound=BaseModel)


class CheckRequest(BaseModel):
    """A conversation in OpenAI's shape (or one question), and the text to check."""

    model_config = ConfigDict(extra="forbid")

    messages: (
        Annotated[str, Field(min_length=1)] | Annotated[list[dict[str, Any]], Field(min_length=1)]
    )
    text: str


class CheckResult(BaseModel):
    """The verdict: `passed` when the text may go as it is, else `changed`; and what may go."""

    verdict: Literal["passed", "changed"]
    text: str


class BatchRequest(BaseModel):
    """Several checks, a hundred at most."""

    model_config = ConfigDict(extra="forbid")

    checks: list[CheckRequest] = Field(min_length=1, max_length=_MOST)


class BatchResult(BaseModel):
    """The verdicts, in the order of what was asked."""

    results: list[CheckResult]


def check_routes(service: Service) -> APIRouter:
    """`/v1/checks` and `/v1/checks:batch`."""
    routes = APIRouter(prefix="/v1", tags=["checks"])
    rate = Rate(service.settings.check_rate)

    @routes.post(
        "/checks",
        summary="Check a text that another system wrote",
        responses={**ERRORS, 200: {"model": CheckResult}},
        response_model=CheckResult,
        openapi_extra={"requestBody": json_body(CheckRequest)},
    )
    async def check(request: Request) -> CheckResult:
        key, namespace = service.keys.check_checker(request)
        rate.take(key)
        asked = read_model(CheckRequest, await service.object_in(request))
        return await _checked(service, namespace, asked)

    @routes.post(
        "/checks:batch",
        summary="Check several texts at once; each counts as a check",
        responses={**ERRORS, 200: {"model": BatchResult}},
        response_model=BatchResult,
        openapi_extra={"requestBody": json_body(BatchRequest)},
    )
    async def batch(request: Request) -> BatchResult:
        key, namespace = service.keys.check_checker(request)
        asked = read_model(BatchRequest, await service.object_in(request))
        rate.take(key, len(asked.checks))
        found = [await _checked(service, namespace, one) for one in asked.checks]
        return BatchResult(results=found)

    return routes


async def _checked(service: Service, namespace: str | None, asked: CheckRequest) -> CheckResult:
    reply = await service.layer(namespace).areview(asked.messages, asked.text)
    service.note(reply.receipt, namespace)
    verdict: Literal["passed", "changed"] = "passed" if reply.text == asked.text else "changed"
    return CheckResult(verdict=verdict, text=reply.text)


def json_body(model: type[BaseModel]) -> dict[str, Any]:
    """The OpenAPI description of a body that a route reads itself: one in which nothing must stand
    may be left out."""
    return deepcopy(_described(model))


@cache
def _described(model: type[BaseModel]) -> dict[str, Any]:
    schema = model.model_json_schema()
    whole = _inlined(schema, schema.pop("$defs", {}))
    needed = bool(whole.get("required"))
    return {"required": needed, "content": {"application/json": {"schema": whole}}}


def _inlined(schema: Any, definitions: dict[str, Any]) -> Any:
    """A schema with its definitions in place: a reference would be sought in the document."""
    if isinstance(schema, list):
        return [_inlined(part, definitions) for part in schema]
    if not isinstance(schema, dict):
        return schema
    if isinstance(name := schema.get("$ref"), str):
        rest = {key: part for key, part in schema.items() if key != "$ref"}
        return _inlined({**definitions[name.rpartition("/")[2]], **rest}, definitions)
    return {key: _inlined(part, definitions) for key, part in schema.items()}


def read_model(model: type[M], body: dict[str, Any]) -> M:
    """`body` as `model`; raises `ServerError` (400) that names the first wrong field."""
    try:
        return model.model_validate(body)
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        raise ServerError(400, f"{where}: {first['msg']}") from None
