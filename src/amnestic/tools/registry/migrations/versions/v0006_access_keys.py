"""Keys of a server's users, the trail of who made and ended them, and what they have used.

What a registry held before stays as it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the tables, and make their trail append-only."""
    op.create_table(
        "access_keys",
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("role", sa.String, nullable=False),
        sa.Column("namespaces", sa.Text, nullable=True),
        sa.Column("requests", sa.BigInteger, nullable=True),
        sa.Column("tokens", sa.BigInteger, nullable=True),
        sa.Column("made_at", sa.String, nullable=False),
        sa.Column("made_by", sa.Text, nullable=False),
        sa.Column("rotated_at", sa.String, nullable=True),
        sa.Column("expires", sa.String, nullable=True),
        sa.Column("revoked_at", sa.String, nullable=True),
        sa.Column("revoked_by", sa.Text, nullable=False, server_default=""),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("former", sa.String, nullable=False, server_default=""),
        sa.Column("former_until", sa.String, nullable=True),
    )
    op.create_table(
        "access_trail",
        sa.Column("revision", sa.BigInteger, primary_key=True, autoincrement=False),
        sa.Column("at", sa.String, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("action", sa.String, nullable=False),
        sa.Column("key_id", sa.String, nullable=False),
        sa.Column("detail", sa.Text, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.Column("chain", sa.String, nullable=False),
    )
    op.create_index("access_trail_by_key", "access_trail", ["key_id"])
    op.create_table(
        "access_rates",
        sa.Column("key_id", sa.String, sa.ForeignKey("access_keys.id"), primary_key=True),
        sa.Column("requests_until", sa.Double, nullable=False, server_default="0"),
        sa.Column("tokens_until", sa.Double, nullable=False, server_default="0"),
    )
    _make_append_only()


def _make_append_only() -> None:
    dialect = op.get_bind().dialect.name
    if dialect == "sqlite":
        for action in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER access_trail_refuses_{action.lower()} BEFORE {action} "
                "ON access_trail BEGIN SELECT RAISE(ABORT, 'the trail is append-only'); END"
            )
    elif dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION access_trail_refuses() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the trail is append-only'; END $$"
        )
        op.execute(
            "CREATE TRIGGER access_trail_append_only BEFORE UPDATE OR DELETE ON access_trail "
            "FOR EACH ROW EXECUTE FUNCTION access_trail_refuses()"
        )
