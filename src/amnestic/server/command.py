"""`amnestic serve`: the server from the command line."""

from __future__ import annotations

import gc
import os
import signal
import socket
from collections.abc import Callable
from contextlib import ExitStack, closing
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnestic.config_file import CONFIG
from amnestic.extras import require
from amnestic.server.counting import shared_counters
from amnestic.server.history_place import private_place
from amnestic.server.key_files import key_in, keys_in, warn_of_shown
from amnestic.server.sockets import listening_sockets
from amnestic.server.supervising import Supervisor, leave, leaving

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia
    from amnestic.server.seats import Seat
    from amnestic.server.settings import ServerSettings

__all__ = ["run", "serve"]


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
        str | None, typer.Option(metavar="PLACE", help="The registry: a file, or a PostgreSQL URL.")
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(help="Processes that serve [1; with --upstream one a processor]."),
    ] = None,
    caller_key: Annotated[
        list[str] | None,
        typer.Option(
            metavar="KEY",
            help="A key that callers may show; other users can read it in the list of processes.",
        ),
    ] = None,
    caller_key_file: Annotated[
        Path | None,
        typer.Option(metavar="PATH", help="A file of keys that callers may show, one a line."),
    ] = None,
    admin_token_file: Annotated[
        Path | None, typer.Option(metavar="PATH", help="A file that holds the admin token.")
    ] = None,
    upstream_key_file: Annotated[
        Path | None, typer.Option(metavar="PATH", help="A file that holds the upstream's key.")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of settings (AMNESTIC_CONFIG).")
    ] = None,
) -> None:
    """Serve an OpenAI-compatible API that has forgotten what it was told to forget.

    Keys come from files, or from the environment: AMNESTIC_UPSTREAM_KEY,
    AMNESTIC_SERVER_CALLER_KEYS, AMNESTIC_SERVER_ADMIN_TOKEN. A key on the command line can be read
    by every user of the machine.
    """
    from amnestic.server.settings import ServerSettings, check_keys

    require("server", "`amnestic serve`")
    from amnestic.server.console_settings import check_console
    from amnestic.server.forwarding import check_forwarded
    from amnestic.server.origins import check_origins

    if config is not None:
        os.environ[CONFIG] = str(config)
    warn_of_shown(upstream, caller_key)
    given: dict[str, Any] = {
        "upstream": upstream,
        "host": host,
        "port": port,
        "workers": workers,
        "caller_keys": _caller_keys(caller_key, caller_key_file),
        "admin_token": admin_token_file and key_in(admin_token_file, "--admin-token-file"),
        "upstream_key": upstream_key_file and key_in(upstream_key_file, "--upstream-key-file"),
    }
    settings = ServerSettings(**{name: value for name, value in given.items() if value is not None})
    check_keys(settings)
    _check_binding(settings, db)
    check_origins(settings)
    check_forwarded(settings)
    check_console(settings)
    run(lambda: _layer(model, settings, db), settings)


def _check_binding(settings: ServerSettings, db: str | None) -> None:
    """Refuse to bind beyond loopback where no caller needs a key; the registry is looked into where
    the settings name none."""
    from amnestic.config import Settings
    from amnestic.places import opening
    from amnestic.server.settings import check_binding, is_loopback
    from amnestic.tools.registry import Registry

    if is_loopback(settings.host) or settings.caller_keys or settings.namespace_keys:
        return
    values: dict[str, Any] = {} if db is None else {"db": db}
    with Registry.open(opening(Settings(**values).db)) as registry:
        check_binding(settings, registry.keys)


def _caller_keys(told: list[str] | None, file: Path | None) -> list[str] | None:
    if file is None:
        return told or None
    return [*(told or ()), *keys_in(file, "--caller-key-file")]


