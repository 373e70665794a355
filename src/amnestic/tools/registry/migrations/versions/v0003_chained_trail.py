"""The trail says why, and each line is bound to the one before; edited targets keep what they were.

Lines from before have no hash: the chain begins with the next change.
"""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns and the table."""
    for column in (
        sa.Column("reason", sa.Text, nullable=False, server_default=""),
        sa.Column("version", sa.Integer, nullable=False, server_default="1"),
        sa.Column("digest", sa.String, nullable=False, server_default=""),
        sa.Column("chain", sa.String, nullable=False, server_default=""),
    ):
        op.add_column("trail", column)
    op.add_column(
        "clock", sa.Column("chained_from", sa.BigInteger, nullable=False, server_default="1")
    )
    op.add_column("clock", sa.Column("salt", sa.String, nullable=False, server_default=""))
    clock = sa.table("clock", *map(sa.column, ("revision", "chained_from", "salt")))
    op.execute(clock.update().values(chained_from=clock.c.revision + 1, salt=secrets.token_hex(16)))
    op.create_table(
        "versions",
        sa.Column("target_id", sa.String, sa.ForeignKey("targets.id"), primary_key=True),
        sa.Column("version", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("record", sa.Text, nullable=False),
    )
