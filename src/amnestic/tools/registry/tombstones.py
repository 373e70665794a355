"""Tombstones: what was taken out of stores, as keyed hashes, so that it is known when it is back.

No text stands here. A hash is keyed with what no other registry has, and of a sealed target with
its own salt as well, so that nobody finds by trying what was taken out.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import sha256

from sqlalchemy import Connection, select

from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.rows import AT_ONCE, Rows
from amnestic.tools.registry.trail import Change, TrailEntry, record
from amnestic.types import ForgetTarget, TargetStatus

__all__ = ["Tombstone", "TombstoneKind", "Tombstones", "tombstone_hash"]


class TombstoneKind(StrEnum):
    """What a tombstone is a hash of, and what became of that."""

    TEXT = "text"
    """A text that tells of the target by itself, and was removed."""
    RECORD = "record"
    """A text with what stood beside it, which was removed."""
    REWRITTEN = "rewritten"
    """A text as it was before it was rewritten."""
    ID = "id"
    """The id in its store of what was removed."""


@dataclass(frozen=True, slots=True)
class Tombstone:
    """That something of a target was taken out of a store."""

    target_id: str
    kind: TombstoneKind
    hash: str


def tombstone_hash(salt: str, target: ForgetTarget, kind: TombstoneKind, texts: list[str]) -> str:
    """The hash of what a tombstone stands for: letters and digits alone, in small letters, so that
    another space or capital does not hide it; an id as it is.

    Args:
        salt: the registry's.
        target: whose tombstone it is; a sealed one's own salt goes in.

    >>> target = ForgetTarget(id="t", subject="Ada Example")
    >>> one, two = (tombstone_hash("s", target, TombstoneKind.TEXT, [t]) for t in ("A b.", "a  B"))
    >>> one == two
    True
    """
    told = texts if kind is TombstoneKind.ID else [_normal(text) for text in texts]
    what = "text" if kind is TombstoneKind.REWRITTEN else kind.value
    whole = "\n".join((what, *told)).encode("utf-8", "replace")
    return hmac.new(f"{salt}{target.salt}".encode(), whole, sha256).hexdigest()


class Tombstones:
    """The tombstones of one registry, and the lines of its trail that tell of sweeps.

    Args:
        database: the registry's.
        rows: reads its targets.
        change: begins a transaction of the registry.
    """

    def __init__(
        self,
        database: Database,
        rows: Rows,
        change: Callable[[], AbstractContextManager[Connection]],
    ) -> None:
        self._database = database
        self._rows = rows
        self._change = change

    def of(self, target_ids: Sequence[str]) -> list[Tombstone]:
        """The tombstones of some targets."""
        stones, found = schema.tombstones.c, list[Tombstone]()
        query = select(stones.target_id, stones.kind, stones.hash)
        with self._database.connect() as connection:
            for start in range(0, len(target_ids), AT_ONCE):
                some = target_ids[start : start + AT_ONCE]
                rows = connection.execute(query.where(stones.target_id.in_(some)))
                found += [Tombstone(t, TombstoneKind(kind), told) for t, kind, told in rows]
        return found

    def lines(self, actions: Sequence[str]) -> list[TrailEntry]:
        """The trail's lines of some actions, oldest first."""
        trail = schema.trail
        query = select(trail).where(trail.c.action.in_(actions)).order_by(trail.c.revision)
        with self._database.connect() as connection:
            return [TrailEntry.of(row) for row in connection.execute(query).mappings()]

    def note(
        self,
        action: str,
        told: Mapping[str, str],
        stones: Iterable[Tombstone] = (),
        *,
        actor: str,
    ) -> None:
        """Put tombstones, and write a line into the trail for each target, all of it or nothing.
        Targets that were purged meanwhile are passed over.

        Args:
            action: what was done.
            told: by target id, what of it.
            stones: the tombstones.
            actor: who does it.
        """
        with self._change() as connection:
            its = schema.targets.c
            wanted = its.id.in_(list(told)), its.status != TargetStatus.PURGED.value
            targets = self._rows.targets_where(connection, *wanted)
            there = {target.id for target in targets}
            self._put(connection, [stone for stone in stones if stone.target_id in there])
            if targets:
                record(connection, actor, [Change(action, t, told[t.id]) for t in targets])

    def _put(self, connection: Connection, stones: Sequence[Tombstone]) -> None:
        table, at = schema.tombstones, datetime.now(UTC).isoformat()
        rows = {(s.target_id, s.hash): s for s in stones}
        for (target_id, told), stone in list(rows.items()):
            same = (table.c.target_id == target_id) & (table.c.hash == told)
            if stone.kind is TombstoneKind.REWRITTEN:
                kind = connection.execute(select(table.c.kind).where(same)).scalar()
                if kind == TombstoneKind.TEXT.value:  # one removed elsewhere stays removed
                    del rows[target_id, told]
                    continue
            connection.execute(table.delete().where(same))
        if rows:
            values = [
                {"target_id": s.target_id, "hash": s.hash, "kind": s.kind.value, "at": at}
                for s in rows.values()
            ]
            connection.execute(table.insert(), values)


def _normal(text: str) -> str:
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(c for c in folded if c.isalnum()) or folded
