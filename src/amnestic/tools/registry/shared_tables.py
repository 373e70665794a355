"""The tables of what replicas share beside the truth: none of it is in a backup, and all of it may
be lost.
"""

from __future__ import annotations

from sqlalchemy import Column, Double, Index, LargeBinary, MetaData, String, Table

__all__ = ["board", "facet_vectors", "shared"]

shared = MetaData()

facet_vectors = Table(
    "facet_vectors",
    shared,
    Column("target_id", String, primary_key=True),
    Column("encoder", String, primary_key=True),
    Column("packed", LargeBinary, nullable=False),
)
"""The vectors of a target's facets, by the encoder that made them."""

board = Table(
    "board",
    shared,
    Column("kind", String, primary_key=True),
    Column("id", String, primary_key=True),
    Column("about", String, nullable=False, server_default=""),
    Column("at", Double, nullable=False),
    Column("ends", Double, nullable=False),
    Column("told", LargeBinary, nullable=False),
    Index("board_by_end", "ends"),
)
"""What the processes of all replicas tell each other for a while: when it was told and until when
it counts, in seconds of the database's clock, and which target it is about: `*` where that may be
any."""
