"""The registry: which targets are to be forgotten, and who asked for what when.

The database is the truth: every other structure (the index, the alias matcher) is built from it.
A change that has been acknowledged survives a kill of the process.
"""

from __future__ import annotations

import secrets
import threading
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select, text
from sqlalchemy.exc import IntegrityError

from amnestic.exceptions import (
    InvalidRequestError,
    RegistryCorruptError,
    TargetNotFoundError,
    TargetStateError,
)
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.engine import WRITING, errors_made_clear, open_engine, place_of
from amnestic.types import Facet, ForgetTarget, TargetStatus

__all__ = ["Registry", "TrailEntry"]


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One line of the trail: who did what to which target, and when. It holds no target's text."""

    revision: int
    at: datetime
    actor: str
    action: str
    target_id: str


_SHOWN = 60


class Registry:
    """Forget targets, kept in a database. Safe to share between threads and processes.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Registry.open(f"{folder}/r.db") as registry:
    ...     target = registry.add(ForgetTarget(id="", subject="Ada Example"), actor="me")
    ...     registry.revoke(target.id, actor="me").status.value
    'revoked'
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(**WRITING)
        self._place = place_of(engine.url)
        self._turn = threading.Lock()

    @classmethod
    def open(cls, path_or_url: str | Path) -> Registry:
        """Open the database at a path, or at an SQLAlchemy URL; a missing file is made.

        Raises `RegistryUnavailableError` (locked, read-only, out of reach),
        `RegistryVersionError` (of a newer schema) or `RegistryCorruptError`.
        """
        return cls(open_engine(path_or_url))

    def close(self) -> None:
        """Close all connections."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    # ── Changes ──────────────────────────────────────────────────────────────────────────────

    def add(self, target: ForgetTarget, *, actor: str) -> ForgetTarget:
        """Store a new target, and give it back with its id and its facets' ids.

        An empty id is made up; facets whose id is 0 get a random one. The target is on the disk
        when this returns. Raises `TargetStateError` when the id is taken.
        """
        target_id = schema.clean(target.id) or f"t-{secrets.token_hex(8)}"
        named = {"id": target_id, "facets": _with_ids(target.facets)}
        stored = schema.storable(target.model_copy(update=named))
        with self._change() as connection:
            if _row_exists(connection, target_id):
                raise TargetStateError(f"the target `{target_id}` exists already")
            revision = _record(connection, actor, "add", target_id)
            row = schema.target_row(stored)
            row |= {"revoked_reason": "", "added_revision": revision}
            connection.execute(schema.targets.insert(), row)
            _insert_facets(connection, stored)
        return stored

    def replace_facets(
        self, target_id: str, facets: Sequence[Facet], *, actor: str
    ) -> ForgetTarget:
        """Put `facets` in the place of a target's own; those that carry an id keep it.

        Raises `TargetNotFoundError`, or `TargetStateError` when the target is revoked.
        """
        with self._change() as connection:
            target = _active(connection, target_id)
            stored = schema.storable(target.model_copy(update={"facets": _with_ids(facets)}))
            connection.execute(schema.facets.delete().where(schema.facets.c.target_id == target.id))
            _insert_facets(connection, stored)
            _record(connection, actor, "replace_facets", target.id)
        return stored

    def revoke(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """End a target. Its row stays, for the trail; its facets are deleted, since what was
        elicited about a subject need not be kept once it is no longer held back.

        Raises `TargetNotFoundError`, or `TargetStateError` when it is revoked already.
        """
        with self._change() as connection:
            target = _active(connection, target_id)
            connection.execute(schema.facets.delete().where(schema.facets.c.target_id == target.id))
            connection.execute(
                schema.targets.update()
                .where(schema.targets.c.id == target.id)
                .values(status=TargetStatus.REVOKED.value, revoked_reason=schema.clean(reason))
            )
            _record(connection, actor, "revoke", target.id)
        return target.model_copy(update={"status": TargetStatus.REVOKED, "facets": ()})

    # ── Questions ────────────────────────────────────────────────────────────────────────────

    def get(self, target_id: str) -> ForgetTarget:
        """The target with this id, whatever its status. Raises `TargetNotFoundError`."""
        with self._read() as connection:
            return _get(connection, target_id)

    def targets(
        self, namespace: str | None = None, status: TargetStatus | None = None
    ) -> list[ForgetTarget]:
        """All targets, oldest first, of one namespace and one status where these are given."""
        columns, its = schema.targets.c, schema.facets.c
        wanted = [columns.namespace == schema.clean(namespace)] if namespace is not None else []
        wanted += [columns.status == status.value] if status is not None else []
        query = select(schema.targets).where(*wanted).order_by(columns.added_revision)
        facets = select(schema.facets).join(schema.targets).where(*wanted)
        with self._read() as connection:
            rows = connection.execute(query).mappings().all()
            grouped: dict[str, list[Facet]] = defaultdict(list)
            for row in connection.execute(facets.order_by(its.position)).mappings():
                grouped[row["target_id"]].append(schema.read_facet(row))
        return [schema.read_target(row, grouped[row["id"]]) for row in rows]

    def trail(self, target_id: str | None = None) -> list[TrailEntry]:
        """Every change, oldest first; of one target where it is given."""
        query = select(schema.trail).order_by(schema.trail.c.revision)
        if target_id is not None:
            query = query.where(schema.trail.c.target_id == schema.clean(target_id))
        with self._read() as connection:
            return [
                TrailEntry(
                    row.revision,
                    datetime.fromisoformat(row.at),
                    row.actor,
                    row.action,
                    row.target_id,
                )
                for row in connection.execute(query)
            ]

    def revision(self) -> int:
        """The number of the last change, made by any process; it only ever grows."""
        with self._read() as connection:
            return _revision(connection)

    def changes_since(self, revision: int) -> list[str]:
        """The ids of the targets that changed after `revision`, the longest unchanged first."""
        trail = schema.trail
        query = (
            select(trail.c.target_id)
            .where(trail.c.revision > revision)
            .group_by(trail.c.target_id)
            .order_by(func.max(trail.c.revision))
        )
        with self._read() as connection:
            return list(connection.scalars(query))

    def check(self) -> None:
        """Read the whole database and raise `RegistryCorruptError` if any of it is damaged."""
        with self._read() as connection:
            if connection.dialect.name != "sqlite":
                return
            found = connection.scalar(text("PRAGMA quick_check(1)"))
        if found != "ok":
            raise RegistryCorruptError(
                f"the registry `{self._place}` is damaged; restore it from a backup"
            )

    @contextmanager
    def _read(self) -> Iterator[Connection]:
        with errors_made_clear(self._place), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or has not happened."""
        with self._turn, errors_made_clear(self._place), self._writer.begin() as connection:
            yield connection


def _with_ids(facets: Sequence[Facet]) -> tuple[Facet, ...]:
    if any(not 0 <= f.id < 2**63 for f in facets):
        raise InvalidRequestError("a facet id has 1 to 63 bits; leave ids at 0 to get new ones")
    return tuple(
        f if f.id else f.model_copy(update={"id": secrets.randbits(63) or 1}) for f in facets
    )


def _insert_facets(connection: Connection, target: ForgetTarget) -> None:
    if not target.facets:
        return
    try:
        connection.execute(schema.facets.insert(), schema.facet_rows(target.id, target.facets))
    except IntegrityError:
        raise InvalidRequestError(
            f"a facet id of the target `{target.id}` is in use; leave ids at 0 to get new ones"
        ) from None


def _row_exists(connection: Connection, target_id: str) -> bool:
    query = select(schema.targets.c.id).where(schema.targets.c.id == target_id)
    return connection.scalar(query) is not None


def _get(connection: Connection, target_id: str) -> ForgetTarget:
    if not isinstance(target_id, str):
        raise TargetNotFoundError(f"a target's id is a string, not {type(target_id).__name__!r}")
    target_id = schema.clean(target_id)
    query = select(schema.targets).where(schema.targets.c.id == target_id)
    row = connection.execute(query).mappings().one_or_none()
    if row is None:
        shown = target_id if len(target_id) <= _SHOWN else f"{target_id[:_SHOWN]}…"
        raise TargetNotFoundError(f"no target has the id `{shown}`; `targets` lists them")
    its = select(schema.facets).where(schema.facets.c.target_id == target_id)
    rows = connection.execute(its.order_by(schema.facets.c.position)).mappings()
    return schema.read_target(row, [schema.read_facet(r) for r in rows])


def _active(connection: Connection, target_id: str) -> ForgetTarget:
    target = _get(connection, target_id)
    if target.status is not TargetStatus.ACTIVE:
        raise TargetStateError(f"the target `{target_id}` is {target.status.value} already")
    return target


def _revision(connection: Connection) -> int:
    found = connection.scalar(select(schema.clock.c.revision))
    return int(found or 0)


def _record(connection: Connection, actor: str, action: str, target_id: str) -> int:
    """Advance the clock and write the trail's line."""
    connection.execute(schema.clock.update().values(revision=schema.clock.c.revision + 1))
    revision = _revision(connection)
    connection.execute(
        schema.trail.insert(),
        {
            "revision": revision,
            "at": datetime.now(UTC).isoformat(),
            "actor": schema.clean(actor),
            "action": action,
            "target_id": target_id,
        },
    )
    return revision