def run(make_layer: Callable[[], Amnesia], settings: ServerSettings) -> None:
    """Serve until told to stop; requests that are running then are finished first.

    `make_layer` is called once in each of `settings.processes` processes, before which nothing may
    have started a thread; what several have in common is loaded before they are forked. Raises
    `ConfigurationError` when the address cannot be bound, and `AmnesticError` when workers die at
    once again and again.
    """
    from amnestic.server.logs import set_up_logs, take_in_libraries
    from amnestic.server.settings import check_workers

    check_workers(settings)
    set_up_logs(settings.log)
    take_in_libraries()
    sockets = listening_sockets(settings)
    where = f"http://{settings.host}:{sockets[0].getsockname()[1]}"
    begun = partial(_begun, where, settings)
    if len(sockets) == 1:
        signal.signal(signal.SIGTERM, leave)
        _run_alone(make_layer, settings, sockets[0], begun)
        return
    from amnestic.server.handing_down import load_for_workers

    with shared_counters(), ExitStack() as shared:
        place = shared.enter_context(private_place())
        with leaving():
            load_for_workers()
        work = partial(_work, make_layer, settings, place)
        Supervisor(sockets, work, settings.shutdown_grace).run(begun)


def _begun(where: str, settings: ServerSettings) -> None:
    """Say where it serves, in the log where that is read by a program."""
    from amnestic.server.logs import said

    if settings.log == "json":
        said("serving", address=f"{where}/v1", processes=settings.processes)
    else:
        typer.echo(f"serving on {where}/v1 (docs at /docs)", err=True)


def _run_alone(
    make_layer: Callable[[], Amnesia],
    settings: ServerSettings,
    listening: socket.socket,
    begun: Callable[[], None],
) -> None:
    from amnestic.server.app import create_app
    from amnestic.server.serving import serve_alone
    from amnestic.server.telemetry import exporting

    with closing(listening), make_layer() as amnesia, exporting(amnesia.settings):
        begun()
        app = create_app(amnesia, settings)
        _settle(amnesia)
        serve_alone(app, settings, listening)


def _work(
    make_layer: Callable[[], Amnesia], settings: ServerSettings, place: Path, seat: Seat
) -> None:
    from amnestic.server.app import create_app
    from amnestic.server.serving import serve_among
    from amnestic.server.telemetry import exporting

    with make_layer() as amnesia, exporting(amnesia.settings):
        app = create_app(amnesia, settings, place)
        _settle(amnesia)
        serve_among(app, settings, seat)


def _settle(amnesia: Amnesia) -> None:
    """Load everything before the first request, and keep it out of the garbage collector's rounds:
    walking through what never goes away would hold all requests up."""
    from amnestic.tools.detection import Passage, shipped_attributor, shipped_verifier
    from amnestic.tools.protocols import Pair
    from amnestic.types import ForgetTarget

    _ = amnesia.parts
    shipped_verifier().logits([Pair("nobody", "nothing")])
    nobody = ForgetTarget(id="nobody", subject="nobody")
    shipped_attributor().read([Passage("nothing", "", nobody, ())])
    gc.collect()
    gc.freeze()


_CALLERS_CANNOT_TELL = MappingProxyType({"direct": "ask", "abstention": "counterfactual"})
"""Settings of a server that is not told otherwise: its callers are not the operator, and shall not
tell from time, tokens or words who is on the list."""


def _layer(model: str | None, settings: ServerSettings, db: str | None) -> Amnesia:
    """The layer behind the server. With an upstream and no model of its own, nothing is elicited
    about new targets: which of the upstream's models to ask is not known."""
    from amnestic.amnesia import Amnesia
    from amnestic.config import Settings
    from amnestic.models.fixed import FixedBackend
    from amnestic.types import Draft, Generation

    values: dict[str, Any] = {} if db is None else {"db": db}
    told = Settings(**values).model_fields_set
    for name, value in _CALLERS_CANNOT_TELL.items():
        if name not in told:
            values[name] = value
    if settings.upstream is None:
        return Amnesia(model, **values)
    if model is None or model == "embedded":
        nobody = FixedBackend(Generation((Draft(text="I don't know."),)))
        return Amnesia(nobody, elicit=False, **values)
    if settings.upstream_key is not None:
        values["api_key"] = settings.upstream_key
    return Amnesia(model, base_url=settings.upstream, **values)
