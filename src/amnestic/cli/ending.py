"""`amnestic revoke` and `restore`: what takes a target out of force, for good or not, and back."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from amnestic.cli import common
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
    which: Which,
    reason: Reason = "",
    db: Db = None,
    namespace: Namespace = None,
    as_json: Json = False,
) -> None:
    """Put a revoked target in force again."""
    with common.administered(db=db, namespace=namespace) as amnesia, common.working("restoring"):
        try:
            found = amnesia.find(which)
        except TargetNotFoundError:
            if os.path.isfile(which):  # which is false of what can be no path, where Path's raises
                raise InvalidRequestError(
                    f"`{which}` is a file; a backup is put back with `amnestic recover {which}`"
                ) from None
            raise
        target = amnesia.restore(found.id, reason=reason)
    _tell(target, "in force again", as_json=as_json)


def _tell(target: ForgetTarget, state: str, *, as_json: bool) -> None:
    if as_json:
        common.emit(target_row(target.masked()))
    else:
        typer.echo(f"{target.id}  {state}")
