"""`amnestic key`: the keys of sealed targets; those of a server's users are `amnestic keys`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnestic.cli import common
from amnestic.cli.common import Db, Json

__all__ = ["app"]

app = typer.Typer(
    help="Make and change the keys that seal targets (who may use a server: `amnestic keys`).",
    no_args_is_help=True,
)

File = Annotated[Path, typer.Argument(help="The file of the keys (AMNESTIC_SEAL_KEY_FILE).")]


@app.command()
def new(file: File) -> None:
    """Make a file with a new key. Keep a copy of it apart from the registry's: without it nobody
    opens what it has sealed."""
    from amnestic.tools.registry import make_key

    key = make_key(file.expanduser())
    typer.echo(f"{file} holds the key {key}; set AMNESTIC_SEAL_KEY_FILE to it")


@app.command()
def rotate(file: File) -> None:
    """Put a new key before those of a file: it seals from now on, and the others go on opening.

    `amnestic key reseal` seals what there is with it; then the others may be taken out.
    """
    from amnestic.tools.registry import add_key

    key = add_key(file.expanduser())
    typer.echo(f"{file} seals with the key {key}; next is `amnestic key reseal`")


@app.command()
def reseal(db: Db = None, as_json: Json = False) -> None:
    """Seal every sealed target of a registry with the first key, whatever key it has now."""
    from amnestic.config import default_actor

    with common.administered(db=db) as amnesia:
        registry = amnesia.registry
        count, key = registry.reseal(actor=default_actor()), registry.seals.first().id
    if as_json:
        common.emit({"resealed": count, "key": key})
        return
    typer.echo(f"{count} targets are sealed anew, and all of them with the key {key}")
