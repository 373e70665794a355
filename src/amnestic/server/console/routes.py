"""The addresses of the console, and what all of them have in common."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import APIRouter, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from amnestic.exceptions import (
    AmnesticError,
    KeyNotFoundError,
    KeyStateError,
    RegistryError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.integrations.openai import error_answer
from amnestic.server.access import Right
from amnestic.server.console import (
    activity,
    bench,
    changing,
    gates,
    importing,
    keys,
    listing,
    proofs,
    requesting,
    trail,
)
from amnestic.server.console.people import KEY, PROXY
from amnestic.server.console.visits import COOKIE, Desk, Visit
from amnestic.server.errors import ServerError, note_failure
from amnestic.tools.offload import offload

__all__ = ["console_routes"]

Handler = Callable[[Visit], Awaitable[Response]]

_OPEN: tuple[tuple[str, str, Handler], ...] = (
    ("GET", "/login", gates.login),
    ("POST", "/login", gates.log_in),
    ("POST", "/logout", gates.log_out),
    ("GET", "/language/{code}", gates.language),
    ("GET", "/static/{name}", gates.static),
    ("GET", "/", gates.without_slash),
    ("GET", "/{page:path}/", gates.without_slash),
)
_CLOSED: tuple[tuple[str, str, Right, Handler], ...] = (
    ("GET", "", Right.SEE, listing.targets),
    ("GET", "/request", Right.CHANGE, requesting.form),
    ("POST", "/request", Right.CHANGE, requesting.preview),
    ("POST", "/request/confirm", Right.CHANGE, requesting.confirm),
    ("GET", "/import", Right.CHANGE, importing.form),
    ("POST", "/import", Right.CHANGE, importing.bring_in),
    ("GET", "/work/{job_id}", Right.SEE, importing.work),
    ("GET", "/work/{job_id}/latest", Right.SEE, importing.work),
    ("GET", "/work/{job_id}/{name}", Right.SEE, proofs.download),
    ("GET", "/targets/{target_id}", Right.SEE, listing.target),
    ("POST", "/targets/{target_id}/edit", Right.CHANGE, changing.edit),
    ("POST", "/targets/{target_id}/revoke", Right.CHANGE, changing.revoke),
    ("POST", "/targets/{target_id}/restore", Right.CHANGE, changing.restore),
    ("POST", "/targets/{target_id}/elicit", Right.CHANGE, changing.elicit),
    ("POST", "/targets/{target_id}/purge", Right.MANAGE, changing.purge),
    ("POST", "/targets/{target_id}/verify", Right.CHANGE, proofs.verify),
    ("GET", "/trail", Right.SEE, trail.lines),
    ("POST", "/trail/check", Right.SEE, trail.check),
    ("GET", "/activity", Right.SEE, activity.shown),
    ("GET", "/activity/latest", Right.SEE, activity.shown),
    ("GET", "/bench", Right.CHANGE, bench.form),
    ("POST", "/bench", Right.CHANGE, bench.ask),
    ("GET", "/keys", Right.MANAGE, keys.shown),
    ("POST", "/keys", Right.MANAGE, keys.create),
    ("POST", "/keys/{key_id}/rotate", Right.MANAGE, keys.rotate),
    ("POST", "/keys/{key_id}/revoke", Right.MANAGE, keys.revoke),
    ("GET", "/proof", Right.SEE, proofs.form),
    ("POST", "/proof", Right.SEE, proofs.check),
)


def console_routes(desk: Desk) -> APIRouter:
    """`/console` and everything below it; no part of the API's description."""
    routes = APIRouter(prefix="/console", include_in_schema=False)
    for method, path, handler in _OPEN:
        routes.add_api_route(path, _served(desk, None, handler), methods=[method])
    for method, path, right, closed in _CLOSED:
        routes.add_api_route(path, _served(desk, right, closed), methods=[method])
    return routes


def _served(
    desk: Desk, right: Right | None, handler: Handler
) -> Callable[..., Awaitable[Response]]:
    async def serve(request: Request) -> Response:
        visit = Visit(desk, request)
        try:
            await _enter(visit)
            if right is not None and visit.standing is None:
                return _to_login(visit)
            if right is not None and not visit.may(right):
                return visit.failed(403, "Your role does not allow this.", own=True)
            return await handler(visit)
        except ServerError as error:
            return visit.failed(error.status, str(error))
        except HTTPException as error:
            return visit.failed(error.status_code, str(error.detail))
        except AmnesticError as error:
            return _told(visit, error)

    return serve


async def _enter(visit: Visit) -> None:
    """Find out who visits: who has shown a key, else whom a proxy names."""
    desk, request = visit.desk, visit.request
    session = desk.sessions.read(request.cookies.get(COOKIE, ""))
    if session is not None and session.way and await offload(desk.sessions.is_over, session):
        session = None
    named = desk.people.told(request)
    if named and (session is None or (session.way != KEY and session.proof != named)):
        session = desk.sessions.begin(PROXY, named)
    if session is not None and session.way == PROXY and not named:
        session = None  # the proxy does not speak for them any more
    visit.standing = await offload(desk.people.of, session)
    kept = session or desk.sessions.begin()
    if kept.way and visit.standing is None:
        kept = desk.sessions.begin()  # their key was revoked, or their role taken
    polled = request.url.path.endswith("/latest")  # which the browser asks for by itself
    visit.session = kept if polled else desk.sessions.touched(kept)


def _to_login(visit: Visit) -> Response:
    if "hx-request" in visit.request.headers:
        return visit.dressed(Response(status_code=401, headers={"hx-redirect": "/console/login"}))
    if visit.request.method == "GET":
        return visit.moved(f"/console/login?next={visit.here()}")
    return gates.refused(visit, 401, "You are not logged in, or were idle for too long.")


def _told(visit: Visit, error: AmnesticError) -> Response:
    if isinstance(error, TargetNotFoundError | KeyNotFoundError):
        return visit.failed(404, str(error))
    if isinstance(error, TargetStateError | KeyStateError):
        return visit.failed(409, str(error))
    note_failure(error)
    status = 503 if isinstance(error, RegistryError) else error_answer(error).status
    return visit.failed(status, str(error))
