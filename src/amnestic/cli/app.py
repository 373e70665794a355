"""The commands."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from amnestic import __version__
from amnestic.cli import common
from amnestic.cli.common import AgentModel, BaseUrl, Db, Json, Model, Namespace
from amnestic.extras import is_installed
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
) -> None:
    import amnestic.server.settings  # noqa: F401 - its variables are known to every command


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
        converse(amnesia)


@app.command()
def forget(
    request: Annotated[str, typer.Argument(help="What to forget, in plain words.")],
    model: Model = None,
    db: Db = None,
    base_url: BaseUrl = None,
    namespace: Namespace = None,
    elicit: Annotated[
        bool, typer.Option(help="Ask the model what it knows of the subject, and guard that too.")
    ] = True,
    as_json: Json = False,
) -> None:
    """Forget something, from the next request on."""
    named = model or os.environ.get("AMNESTIC_MODEL")
    if elicit and not named and not is_installed("local"):
        typer.echo("no model is named, so none is asked what it knows of this", err=True)
        elicit = False
    opening = (
        common.opened(model=model, db=db, base_url=base_url, namespace=namespace)
        if elicit
        else common.administered(db=db, namespace=namespace)
    )
    with opening as amnesia:
        with common.working("forgetting"):
            targets = amnesia.forget_all(request)
        rows = [common.target_row(target) for target in targets]
        if as_json:
            common.emit(rows[0] if len(rows) == 1 else rows)
            return
        for target, row in zip(targets, rows, strict=True):
            typer.echo(f"{target.id}  {target.subject} ({target.kind}), {row['facts']} facts")


@app.command()
def revoke(
    target_id: Annotated[str, typer.Argument(help="The target's id, as `targets` shows it.")],
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Take a target out of force."""
    with common.administered(db=db, namespace=namespace) as amnesia:
        with common.working("revoking"):
            target = amnesia.revoke(target_id)
        if as_json:
            common.emit(common.target_row(target))
        else:
            typer.echo(f"{target.id}  revoked")


@app.command()
def targets(
    db: Db = None,
    namespace: Namespace = None,
    everything: Annotated[bool, typer.Option("--all", help="The revoked and expired too.")] = False,
    as_json: Json = False,
) -> None:
    """List what is forgotten."""
    from amnestic.types import TargetStatus

    with common.administered(db=db, namespace=namespace) as amnesia:
        status = None if everything else TargetStatus.ACTIVE
        rows = [common.target_row(t) for t in amnesia.targets(status=status)]
    if as_json:
        common.emit(rows)
        return
    if not rows:
        typer.echo("nothing is forgotten")
    for row in rows:
        until = f", until {row['expires'][:10]}" if row["expires"] else ""
        typer.echo(f"{row['id']}  {row['subject']} ({row['kind']}, {row['status']}{until})")


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
