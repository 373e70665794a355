"""Targets become typed records: identifiers, translations, terms, scope, whose record and why.

An identifier that stood among the names becomes one of its own, with its type.
"""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_TYPES = {
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "url": re.compile(r"https?://\S+"),
    "iban": re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}"),
    "card": re.compile(r"\d{4}(?:[ -]\d{4}){3}"),
    "phone": re.compile(r"\+\d[\d ()/.-]{6,}\d"),
    "number": re.compile(r"(?=[^ ]*\d)[\w./-]{6,}|\d[\d -]{5,}"),
}


def upgrade() -> None:
    """Add the columns. What a registry held before was told, and no model is asked again."""
    for name in ("translations", "terms", "identifiers", "unread"):
        op.add_column("targets", sa.Column(name, sa.Text, nullable=False, server_default="[]"))
    for name in ("scope", "subject_id", "legal_basis"):
        op.add_column("targets", sa.Column(name, sa.Text, nullable=False, server_default=""))
    op.add_column(
        "targets", sa.Column("elicitation", sa.String, nullable=False, server_default="none")
    )
    op.add_column("targets", sa.Column("version", sa.Integer, nullable=False, server_default="1"))
    op.add_column(
        "targets", sa.Column("kind_guessed", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("facets", sa.Column("source", sa.String, nullable=False, server_default="told"))
    _part_identifiers_from_names()


def _part_identifiers_from_names() -> None:
    connection = op.get_bind()
    targets = sa.table("targets", *map(sa.column, ("id", "subject", "aliases", "identifiers")))
    facets = sa.table("facets", *map(sa.column, ("target_id", "kind", "text")))
    rows = connection.execute(sa.select(targets.c.id, targets.c.subject, targets.c.aliases))
    for target_id, subject, told in rows.all():
        names = [subject, *json.loads(told)]
        typed = [{"type": kind, "value": n, "label": ""} for n in names if (kind := _type(n))]
        values = [identifier["value"] for identifier in typed]
        aliases = [name for name in names[1:] if name not in values]
        connection.execute(
            targets.update()
            .where(targets.c.id == target_id)
            .values(
                aliases=json.dumps(aliases, ensure_ascii=False),
                identifiers=json.dumps(typed, ensure_ascii=False),
            )
        )
        its = (facets.c.target_id == target_id, facets.c.kind == "alias")
        moved = [value for value in values if value != subject]
        connection.execute(facets.delete().where(*its, facets.c.text.in_(moved)))


def _type(name: str) -> str | None:
    return next((kind for kind, pattern in _TYPES.items() if pattern.fullmatch(name)), None)
