"""`amnestic revoke` and `restore`: what takes a target out of force, for good or not, and back; and
a whole registry back from its backup."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from amnestic.cli import common
from amnestic.cli.backup import put_back
from amnestic.cli.common import Db, Json, Namespace, Reason, Which
from amnestic.cli.records import target_row
from amnestic.exceptions import InvalidRequestError, SealError, TargetNotFoundError
from amnestic.types import ForgetTarget

__all__ = ["restore", "revoke"]

_STAYS = (
    "what stays: its id and namespace, and of its lines in the trail times, kinds and hashes, and "
    "who purged it and why; backups, exports and documents keep what they hold"
)


def revoke(
    which: Which,
    reason: Reason = "",
    purge: Annotated[
        bool,
        typer.Option(
            "--purge", help="Delete it for good, in force or revoked; nothing restores it."
        ),
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask back.")] = False,
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Take a target out of force; with --purge delete all that is kept of it, for good."""
    with common.administered(db=db, namespace=namespace) as amnesia:
        try:
            target_id = amnesia.find(which).id
        except SealError as error:
            if not purge:
                raise
            if not yes and (as_json or not common.at_terminal()):
                raise SealError(f"{error}; where that is lost for good, add --yes") from None
            if not yes:
                typer.confirm("Is the key that seals a target lost for good?", abort=True)
            target_id = which  # nobody can open it, and deleted it can be all the same
        if not purge:
            with common.working("revoking"):
                _tell(amnesia.revoke(target_id, reason=reason), "revoked", as_json=as_json)
            return
        if not (yes or as_json) and common.at_terminal():
            typer.confirm(f"Delete {target_id} for good?", abort=True)
        with common.working("purging"):
            left = amnesia.purge(target_id, reason=reason)
    _tell(left, "purged", as_json=as_json)
    if not as_json:
        typer.echo(_STAYS)


def restore(
    which: Annotated[
        str | None, typer.Argument(help="The target's id, or a name that it has alone.")
    ] = None,
    file: Annotated[
        Path | None,
        typer.Option("--from", metavar="FILE", help="A backup that goes in the registry's place."),
    ] = None,
    replace: Annotated[
        bool,
        typer.Option(
            "--replace", help="With --from: also where the registry holds something, which goes."
        ),
    ] = False,
    reason: Reason = "",
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Put a revoked target in force again; or, with --from, a backup in the registry's place.

    A backup (`amnestic backup`) goes in as a whole or not at all, and a running server goes on with
    it. Its hash, its trails and its targets are checked before; for sealed targets that takes their
    keys. Access keys that were revoked or rotated since are revoked.
    """
    if (which is None) == (file is None):
        raise typer.BadParameter("name a target, or a backup with `--from FILE`: one of them")
    if file is not None:
        if reason or namespace is not None:
            raise typer.BadParameter("a backup is all of a registry: no --reason, no --namespace")
        put_back(file, db, replace=replace, as_json=as_json)
        return
    if replace:
        raise typer.BadParameter("--replace goes with `--from FILE`")
    _in_force_again(str(which), reason, db, namespace, as_json=as_json)


def _in_force_again(
    which: str, reason: str, db: str | None, namespace: str | None, *, as_json: bool
) -> None:
    with common.administered(db=db, namespace=namespace) as amnesia, common.working("restoring"):
        try:
            found = amnesia.find(which)
        except TargetNotFoundError:
            if os.path.isfile(which):  # which is false of what can be no path, where Path's raises
                back = f"a backup is put back with `amnestic restore --from {which}`"
                raise InvalidRequestError(f"`{which}` is a file; {back}") from None
            raise
        target = amnesia.restore(found.id, reason=reason)
    _tell(target, "in force again", as_json=as_json)


def _tell(target: ForgetTarget, state: str, *, as_json: bool) -> None:
    if as_json:
        common.emit(target_row(target.masked()))
    else:
        typer.echo(f"{target.id}  {state}")
