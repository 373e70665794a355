"""The trail of access keys: who made, rotated and revoked which, each line bound to the one before.

It stands apart from the trail of targets: a change of a key is none of what is forgotten.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from amnestic.tools.registry import access_tables as tables
from amnestic.tools.registry.access_records import row_digest
from amnestic.tools.registry.schema import clean

__all__ = ["AccessEntry", "broken_line", "record_access"]


@dataclass(frozen=True, slots=True)
class AccessEntry:
    """One line: who did what to which key, when. `detail` is what was granted, or why; `digest` is
    a hash of the key's row as the change left it, `chain` one of this line and those before it."""

    revision: int
    at: datetime
    actor: str
    action: str
    key_id: str
    detail: str
    digest: str
    chain: str = ""

    @classmethod
    def of(cls, row: Mapping[Any, Any]) -> AccessEntry:
        """The line that a row holds."""
        told = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(**{**told, "at": datetime.fromisoformat(row["at"])})

    def as_dict(self) -> dict[str, Any]:
        """The line for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**told, "at": self.at.isoformat()}

    def chained(self, before: str) -> str:
        """What `chain` must be behind a line whose own is `before`."""
        told = {name: value for name, value in self.as_dict().items() if name != "chain"}
        line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()


def record_access(
    connection: Connection, at: datetime, actor: str, action: str, key_id: str, detail: str
) -> None:
    """Write the line of a change that has just been made to a key's row. Writers have to take
    turns."""
    trail, keys = tables.access_trail, tables.access_keys
    last = connection.execute(
        select(trail.c.revision, trail.c.chain).order_by(trail.c.revision.desc()).limit(1)
    ).one_or_none()
    before = (0, "") if last is None else (last.revision, last.chain)
    row = connection.execute(select(keys).where(keys.c.id == key_id)).mappings().one()
    entry = AccessEntry(
        before[0] + 1,
        at,
        clean(actor),
        action,
        key_id,
        clean(detail),
        row_digest(row),
    )
    whole = replace(entry, chain=entry.chained(before[1]))
    connection.execute(trail.insert().values(**whole.as_dict()))


def broken_line(entries: Iterable[AccessEntry]) -> int | None:
    """The first line that does not follow from those before it; `None` where all do."""
    before, expected = "", 1
    for entry in entries:
        if entry.revision != expected or entry.chain != entry.chained(before):
            return expected
        before, expected = entry.chain, expected + 1
    return None
