"""The first schema: targets, facets, the trail and the clock."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the tables, and make the trail append-only."""
    op.create_table(
        "targets",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("subject", sa.Text, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("description", sa.Text, nullable=False),
        sa.Column("aliases", sa.Text, nullable=False),
        sa.Column("exceptions", sa.Text, nullable=False),
        sa.Column("policy", sa.String, nullable=False),
        sa.Column("status", sa.String, nullable=False),
        sa.Column("namespace", sa.String, nullable=False),
        sa.Column("requester", sa.Text, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("created", sa.String, nullable=False),
        sa.Column("expires", sa.String, nullable=True),
        sa.Column("revoked_reason", sa.Text, nullable=False),
        sa.Column("added_revision", sa.BigInteger, nullable=False),
    )
    op.create_index("targets_by_namespace", "targets", ["namespace", "status"])
    op.create_index("targets_by_revision", "targets", ["added_revision"])
    op.create_table(
        "facets",
        sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("target_id", sa.String, sa.ForeignKey("targets.id"), nullable=False),
        sa.Column("position", sa.Integer, nullable=False),
        sa.Column("kind", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
    )
    op.create_index("facets_by_target", "facets", ["target_id", "position"])
    op.create_table(
        "trail",
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("actor", sa.String, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("target_id", sa.String, nullable=False),
    )
    op.create_index("trail_by_target", "trail", ["target_id"])
    clock = op.create_table(
        "clock",
        sa.Column("id", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.BigInteger, nullable=False),
    )
    op.bulk_insert(clock, [{"id": 1, "revision": 0}])
    _make_append_only()


def _make_append_only() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER trail_refuses_{action.lower()} BEFORE {action} ON trail "
                "BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )
    elif dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER trail_append_only BEFORE UPDATE OR DELETE ON trail "
            "FOR EACH ROW EXECUTE FUNCTION trail_refuses()"
        )
