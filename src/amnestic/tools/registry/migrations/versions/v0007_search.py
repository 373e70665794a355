"""Targets are found by three letters of their names, and listed without reading them: an index of
these letters beside the table, and one that holds all by which a list is filtered.

Each of the two databases has one of letters that it keeps itself, in the transaction that changes
a target. Sealed targets have nothing in it. Where a database can have none, it has none, and
searching reads all rows.
"""

from __future__ import annotations

import logging

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

_log = logging.getLogger("amnestic.tools.registry")

_PUT = "INSERT INTO target_search(rowid, search) VALUES (new.added_revision, new.search)"
_TAKE = (
    "INSERT INTO target_search(target_search, rowid, search) "
    "VALUES ('delete', old.added_revision, old.search)"
)
_SQLITE = (
    "CREATE VIRTUAL TABLE target_search USING fts5("
    "search, content='targets', content_rowid='added_revision', tokenize='trigram')",
    f"CREATE TRIGGER target_search_put AFTER INSERT ON targets BEGIN {_PUT}; END",
    f"CREATE TRIGGER target_search_take AFTER DELETE ON targets BEGIN {_TAKE}; END",
    "CREATE TRIGGER target_search_change AFTER UPDATE OF search, added_revision ON targets "
    "WHEN old.search <> new.search OR old.added_revision <> new.added_revision "
    f"BEGIN {_TAKE}; {_PUT}; END",
    "INSERT INTO target_search(target_search) VALUES ('rebuild')",
)
_POSTGRESQL = (
    "CREATE EXTENSION IF NOT EXISTS pg_trgm",
    "CREATE INDEX targets_by_search ON targets USING gin (search gin_trgm_ops)",
)


def upgrade() -> None:
    """Make the indexes; where that of letters cannot be made, it is left."""
    op.drop_index("targets_by_revision", "targets")
    listed = ["added_revision", "status", "expires", "namespace", "kind", "id"]
    op.create_index("targets_listed", "targets", listed)
    bind = op.get_bind()
    made = {"sqlite": _SQLITE, "postgresql": _POSTGRESQL}.get(bind.dialect.name, ())
    try:
        with bind.begin_nested():
            for statement in made:
                bind.exec_driver_sql(statement)
    except (sa.exc.OperationalError, sa.exc.NotSupportedError, sa.exc.ProgrammingError) as error:
        _log.warning(
            "the registry has no index for searching, and reads all targets instead: %s",
            type(error.orig).__name__,
        )
