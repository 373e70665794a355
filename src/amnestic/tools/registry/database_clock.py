"""The database's own clock, which all processes and machines that share it go by."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, Connection, Float, literal_column, select

__all__ = ["now_of", "time_in"]

_CLOCKS = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "CAST(extract(epoch from clock_timestamp()) AS double precision)",
}
_OTHER = "extract(epoch from current_timestamp)"


@cache
def now_of(dialect: str) -> ColumnElement[float]:
    """What a database takes for now, as an expression: seconds since 1970."""
    return literal_column(_CLOCKS.get(dialect, _OTHER), Float)


def time_in(connection: Connection) -> datetime:
    """What the database takes for now."""
    now = connection.scalar(select(now_of(connection.dialect.name)))
    return datetime.fromtimestamp(float(now or 0), UTC)
