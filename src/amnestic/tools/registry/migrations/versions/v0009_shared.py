"""What replicas share beside the truth: vectors that one of them has made, and what the processes
of all of them tell each other for a while.

What a registry held before stays as it is.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "facet_vectors",
        sa.Column("target_id", sa.String, primary_key=True),
        sa.Column("encoder", sa.String, primary_key=True),
        sa.Column("packed", sa.LargeBinary, nullable=False),
    )
    op.create_table(
        "board",
        sa.Column("kind", sa.String, primary_key=True),
        sa.Column("id", sa.String, primary_key=True),
        sa.Column("about", sa.String, nullable=False, server_default=""),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("ends", sa.Double, nullable=False),
        sa.Column("told", sa.LargeBinary, nullable=False),
    )
    op.create_index("board_by_end", "board", ["ends"])
