"""Backups of a registry while it is in use, and putting one in its place, all of it or nothing."""

from __future__ import annotations

import logging
import os
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, MetaData, Table, select
from sqlalchemy.exc import SQLAlchemyError

from amnestic.config import default_actor
from amnestic.exceptions import (
    InvalidRequestError,
    RegistryCorruptError,
    RegistryUnavailableError,
    TargetStateError,
)
from amnestic.private_files import writing_private
from amnestic.tools.registry.archive import head_of, put_rows, read_rows, rows_of, write_rows
from amnestic.tools.registry.engine import (
    file_of,
    make_engine,
    make_tables,
    prepare_file,
    url_of,
)
from amnestic.tools.registry.refilling import refilling
from amnestic.tools.registry.registry import Registry
from amnestic.tools.registry.schema import clock, metadata
from amnestic.tools.registry.schema import targets as targets_table
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.vector_rows import drop_vectors

__all__ = ["Backup", "restore_backup", "write_backup"]

_log = logging.getLogger(__name__)
_LINES = (".jsonl", ".ndjson")
_SQLITE = b"SQLite format 3\0"


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds: the registry up to a revision, and how many targets, in force or not;
    and how many of its access keys ended when it was put in place, since they had ended before."""

    revision: int
    targets: int
    ended: int = 0


def write_backup(registry: Registry, file: Path) -> Backup:
    """Write what the registry holds at one moment into a file that only its owner may read, while
    others go on reading and writing: a SQLite file, or lines of JSON where it ends in `.jsonl`.

    What is in the file's place is replaced once the new one is whole. Raises `InvalidRequestError`
    for a place that cannot be written or is the registry's own, or where a registry on a server
    is to become a SQLite file.
    """
    own = file_of(registry.database.engine.url)
    if own is not None and file.exists() and own.exists() and file.samefile(own):
        raise InvalidRequestError(f"`{file}` is the registry itself; name another file")
    if file.suffix.lower() in _LINES:
        return _as_lines(registry, file)
    if own is None:
        raise InvalidRequestError("a registry on PostgreSQL is kept as lines: name it FILE.jsonl")
    return _as_sqlite(registry, file)


def _as_lines(registry: Registry, file: Path) -> Backup:
    with (
        writing_private(file) as stream,
        registry.database.connect(frozen=True) as connection,
        connection.begin(),
    ):
        found = _held_by(connection)
        told = {"at": datetime.now(UTC).isoformat(), "revision": found.revision}
        write_rows(connection, stream, told)
    return found


def _as_sqlite(registry: Registry, file: Path) -> Backup:
    try:
        with tempfile.TemporaryDirectory(prefix=".amnestic-", dir=file.parent) as folder:
            beside = Path(folder) / file.name
            beside.touch(0o600)
            found = _copied(registry, beside)
            with beside.open("rb") as written:
                os.fsync(written.fileno())
            beside.replace(file)
    except OSError as error:
        raise InvalidRequestError(f"`{file}` cannot be written: {error.strerror}") from None
    return found


def _copied(registry: Registry, beside: Path) -> Backup:
    with registry.database.connect() as connection, closing(sqlite3.connect(beside)) as copy:
        source: Any = connection.connection.driver_connection
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")  # so that it is one file
        (state,) = copy.execute("PRAGMA quick_check(1)").fetchone()
        if state != "ok":
            raise RegistryCorruptError(f"the registry `{registry.place}` is damaged")
        (revision,) = copy.execute("SELECT revision FROM clock").fetchone()
        (targets,) = copy.execute("SELECT count(*) FROM targets").fetchone()
    return Backup(revision, targets)


def _held_by(connection: Connection) -> Backup:
    revision = connection.scalar(select(clock.c.revision)) or 0
    return Backup(revision, len(connection.scalars(select(targets_table.c.id)).all()))


# ── Back ─────────────────────────────────────────────────────────────────────────────────────────


def restore_backup(
    file: Path, place: str | Path, seals: Seals | None = None, *, replace: bool = False
) -> Backup:
    """Put what a backup holds into the registry at `place`, in one transaction: whoever uses it has
    the old or the new, also where this is killed. A backup of an older version is migrated. Access
    keys that were revoked or rotated since are revoked: the backup would open them again.

    The backup is made into a registry of its own first, whose trails and targets are checked.

    Args:
        file: what `write_backup` wrote, of either database.
        place: a path or a URL; a missing file is made.
        seals: the keys of sealed targets, without which these cannot be checked.
        replace: whether what the registry holds may go.

    Raises `RegistryCorruptError` for a backup that is damaged or was changed, `TargetStateError`
    where the registry holds anything that may not go, and what `Registry.open` raises.
    """
    with _staged(file, seals) as staged, _opened(place, seals, replace=replace) as registry:
        with registry._change() as connection:
            if not replace and _holds_anything(connection):
                raise TargetStateError(
                    f"the registry `{registry.place}` is not empty; say --replace to have what it "
                    "holds replaced, or name another with --db"
                )
            with staged.database.connect(frozen=True) as source, source.begin():
                found, keys = _held_by(source), registry.keys.opening(connection)
                with refilling(connection):
                    for table in reversed(metadata.sorted_tables):
                        connection.execute(table.delete())
                    put_rows(connection, rows_of(source))
                drop_vectors(connection)
            ended = registry.keys.end_again(keys, connection, actor=default_actor())
            found = changed(found, ended=ended)
        if replace:
            _forget_the_old(registry)
    return found


@contextmanager
def _staged(file: Path, seals: Seals | None) -> Iterator[Registry]:
    """A backup as a registry of its own, checked, in a private folder that is gone at the end."""
    with tempfile.TemporaryDirectory(prefix="amnestic-restore-") as folder:
        place = Path(folder) / "registry.db"
        try:
            with file.open("rb") as stream:
                is_sqlite = stream.read(len(_SQLITE)) == _SQLITE
            head = None if is_sqlite else head_of(file)
        except OSError as error:
            raise InvalidRequestError(f"`{file}` cannot be read: {error.strerror}") from None
        if is_sqlite:
            _copy(file, place)
        elif head is not None:
            _fill(place, file, str(head.get("schema")))
        else:
            raise RegistryCorruptError(f"`{file}` is no backup of a registry")
        with Registry.open(place, seals) as staged:
            staged.check()
            staged.check_trail()
            staged.keys.check_trail()
            yield staged


def _copy(file: Path, place: Path) -> None:
    prepare_file(place, str(place))
    try:
        with (
            closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as source,
            closing(sqlite3.connect(place)) as copy,
        ):
            source.backup(copy)
    except sqlite3.Error:
        raise RegistryCorruptError(f"the backup `{file}` is damaged") from None


def _fill(place: Path, file: Path, schema: str) -> None:
    """Make a registry of the lines of an archive, in the schema that they were written in."""
    prepare_file(place, str(place))
    engine = make_engine(url_of(place))
    try:
        make_tables(engine, str(file), schema)
        tables = MetaData()
        tables.reflect(engine)
        with engine.connect() as connection, connection.begin(), refilling(connection):
            for table in reversed(tables.sorted_tables):
                if table.name in metadata.tables:
                    connection.execute(table.delete())
            put_rows(connection, _into(tables, file))
    except SQLAlchemyError:  # its own words quote rows
        raise RegistryCorruptError(f"the backup `{file}` is damaged: its rows do not fit") from None
    finally:
        engine.dispose()


def _into(tables: MetaData, file: Path) -> Iterator[tuple[Table, dict[str, Any]]]:
    known = {name: table for name, table in tables.tables.items() if name in metadata.tables}
    columns = {name: set(table.columns.keys()) for name, table in known.items()}
    for name, row in read_rows(file):
        if row.keys() != columns.get(name):
            raise RegistryCorruptError(f"the backup `{file}` is damaged: no such row in {name!r}")
        yield known[name], row


@contextmanager
def _opened(place: str | Path, seals: Seals | None, *, replace: bool) -> Iterator[Registry]:
    try:
        registry = Registry.open(place, seals)
    except RegistryCorruptError:
        if not replace:
            raise
        raise RegistryCorruptError(
            "what is in the registry's place is damaged or is no registry, and is left as it is: "
            "move it away, with the files of its name that end in -wal and -shm, and restore again"
        ) from None
    with registry:
        yield registry


def _holds_anything(connection: Connection) -> bool:
    if connection.scalar(select(clock.c.revision)):
        return True
    tables = (table for table in metadata.sorted_tables if table is not clock)
    return any(connection.execute(table.select().limit(1)).first() for table in tables)


def _forget_the_old(registry: Registry) -> None:
    """What was replaced is not left in the database's free pages, either."""
    try:
        registry.database.rewrite()
    except RegistryUnavailableError as error:
        _log.warning("restored; what was there before is not overwritten yet: %s", error)
