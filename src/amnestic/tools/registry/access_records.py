"""Keys of a server's users as they are kept: never the key itself, and what may be told of it."""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from amnestic.exceptions import InvalidRequestError, RegistryCorruptError
from amnestic.tools.registry.schema import clean
from amnestic.types.roles import Role

__all__ = ["AccessKey", "KeyGrant", "digest_of_key", "holds", "id_in", "is_access_key",
           "new_secret", "row_digest"]  # fmt: skip

_FORM = re.compile(r"amn_([0-9a-f]{12})_[0-9a-f]{64}")
_LONGEST = 200
_MOST_SPACES = 1_000
_MOST = 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyGrant:
    """What a new key shall open.

    Attributes:
        name: whose it is, for the trail.
        role: what they are.
        namespaces: those that it opens; `None` leaves it to the role.
        requests: how many it may send in a minute; `None` for any number.
        tokens: how many it may read and have written in a minute.
        expires: from when on it opens nothing.

    >>> KeyGrant(name="Ada", role=Role.CALLER, requests=0)
    Traceback (most recent call last):
    amnestic.exceptions.InvalidRequestError: the requests a minute of a key are 1 to 1,000,000,000
    """

    name: str
    role: Role
    namespaces: tuple[str, ...] | None = None
    requests: int | None = None
    tokens: int | None = None
    expires: datetime | None = None

    def __post_init__(self) -> None:
        name, spaces = self.name, self.namespaces
        if not name.strip() or len(name) > _LONGEST or not name.isprintable():
            raise InvalidRequestError(f"a key's name is a line of 1 to {_LONGEST} characters")
        if spaces is not None and not 0 < len(spaces) <= _MOST_SPACES:
            raise InvalidRequestError(f"a key opens 1 to {_MOST_SPACES:,} namespaces, or all")
        if any(not s.strip() or s != s.strip() or clean(s) != s for s in spaces or ()):
            raise InvalidRequestError("a namespace of a key is blank, or has blanks around it")
        for what, most in (("requests", self.requests), ("tokens", self.tokens)):
            if most is not None and self.role is not Role.CALLER:
                raise InvalidRequestError(f"limits are for callers, and this key is: {self.role}")
            if most is not None and not 0 < most <= _MOST:
                raise InvalidRequestError(f"the {what} a minute of a key are 1 to {_MOST:,}")


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessKey:
    """One key, without its secret: its public id, what it opens, and who made and ended it."""

    id: str
    name: str
    role: Role
    namespaces: tuple[str, ...] | None
    requests: int | None
    tokens: int | None
    made_at: datetime
    made_by: str
    rotated_at: datetime | None
    expires: datetime | None
    revoked_at: datetime | None
    revoked_by: str
    now: datetime = field(compare=False)
    """When it was read, by the database's clock."""

    @classmethod
    def of(cls, row: Mapping[Any, Any], now: datetime) -> AccessKey:
        """The key that a row holds; raises `RegistryCorruptError` where it holds none."""
        plain = ("id", "name", "requests", "tokens", "made_by", "revoked_by")
        times = ("made_at", "rotated_at", "expires", "revoked_at")
        spaces = row["namespaces"]
        try:
            told: dict[str, Any] = {
                **{name: row[name] for name in plain},
                **{name: _time(row[name]) for name in times},
                "role": Role(row["role"]),
                "namespaces": None if spaces is None else tuple(json.loads(spaces)),
            }
            return cls(**told, now=now)
        except (ValueError, TypeError):
            raise RegistryCorruptError(
                f"the registry's row of the key `{row['id']}` cannot be read; restore the "
                "registry from a backup"
            ) from None

    @property
    def state(self) -> str:
        """`active`, `expired` or `revoked`."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if self.expires is not None and self.expires <= self.now else "active"

    @property
    def actor(self) -> str:
        """What stands in the trail for who holds it."""
        return f"{self.name} ({self.id})"

    def as_dict(self) -> dict[str, Any]:
        """All of it for JSON."""
        told = {name: getattr(self, name) for name in self.__dataclass_fields__ if name != "now"}
        shown = {k: v.isoformat() if isinstance(v, datetime) else v for k, v in told.items()}
        limits = {f"{name}_per_minute": shown.pop(name) for name in ("requests", "tokens")}
        return {**shown, **limits, "state": self.state}


def new_secret(key_id: str) -> str:
    """A key that was never there: 256 random bits behind its id.

    >>> made = new_secret("3f9c2a71d0ab")
    >>> made[:17], id_in(made), made == new_secret("3f9c2a71d0ab")
    ('amn_3f9c2a71d0ab_', '3f9c2a71d0ab', False)
    """
    return f"amn_{key_id}_{secrets.token_hex(32)}"


def id_in(shown: str) -> str | None:
    """The id in what is shown as a key, where it has the form of one."""
    found = _FORM.fullmatch(shown)
    return found.group(1) if found else None


def is_access_key(shown: str) -> bool:
    """Whether something has the form of a registry's key."""
    return id_in(shown) is not None


def digest_of_key(shown: str) -> str:
    """What is kept of a key. SHA-256 alone is right for it: nobody finds 256 random bits by trying,
    however fast a hash is, so that a slow one would only cost each request."""
    return hashlib.sha256(shown.encode()).hexdigest()


def holds(row: Mapping[Any, Any], digest: str, now: datetime) -> bool:
    """Whether a digest is one of a row's key, or of its former one while that holds; both are
    compared, in constant time."""
    own = hmac.compare_digest(digest, row["digest"])
    former = hmac.compare_digest(digest, row["former"])
    until = _time(row["former_until"])
    return own or (former and until is not None and now < until)


def row_digest(row: Mapping[Any, Any]) -> str:
    """A hash of all that is kept of a key, by which a change made by hand is seen."""
    told = json.dumps({k: row[k] for k in sorted(row)}, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(told.encode()).hexdigest()


def _time(told: str | None) -> datetime | None:
    return None if told is None else datetime.fromisoformat(told)
