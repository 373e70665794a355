"""Keys of a server's users in the registry: made, found, rotated, revoked, and listed.

Whoever asks is told what the database holds now: a key that was made, rotated or revoked by any
process is so for the next request of every other. Times are those of the database's own clock.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Select, bindparam, exists, select

from amnestic.exceptions import (
    InvalidRequestError,
    KeyNotFoundError,
    KeyStateError,
    RegistryCorruptError,
)
from amnestic.tools.registry import access_tables as tables
from amnestic.tools.registry.access_records import (
    AccessKey,
    KeyGrant,
    digest_of_key,
    holds,
    id_in,
    new_secret,
    row_digest,
)
from amnestic.tools.registry.access_trail import AccessEntry, broken_line, record_access
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.database_clock import now_of, time_in
from amnestic.tools.registry.schema import clean
from amnestic.tools.registry.single_rows import one_row, row_of
from amnestic.types.roles import Role

__all__ = ["AccessKeys"]

_LONGEST_GRACE = 30 * 86_400.0
_MOST_WORDS = 1_000
_SHOWN = 60
_GRANTED = (
    "name",
    "role",
    "namespaces",
    "requests_per_minute",
    "tokens_per_minute",
    "expires",
)


Changing = Callable[[], AbstractContextManager[Connection]]


class AccessKeys:
    """The access keys of one registry.

    Args:
        database: where they are.
        change: a transaction that is on the disk when its block ends; writers take turns in it.

    >>> import tempfile
    >>> from amnestic.tools.registry import Registry
    >>> from amnestic.types.roles import Role
    >>> with tempfile.TemporaryDirectory() as folder, Registry.open(f"{folder}/r.db") as registry:
    ...     key, shown = registry.keys.create(KeyGrant(name="Ada", role=Role.VIEWER), actor="me")
    ...     known = registry.keys.find(shown) == key
    ...     known, registry.keys.revoke(key.id, actor="me").state, registry.keys.find(shown)
    (True, 'revoked', None)
    """

    def __init__(self, database: Database, change: Changing) -> None:
        self._database = database
        self._change = change

    def create(self, grant: KeyGrant, *, actor: str) -> tuple[AccessKey, str]:
        """Make a key; gives it and the secret that opens it, which is kept nowhere.

        Raises `InvalidRequestError` for one that has expired already.
        """
        key_id = secrets.token_hex(6)
        shown, expires = new_secret(key_id), _utc(grant.expires)
        spaces = None if grant.namespaces is None else json.dumps(list(grant.namespaces))
        with self._change() as connection:
            now = time_in(connection)
            if expires is not None and expires <= now:
                raise InvalidRequestError(f"a key that expires at {expires.isoformat()} is of no "
                                          "use: that lies in the past")  # fmt: skip
            row = {
                "id": key_id,
                "name": clean(grant.name.strip()),
                "role": grant.role.value,
                "namespaces": spaces,
                "requests": grant.requests,
                "tokens": grant.tokens,
                "made_at": now.isoformat(),
                "made_by": clean(actor),
                "expires": expires.isoformat() if expires else None,
                "digest": digest_of_key(shown),
            }
            connection.execute(tables.access_keys.insert().values(**row))
            connection.execute(tables.access_rates.insert().values(key_id=key_id))
            key = self._get(connection, key_id, now)
            record_access(connection, now, actor, "create", key_id, _told(key))
            return key, shown

    def rotate(self, key_id: str, *, actor: str, grace: float = 0.0) -> tuple[AccessKey, str]:
        """Put a new secret in the place of a key's own, which holds for `grace` seconds more; one
        that was still held from before ends now. Gives the key and its new secret.

        Raises `KeyNotFoundError`, and `KeyStateError` for one that is revoked or expired.
        """
        if not 0 <= grace <= _LONGEST_GRACE:
            raise InvalidRequestError(
                f"a former key holds for 0 to {_LONGEST_GRACE:.0f} seconds, not {grace:g}"
            )
        with self._change() as connection:
            now = time_in(connection)
            key = self._active(connection, key_id, now)
            shown, keys = new_secret(key.id), tables.access_keys
            until = now + timedelta(seconds=grace) if grace else None
            changed = {
                "former": keys.c.digest if grace else "",
                "former_until": until.isoformat() if until else None,
                "digest": digest_of_key(shown),
                "rotated_at": now.isoformat(),
            }
            connection.execute(keys.update().where(keys.c.id == key.id).values(**changed))
            record_access(connection, now, actor, "rotate", key.id, f"grace {grace:g} s")
            return self._get(connection, key.id, now), shown

    def revoke(self, key_id: str, *, actor: str, reason: str = "") -> AccessKey:
        """End a key, and whatever former one of it still holds. Raises `KeyNotFoundError`, and
        `KeyStateError` for one that is revoked already."""
        if len(reason) > _MOST_WORDS:
            raise InvalidRequestError(f"a reason has {_MOST_WORDS:,} characters at most")
        with self._change() as connection:
            now = time_in(connection)
            key = self._get(connection, key_id, now)
            if key.state == "revoked":
                raise KeyStateError(f"the key `{key.id}` is revoked already")
            keys, done = tables.access_keys, {"revoked_at": now.isoformat()}
            changed = {**done, "revoked_by": clean(actor), "former": ""}
            connection.execute(keys.update().where(keys.c.id == key.id).values(**changed))
            record_access(connection, now, actor, "revoke", key.id, reason)
            return self._get(connection, key.id, now)

    def end_again(self, held: Mapping[str, str], connection: Connection, *, actor: str) -> int:
        """End the keys of a registry that was put back which are not as they were before it was:
        what is told of them in `held`, by id, is the digest that opened them, or nothing where they
        had ended. Whoever lost a key would find it open something else. Gives how many."""
        now, keys, count = time_in(connection), tables.access_keys, 0
        for row in connection.execute(select(keys)).mappings().all():
            before = held.get(row["id"], row["digest"])
            if row["revoked_at"] is None and before != row["digest"]:
                changed = {"revoked_at": now.isoformat(), "revoked_by": clean(actor), "former": ""}
                connection.execute(keys.update().where(keys.c.id == row["id"]).values(**changed))
                record_access(connection, now, actor, "revoke", row["id"], "ended since the backup")
                count += 1
        return count

    def find(self, shown: str) -> AccessKey | None:
        """The key that somebody shows, where it opens anything now; `None` for any other. Raises
        `RegistryError` where that cannot be told."""
        key_id = id_in(shown)
        return None if key_id is None else self.recalled(key_id, digest_of_key(shown))

    @staticmethod
    def opening(connection: Connection) -> dict[str, str]:
        """By what each key that there is opens something; by nothing where it has been revoked."""
        keys = tables.access_keys
        rows = connection.execute(select(keys)).mappings()
        return {row["id"]: "" if row["revoked_at"] else row["digest"] for row in rows}

    def recalled(self, key_id: str, digest: str) -> AccessKey | None:
        """The same for whoever kept no more of a key than its id and its digest."""
        query = _row_query(self._database.engine.dialect.name)
        row = row_of(self._database, query, {"key_id": key_id})
        if row is None:
            return None
        now = datetime.fromtimestamp(float(row["now"]), UTC)
        if not holds(row, digest, now):
            return None
        key = AccessKey.of(row, now)
        return key if key.state == "active" else None

    def get(self, key_id: str) -> AccessKey:
        """The key with an id, whatever its state. Raises `KeyNotFoundError`."""
        with self._database.connect() as connection:
            return self._get(connection, key_id, time_in(connection))

    def all(self) -> list[AccessKey]:
        """Every key that there ever was, oldest first."""
        keys = tables.access_keys
        query = select(keys).order_by(keys.c.made_at, keys.c.id)
        with self._database.connect() as connection:
            now = time_in(connection)
            return [AccessKey.of(row, now) for row in connection.execute(query).mappings()]

    def were_made(self, *asked: Role | tuple[Role, ...]) -> tuple[bool, ...]:
        """Of each role, or several together, whether there ever was a key of it, in force or not: a
        door that asks for one does not open because the last was revoked. One query for all."""
        return tuple(map(bool, one_row(self._database, _were_made(asked))))

    def trail(self, key_id: str | None = None) -> list[AccessEntry]:
        """Every change, oldest first; of one key where it is given."""
        trail = tables.access_trail
        query = select(trail).order_by(trail.c.revision)
        if key_id is not None:
            query = query.where(trail.c.key_id == key_id)
        with self._database.connect() as connection:
            return [AccessEntry.of(row) for row in connection.execute(query).mappings()]

    def check_trail(self) -> AccessEntry | None:
        """Raise `RegistryCorruptError` where a line of the trail was altered, taken out or put in,
        or where a key is not as its last change left it; gives the last line."""
        keys, trail = tables.access_keys, tables.access_trail
        with self._database.connect(frozen=True) as connection:
            rows = connection.execute(select(trail).order_by(trail.c.revision)).mappings().all()
            held = connection.execute(select(keys)).mappings().all()
        entries = [AccessEntry.of(row) for row in rows]
        place = self._database.place
        if (broken := broken_line(entries)) is not None:
            raise RegistryCorruptError(
                f"the trail of access keys in the registry `{place}` is broken at line {broken}: "
                "it was changed by something other than amnestic"
            )
        last = {entry.key_id: entry.digest for entry in entries}
        are = {row["id"]: row_digest(row) for row in held}
        if changed := [key_id for key_id in {**last, **are} if last.get(key_id) != are.get(key_id)]:
            raise RegistryCorruptError(
                f"the key `{changed[0]}` in the registry `{place}` is not as its last recorded "
                "change left it"
            )
        return entries[-1] if entries else None

    def _active(self, connection: Connection, key_id: str, now: datetime) -> AccessKey:
        key = self._get(connection, key_id, now)
        if key.state != "active":
            raise KeyStateError(f"the key `{key.id}` is {key.state}; make a new one")
        return key

    def _get(self, connection: Connection, key_id: str, now: datetime) -> AccessKey:
        keys = tables.access_keys
        query = select(keys).where(keys.c.id == clean(key_id))
        row = connection.execute(query).mappings().one_or_none()
        if row is None:
            shown = "what was shown" if id_in(key_id) else f"`{clean(key_id)[:_SHOWN]}`"
            raise KeyNotFoundError(f"no key has the id {shown}; `amnestic keys list` lists them")
        return AccessKey.of(row, now)


@cache
def _were_made(asked: tuple[Role | tuple[Role, ...], ...]) -> Select[Any]:
    """Made once, too."""
    role = tables.access_keys.c.role
    named = ((one,) if isinstance(one, Role) else one for one in asked)
    found: list[Any] = [exists().where(role.in_([n.value for n in names])) for names in named]
    return select(*found)


@cache
def _row_query(dialect: str) -> Select[Any]:
    """Made once: making it takes longer than the database's answer."""
    keys = tables.access_keys
    return select(keys, now_of(dialect).label("now")).where(keys.c.id == bindparam("key_id"))


def _told(key: AccessKey) -> str:
    """What a key was granted, for the trail."""
    told = {name: value for name, value in key.as_dict().items() if name in _GRANTED and value}
    return json.dumps(told, ensure_ascii=False)


def _utc(moment: datetime | None) -> datetime | None:
    if moment is None:
        return None
    try:
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        raise InvalidRequestError(f"{moment.isoformat()} is no time that can be kept") from None
