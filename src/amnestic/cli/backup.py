"""`amnestic backup`, and what `amnestic restore --from` does with what it wrote."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from amnestic.cli import common
from amnestic.cli.common import Db, Json

__all__ = ["backup", "put_back"]

_NOT_IN_IT = (
    "not in it: the keys of sealed targets and of signatures, which are kept apart from it, "
    "counts of usage, and the index, which is made anew"
)


def backup(
    file: Annotated[
        Path, typer.Argument(help="Where it is written; FILE.jsonl takes it as lines of JSON.")
    ],
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Write a backup of the registry, while it is in use.

    A SQLite registry becomes a SQLite file; one on PostgreSQL, or any that is named FILE.jsonl,
    lines of JSON with a hash, which either database takes back. Only its owner may read the file:
    it holds what is to be forgotten.
    """
    from amnestic.config import read_settings
    from amnestic.places import opening
    from amnestic.tools.registry import Registry, write_backup

    settings = read_settings(None, {} if db is None else {"db": db})
    with (
        common.working("writing"),
        Registry.open(opening(settings.db)) as registry,
    ):
        found = write_backup(registry, file.expanduser())
    if as_json:
        common.emit({"file": file, "revision": found.revision, "targets": found.targets})
        return
    typer.echo(f"{file}  {found.targets} targets, revision {found.revision}")
    typer.echo(_NOT_IN_IT)


def put_back(file: Path, db: str | None, *, replace: bool, as_json: bool) -> None:
    """Put a backup in the registry's place, and say what is in it then."""
    from amnestic.config import read_settings
    from amnestic.places import opening
    from amnestic.sealing import seals_of
    from amnestic.tools.registry import restore_backup

    settings = read_settings(None, {} if db is None else {"db": db})
    with common.working("restoring"):
        found = restore_backup(
            file.expanduser(), opening(settings.db), seals_of(settings), replace=replace
        )
    if as_json:
        told = {"revision": found.revision, "targets": found.targets, "keys_ended": found.ended}
        common.emit({"db": settings.db, **told})
        return
    typer.echo(f"{settings.db}  {found.targets} targets, revision {found.revision}")
    if found.ended:
        typer.echo(f"{found.ended} access keys were revoked or rotated since, and are revoked")
