"""Writing new targets into the registry, with their lines in the trail."""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection

from amnestic.exceptions import TargetStateError
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.lengths import check_lengths
from amnestic.tools.registry.rows import Rows, taken_ids, with_ids
from amnestic.tools.registry.trail import Change, record
from amnestic.types import Elicitation, ForgetTarget

__all__ = ["as_new", "as_stored", "insert_new"]


def insert_new(
    connection: Connection, rows: Rows, targets: Sequence[ForgetTarget], actor: str, reason: str
) -> None:
    """Write targets that are as they will be stored. Raises `TargetStateError` for an id that is
    taken, or stands there twice."""
    ids = [target.id for target in targets]
    twice = {target_id for target_id, count in Counter(ids).items() if count > 1}
    if twice := twice or taken_ids(connection, ids):
        raise TargetStateError(f"the target `{min(twice)}` exists already")
    changes = [Change("add", target, reason) for target in targets]
    revisions = record(connection, actor, changes)
    rows.insert(connection, list(zip(targets, revisions, strict=True)))


def as_new(target: ForgetTarget) -> ForgetTarget:
    """The same of one that is added or edited; raises `InputTooLargeError` where its names are too
    long. What is stored already may be taken back however long it is."""
    check_lengths(target)
    return as_stored(target)


def as_stored(target: ForgetTarget) -> ForgetTarget:
    """A target as it will be read back, with an id and its facets' ids."""
    target_id = schema.clean(target.id) or f"t-{secrets.token_hex(8)}"
    stored: dict[str, Any] = {"id": target_id, "facets": with_ids(target.facets)}
    if target.sealed:
        stored["elicitation"] = Elicitation.NONE  # no model is told of it
        stored["salt"] = target.salt or secrets.token_hex(32)
    return schema.storable(target.model_copy(update=stored))
