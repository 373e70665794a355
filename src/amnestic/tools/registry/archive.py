"""A registry's rows as lines of JSON, which any of its databases takes back, and their hash.

The first line tells the schema, and the last one the number of rows and the hash of every byte
before it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import Connection, MetaData, Table

from amnestic.exceptions import RegistryCorruptError
from amnestic.tools.registry.schema import HEAD, metadata

__all__ = ["AT_ONCE", "head_of", "put_rows", "read_rows", "rows_of", "write_rows"]

AT_ONCE = 1_000
_KIND = "amnestic registry backup"
_FORM = 1


def rows_of(connection: Connection, tables: MetaData = metadata) -> Iterator[tuple[Table, Any]]:
    """Every row, of tables that others refer to before those."""
    for table in tables.sorted_tables:
        found = connection.execution_options(yield_per=AT_ONCE).execute(
            table.select().order_by(*table.primary_key)
        )
        for row in found.mappings():
            yield table, dict(row)


def write_rows(connection: Connection, stream: IO[str], told: dict[str, Any]) -> None:
    """Write all rows of a connection that sees one moment, and what is `told` of it."""
    digest, count = hashlib.sha256(), 0

    def put(value: dict[str, Any]) -> None:
        line = json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n"
        digest.update(line.encode())
        stream.write(line)

    put({"kind": _KIND, "form": _FORM, "schema": HEAD, **told})
    for table, row in rows_of(connection):
        put({"table": table.name, "row": row})
        count += 1
    ending = {"rows": count, "sha256": digest.hexdigest()}
    stream.write(json.dumps(ending, separators=(",", ":")) + "\n")


def head_of(file: Path) -> dict[str, Any] | None:
    """The first line of an archive; `None` for a file that is none. Raises `OSError`."""
    with file.open("rb") as stream:
        told = _read(stream.readline(100_000))
    return told if told and told.get("kind") == _KIND else None


def read_rows(file: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """The rows of an archive, by table. Raises `RegistryCorruptError` at a line that cannot be
    read, and at the end where anything was changed, is missing or stands behind it."""
    digest, count = hashlib.sha256(), 0
    with file.open("rb") as stream:
        digest.update(stream.readline())
        for number, line in enumerate(stream, start=2):
            told = _read(line) or {}
            if "sha256" in told:
                if told != {"rows": count, "sha256": digest.hexdigest()} or stream.read(1):
                    break
                return
            if not isinstance(told.get("row"), dict) or not isinstance(told.get("table"), str):
                raise RegistryCorruptError(f"the backup `{file}` is damaged at line {number}")
            digest.update(line)
            count += 1
            yield told["table"], told["row"]
    raise RegistryCorruptError(
        f"the backup `{file}` is not whole: its last line does not fit what stands before it"
    )


def _read(line: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(line.decode())
    except (ValueError, RecursionError):
        return None
    return told if isinstance(told, dict) else None


def put_rows(connection: Connection, rows: Iterator[tuple[Table, dict[str, Any]]]) -> None:
    """Insert rows, those of a table that follow each other at once."""
    waiting: list[dict[str, Any]] = []
    table: Table | None = None
    for into, row in rows:
        if table is not None and (into is not table or len(waiting) == AT_ONCE):
            connection.execute(table.insert(), waiting)
            waiting = []
        table = into
        waiting.append(row)
    if table is not None and waiting:
        connection.execute(table.insert(), waiting)
