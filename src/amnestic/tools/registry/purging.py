"""What is left of a target that was purged: its id, its namespace, and its lines in the trail.

Of these who and why are taken out, which breaks the hash that each line has of itself. The line
that tells of the purge holds one of all of them as they are left, so that the chain goes on and
nobody changes what is left.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

from sqlalchemy import Connection, select

from amnestic.exceptions import InvalidRequestError
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.trail import Change, TrailEntry, digest_of, record
from amnestic.types import ForgetTarget, TargetStatus

__all__ = ["PURGE", "record_purge", "refuse_telling", "remnant", "remnant_digest"]

PURGE = "purge"
_WORD = re.compile(r"\w{3,}")


def remnant(target: ForgetTarget) -> ForgetTarget:
    """What stays of a target.

    >>> remnant(ForgetTarget(id="t1", subject="Ada Example", reason="a request")).subject
    'purged'
    """
    return ForgetTarget(
        id=target.id,
        subject=TargetStatus.PURGED.value,
        status=TargetStatus.PURGED,
        namespace=target.namespace,
        version=target.version,
        created=target.created,
    )


def refuse_telling(target: ForgetTarget, *texts: str) -> None:
    """Raise `InvalidRequestError` where what is told of a purge, and stays, names the target.

    >>> refuse_telling(ForgetTarget(id="t1", subject="Ada Example"), "case 4711")
    """
    values = (identifier.value for identifier in target.identifiers)
    own = [*target.names, *values, *([target.subject_id] if target.subject_id else [])]
    words = {word for name in own for word in _WORD.findall(name)}
    for text in texts:
        folded = text.casefold()
        if words & set(_WORD.findall(text)) or any(name.casefold() in folded for name in own):
            raise InvalidRequestError(
                "who purges a target and why stays in the trail, and this names what is purged: "
                "tell it by a number, or not at all"
            )


def record_purge(connection: Connection, actor: str, target: ForgetTarget, reason: str) -> None:
    """Take who and why out of a target's lines, and write the one that tells of its purge; what
    stays of it is in its row already."""
    trail = schema.trail
    its = trail.c.target_id == target.id
    connection.execute(trail.update().where(its).values(actor=target.status.value, reason=""))
    rows = connection.execute(select(trail).where(its).order_by(trail.c.revision)).mappings()
    digest = remnant_digest(target, (TrailEntry.of(row) for row in rows))
    record(connection, actor, [Change(PURGE, target, reason, digest)])


def remnant_digest(target: ForgetTarget, lines: Iterable[TrailEntry]) -> str:
    """A hash of what stays of a target: of itself, and of its lines before its purge."""
    told = "\n".join((digest_of(target), *(line.chained(line.chain) for line in lines)))
    return f"3:{hashlib.sha256(told.encode()).hexdigest()}"
