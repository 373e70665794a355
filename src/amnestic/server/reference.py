"""`/docs`: the API's description to read and to try out, with nothing from other hosts."""

from __future__ import annotations

from functools import cache
from importlib import resources
from typing import Any

from fastapi import APIRouter, HTTPException, Security
from fastapi.security import HTTPBearer
from starlette.responses import HTMLResponse, Response

from amnestic.server.access import Role

__all__ = ["ADMIN", "CALLER", "CHECKER", "GATEWAY", "asking", "reference_routes"]

_ROLES = ", ".join(role for role in Role if role is not Role.CALLER)

CALLER = HTTPBearer(
    scheme_name="callerKey",
    description="A key of AMNESTIC_SERVER_CALLER_KEYS or AMNESTIC_SERVER_NAMESPACE_KEYS.",
    auto_error=False,  # the routes themselves check it, and tell errors in OpenAI's shape
)
CHECKER = HTTPBearer(
    scheme_name="checkKey",
    description="A key of AMNESTIC_SERVER_CHECK_KEYS, or the admin token.",
    auto_error=False,
)
GATEWAY = HTTPBearer(
    scheme_name="gatewayKey",
    description="A key of AMNESTIC_SERVER_GATEWAY_KEYS.",
    auto_error=False,
)
ADMIN = HTTPBearer(
    scheme_name="adminToken",
    description=f"The token of AMNESTIC_SERVER_ADMIN_TOKEN, or a key with a role: {_ROLES}.",
    auto_error=False,
)

_PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Amnestic</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""
_START = """window.ui = SwaggerUIBundle({
  url: "openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  validatorUrl: null,
});
"""
_FROM_HERE_ALONE = (
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; "
    "frame-ancestors 'none'"
)
_KINDS = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}


def asking(scheme: HTTPBearer, asked: bool) -> list[Any]:
    """The dependencies of routes that ask for a key, if they do: so that the description says so,
    and the page's Authorize button sends it."""
    return [Security(scheme)] if asked else []


def reference_routes() -> APIRouter:
    """`/docs` and its files: Swagger UI, which is a part of the package."""
    routes = APIRouter(prefix="/docs", include_in_schema=False)

    @routes.get("")
    async def page() -> Response:
        return HTMLResponse(_PAGE, headers={"content-security-policy": _FROM_HERE_ALONE})

    @routes.get("/start.js")
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    @routes.get("/{name}")
    async def file(name: str) -> Response:
        if name not in _KINDS:
            raise HTTPException(404)
        kept = {"content-encoding": "gzip", "cache-control": "max-age=86400"}
        return Response(_packed(name), headers=kept, media_type=_KINDS[name])

    return routes


@cache
def _packed(name: str) -> bytes:
    return resources.files("amnestic.server").joinpath("swagger_ui", f"{name}.gz").read_bytes()
