"""The tables of access keys, of their trail and of what they have used."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Double, ForeignKey, Index, String, Table, Text

from amnestic.tools.registry.schema import metadata

__all__ = ["access_keys", "access_rates", "access_trail"]

access_keys = Table(
    "access_keys",
    metadata,
    Column("id", String, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", String, nullable=False),
    Column("namespaces", Text, nullable=True),
    Column("requests", BigInteger, nullable=True),
    Column("tokens", BigInteger, nullable=True),
    Column("made_at", String, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("rotated_at", String, nullable=True),
    Column("expires", String, nullable=True),
    Column("revoked_at", String, nullable=True),
    Column("revoked_by", Text, nullable=False, server_default=""),
    Column("digest", String, nullable=False),
    Column("former", String, nullable=False, server_default=""),
    Column("former_until", String, nullable=True),
)
"""Who may use a server, and as what: of the keys themselves there is a hash, and of one that was
rotated the hash of the former and until when that holds."""

access_trail = Table(
    "access_trail",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", Text, nullable=False),
    Column("action", String, nullable=False),
    Column("key_id", String, nullable=False),
    Column("detail", Text, nullable=False),
    Column("digest", String, nullable=False),
    Column("chain", String, nullable=False),
    Index("access_trail_by_key", "key_id"),
)
"""Who made, rotated and revoked keys, each line bound to the one before."""

access_rates = Table(
    "access_rates",
    metadata,
    Column("key_id", String, ForeignKey("access_keys.id"), primary_key=True),
    Column("requests_until", Double, nullable=False, server_default="0"),
    Column("tokens_until", Double, nullable=False, server_default="0"),
)
"""Until when, in seconds of the database's clock, what a key has used counts against its limits."""
