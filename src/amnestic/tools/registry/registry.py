"""The registry: which targets are to be forgotten, and who asked for what when.

The database is the truth: every other structure (the index, the alias matcher) is built from it.
A change that has been acknowledged survives a kill of the process.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Self

from sqlalchemy import Connection

from amnestic.exceptions import RegistryUnavailableError, TargetStateError
from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.access_keys import AccessKeys
from amnestic.tools.registry.access_rates import AccessRates
from amnestic.tools.registry.adding import as_new, as_stored, insert_new
from amnestic.tools.registry.board import Board
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.notices import notify
from amnestic.tools.registry.position import position_of
from amnestic.tools.registry.purging import record_purge, refuse_telling, remnant
from amnestic.tools.registry.questions import RegistryQuestions
from amnestic.tools.registry.rows import AT_ONCE
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.tombstones import Tombstones
from amnestic.tools.registry.trail import Change, record
from amnestic.tools.registry.vector_rows import Packed, VectorRows, put_beside
from amnestic.types import Elicitation, Facet, FacetSource, ForgetTarget, TargetStatus

__all__ = ["Registry"]

_FIXED = ("id", "namespace", "created", "status", "version", "sealed", "salt")
"""What an edit leaves as it is."""


class Registry(RegistryQuestions):
    """Forget targets, kept in a database. Safe to share between threads and processes.

    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder, Registry.open(f"{folder}/r.db") as registry:
    ...     target = registry.add(ForgetTarget(id="", subject="Ada Example"), actor="me")
    ...     registry.revoke(target.id, actor="me").status.value
    'revoked'
    """

    def __init__(self, database: Database, seals: Seals) -> None:
        super().__init__(database, seals)
        self._turn = threading.Lock()
        self.keys = AccessKeys(database, self._change)
        self.rates = AccessRates(database)
        self.board = Board(database)
        self.vectors = VectorRows(database) if database.is_on_server else None
        self.tombstones = Tombstones(database, self._rows, self._change)

    @classmethod
    def open(cls, path_or_url: str | Path, seals: Seals | None = None) -> Registry:
        """Open the database at a path, or at an SQLAlchemy URL; a missing file is made. `seals`
        holds the keys of sealed targets: without the right ones these raise `SealError`.

        Raises `RegistryUnavailableError` (locked, read-only, out of reach),
        `RegistryVersionError` (of a newer schema) or `RegistryCorruptError`.
        """
        return cls(Database.open(path_or_url), seals or Seals())

    def close(self) -> None:
        """Close all connections."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # ── Changes ──────────────────────────────────────────────────────────────────────────────

    def add(self, target: ForgetTarget, *, actor: str, reason: str = "") -> ForgetTarget:
        """Store a new target, and give it back with its id and its facets' ids.

        An empty id is made up; facets whose id is 0 get a random one. The target is on the disk
        when this returns. Raises `TargetStateError` when the id is taken.
        """
        return self.add_all([target], actor=actor, reason=reason)[0]

    def add_all(
        self,
        targets: Iterable[ForgetTarget],
        *,
        actor: str,
        reason: str = "",
        packing: Callable[[Sequence[ForgetTarget]], Packed | None] | None = None,
    ) -> tuple[ForgetTarget, ...]:
        """Store new targets, all of them or none; each as `add` does. On a server the vectors that
        `packing` gives of them come with the change."""
        stored = [as_new(target) for target in targets]
        if not stored:
            return ()
        packed = packing(stored) if packing and self.vectors else None  # before others wait
        with self._change() as connection:
            insert_new(connection, self._rows, stored, actor, reason)
            if packed:
                put_beside(connection, packed)
        return tuple(stored)

    def add_each(
        self, targets: Iterable[ForgetTarget], *, actor: str, reason: str = ""
    ) -> list[str]:
        """The same for very many, which are read from `targets` as they are written and are not
        held; gives their ids. Whoever else writes waits meanwhile."""
        ids, coming = list[str](), iter(targets)
        with self._change() as connection:
            while part := [as_new(target) for target in islice(coming, AT_ONCE)]:
                insert_new(connection, self._rows, part, actor, reason)
                ids += [target.id for target in part]
        return ids

    def edit(self, target: ForgetTarget, *, actor: str, reason: str = "") -> ForgetTarget:
        """Put a target in the place of the one with its id: a new version, the old one is kept.

        Its id, namespace, status and date of creation stay. Raises `TargetNotFoundError`, and
        `TargetStateError` when it is revoked, or was edited by somebody else since it was read.
        """
        with self._change() as connection:
            before = self._rows.active(connection, target.id)
            if before.version != target.version:
                raise TargetStateError(
                    f"the target `{target.id}` was edited in the meantime; read it again"
                )
            fixed = {name: getattr(before, name) for name in _FIXED}
            changed = as_new(target.model_copy(update=fixed))
            changed = changed.model_copy(update={"version": before.version + 1})
            self._rows.keep_version(connection, before)
            self._put(connection, changed, Change("edit", changed, reason), actor)
        return changed

    def replace_facets(
        self, target_id: str, facets: Sequence[Facet], *, actor: str
    ) -> ForgetTarget:
        """Put `facets` in the place of a target's own; those that carry an id keep it.

        Raises `TargetNotFoundError`, or `TargetStateError` when the target is revoked.
        """
        with self._change() as connection:
            target = self._rows.active(connection, target_id)
            stored = as_stored(target.model_copy(update={"facets": tuple(facets)}))
            self._put(connection, stored, Change("replace_facets", stored), actor)
        return stored

    def elicited(self, target: ForgetTarget, *, actor: str) -> ForgetTarget | None:
        """Write down what a model said of a target, whose elicitation was pending: its kind, its
        facets and how far the elicitation came.

        `None`, and nothing is changed, where the target is not the one any more that was asked
        about: revoked, edited, or elicited by another process.
        """
        with self._change() as connection:
            found = self._rows.targets_where(connection, schema.targets.c.id == target.id)
            same = found and found[0].status is TargetStatus.ACTIVE
            if not same or (found[0].version, found[0].elicitation) != (
                target.version,
                Elicitation.PENDING,
            ):
                return None
            said = {name: getattr(target, name) for name in ("kind", "facets", "elicitation")}
            stored = as_stored(found[0].model_copy(update=said))
            self._put(connection, stored, Change("elicit", stored), actor)
        return stored

    def ask_again(self, target_id: str, *, actor: str) -> ForgetTarget:
        """Have a model asked once more about a target. Raises `TargetNotFoundError`, or
        `TargetStateError` when it is revoked."""
        with self._change() as connection:
            target = self._rows.active(connection, target_id)
            if target.sealed:
                raise TargetStateError(
                    f"the target `{target_id}` is sealed: no model is asked what it knows of it"
                )
            waiting = target.model_copy(update={"elicitation": Elicitation.PENDING})
            self._rows.update(connection, waiting)
            record(connection, actor, [Change("ask again", waiting)])
        return waiting

    def revoke(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """End a target. Its record stays, for the trail and to be restored; what was elicited is
        deleted, since it need not be kept about a subject that is no longer held back.

        Raises `TargetNotFoundError`, or `TargetStateError` when it is revoked already.
        """
        with self._change() as connection:
            target = self._rows.active(connection, target_id)
            told = tuple(f for f in target.facets if f.source is not FacetSource.ELICITED)
            changed = {"status": TargetStatus.REVOKED, "facets": told}
            revoked = target.model_copy(update=changed)
            self._rows.drop_facets(connection, target.id, FacetSource.ELICITED)
            self._rows.update(connection, revoked, revoked_reason=schema.clean(reason))
            record(connection, actor, [Change("revoke", revoked, reason)])
        return revoked

    def restore(
        self, target_id: str, *, actor: str, reason: str = "", elicit: bool = False
    ) -> ForgetTarget:
        """Put a revoked target in force again, as it was told; what a model said of it is asked
        anew where `elicit` is set.

        Raises `TargetNotFoundError`, or `TargetStateError` when it is in force.
        """
        with self._change() as connection:
            target = self._rows.get(connection, target_id)
            if target.status is TargetStatus.PURGED:
                raise TargetStateError(
                    f"the target `{target_id}` was purged: nothing is left of it to restore; "
                    "forget it anew"
                )
            if target.status is TargetStatus.ACTIVE:
                state = "in force; nothing to restore"
                if not target.is_active():
                    state = "expired; edit until when it holds"
                raise TargetStateError(f"the target `{target_id}` is {state}")
            pending = Elicitation.PENDING if elicit and not target.sealed else Elicitation.NONE
            changed = {"status": TargetStatus.ACTIVE, "elicitation": pending}
            restored = target.model_copy(update=changed)
            self._rows.update(connection, restored, revoked_reason="")
            record(connection, actor, [Change("restore", restored, reason)])
        return restored

    def purge(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """Delete a target for good, in force or not, also one that nobody can open: its texts are
        taken out of the tables and of its lines in the trail, and the database is written anew, so
        that none is left in freed pages or in SQLite's log. What stays is given back: id,
        namespace, date; and the trail's lines keep their times, their kinds and their hashes.

        Of one that was purged only the second is done. Raises `TargetNotFoundError`,
        `InvalidRequestError` for a reason that names the target, since that stays, and
        `RegistryUnavailableError` while another program keeps the log from being emptied: the
        target is purged by then, and the same is to be done again.
        """
        with self._change() as connection:
            target = self._rows.to_purge(connection, target_id, reason)
            left = schema.storable(remnant(target))
            if target.status is not TargetStatus.PURGED:
                refuse_telling(target, actor, reason)
                self._rows.blank(connection, left)
                record_purge(connection, actor, left, reason)
        self._database.rewrite()
        return left

    def note(self, target: ForgetTarget, action: str, *, actor: str, reason: str) -> None:
        """Write a line into the trail about something that changed no target."""
        with self._change() as connection:
            found = self._rows.get(connection, target.id)
            if found.status is TargetStatus.PURGED:
                raise TargetStateError(f"the target `{target.id}` was purged in the meantime")
            record(connection, actor, [Change(action, found, reason)])

    def reseal(self, *, actor: str) -> int:
        """Seal everything with the first key that was sealed with another, and give the number of
        targets; all of it or nothing. A SQLite file is written anew, so that what the other keys
        open is gone from it. Raises `SealError` where a key is missing."""
        with self._change() as connection:
            found = self._rows.resealed(connection)
            if found:
                record(connection, actor, [Change("reseal", target) for target in found])
        self._database.rewrite()
        return len(found)

    def _put(
        self, connection: Connection, target: ForgetTarget, change: Change, actor: str
    ) -> None:
        self._rows.drop_facets(connection, target.id)
        self._rows.update(connection, target)
        self._rows.insert_facets(connection, [target])
        record(connection, actor, [change])

    @contextmanager
    def _change(self) -> Iterator[Connection]:
        """A transaction that is on the disk when the block ends, or has not happened. Raises
        `RegistryUnavailableError` where the file was replaced meanwhile: nobody would read in the
        old one what is acknowledged here."""
        with self._turn:
            with self._database.connect(writing=True) as connection, connection.begin():
                if connection.dialect.name != "sqlite":  # which takes the writers' turn at once
                    clock = schema.clock
                    connection.execute(clock.update().values(revision=clock.c.revision))
                yield connection
                written = position_of(connection)
                notify(connection)
            if not self.follows(written):
                raise RegistryUnavailableError(
                    f"the registry `{self._place}` was replaced while it was written to, and the "
                    "change is not in the one that is there now; make it again"
                )
