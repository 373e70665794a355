"""Targets become typed records: identifiers, translations, terms, scope, whose record and why.

An identifier among the names becomes one of its own, with its type, and stays a name. Names that
the request did not tell were said by a model.
"""

from __future__ import annotations

import json
import re

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_COLUMNS = ("id", "subject", "aliases", "identifiers", "search")
_LONGEST = 1_000
_TYPES = {
    "email": re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"),
    "url": re.compile(r"https?://\S+"),
    "iban": re.compile(r"[A-Z]{2}\d{2}(?:\s?[A-Z0-9]){11,30}"),
    "card": re.compile(r"\d{4}(?:[ -]\d{4}){3}"),
    "phone": re.compile(r"\+\d[\d ()/.-]{6,}\d"),
    "number": re.compile(r"(?=(?:[^ ]*?\d){4})[\w./-]{6,}|\d[\d -]{5,}"),
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
    op.add_column("targets", sa.Column("search", sa.Text, nullable=False, server_default=""))
    op.add_column(
        "targets", sa.Column("kind_guessed", sa.Boolean, nullable=False, server_default=sa.false())
    )
    op.add_column("facets", sa.Column("source", sa.String, nullable=False, server_default="told"))
    _tell_identifiers_from_names()


def _tell_identifiers_from_names() -> None:
    connection = op.get_bind()
    targets = sa.table("targets", *map(sa.column, _COLUMNS))
    facets = sa.table("facets", *map(sa.column, ("target_id", "kind", "text", "source")))
    rows = connection.execute(sa.select(targets.c.id, targets.c.subject, targets.c.aliases))
    for target_id, subject, told in rows.all():
        names = [subject, *json.loads(told)]
        typed = [{"type": kind, "value": n, "label": ""} for n in names if (kind := _type(n))]
        connection.execute(
            targets.update()
            .where(targets.c.id == target_id)
            .values(
                aliases=json.dumps(names[1:], ensure_ascii=False),
                identifiers=json.dumps(typed, ensure_ascii=False),
                search="\n".join(names).casefold(),
            )
        )
        said = (facets.c.target_id == target_id, facets.c.kind == "alias")
        elicited = facets.update().where(*said, facets.c.text.notin_(names))
        connection.execute(elicited.values(source="elicited"))


def _type(name: str) -> str | None:
    if len(name) > _LONGEST:
        return None
    return next((kind for kind, pattern in _TYPES.items() if pattern.fullmatch(name)), None)
