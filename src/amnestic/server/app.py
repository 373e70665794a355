"""The OpenAI-compatible server in front of a chat model that forgets."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

import amnestic
from amnestic.extras import require

try:
    from fastapi import FastAPI
    from starlette.types import ASGIApp, Message, Receive, Scope, Send
except ModuleNotFoundError:
    require("server", "the server")
    raise
from amnestic.server.checks import check_routes
from amnestic.server.doors import door_routes
from amnestic.server.errors import add_error_handlers, error_response, note_failure, unforeseen
from amnestic.server.health import health_routes
from amnestic.server.limits import Limits
from amnestic.server.metrics import Metrics
from amnestic.server.passing import passing_routes
from amnestic.server.reference import ADMIN, CALLER, CHECKER, asking, reference_routes
from amnestic.server.service import Service
from amnestic.server.settings import ServerSettings, check_binding, check_keys
from amnestic.server.targets import target_routes
from amnestic.tools.offload import offload

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["create_app"]


def create_app(amnesia: Amnesia, settings: ServerSettings | None = None) -> FastAPI:
    """The server's ASGI application.

    Args:
        amnesia: the layer; its own model answers where the settings name no upstream. It stays the
            caller's to close.
        settings: everything else; default from the environment.

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
    check_binding(settings)
    service = Service.of(amnesia, settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await offload(lambda: _load(amnesia, service))  # before the first request, not by it
        try:
            yield
        finally:
            if service.upstream is not None:
                await service.upstream.aclose()

    app = FastAPI(
        title="Amnestic",
        version=amnestic.__version__,
        summary="An OpenAI-compatible API over a chat model that forgets on request.",
        lifespan=lifespan,
        redirect_slashes=False,
        docs_url=None,  # what FastAPI offers loads its scripts from another host
        redoc_url=None,
    )
    keys = service.keys
    calling = asking(CALLER, keys.has_callers)
    app.include_router(door_routes(service), dependencies=calling)
    app.include_router(passing_routes(service), dependencies=calling)
    app.include_router(check_routes(service), dependencies=asking(CHECKER, keys.has_checkers))
    app.include_router(target_routes(service), dependencies=asking(ADMIN, keys.has_admin))
    app.include_router(health_routes(service))
    app.include_router(reference_routes())
    add_error_handlers(app)
    app.add_middleware(Limits, settings=settings)
    app.add_middleware(_Counted, metrics=service.metrics)
    return app


def _load(amnesia: Amnesia, service: Service) -> None:
    parts = amnesia.parts
    for namespace in service.settings.namespace_keys:
        parts.intake.resume(namespace)
    if service.upstream is None:
        parts.load()


class _Counted:
    """Counts requests by endpoint and status; paths that are none of ours count as one. Outermost,
    so what nobody foresaw ends here: the log says of what kind it was, and none of its text."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

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
                endpoint = getattr(scope.get("route"), "path", None) or "other"
                self._metrics.requests.labels(endpoint, str(message["status"])).inc()
            await send(message)

        with self._metrics.running.track_inprogress():
            try:
                await self._app(scope, receive, counted)
            except Exception as error:  # noqa: BLE001 - a traceback would show texts in the log
                note_failure(error)
                if not started:
                    await error_response(unforeseen())(scope, receive, counted)
