"""The registry's tables, and how rows become targets.

The tables are described once more in `migrations/`, step by step as they came to be; a test holds
the two to each other.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    false,
)

from amnestic.exceptions import InvalidRequestError, RegistryCorruptError
from amnestic.types import Facet, ForgetTarget

__all__ = [
    "FACET",
    "HEAD",
    "clean",
    "clock",
    "facet_rows",
    "facets",
    "metadata",
    "read_facet",
    "read_target",
    "sealed_names",
    "searched",
    "sorted_as",
    "storable",
    "target_row",
    "targets",
    "tombstones",
    "trail",
    "versions",
]

HEAD = "0009"
"""The newest migration; a database that is at it opens without loading Alembic."""

metadata = MetaData()

_FILTERS = ("status", "expires", "namespace", "kind", "id")  # they stand in a list's indexes

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
    Column("translations", Text, nullable=False, server_default="[]"),
    Column("terms", Text, nullable=False, server_default="[]"),
    Column("identifiers", Text, nullable=False, server_default="[]"),
    Column("unread", Text, nullable=False, server_default="[]"),
    Column("scope", Text, nullable=False, server_default=""),
    Column("subject_id", Text, nullable=False, server_default=""),
    Column("legal_basis", Text, nullable=False, server_default=""),
    Column("elicitation", String, nullable=False, server_default="none"),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("search", Text, nullable=False, server_default=""),
    Column("kind_guessed", Boolean, nullable=False, server_default=false()),
    Column("sealed", Text, nullable=False, server_default=""),
    Column("sort_name", Text, nullable=False, server_default=""),
    Index("targets_by_namespace", "namespace", "status"),
    Index("targets_listed", "added_revision", *_FILTERS),
    Index("targets_by_name", "sort_name", "added_revision", *_FILTERS),
)

facets = Table(
    "facets",
    metadata,
    Column("id", BigInteger, primary_key=True, autoincrement=False),
    Column("target_id", String, ForeignKey("targets.id"), nullable=False),
    Column("position", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("source", String, nullable=False, server_default="told"),
    Index("facets_by_target", "target_id", "position"),
)

sealed_names = Table(
    "sealed_names",
    metadata,
    Column("target_id", String, ForeignKey("targets.id"), primary_key=True),
    Column("hash", String, primary_key=True),
    Index("sealed_names_by_hash", "hash"),
)
"""Keyed hashes of the names and identifiers of sealed targets, by which these are found again."""

tombstones = Table(
    "tombstones",
    metadata,
    Column("target_id", String, ForeignKey("targets.id"), primary_key=True),
    Column("hash", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("at", String, nullable=False),
)
"""Keyed hashes of what was taken out of stores."""

trail = Table(
    "trail",
    metadata,
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("at", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("action", String, nullable=False),
    Column("target_id", String, nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("digest", String, nullable=False, server_default=""),
    Column("chain", String, nullable=False, server_default=""),
    Index("trail_by_target", "target_id"),
)

versions = Table(
    "versions",
    metadata,
    Column("target_id", String, ForeignKey("targets.id"), primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("record", Text, nullable=False),
)
"""Targets as they were before they were edited."""

clock = Table(
    "clock",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("revision", BigInteger, nullable=False),
    Column("chained_from", BigInteger, nullable=False, server_default="1"),
    Column("salt", String, nullable=False, server_default=""),
)
"""One row: the revision of the last change, where the trail's chain begins, and a salt of this
registry's own. Writers update it first, and so take turns."""


def target_row(target: ForgetTarget) -> dict[str, Any]:
    """The columns of a target (one that is `storable`) that come from the target itself."""
    plain = target.model_dump(mode="json", include={*_PLAIN, *_LISTS})
    lists = {name: json.dumps(plain[name], ensure_ascii=False) for name in _LISTS}
    return {
        **plain,
        **lists,
        "search": searched(target),
        "sort_name": sorted_as(target.subject),
        "sealed": "",
        "created": target.created.isoformat(),
        "expires": target.expires.isoformat() if target.expires else None,
    }


def facet_rows(target_id: str, stored: Iterable[Facet]) -> list[dict[str, Any]]:
    """The rows of a target's facets, in order."""
    return [
        {**f.__dict__, "kind": f.kind.value, "source": f.source.value}
        | {"target_id": target_id, "position": i}
        for i, f in enumerate(stored)
    ]


