"""Putting other rows in the place of all that a registry holds.

What is kept beside each row, the indexes of a table and that of searches, costs more than the rows
where it is written row by row in no order of its own: it is made once, behind them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, bindparam, text

from amnestic.tools.registry.schema import metadata
from amnestic.tools.registry.search_index import without_traces

__all__ = ["refilling"]

_CACHE_KIB = 65_536  # pages of the file that are kept at hand, for as long as it is open
_KEPT = text(
    "SELECT type, name, sql FROM sqlite_master "
    "WHERE type IN ('trigger', 'index') AND sql IS NOT NULL AND tbl_name IN :tables"
).bindparams(bindparam("tables", expanding=True))


@contextmanager
def refilling(connection: Connection) -> Iterator[None]:
    """Within the block, which is one transaction's, every row can be taken out and put in, also
    those of the trail, to which lines are only ever added else. What the database does about that,
    and its indexes where it is SQLite's, are away meanwhile, for nobody but this transaction."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA cache_size = -{_CACHE_KIB}")
        kept = connection.execute(_KEPT, {"tables": list(metadata.tables)}).all()
        for kind, name, _ in kept:
            connection.exec_driver_sql(f'DROP {kind} "{name}"')
        yield
        for _, _, made in kept:
            connection.exec_driver_sql(made)
        without_traces(connection)
        return
    tables = list(metadata.tables)
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" DISABLE TRIGGER USER')
    yield
    for table in tables:
        connection.exec_driver_sql(f'ALTER TABLE "{table}" ENABLE TRIGGER USER')
