"""What can be asked of the registry."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import func, select

from amnestic.exceptions import RegistryCorruptError
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.engine import refuse_damaged
from amnestic.tools.registry.pages import RegistryPages
from amnestic.tools.registry.position import NOW, Position, position_in, since
from amnestic.tools.registry.purging import PURGE, remnant_digest
from amnestic.tools.registry.rows import AT_ONCE, Rows
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.search_index import indexed
from amnestic.tools.registry.single_rows import one_row
from amnestic.tools.registry.trail import TrailEntry, broken_at, digest_of
from amnestic.types import Elicitation, ForgetTarget, TargetStatus

__all__ = ["RegistryQuestions"]


class RegistryQuestions(RegistryPages):
    """The reading half of `Registry`; safe to share between threads and processes."""

    def __init__(self, database: Database, seals: Seals) -> None:
        self._database = database
        self._place = database.place
        self._rows = Rows(seals)

    @property
    def place(self) -> str:
        """How messages name the registry: its path, or its URL without what is secret."""
        return self._place

    @property
    def database(self) -> Database:
        """Connections to it, for what goes around its questions."""
        return self._database

    @property
    def seals(self) -> Seals:
        """The keys of sealed targets that are at hand."""
        return self._rows.seals

    def get(self, target_id: str) -> ForgetTarget:
        """The target with this id, whatever its status. Raises `TargetNotFoundError`."""
        with self._database.connect() as connection:
            return self._rows.get(connection, target_id)

    def some(self, ids: Sequence[str]) -> list[ForgetTarget]:
        """The targets with these ids, oldest first; ids that no target has are passed over."""
        column, found = schema.targets.c.id, list[ForgetTarget]()
        with self._database.connect() as connection:
            for start in range(0, len(ids), AT_ONCE):
                part = [schema.clean(target_id) for target_id in ids[start : start + AT_ONCE]]
                found += self._rows.targets_where(connection, column.in_(part))
        return found

    def targets(
        self, namespace: str | None = None, status: TargetStatus | None = None
    ) -> list[ForgetTarget]:
        """All targets, oldest first, of one namespace and one status where these are given."""
        with self._database.connect() as connection:
            return self._rows.targets_where(connection, *_of(namespace, status))

    def listed(self, namespace: str, words: str = "") -> list[ForgetTarget]:
        """All targets of a namespace as they are listed, oldest first, sealed ones masked: no key
        is needed for these. With `words` only those that `named` gives."""
        with self._database.connect() as connection:
            by_index, wanted = indexed(connection), _of(namespace, None)
            if words:
                wanted.append(self._called(words, (namespace,), by_index=by_index))
            return self._rows.masked_where(connection, *wanted)

    def named(self, words: str, namespace: str = "default") -> list[ForgetTarget]:
        """The targets of a namespace in whose subject, other names or identifiers `words` stand, in
        any case, oldest first; sealed ones where one of these is `words`, marks aside."""
        with self._database.connect() as connection:
            called = self._called(words, (namespace,), by_index=indexed(connection))
            return self._rows.targets_where(connection, *_of(namespace, None), called)

    def unsearched(self, namespace: str = "default") -> int:
        """How many sealed targets of a namespace no key at hand opens: no name finds them."""
        sealed = schema.targets.c.sealed
        shut = [sealed != "", *(~sealed.like(f"{key}.%") for key in self.seals.ids)]
        query = select(func.count()).select_from(schema.targets).where(*_of(namespace, None), *shut)
        with self._database.connect() as connection:
            return connection.scalar(query) or 0

    def pending(self, namespace: str) -> list[ForgetTarget]:
        """The targets of a namespace of which a model has still to be asked, oldest first."""
        waits = schema.targets.c.elicitation == Elicitation.PENDING.value
        with self._database.connect() as connection:
            found = self._rows.targets_where(
                connection, *_of(namespace, TargetStatus.ACTIVE), waits
            )
        return [target for target in found if target.is_active()]

    def versions(self, target_id: str) -> list[ForgetTarget]:
        """A target as it was before each of its edits, oldest first."""
        its = schema.versions.c
        query = select(its.version, its.record).where(its.target_id == schema.clean(target_id))
        with self._database.connect() as connection:
            found = connection.execute(query.order_by(its.version)).all()
            now = self._rows.get(connection, target_id) if found else None
        return [self._rows.version(record, now, version) for version, record in found if now]

    def trail(self, target_id: str | None = None, namespace: str | None = None) -> list[TrailEntry]:
        """Every change, oldest first; of one target, or of one namespace, where it is given."""
        trail = schema.trail
        query = select(trail).order_by(trail.c.revision)
        if target_id is not None:
            query = query.where(trail.c.target_id == schema.clean(target_id))
        if namespace is not None:
            query = query.join(schema.targets, schema.targets.c.id == trail.c.target_id)
            query = query.where(*_of(namespace, None))
        with self._database.connect() as connection:
            return [TrailEntry.of(row) for row in connection.execute(query).mappings()]

    def opened_trail(self, entries: Iterable[TrailEntry]) -> list[TrailEntry]:
        """Lines of the trail with who and why in clear, also of sealed targets."""
        lines = list(entries)
        targets = {t.id: t for t in self.some(list(dict.fromkeys(e.target_id for e in lines)))}
        return [e.opened(targets[e.target_id]) if e.target_id in targets else e for e in lines]

    def check_trail(self) -> TrailEntry | None:
        """Raise `RegistryCorruptError` where a line of the trail was altered, taken out or put in,
        or where a target is not as its last change left it; gives the last line."""
        with self._database.connect(frozen=True) as connection:
            rows = connection.execute(select(schema.trail).order_by(schema.trail.c.revision))
            entries = [TrailEntry.of(row) for row in rows.mappings()]
            targets = self._rows.targets_where(connection)
            clock = connection.execute(select(schema.clock)).mappings().one()
        purged = {e.target_id: e.revision for e in entries if e.action == PURGE}
        broken = broken_at(entries, clock["chained_from"], purged)
        if broken is None and (entries[-1].revision if entries else 0) != clock["revision"]:
            broken = clock["revision"]
        if broken is not None:
            raise RegistryCorruptError(
                f"the trail of the registry `{self._place}` is broken at line {broken}: it was "
                "changed by something other than amnestic"
            )
        lines_of: dict[str, list[TrailEntry]] = {target.id: [] for target in targets}
        for entry in entries:
            lines_of.setdefault(entry.target_id, []).append(entry)
        held = {target.id: target for target in targets}
        for target_id, its in lines_of.items():
            if not _as_told(held.get(target_id), its):
                raise RegistryCorruptError(
                    f"the target `{target_id}` in the registry `{self._place}` is not as its last "
                    "recorded change left it"
                )
        return entries[-1] if entries else None

    def salt(self) -> str:
        """What no other registry has: whoever hashes with it gives nothing away outside of this."""
        with self._database.connect() as connection:
            return str(connection.scalar(select(schema.clock.c.salt)))

    def revision(self) -> int:
        """The number of the last change, made by any process. It only grows, but where a backup is
        put back: `position` tells one history from another."""
        return self.position().revision

    def position(self) -> Position:
        """Where the registry stands. Raises `RegistryUnavailableError` where it is gone."""
        row = one_row(self._database, NOW)
        return position_in(row, self._database.file)

    def follows(self, known: Position) -> bool:
        """Whether what is there now is the same file as was `known`, which has changed since or
        not: no other in its place, no backup, no copy that went its own way."""
        return self.since(known)[1]

    def since(self, known: Position) -> tuple[Position, bool]:
        """Where the registry stands, and whether that `follows` what was `known`: one question."""
        with self._database.connect() as connection:
            here = self._database.file
            now, has_followed = since(connection, known, here)
            return now, has_followed and known.file in (None, here)

    def changed_since(self, revision: int) -> list[ForgetTarget]:
        """The targets that changed after `revision`, oldest first; those that are not active come
        without their facets."""
        with self._database.connect() as connection:
            return self._rows.changed_since(connection, revision)

    def changes_since(self, revision: int) -> list[str]:
        """The ids of the targets that changed after `revision`, the longest unchanged first."""
        trail = schema.trail
        query = (
            select(trail.c.target_id)
            .where(trail.c.revision > revision)
            .group_by(trail.c.target_id)
            .order_by(func.max(trail.c.revision))
        )
        with self._database.connect() as connection:
            return list(connection.scalars(query))

    def check(self) -> None:
        """Read the whole database and raise `RegistryCorruptError` if any of it is damaged."""
        with self._database.connect() as connection:
            refuse_damaged(connection, self._place)


def _as_told(target: ForgetTarget | None, lines: Sequence[TrailEntry]) -> bool:
    """Whether a target is as the last of its lines says."""
    if target is None or not lines:
        return False
    if (lines[-1].action == PURGE) != (target.status is TargetStatus.PURGED):
        return False
    if target.status is TargetStatus.PURGED:
        return lines[-1].digest == remnant_digest(target, lines[:-1])
    return lines[-1].digest in ("", digest_of(target))


def _of(namespace: str | None, status: TargetStatus | None) -> list[Any]:
    columns = schema.targets.c
    wanted = [columns.namespace == schema.clean(namespace)] if namespace is not None else []
    return wanted + ([columns.status == status.value] if status is not None else [])
