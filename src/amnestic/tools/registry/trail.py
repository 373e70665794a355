"""The trail: who did what to which target, when and why, each line bound to the one before.

Of a sealed target who and why are sealed in its lines, with a salt of its own that its record
holds: the chain is one of the lines as they stand, and holds when keys change.

Every line holds the hash of the line before it and of itself, and a digest of the target as the
change left it. A line that is altered, taken out or put in breaks the chain from there on; who can
write the whole database can write a new chain, which is why a hash is worth keeping elsewhere.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, RowMapping, select

from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.seals import SEALED_LINE, lines_opened, lines_sealed
from amnestic.types import ForgetTarget

__all__ = ["Change", "TrailEntry", "broken_at", "digest_of", "record"]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of the trail. It holds no target's text: `digest` is a hash of the target as the
    change left it, `chain` one of this line and of the chain before it. Of a sealed target `actor`
    and `reason` are sealed."""

    revision: int
    at: datetime
    actor: str
    action: str
    target_id: str
    reason: str = ""
    version: int = 1
    digest: str = ""
    chain: str = ""

    @classmethod
    def of(cls, row: RowMapping) -> TrailEntry:
        """The line that a row holds."""
        told = {name: row[name] for name in cls.__dataclass_fields__}
        return cls(**{**told, "at": datetime.fromisoformat(row["at"])})

    def as_dict(self) -> dict[str, Any]:
        """The line for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**told, "at": self.at.isoformat()}

    def masked(self) -> TrailEntry:
        """The line as it is listed: what is sealed only says so.

        >>> TrailEntry(1, datetime.now(UTC), "sealed.Aq3f", "add", "t-1").masked().actor
        'sealed'
        """
        actor, reason = ("sealed" if text.startswith(SEALED_LINE) else text
                         for text in (self.actor, self.reason))  # fmt: skip
        return replace(self, actor=actor, reason=reason)

    def opened(self, target: ForgetTarget) -> TrailEntry:
        """The line with who and why in clear; raises `SealError` for one that was changed."""
        if not target.sealed:
            return self
        what = f"line {self.revision} of the trail"
        told = lines_opened(target.salt, (self.actor, self.reason), self._bound, what)
        return replace(self, actor=told[0], reason=told[1])

    def sealed_for(self, target: ForgetTarget) -> TrailEntry:
        """The line as it is kept of a target."""
        if not target.sealed:
            return self
        actor, reason = lines_sealed(target.salt, (self.actor, self.reason), self._bound)
        return replace(self, actor=actor, reason=reason)

    @property
    def _bound(self) -> str:
        return f"{self.target_id}\n{self.revision}"

    def chained(self, before: str) -> str:
        """What `chain` must be behind a line whose own is `before`."""
        told = {name: value for name, value in self.as_dict().items() if name != "chain"}
        line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(f"{before}\n{line}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Change:
    """What is recorded of a change: what was done to which target, which is told as it is now.
    `digest` is one of the target unless another is given."""

    action: str
    target: ForgetTarget
    reason: str = ""
    digest: str = ""


_DIGESTED = (  # those of the first form; what is added to a target later needs a second
    "id subject kind kind_guessed description aliases translations terms identifiers facets "
    "exceptions scope policy status elicitation namespace requester reason subject_id legal_basis "
    "unread version created expires"
).split()


def digest_of(target: ForgetTarget) -> str:
    """A hash of everything that a target holds, and before it the form in which it was made: of a
    sealed one with its salt, so that nobody finds by trying what it was made of.

    >>> digest_of(ForgetTarget(id="t", subject="Ada Example")).partition(":")[0]
    '1'
    """
    told = target.model_dump(mode="json", include=set(_DIGESTED))
    line = json.dumps(told, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if target.sealed:
        return f"2:{hmac.new(target.salt.encode(), line.encode(), hashlib.sha256).hexdigest()}"
    return f"1:{hashlib.sha256(line.encode()).hexdigest()}"


def record(connection: Connection, actor: str, changes: Sequence[Change]) -> list[int]:
    """Advance the clock by one for each change and write its lines; gives the revisions."""
    clock, trail = schema.clock, schema.trail
    advanced = clock.c.revision + len(changes)
    connection.execute(clock.update().values(revision=advanced))  # takes the writers' turn
    last = select(trail.c.chain).order_by(trail.c.revision.desc()).limit(1).scalar_subquery()
    revision, chain = connection.execute(select(clock.c.revision, last)).one()
    first, before = revision - len(changes) + 1, chain or ""
    now, rows = datetime.now(UTC), []
    for i, change in enumerate(changes):
        entry = TrailEntry(
            first + i,
            now,
            schema.clean(actor),
            change.action,
            change.target.id,
            schema.clean(change.reason),
            change.target.version,
            change.digest or digest_of(change.target),
        ).sealed_for(change.target)
        before = entry.chained(before)
        rows.append({**entry.as_dict(), "chain": before})
    connection.execute(trail.insert(), rows)
    return list(range(first, first + len(changes)))


def broken_at(
    entries: Iterable[TrailEntry], chained_from: int = 1, purged: Mapping[str, int] | None = None
) -> int | None:
    """The revision of the first line that does not follow from those before it; `None` where all
    do. Lines before `chained_from` are from before there was a chain, and have none; of a target
    that was `purged` those before that revision hold no hash of themselves any more.

    >>> first = TrailEntry(1, datetime.now(UTC), "me", "add", "t-1")
    >>> broken_at([first]), broken_at([first], chained_from=2), broken_at([first], 1, {"t-1": 2})
    (1, None, None)
    """
    before, expected, ends = "", 1, purged or {}
    for entry in entries:
        unchained = not entry.chain and entry.revision < chained_from
        bare = unchained or entry.revision < ends.get(entry.target_id, 0)
        if entry.revision != expected or not (bare or entry.chain == entry.chained(before)):
            return entry.revision
        before, expected = entry.chain, expected + 1
    return None
