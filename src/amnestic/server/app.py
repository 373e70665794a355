"""The OpenAI-compatible server in front of a chat model that forgets."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import amnestic
from amnestic.extras import require

try:
    from fastapi import APIRouter, FastAPI
    from starlette.middleware.cors import CORSMiddleware
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from amnestic.server.access import Admission, Keys, with_limits
    from amnestic.server.checks import check_routes
    from amnestic.server.console import ConsoleErrors, Desk, console_routes
    from amnestic.server.console_settings import check_console
    from amnestic.server.doors import door_routes
    from amnestic.server.errors import add_error_handlers, error_response, note_failure, unforeseen
    from amnestic.server.following import Following
    from amnestic.server.forms import ErrorShapes, form_routes
    from amnestic.server.forwarding import check_forwarded, with_request_id
    from amnestic.server.guardrail import guardrail_routes
    from amnestic.server.health import health_routes
    from amnestic.server.key_routes import key_routes
    from amnestic.server.limits import Limits
    from amnestic.server.logs import request_line, said
    from amnestic.server.metrics import Metrics
    from amnestic.server.ollama_models import model_routes
    from amnestic.server.origins import EXPOSED, METHODS, OwnPages, check_origins
    from amnestic.server.passing import passing_routes
    from amnestic.server.paths import Paths
    from amnestic.server.reference import (
        ADMIN,
        CALLER,
        CHECKER,
        GATEWAY,
        asking,
        reference_routes,
    )
    from amnestic.server.service import Service, opened_spaces
    from amnestic.server.settings import ServerSettings, check_binding, check_keys
    from amnestic.server.signers import Signers
    from amnestic.server.stored import stored_routes
    from amnestic.server.targets import target_routes
    from amnestic.server.telemetry import Traced
    from amnestic.tools.offload import offload
except ModuleNotFoundError:
    require("server", "the server")
    raise

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["create_app"]


def create_app(
    amnesia: Amnesia, settings: ServerSettings | None = None, history: Path | None = None
) -> FastAPI:
    """The server's ASGI application.

    Args:
        amnesia: the layer; its own model answers where the settings name no upstream. It stays the
            caller's to close.
        settings: everything else; default from the environment.
        history: a private folder that all processes of this server share, for what callers may
            refer to later and what the console shows; by default this process has one of its own.

    Raises `ConfigurationError` for settings that would let strangers in.

    >>> import tempfile
    >>> from pathlib import Path
    >>> from amnestic import Amnesia
    >>> from amnestic.testing import ScriptedBackend
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(ScriptedBackend("Hello."), db=Path(folder.name) / "r.db") as amnesia:
    ...     create_app(amnesia).title
    'Amnestic'
    >>> folder.cleanup()
    """
    settings = settings or ServerSettings()
    check_keys(settings)
    check_binding(settings, amnesia.registry.keys)
    check_origins(settings)
    check_forwarded(settings)
    check_console(settings)
    service = Service.of(amnesia, settings, history)
    desk = Desk.of(service, history) if settings.console else None

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await offload(lambda: _load(amnesia, service))  # before the first request, not by it
        beside = {
            asyncio.create_task(Following(amnesia, service.metrics).run()),
            asyncio.create_task(Signers(amnesia).run()),
        }
        try:
            yield
        finally:
            for task in beside:
                task.cancel()
            await asyncio.wait(beside)
            if desk is not None:
                desk.close()
            await service.aclose()

    app = FastAPI(
        title="Amnestic",
        version=amnestic.__version__,
        summary="An OpenAI-compatible API over a chat model that forgets on request.",
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,  # what FastAPI offers loads its scripts from another host
        redoc_url=None,
    )
    for routes, dependencies in _routes(service.keys):
        app.include_router(routes(service), dependencies=dependencies)
    app.include_router(reference_routes())
    add_error_handlers(app)
    others = {} if desk is None else {"others": desk.most_body}
    app.add_middleware(Limits, settings=settings, keys=service.keys, **others)
    app.add_middleware(OwnPages, settings=settings, keys=service.keys)
    app.add_middleware(Admission, keys=service.keys, allowance=service.allowance)
    app.add_middleware(_Counted, metrics=service.metrics, settings=settings)
    app.add_middleware(ErrorShapes)
    if desk is not None:
        app.include_router(console_routes(desk))
        app.add_middleware(ConsoleErrors)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=METHODS,
            allow_headers=["*"],
            expose_headers=EXPOSED,
        )
    app.add_middleware(Paths)
    if amnesia.settings.telemetry == "otel":
        app.add_middleware(Traced)
    return app


def _routes(keys: Keys) -> Iterator[tuple[Callable[[Service], APIRouter], list[Any]]]:
    """All routes, with the keys that they ask for."""
    calling = asking(CALLER, keys.has_callers)
    for routes in (door_routes, stored_routes, form_routes, model_routes, passing_routes):
        yield routes, calling
    yield check_routes, asking(CHECKER, keys.has_checkers)
    yield guardrail_routes, asking(GATEWAY, keys.has_gateways)
    for routes in (target_routes, key_routes):
        yield routes, asking(ADMIN, keys.has_admin)
    yield health_routes, []


def _load(amnesia: Amnesia, service: Service) -> None:
    parts = amnesia.parts
    parts.intake.load()
    parts.load_agents()
    for namespace in opened_spaces(amnesia, service.settings):
        parts.intake.resume(namespace)
    if service.upstream is None:
        parts.load()
    said(
        "ready",
        version=amnestic.__version__,
        pid=os.getpid(),
        registry=str(amnesia.settings.db),
        revision=amnesia.registry.revision(),
        upstream=service.upstream is not None,
    )


class _Counted:
    """Counts requests by endpoint and status; paths that are none of ours count as one. Gives each
    reply an id. What nobody foresaw ends here: the log says of what kind it was, and none of its
    text."""

    def __init__(self, app: ASGIApp, metrics: Metrics, settings: ServerSettings) -> None:
        self._app = app
        self._metrics = metrics
        self._settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve and count one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        started = False

        async def counted(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                line.endpoint = getattr(scope.get("route"), "path", None) or "other"
                line.status = message["status"]
                self._metrics.requests.labels(line.endpoint, str(line.status)).inc()
                told = with_request_id(message.get("headers", ()), self._settings)
                headers = with_limits(scope, told)
                line.request_id = headers[-1][1].decode("ascii", "replace")
                message["headers"] = headers
            await send(message)

        try:
            with request_line() as line, self._metrics.running.track_inprogress():
                try:
                    await self._app(scope, receive, counted)
                except Exception as error:  # noqa: BLE001 - a traceback would show texts in the log
                    note_failure(error)
                    if not started:
                        await error_response(unforeseen())(scope, receive, counted)
        finally:
            self._metrics.served(line)