FACET = tuple(facets.c[name] for name in Facet.model_fields)
"""The columns of a facet."""


def read_facet(values: Iterable[Any]) -> Facet:
    """The facet that the values of `FACET` hold."""
    return Facet(**{column.name: value for column, value in zip(FACET, values, strict=True)})


def read_target(row: Mapping[Any, Any], its_facets: Iterable[Facet]) -> ForgetTarget:
    """The target that a row and its facets hold; raises `RegistryCorruptError` where it holds
    none."""
    try:
        if not row["subject"] and not row["sealed"]:
            raise ValueError("a sealed target without its seal")
        return ForgetTarget(
            **{name: row[name] for name in _PLAIN},
            **{name: json.loads(row[name]) if row[name] != "[]" else () for name in _LISTS},
            facets=tuple(its_facets),
            created=datetime.fromisoformat(row["created"]),
            expires=datetime.fromisoformat(row["expires"]) if row["expires"] else None,
            sealed=bool(row["sealed"]),
        )
    except ValueError:
        raise RegistryCorruptError(
            f"the registry's row of the target `{row['id']}` cannot be read; restore the registry "
            "from a backup"
        ) from None


_LISTS = ("aliases", "translations", "terms", "identifiers", "exceptions", "unread")
"""What one column holds as JSON."""

_PLAIN = tuple(
    name
    for name in ForgetTarget.model_fields
    if name not in (*_LISTS, "facets", "created", "expires", "sealed", "salt")
)


def searched(target: ForgetTarget) -> str:
    """The names and values by which a target is sought, in small letters.

    >>> searched(ForgetTarget(id="t", subject="Ömer Çelik"))
    'ömer çelik'
    """
    names = (target.subject, *target.aliases, *target.translations, *target.terms)
    return "\n".join((*names, *(i.value for i in target.identifiers))).casefold()


def sorted_as(name: str) -> str:
    """What a name is sorted by: its letters without case and marks.

    >>> sorted_as("Ömer Çelik")
    'omer celik'
    """
    letters = unicodedata.normalize("NFKD", name.strip()).casefold()
    return "".join(c for c in letters if not unicodedata.combining(c))[:_SORTED]


def storable(target: ForgetTarget) -> ForgetTarget:
    """The target as it will be read back: times in UTC (one without a zone is taken as UTC), and
    text without the lone surrogates and NUL bytes that databases refuse. Raises
    `InvalidRequestError` for an identifier of which nothing is left, or a name.

    >>> storable(ForgetTarget(id="t", subject="Ada\\0 Example")).subject
    'Ada Example'
    """
    facets = tuple(
        f if (text := clean(f.text)) == f.text else f.model_copy(update={"text": text})
        for f in target.facets
    )
    identifiers = tuple(
        i.model_copy(update={"value": clean(i.value), "label": clean(i.label)})
        for i in target.identifiers
    )
    if not all(identifier.value.strip() for identifier in identifiers):
        raise InvalidRequestError("an identifier of the target is empty")
    if not clean(target.subject):
        raise InvalidRequestError("the target has no name")
    lists = {name: tuple(map(clean, getattr(target, name))) for name in _LISTS if name != _TYPED}
    return target.model_copy(
        update={
            **{name: clean(getattr(target, name)) for name in _TEXTS},
            **lists,
            _TYPED: identifiers,
            "facets": facets,
            "created": _utc(target.created),
            "expires": _utc(target.expires) if target.expires else None,
        }
    )


_SORTED = 120  # letters of a name by which it is sorted
_TYPED = "identifiers"
_TEXTS = "id subject description scope namespace requester reason subject_id legal_basis".split()


def clean(text: str) -> str:
    """The text without what databases refuse: lone surrogates become `?`, NUL bytes go."""
    if not text.isascii():
        text = text.encode("utf-8", "replace").decode("utf-8")
    return text.replace("\0", "")


def _utc(moment: datetime) -> datetime:
    aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    try:
        return aware.astimezone(UTC)
    except OverflowError:
        raise InvalidRequestError(f"{moment.isoformat()} is no time that can be kept") from None
