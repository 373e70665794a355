"""The commands."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from amnestic import __version__
from amnestic.cli import common
from amnestic.cli.access import app as access
from amnestic.cli.backup import backup
from amnestic.cli.common import AgentModel, BaseUrl, Db, Json, Model, Namespace
from amnestic.cli.ending import restore, revoke
from amnestic.cli.evaluate import evaluate
from amnestic.cli.forget import forget
from amnestic.cli.keys import app as keys
from amnestic.cli.report import report
from amnestic.cli.scrub import ScrubCommand, scrub
from amnestic.cli.sweep import sweep
from amnestic.cli.targets import app as targets
from amnestic.cli.targets import trail
from amnestic.cli.verify import verify
from amnestic.config_file import CONFIG
from amnestic.server.command import serve

__all__ = ["app"]

app = typer.Typer(
    help="A chat model answers as if it had never learned what it was asked to forget.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
app.command()(serve)
app.command()(forget)
app.command()(revoke)
app.command()(restore)
app.add_typer(targets, name="targets")
app.add_typer(keys, name="key")
app.add_typer(access, name="keys")
app.command()(trail)
app.command()(backup)
app.command()(verify)
app.command("eval")(evaluate)
app.command()(report)
app.command(cls=ScrubCommand)(scrub)
app.command()(sweep)


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"amnestic {__version__}")
        raise typer.Exit


@app.callback()
def before(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and exit."
        ),
    ] = False,
    config: Annotated[
        Path | None, typer.Option(metavar="FILE", help="A file of settings (AMNESTIC_CONFIG).")
    ] = None,
) -> None:
    import amnestic.server.settings  # noqa: F401 - its variables are known to every command

    if config is not None:
        os.environ[CONFIG] = str(config)


@app.command()
def demo(model: Model = None, as_json: Json = False) -> None:
    """Ask a model without and with the layer; exit 1 if anything leaked or was lost.

    Without --model it is the embedded model and its made-up world; any other is asked what it knows
    of well-known people, works and places, and forgets some of them.
    """
    from amnestic.cli.demo import show_demo

    raise typer.Exit(show_demo(model or "embedded", as_json=as_json))


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="What to ask.")],
    model: Model = None,
    agent_model: AgentModel = None,
    db: Db = None,
    base_url: BaseUrl = None,
    namespace: Namespace = None,
    trace: Annotated[bool, typer.Option("--trace", help="Show what happened, too.")] = False,
    as_json: Json = False,
) -> None:
    """Ask one question."""
    with common.opened(
        model=model, agent_model=agent_model, db=db, base_url=base_url, namespace=namespace
    ) as amnesia:
        with common.working("thinking"):
            reply = amnesia.chat(question)
        if as_json:
            common.emit({"text": reply.text, "receipt": reply.receipt.model_dump(mode="json")})
            return
        typer.echo(reply.text)
        if trace:
            from amnestic.cli.chat import receipt_lines

            for line in receipt_lines(reply.receipt):
                typer.echo(line, err=True)


@app.command()
def chat(
    model: Model = None,
    agent_model: AgentModel = None,
    db: Db = None,
    base_url: BaseUrl = None,
    namespace: Namespace = None,
) -> None:
    """Talk; /forget, /revoke, /targets and /trace work in between."""
    from amnestic.cli.chat import converse

    with common.opened(
        model=model, agent_model=agent_model, db=db, base_url=base_url, namespace=namespace
    ) as amnesia:
        converse(amnesia, elicit=common.names_model(model))


@app.command()
def explain(
    text: Annotated[str, typer.Argument(help="A question; with --answer, the one answered.")],
    answer: Annotated[
        str | None, typer.Option(help="An answer to judge in the question's place.")
    ] = None,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Show which targets a text is near to, and the evidence; calls no model."""
    from amnestic.cli.explain import explanations, show_explanations

    with common.administered(db=db, namespace=namespace) as amnesia:
        with common.working("reading"):
            rows = explanations(amnesia, text, answer)
        show_explanations(rows, as_json=as_json)


@app.command()
def usage(
    db: Db = None,
    days: Annotated[
        int | None, typer.Option(min=1, help="Only the last days, today included.")
    ] = None,
    as_json: Json = False,
) -> None:
    """What the agents' models have cost: calls and tokens, by day."""
    from amnestic.cli.usage import show_usage

    show_usage(db=db, days=days, as_json=as_json)


@app.command()
def doctor(
    model: Model = None, db: Db = None, base_url: BaseUrl = None, as_json: Json = False
) -> None:
    """Say which model, embedder, database and versions are in use, and check each."""
    from amnestic.cli.doctor import examine, show

    checks = examine(model=model, db=db, base_url=base_url)
    show(checks, as_json=as_json)
    raise typer.Exit(0 if all(check.ok for check in checks) else 1)
