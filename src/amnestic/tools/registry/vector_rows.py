"""Vectors that one replica has made, for the others: rows of the database that all of them use.

They go with the target that they are of, in the transaction that changes it, and what is packed in
them is nothing to this module. A registry in a file has none: its processes share a folder.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import NamedTuple

from sqlalchemy import Connection, select, text
from sqlalchemy.exc import DBAPIError

from amnestic.tools.registry.database import Database
from amnestic.tools.registry.shared_tables import facet_vectors

__all__ = ["Packed", "VectorRows", "drop_vectors", "put_beside"]

_AT_ONCE = 500

_PUT = text(
    "INSERT INTO facet_vectors (target_id, encoder, packed) "
    "SELECT id, :encoder, :packed FROM targets WHERE id = :target_id AND status = 'active' "
    "FOR SHARE SKIP LOCKED "
    "ON CONFLICT (target_id, encoder) DO NOTHING"
)
"""Nothing is kept of a target that is being changed, or is not in force any more: who changes one
deletes its vectors after the row was locked, and so sees all that were put before."""


class Packed(NamedTuple):
    """Vectors that one encoder has made, packed, by the id of their target."""

    encoder: str
    rows: Mapping[str, bytes]


def put_vectors(connection: Connection, packed: Packed) -> None:
    """Keep vectors of targets that are in force and have none yet."""
    for part in _parts(sorted(packed.rows)):
        rows = [{"encoder": packed.encoder, "target_id": i, "packed": packed.rows[i]} for i in part]
        connection.execute(_PUT, rows)


def put_beside(connection: Connection, packed: Packed) -> None:
    """The same within a change, which holds whether they can be kept or not: whoever takes it in
    without them makes them, and says what the database refuses."""
    if packed.rows:
        with suppress(DBAPIError), connection.begin_nested():
            put_vectors(connection, packed)


def drop_vectors(connection: Connection, target_id: str | None = None) -> None:
    """Delete the vectors of a target whose row was just written, or of all targets."""
    if connection.dialect.name != "postgresql":
        return
    statement = facet_vectors.delete()
    if target_id is not None:
        statement = statement.where(facet_vectors.c.target_id == target_id)
    connection.execute(statement)


class VectorRows:
    """The vectors of one registry's targets, packed, by target and encoder."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def known(self, encoder: str) -> set[str]:
        """The ids of all targets of which there are any."""
        its = facet_vectors.c
        with self._database.connect() as connection:
            return set(connection.scalars(select(its.target_id).where(its.encoder == encoder)))

    def read(self, encoder: str, ids: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """The vectors of targets, as they were packed; of those that have none, none."""
        its = facet_vectors.c
        for part in _parts(ids):
            query = select(its.target_id, its.packed).where(
                its.encoder == encoder, its.target_id.in_(part)
            )
            with self._database.connect() as connection:
                found = connection.execute(query).all()
            yield from ((target_id, bytes(packed)) for target_id, packed in found)

    def drop(self, encoder: str, ids: Collection[str]) -> None:
        """Delete the vectors of targets, which are of no use."""
        its = facet_vectors.c
        for part in _parts(ids):
            with self._database.connect(writing=True) as connection, connection.begin():
                connection.execute(
                    facet_vectors.delete().where(its.encoder == encoder, its.target_id.in_(part))
                )

    def put(self, packed: Packed) -> None:
        """The same in transactions of its own. It does not wait for the disk: what is lost is made
        again."""
        for part in _parts(sorted(packed.rows)):
            with self._database.connect(writing=True) as connection, connection.begin():
                connection.exec_driver_sql("SET LOCAL synchronous_commit = off")
                put_vectors(connection, Packed(packed.encoder, {i: packed.rows[i] for i in part}))


def _parts(ids: Collection[str]) -> Iterator[list[str]]:
    rest = iter(ids)
    while part := list(islice(rest, _AT_ONCE)):
        yield part
