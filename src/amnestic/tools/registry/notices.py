"""PostgreSQL tells all replicas of a change at the moment when it holds (LISTEN and NOTIFY).

A notice spares the next request the reading, and is never what anything rests on: it comes after
the change was acknowledged, and none comes while a connection is broken. Each request asks for the
registry's position itself.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from sqlalchemy import Connection

from amnestic.exceptions import RegistryUnavailableError
from amnestic.tools.registry.database import Database

__all__ = ["notices", "notify"]

_CHANNEL = "amnestic_changes"
_QUIET = 20.0  # seconds after which it is looked whether the connection still stands


def notify(connection: Connection) -> None:
    """Have all that listen told, once the transaction of this connection holds."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"NOTIFY {_CHANNEL}")


async def notices(database: Database) -> AsyncGenerator[None, None]:
    """Gives a value when it begins to listen, since before that anything may have been missed, and
    one for each change. Ends at once where the database tells nobody. Raises
    `RegistryUnavailableError` where it is lost."""
    url, dialect = database.engine.url, database.engine.dialect
    if dialect.name != "postgresql" or dialect.driver not in ("psycopg", "psycopg_async"):
        return
    import psycopg

    args, given = dialect.create_connect_args(url)
    options: dict[str, Any] = {"connect_timeout": 5, **given, "autocommit": True}
    try:
        async with await psycopg.AsyncConnection.connect(*args, **options) as connection:
            await connection.execute(f"LISTEN {_CHANNEL}")
            yield
            while True:
                async with aclosing(connection.notifies(timeout=_QUIET)) as told:
                    async for _ in told:
                        yield
                await connection.execute("SELECT 1")
    except (psycopg.Error, OSError):
        raise RegistryUnavailableError(
            f"the registry `{database.place}` tells of no changes; they are looked for"
        ) from None
