"""The registry's tables, and how rows become targets.

The tables are described once more in `migrations/`, step by step as they came to be; a test holds
the two to each other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    RowMapping,
    String,
    Table,
    Text,
)

from amnestic.types import Facet, ForgetTarget

__all__ = [
    "HEAD",
    "clean",
    "clock",
    "facet_rows",
    "facets",
    "metadata",
    "read_facet",
    "read_target",
    "storable",
    "target_row",
    "targets",
    "trail",
]

HEAD = "0001"
"""The newest migration; a database that is at it opens without loading Alembic."""

metadata = MetaData()

targets = Table(
    "targets",
    metadata,
    Column("id", String, primary_key=True),
    Column("subject", Text, nullable=False),
    Column("kind", String, nullable=False),
    Column("description", Text, nullable=False),
    Column("aliases", Text, nullable=False),
    Column("exceptions", Text, nullable=False),
    Column("policy", String, nullable=False),
    Column("status", String, nullable=False),
    Column("namespace", String, nullable=False),
    Column("requester", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("created", String, nullable=False),
    Column("expires", String, nullable=True),
    Column("revoked_reason", Text, nullable=False),
    Column("added_revision", BigInteger, nullable=False),
    Index("targets_by_namespace", "namespace", "status"),
    Index("targets_by_revision", "added_revision"),
)

facets = Table(
    "facets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("target_id", String, ForeignKey("targets.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Index("facets_by_target", "target_id", "position"),
)

trail = Table(
    "trail",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target_id", String, nullable=False),
    Index("trail_by_target", "target_id"),
)

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
)
"""One row: the revision of the last change. Writers update it first, and so take turns."""


def target_row(target: ForgetTarget) -> dict[str, Any]:
    """The columns of a target (one that is `storable`) that come from the target itself."""
    return {
        "id": target.id,
        "subject": target.subject,
        "kind": target.kind.value,
        "description": target.description,
        "aliases": json.dumps(target.aliases),
        "exceptions": json.dumps(target.exceptions),
        "policy": target.policy.value,
        "status": target.status.value,
        "namespace": target.namespace,
        "requester": target.requester,
        "reason": target.reason,
        "created": target.created.isoformat(),
        "expires": target.expires.isoformat() if target.expires else None,
    }


def facet_rows(target_id: str, stored: Iterable[Facet]) -> list[dict[str, Any]]:
    """The rows of a target's facets, in order."""
    return [
        {"id": f.id, "target_id": target_id, "position": i, "kind": f.kind.value, "text": f.text}
        for i, f in enumerate(stored)
    ]


def read_facet(row: RowMapping) -> Facet:
    """The facet that a row holds."""
    return Facet(kind=row["kind"], text=row["text"], id=row["id"])


def read_target(row: Mapping[Any, Any], its_facets: Iterable[Facet]) -> ForgetTarget:
    """The target that a row and its facets hold."""
    return ForgetTarget(
        id=row["id"],
        subject=row["subject"],
        kind=row["kind"],
        description=row["description"],
        aliases=tuple(json.loads(row["aliases"])),
        facets=tuple(its_facets),
        exceptions=tuple(json.loads(row["exceptions"])),
        policy=row["policy"],
        status=row["status"],
        namespace=row["namespace"],
        requester=row["requester"],
        reason=row["reason"],
        created=datetime.fromisoformat(row["created"]),
        expires=datetime.fromisoformat(row["expires"]) if row["expires"] else None,
    )


def storable(target: ForgetTarget) -> ForgetTarget:
    """The target as it will be read back: times in UTC (one without a zone is taken as UTC), and
    text without the lone surrogates and NUL bytes that databases refuse.

    >>> storable(ForgetTarget(id="t", subject="Ada\\0 Example")).subject
    'Ada Example'
    """
    facets = tuple(f.model_copy(update={"text": clean(f.text)}) for f in target.facets)
    return target.model_copy(
        update={
            **{name: clean(getattr(target, name)) for name in _TEXTS},
            "aliases": tuple(clean(alias) for alias in target.aliases),
            "exceptions": tuple(clean(exception) for exception in target.exceptions),
            "facets": facets,
            "created": _utc(target.created),
            "expires": _utc(target.expires) if target.expires else None,
        }
    )


_TEXTS = ("id", "subject", "description", "namespace", "requester", "reason")


def clean(text: str) -> str:
    """The text without what databases refuse: lone surrogates become `?`, NUL bytes go."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return aware.astimezone(UTC)
