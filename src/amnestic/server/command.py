"""`amnestic serve`: the server from the command line."""

from __future__ import annotations

import gc
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from amnestic.exceptions import ConfigurationError
from amnestic.extras import require
from amnestic.server.counting import shared_counters
from amnestic.server.history_place import private_place

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.server.settings import ServerSettings

__all__ = ["run", "serve"]

_QUIET = ("httpx", "httpx2", "httpcore", "httpcore2", "openai")


def serve(
    upstream: Annotated[
        str | None,
        typer.Option(help="Base URL of the OpenAI-compatible API behind, with /v1."),
    ] = None,
    model: Annotated[
        str | None,
        typer.Option(
            help="The layer's own model: embedded, hf:<path or repo>, gguf:<path>, openai:<name>."
        ),
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to bind [127.0.0.1].")] = None,
    port: Annotated[int | None, typer.Option(help="Port to bind [8080].")] = None,
    db: Annotated[
        str | None, typer.Option(metavar="PATH", help="The registry's database file.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes that serve [1; with --upstream one a processor]."),
    ] = None,
    caller_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY", help="A key that callers may show; better AMNESTIC_SERVER_CALLER_KEYS."
        ),
    ] = None,
) -> None:
    """Serve an OpenAI-compatible API that has forgotten what it was told to forget.

    Keys come from the environment: AMNESTIC_UPSTREAM_KEY, AMNESTIC_SERVER_CALLER_KEYS,
    AMNESTIC_SERVER_ADMIN_TOKEN.
    """
    from amnestic.server.settings import ServerSettings, check_binding, check_keys

    require("server", "`amnestic serve`")
    from amnestic.server.forwarding import check_forwarded
    from amnestic.server.origins import check_origins

    given: dict[str, Any] = {
        "upstream": upstream,
        "host": host,
        "port": port,
        "workers": workers,
        "caller_keys": caller_key,
    }
    settings = ServerSettings(**{name: value for name, value in given.items() if value is not None})
    check_keys(settings)
    check_binding(settings)
    check_origins(settings)
    check_forwarded(settings)
    run(lambda: _layer(model, settings, db), settings)


def run(make_layer: Callable[[], Amnesia], settings: ServerSettings) -> None:
    """Serve until told to stop; requests that are running then are finished first.

    `make_layer` is called once in each of `settings.processes` processes, before which nothing may
    have started a thread. Raises `ConfigurationError` when the address cannot be bound.
    """
    with shared_counters(settings.processes), ExitStack() as shared:
        several = settings.processes > 1 and settings.stored_responses > 0
        _run(make_layer, settings, shared.enter_context(private_place()) if several else None)


def _run(make_layer: Callable[[], Amnesia], settings: ServerSettings, history: Path | None) -> None:
    signal.signal(signal.SIGTERM, _leave)
    listening, *others = _listening(settings)
    port = listening.getsockname()[1]
    alive, held = os.pipe()  # held open by this process alone: its end is the workers' end
    children = [_forked(make_layer, settings, own, (alive, held), history) for own in others]
    try:
        with make_layer() as amnesia:
            typer.echo(f"serving on http://{settings.host}:{port}/v1 (docs at /docs)", err=True)
            _serve_on(listening, amnesia, settings, history)
    finally:
        for child in children:
            _stop(child)


def _leave(*signalled: object) -> NoReturn:
    """uvicorn tells on a signal that stopped it; what was opened is closed on the way out."""
    raise SystemExit(0)


def _forked(
    make_layer: Callable[[], Amnesia],
    settings: ServerSettings,
    listening: socket.socket,
    pipe: tuple[int, int],
    history: Path | None,
) -> int:
    child = os.fork()
    if child == 0:
        try:
            os.close(pipe[1])
            threading.Thread(target=_follow, args=(pipe[0],), daemon=True).start()
            with make_layer() as amnesia:
                _serve_on(listening, amnesia, settings, history)
        finally:
            os._exit(0)
    listening.close()
    return child


def _follow(alive: int) -> None:
    """Stop when the process that started this one is gone, however it went."""
    os.read(alive, 1)
    os.kill(os.getpid(), signal.SIGTERM)


def _stop(child: int) -> None:
    try:
        os.kill(child, signal.SIGTERM)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass  # it has stopped already


def _serve_on(
    listening: socket.socket, amnesia: Amnesia, settings: ServerSettings, history: Path | None
) -> None:
    import uvicorn

    from amnestic.server.app import create_app
    from amnestic.server.connections import HEAD_BYTES, headers_within

    for name in _QUIET:  # request lines of the HTTP library would tell which calls were made
        logging.getLogger(name).setLevel(logging.WARNING)
    config = uvicorn.Config(
        create_app(amnesia, settings, history),
        http=headers_within(settings.header_timeout),
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_grace,
        h11_max_incomplete_event_size=HEAD_BYTES,
    )
    _settle(amnesia)
    uvicorn.Server(config).run(sockets=[listening])


def _settle(amnesia: Amnesia) -> None:
    """Load everything before the first request, and keep it out of the garbage collector's rounds:
    walking through what never goes away would hold all requests up."""
    from amnestic.tools.detection import shipped_verifier
    from amnestic.tools.protocols import Pair

    _ = amnesia.parts
    shipped_verifier().logits([Pair("nobody", "nothing")])
    gc.collect()
    gc.freeze()


def _layer(model: str | None, settings: ServerSettings, db: str | None) -> Amnesia:
    """The layer behind the server. With an upstream and no model of its own, nothing is elicited
    about new targets: which of the upstream's models to ask is not known."""
    from amnestic.amnesia import Amnesia
    from amnestic.models.fixed import FixedBackend
    from amnestic.types import Draft, Generation

    values: dict[str, Any] = {} if db is None else {"db": db}
    if not os.environ.get("AMNESTIC_DIRECT"):
        values["direct"] = "ask"  # callers here are not the operator: they shall not tell
    if settings.upstream is None:
        return Amnesia(model, **values)
    if model is None or model == "embedded":
        nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
        return Amnesia(nobody, elicit=False, **values)
    if settings.upstream_key is not None:
        values["api_key"] = settings.upstream_key
    return Amnesia(model, base_url=settings.upstream, **values)


def _listening(settings: ServerSettings) -> list[socket.socket]:
    """A socket of its own for each worker, so that the system shares callers out among them. The
    first takes the port for itself, as no other server's socket could beside it, and lets in only
    those that follow."""
    first = _bind(settings, settings.port, shared=False)
    if settings.processes == 1:
        return [first]
    first.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    port = first.getsockname()[1]
    return [first, *(_bind(settings, port, shared=True) for _ in range(settings.processes - 1))]


def _bind(settings: ServerSettings, port: int, *, shared: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    if os.name == "posix":  # elsewhere it would let two servers have the port
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if shared:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listening.bind((settings.host, port))
        listening.listen(2_048)
    except OSError as error:
        listening.close()
        raise ConfigurationError(
            f"cannot bind {settings.host}:{settings.port}: {error.strerror or 'no such address'}; "
            "choose another --host or --port"
        ) from None
    return listening
