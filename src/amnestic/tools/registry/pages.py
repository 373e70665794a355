"""Targets and the trail a page at a time: what a list of a hundred thousand is looked at by."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, and_, func, or_, select

from amnestic.tools.registry import schema as schema
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.rows import AT_ONCE, Rows
from amnestic.tools.registry.search_index import indexed, standing_in
from amnestic.tools.registry.trail import TrailEntry
from amnestic.types import GLOBAL, ForgetTarget, TargetStatus

__all__ = ["RegistryPages", "TargetPage", "TargetQuery"]

_EXPIRED = "expired"
_BY_AGE: list[Any] = [schema.targets.c.added_revision]
_BY_NAME: list[Any] = [schema.targets.c.sort_name, *_BY_AGE]
_FEW = 200
"""Namespaces that are looked for one behind the other: of more, all rows are read."""


def _one_by_one() -> Select[Any]:
    """The namespaces, each found in the index behind the one before: neither database looks at it
    so by itself, and both would read a row of it for every target."""
    its = schema.targets.c.namespace
    spaces = select(func.min(its).label("name")).cte("spaces", recursive=True)
    behind = select(func.min(its)).where(its > spaces.c.name).correlate(spaces).scalar_subquery()
    spaces = spaces.union_all(select(behind).where(spaces.c.name.is_not(None)))
    return select(spaces.c.name).where(spaces.c.name.is_not(None))


_FEW_SPACES = _one_by_one()


@dataclass(frozen=True, slots=True)
class TargetQuery:
    """Which targets are looked for.

    Attributes:
        spaces: the namespaces to look in; `None` for all of them.
        state: `active`, `revoked`, `purged` or `expired`; empty for all.
        kind: the value of a `TargetKind`; empty for all.
        words: what stands in a name or an identifier, in any case; of a sealed target, all of one.
        by_name: whether names are in the order of the alphabet, sealed and purged ones first;
            else the oldest are first.
    """

    spaces: tuple[str, ...] | None = None
    state: str = ""
    kind: str = ""
    words: str = ""
    by_name: bool = False


@dataclass(frozen=True, slots=True)
class TargetPage:
    """Some targets of a list, in its order, sealed ones masked; `total` are in the list, of which
    these begin behind `offset` others."""

    targets: tuple[ForgetTarget, ...]
    total: int
    offset: int


class RegistryPages:
    """The part of the registry that is read page by page."""

    _database: Database
    _rows: Rows

    def page(self, query: TargetQuery, offset: int = 0, limit: int = 50) -> TargetPage:
        """A page of the targets that a query finds; behind the last one it is the last page."""
        its = schema.targets.c
        within = self._searched_in(query)
        with self._database.connect() as connection:
            wanted = self._wanted(query, within, by_index=indexed(connection))
            counted = select(func.count()).select_from(schema.targets).where(*wanted)
            total = int(connection.scalar(counted) or 0)
            start = offset if offset < total else max(0, total - 1) // max(1, limit) * limit
            size = min(limit, total - start)
            order = _BY_NAME if query.by_name else _BY_AGE
            behind = total - start - size
            if behind < start:  # nearer to the end: read from there
                skip, order = behind, [column.desc() for column in order]
            else:
                skip = start
            ids = select(its.id).where(*wanted).order_by(*order).limit(size).offset(skip)
            found = list(connection.scalars(ids)) if size else []
            shown = [
                target
                for first in range(0, len(found), AT_ONCE)
                for target in self._rows.masked_where(
                    connection, its.id.in_(found[first : first + AT_ONCE])
                )
            ]
        places = {target_id: place for place, target_id in enumerate(found)}
        shown.sort(key=lambda target: places[target.id], reverse=behind < start)
        return TargetPage(tuple(shown), total, start)

    def namespaces(self) -> list[str]:
        """The namespaces that have a target of their own, in force or not, by the alphabet."""
        with self._database.connect() as connection:
            found = list(connection.scalars(_FEW_SPACES.limit(_FEW + 1)))
            if len(found) > _FEW:
                found = list(connection.scalars(select(schema.targets.c.namespace).distinct()))
        return sorted(name for name in found if name != GLOBAL)

    def subjects(self, ids: Iterable[str]) -> dict[str, str]:
        """What the targets with these ids are called, by id; without sealed and purged ones."""
        its = schema.targets.c
        query = select(its.id, its.subject).where(its.id.in_(set(ids)), its.sealed == "")
        with self._database.connect() as connection:
            return {row.id: row.subject for row in connection.execute(query) if row.subject}

    def trail_page(
        self,
        spaces: Sequence[str] | None = None,
        *,
        target_id: str = "",
        before: int | None = None,
        skip: int = 0,
        limit: int = 50,
    ) -> list[TrailEntry]:
        """The newest lines of the trail before the revision `before`, newest first: of one target,
        or of some namespaces, where these are given. The first of them may be left out (`skip`)."""
        trail = schema.trail
        query: Select[Any] = select(trail).order_by(trail.c.revision.desc()).limit(limit)
        if target_id:
            query = query.where(trail.c.target_id == schema.clean(target_id))
        if before is not None:
            query = query.where(trail.c.revision < before)
        if spaces is not None:
            query = query.join(schema.targets, schema.targets.c.id == trail.c.target_id)
            query = query.where(schema.targets.c.namespace.in_(map(schema.clean, spaces)))
        query = query.offset(skip)
        with self._database.connect() as connection:
            return [TrailEntry.of(row) for row in connection.execute(query).mappings()]

    def _searched_in(self, query: TargetQuery) -> Sequence[str]:
        """The namespaces in which sealed targets are looked for: a hash is one of a namespace."""
        if not query.words.strip() or not self._rows.seals.keys:
            return ()
        return (*self.namespaces(), GLOBAL) if query.spaces is None else query.spaces

    def _wanted(self, query: TargetQuery, within: Sequence[str], *, by_index: bool) -> list[Any]:
        its, wanted = schema.targets.c, list[Any]()
        if query.spaces is not None:
            wanted.append(its.namespace.in_([schema.clean(space) for space in query.spaces]))
        if query.state:
            wanted.append(_in_state(query.state))
        if query.kind:
            wanted.append(its.kind == query.kind)
        if words := query.words.strip():
            wanted.append(self._called(words, within, by_index=by_index))
        return wanted

    def _called(self, words: str, spaces: Sequence[str], *, by_index: bool) -> Any:
        """The condition under which a target is called so: a part of its names or identifiers, or
        of a sealed one all of one."""
        found, names = standing_in(words, by_index=by_index), schema.sealed_names.c
        hashes = [made for space in spaces for made in self._rows.seals.hashed(words, space)]
        sealed = select(names.target_id).where(names.hash.in_(hashes))
        return or_(found, schema.targets.c.id.in_(sealed)) if hashes else found


def _in_state(state: str) -> Any:
    """The condition under which a target is in a state now."""
    its = schema.targets.c
    now = datetime.now(UTC).isoformat()
    if state == TargetStatus.ACTIVE.value:
        return and_(its.status == state, or_(its.expires.is_(None), its.expires > now))
    if state == _EXPIRED:
        return and_(its.status == TargetStatus.ACTIVE.value, its.expires <= now)
    return its.status == state
