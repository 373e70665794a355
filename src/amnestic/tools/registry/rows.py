"""Reading and writing the registry's rows, inside a transaction that somebody else holds."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Connection,
    RowMapping,
    String,
    any_,
    func,
    select,
)
from sqlalchemy.exc import IntegrityError

from amnestic.exceptions import (
    InvalidRequestError,
    SealError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.board import drop_notes_about
from amnestic.tools.registry.sealing import (
    hashes_of,
    opened_row,
    opened_version,
    sealed_row,
    sealed_version,
)
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.vector_rows import drop_vectors
from amnestic.types import Facet, FacetSource, ForgetTarget, TargetStatus

__all__ = ["AT_ONCE", "Rows", "taken_ids", "with_ids"]

_SHOWN = 60
AT_ONCE = 500
"""Ids that one query asks for: databases bound the parameters of a statement."""


def with_ids(facets: Sequence[Facet]) -> tuple[Facet, ...]:
    """The facets, each with an id; raises `InvalidRequestError` for one that cannot be kept."""
    if any(not 0 <= f.id < 2**63 for f in facets):
        raise InvalidRequestError("a facet id has 1 to 63 bits; leave ids at 0 to get new ones")
    return tuple(
        f if f.id else Facet(**{**f.__dict__, "id": secrets.randbits(63) or 1}) for f in facets
    )


def taken_ids(connection: Connection, ids: Sequence[str]) -> set[str]:
    """Which of these ids targets have already."""
    column, found = schema.targets.c.id, set[str]()
    for start in range(0, len(ids), AT_ONCE):
        query = select(column).where(column.in_(ids[start : start + AT_ONCE]))
        found |= set(connection.scalars(query))
    return found


@dataclass(frozen=True, slots=True)
class Rows:
    """How targets stand in the tables, and are read from them; `seals` opens the sealed ones."""

    seals: Seals = field(default_factory=Seals)

    def insert(self, connection: Connection, targets: Sequence[tuple[ForgetTarget, int]]) -> None:
        """Write new targets, each with the revision that it came with, and their facets."""
        rows = [
            self._row(target) | {"revoked_reason": "", "added_revision": revision}
            for target, revision in targets
        ]
        connection.execute(schema.targets.insert(), rows)
        self.insert_facets(connection, [target for target, _ in targets])
        for target, _ in targets:
            self._insert_names(connection, target)

    def insert_facets(self, connection: Connection, targets: Iterable[ForgetTarget]) -> None:
        """Write the facets of targets that are not sealed; raises `InvalidRequestError` where an id
        is in use."""
        clear = [target for target in targets if not target.sealed]
        rows = [row for target in clear for row in schema.facet_rows(target.id, target.facets)]
        if not rows:
            return
        try:
            connection.execute(schema.facets.insert(), rows)
        except IntegrityError:
            whose = next(iter({row["target_id"] for row in rows}))
            raise InvalidRequestError(
                f"a facet id of the target `{whose}` is in use; leave ids at 0 to get new ones"
            ) from None

    def drop_facets(
        self, connection: Connection, target_id: str, source: FacetSource | None = None
    ) -> None:
        """Delete a target's facets; those of one source where it is given."""
        its = schema.facets.c
        where = [its.target_id == target_id]
        where += [its.source == source.value] if source is not None else []
        connection.execute(schema.facets.delete().where(*where))

    def update(self, connection: Connection, target: ForgetTarget, **more: Any) -> None:
        """Write a target's own columns over those that it had."""
        row = self._row(target) | ({} if target.sealed else more)
        where = schema.targets.c.id == target.id
        connection.execute(schema.targets.update().where(where).values(**row))
        drop_vectors(connection, target.id)
        names = schema.sealed_names
        if target.sealed:
            connection.execute(names.delete().where(names.c.target_id == target.id))
            self._insert_names(connection, target)

    def blank(self, connection: Connection, left: ForgetTarget) -> None:
        """Put what is `left` of a target in its place, and take out all else that is its own."""
        self.drop_facets(connection, left.id)
        for table in (schema.versions, schema.sealed_names, schema.tombstones):
            connection.execute(table.delete().where(table.c.target_id == left.id))
        self.update(connection, left, search="", sort_name="", revoked_reason="")
        drop_notes_about(connection, left.id)

    def keep_version(self, connection: Connection, target: ForgetTarget) -> None:
        """Keep a target as it was told, before it is edited."""
        told = tuple(f for f in target.facets if f.source is not FacetSource.ELICITED)
        kept = target.model_copy(update={"facets": told})
        record = sealed_version(kept, self.seals) if kept.sealed else kept.model_dump_json()
        row = {"target_id": target.id, "version": target.version, "record": record}
        connection.execute(schema.versions.insert(), row)

    def version(self, record: str, now: ForgetTarget, version: int) -> ForgetTarget:
        """A version that was kept of a target, which is told as it is now."""
        if now.sealed:
            return opened_version(record, now, version, self.seals)
        return ForgetTarget.model_validate_json(record)

    def get(self, connection: Connection, target_id: str) -> ForgetTarget:
        """The target with an id; raises `TargetNotFoundError`."""
        if not isinstance(target_id, str):
            raise TargetNotFoundError(
                f"a target's id is a string, not {type(target_id).__name__!r}"
            )
        target_id = schema.clean(target_id)
        found = self.targets_where(connection, schema.targets.c.id == target_id)
        if not found:
            shown = target_id if len(target_id) <= _SHOWN else f"{target_id[:_SHOWN]}…"
            raise TargetNotFoundError(f"no target has the id `{shown}`; `targets` lists them")
        return found[0]

    def to_purge(self, connection: Connection, target_id: str, reason: str) -> ForgetTarget:
        """The same, masked where nobody can open it. Raises `InvalidRequestError` for a reason that
        cannot be held against it then."""
        try:
            return self.get(connection, target_id)
        except SealError:
            if reason:
                raise InvalidRequestError(
                    f"the target `{target_id}` cannot be opened, so that nobody knows whether a "
                    "reason names it: give none"
                ) from None
        return self.masked_where(connection, schema.targets.c.id == schema.clean(target_id))[0]

    def active(self, connection: Connection, target_id: str) -> ForgetTarget:
        """The same for one that is not revoked; raises `TargetStateError` for one that is."""
        target = self.get(connection, target_id)
        if target.status is not TargetStatus.ACTIVE:
            raise TargetStateError(f"the target `{target_id}` is {target.status.value} already")
        return target

    def targets_where(self, connection: Connection, *wanted: Any) -> list[ForgetTarget]:
        """The targets of which all of `wanted` holds, oldest first, with their facets. Raises
        `SealError` where one is sealed and cannot be opened."""
        return _targets(connection, wanted, lambda row: opened_row(row, self.seals))

    def changed_since(self, connection: Connection, revision: int) -> list[ForgetTarget]:
        """The targets that changed after a revision, as `targets_where` gives them; what is only
        read to be taken out of force comes without its facets."""
        trail, own = schema.trail, schema.targets.c.id
        changed = select(trail.c.target_id).where(trail.c.revision > revision)
        wanted: ColumnElement[bool] = own.in_(changed)
        if connection.dialect.name == "postgresql":  # which reads all tables where it expects many
            several = func.array(changed.scalar_subquery(), type_=ARRAY(String))
            wanted = own == any_(several)
        return _targets(
            connection, (wanted,), lambda row: opened_row(row, self.seals), TargetStatus.ACTIVE
        )

    def masked_where(self, connection: Connection, *wanted: Any) -> list[ForgetTarget]:
        """The same as they are listed, sealed ones masked: no key is needed for these."""
        return _targets(connection, wanted, lambda row: schema.read_target(row, ()).masked())

    def resealed(self, connection: Connection) -> list[ForgetTarget]:
        """The targets that were sealed with another key than the first, sealed with that one now,
        with their names and their versions."""
        sealed, its = schema.targets.c.sealed, schema.versions.c
        own = sealed.like(f"{self.seals.first().id}.%")
        found = self.targets_where(connection, sealed != "", ~own)
        for target in found:
            self.update(connection, target)
            kept = select(its.version, its.record).where(its.target_id == target.id)
            for version, record in connection.execute(kept).all():
                told = sealed_version(self.version(record, target, version), self.seals)
                where = (its.target_id == target.id, its.version == version)
                connection.execute(schema.versions.update().where(*where).values(record=told))
        return found

    def _row(self, target: ForgetTarget) -> dict[str, Any]:
        return sealed_row(target, self.seals) if target.sealed else schema.target_row(target)

    def _insert_names(self, connection: Connection, target: ForgetTarget) -> None:
        if target.sealed:
            hashes = hashes_of(target, self.seals)
            rows = [{"target_id": target.id, "hash": made} for made in hashes]
            connection.execute(schema.sealed_names.insert(), rows)


def _targets(
    connection: Connection,
    wanted: Sequence[Any],
    of_sealed: Callable[[RowMapping], ForgetTarget],
    telling: TargetStatus | None = None,
) -> list[ForgetTarget]:
    """The targets of which all of `wanted` holds, with their facets; only those of one status where
    that is given. Sealed ones have theirs in their own row."""
    columns, its = schema.targets.c, schema.facets.c
    query = select(schema.targets).where(*wanted).order_by(columns.added_revision)
    rows = connection.execute(query).mappings().all()
    grouped: dict[str, list[Facet]] = defaultdict(list)
    if any(not row["sealed"] and telling in (None, row["status"]) for row in rows):
        facets = select(its.target_id, *schema.FACET).join_from(schema.facets, schema.targets)
        facets = facets.where(*wanted, *([columns.status == telling.value] if telling else ()))
        facets = facets.order_by(its.position)
        for target_id, *facet in connection.execute(facets):
            grouped[target_id].append(schema.read_facet(facet))
    return [
        of_sealed(row) if row["sealed"] else schema.read_target(row, grouped[row["id"]])
        for row in rows
    ]
