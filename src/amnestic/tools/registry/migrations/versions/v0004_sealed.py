"""Sealed targets: one column holds all that is private of one, and a table the hashes of its names.

What a registry held before stays as it is, in clear.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the column and the table."""
    op.add_column("targets", sa.Column("sealed", sa.Text, nullable=False, server_default=""))
    op.create_table(
        "sealed_names",
        sa.Column("target_id", sa.String, sa.ForeignKey("targets.id"), primary_key=True),
        sa.Column("hash", sa.String, primary_key=True),
    )
    op.create_index("sealed_names_by_hash", "sealed_names", ["hash"])
