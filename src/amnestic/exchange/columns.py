"""The fields of a target in a file."""

from __future__ import annotations

__all__ = ["LISTS", "SINGLE"]

LISTS = ("aliases", "translations", "terms", "identifiers", "exceptions", "facts")
"""Fields that hold several parts: in a CSV file with `;` between them, or as a JSON list."""

SINGLE = (
    "id",
    "subject",
    "kind",
    "description",
    "scope",
    "policy",
    "requester",
    "reason",
    "subject_id",
    "legal_basis",
    "expires",
    "status",
    "sealed",
)
"""Fields that hold one."""
