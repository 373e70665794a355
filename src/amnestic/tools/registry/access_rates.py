"""What a key has used of its requests and tokens a minute, counted for all processes together.

Each limit is a bucket that holds a minute's worth and fills evenly. Of it one number is kept: until
when what was used counts, by the database's clock. One statement looks at both and takes a request
out, so that no two processes take the same. Counts may be lost when the machine loses its power;
nothing else that the registry holds may.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Double, bindparam, func, or_, select

from amnestic.exceptions import RegistryCorruptError
from amnestic.tools.registry import access_tables as tables
from amnestic.tools.registry.access_records import AccessKey
from amnestic.tools.registry.database import Database
from amnestic.tools.registry.database_clock import now_of

__all__ = ["LONGEST_DEBT", "WINDOW", "AccessRates", "Used"]

WINDOW = 60.0
"""Seconds of which a bucket holds what may be used in them."""

LONGEST_DEBT = 3_600.0
"""Seconds that a clock which was set back, or one vast reply, blocks a key at most."""

_BLUR = 0.001  # seconds: sums of many small steps are not exact


@dataclass(frozen=True, slots=True)
class Used:
    """How far a key's buckets are used up: seconds until what was used counts no more, and whether
    a request was taken out."""

    taken: bool
    requests: float
    tokens: float


class AccessRates:
    """The buckets of all keys of one registry."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, key: AccessKey) -> Used:
        """Take one request out, where there is one left and the tokens are not used up. Raises
        `RegistryError` where that cannot be told."""
        told = {"key": key.id, "step": WINDOW / key.requests if key.requests else 0.0}
        with self._counting() as connection:
            asking = _statements(connection.dialect.name)
            row = connection.execute(asking.take, told).one_or_none()
            if row is not None:
                return Used(True, *_seconds(row))
            row = connection.execute(asking.look, {"key": key.id}).one_or_none()
            if row is None:
                raise RegistryCorruptError(f"the registry counts nothing of the key `{key.id}`")
            if row.beyond:
                connection.execute(asking.settle, {"key": key.id})
        return Used(False, *_seconds(row))

    def spend(self, key: AccessKey, tokens: int) -> None:
        """Count tokens that a reply took, however many are left. Raises `RegistryError`."""
        if key.tokens is None or tokens <= 0:
            return
        told = {"key": key.id, "step": tokens * WINDOW / key.tokens}
        with self._counting() as connection:
            connection.execute(_statements(connection.dialect.name).spend, told)

    @contextmanager
    def _counting(self) -> Iterator[Connection]:
        """A transaction that does not wait for the disk."""
        with self._database.connect(writing=True) as connection:
            if connection.dialect.name != "sqlite":
                with connection.begin():
                    yield connection
                return
            cursor = connection.connection.cursor()  # which begins no transaction
            cursor.execute("PRAGMA synchronous = NORMAL")
            try:
                with connection.begin():
                    yield connection
            finally:
                try:
                    cursor.execute("PRAGMA synchronous = FULL")
                except BaseException:  # raised again: whoever had it next would lose changes
                    connection.invalidate()
                    raise


class _Statements(NamedTuple):
    """What is asked of one kind of database, made once: making it takes longer than the answer."""

    take: Any
    look: Any
    settle: Any
    spend: Any


@cache
def _statements(dialect: str) -> _Statements:
    """Both buckets are used up until a time that is not past, and not later than any use could have
    led to. A later one is put right where it is seen: it would stay too late for as long again."""
    now, rates = now_of(dialect), tables.access_rates
    most, least = (func.max, func.min) if dialect == "sqlite" else (func.greatest, func.least)
    its, step = rates.c.key_id == bindparam("key"), bindparam("step", type_=Double)
    requests = least(most(rates.c.requests_until, now), now + WINDOW)
    tokens = least(most(rates.c.tokens_until, now), now + LONGEST_DEBT)
    free = requests + step <= now + WINDOW + _BLUR, tokens < now + WINDOW
    taking = rates.update().where(its, *free).values(requests_until=requests + step)
    beyond = or_(
        rates.c.requests_until > now + WINDOW + _BLUR, rates.c.tokens_until > now + LONGEST_DEBT
    )
    return _Statements(
        taking.returning(rates.c.requests_until - now, rates.c.tokens_until - now),
        select(requests - now, tokens - now, beyond.label("beyond")).where(its),
        rates.update().where(its).values(requests_until=requests, tokens_until=tokens),
        rates.update().where(its).values(tokens_until=least(tokens + step, now + LONGEST_DEBT)),
    )


def _seconds(row: Any) -> tuple[float, float]:
    return max(0.0, float(row[0])), max(0.0, float(row[1]))
