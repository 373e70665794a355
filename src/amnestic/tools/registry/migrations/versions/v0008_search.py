"""Targets are found by three signs of their names, and listed without reading them: an index of
these signs beside the table, and two that hold all by which a list is filtered, by age and name.

Each of the two databases has one of signs that it keeps itself, in the transaction that changes
a target. Sealed targets have nothing in it. Where a database can have none, it has none, and
searching reads all rows.
"""

from __future__ import annotations

import logging
import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

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


def _sort(bind: sa.Connection) -> None:
    """Say of all that are not sealed or purged what their names are sorted by."""
    query = "SELECT id, subject FROM targets WHERE sealed = '' AND status <> 'purged'"
    rows = [{"id": one.id, "told": _sorted_as(one.subject)} for one in bind.exec_driver_sql(query)]
    if rows:
        bind.execute(sa.text("UPDATE targets SET sort_name = :told WHERE id = :id"), rows)


def _sorted_as(name: str) -> str:
    letters = unicodedata.normalize("NFKD", name.strip()).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))[:120]


def upgrade() -> None:
    """Make the indexes; where that of letters cannot be made, it is left."""
    op.drop_index("targets_by_revision", "targets")
    op.add_column("targets", sa.Column("sort_name", sa.Text, nullable=False, server_default=""))
    bind = op.get_bind()
    _sort(bind)
    filters = ["status", "expires", "namespace", "kind", "id"]
    op.create_index("targets_listed", "targets", ["added_revision", *filters])
    op.create_index("targets_by_name", "targets", ["sort_name", "added_revision", *filters])
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
