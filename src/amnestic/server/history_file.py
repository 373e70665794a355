"""The SQLite file of what is kept: its tables, and who of its owners has to make room."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path

__all__ = ["FILE", "HOLDER_OF_MOST", "opened"]

FILE = "history.db"
HOLDER_OF_MOST = {
    measure: f"""SELECT owner, kind FROM (SELECT owner, kind, {measure} FROM totals
    WHERE kind = (SELECT kind FROM kinds ORDER BY {measure} DESC LIMIT 1)
    ORDER BY {measure} DESC LIMIT 20) AS most
  ORDER BY {measure} DESC, (SELECT min(used) FROM kept
    WHERE kept.owner = most.owner AND kept.kind = most.kind) LIMIT 1"""  # noqa: S608 - made of the two names below
    for measure in ("count", "size")
}
"""Who holds most of the kind of which most is held, by each measure."""
_SCHEMA = """
CREATE TABLE IF NOT EXISTS kept (
  number INTEGER PRIMARY KEY, owner BLOB NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
  used REAL NOT NULL, size INTEGER NOT NULL, asked BLOB NOT NULL, said BLOB NOT NULL,
  marks BLOB NOT NULL, since INTEGER NOT NULL);
CREATE INDEX IF NOT EXISTS by_id ON kept (owner, kind, id);
CREATE INDEX IF NOT EXISTS by_age ON kept (used);
CREATE INDEX IF NOT EXISTS by_use ON kept (owner, kind, used);
CREATE TABLE IF NOT EXISTS items (
  owner BLOB NOT NULL, id TEXT NOT NULL, kept INTEGER NOT NULL,
  PRIMARY KEY (owner, id, kept)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS of_kept ON items (kept);
CREATE TABLE IF NOT EXISTS seen (owner BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS totals (
  owner BLOB NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL, size INTEGER NOT NULL,
  PRIMARY KEY (owner, kind)) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS by_count ON totals (kind, count);
CREATE INDEX IF NOT EXISTS by_size ON totals (kind, size);
CREATE TABLE IF NOT EXISTS kinds (
  kind TEXT PRIMARY KEY, count INTEGER NOT NULL, size INTEGER NOT NULL) WITHOUT ROWID;
CREATE TRIGGER IF NOT EXISTS more AFTER INSERT ON totals BEGIN
  INSERT INTO kinds VALUES (new.kind, new.count, new.size) ON CONFLICT (kind) DO UPDATE
  SET count = count + new.count, size = size + new.size; END;
CREATE TRIGGER IF NOT EXISTS changed AFTER UPDATE ON totals BEGIN
  UPDATE kinds SET count = count + new.count - old.count, size = size + new.size - old.size
  WHERE kind = new.kind; END;
CREATE TRIGGER IF NOT EXISTS come AFTER INSERT ON kept BEGIN
  INSERT INTO totals VALUES (new.owner, new.kind, 1, new.size) ON CONFLICT (owner, kind) DO UPDATE
  SET count = count + 1, size = size + new.size; END;
CREATE TRIGGER IF NOT EXISTS grown AFTER UPDATE OF size ON kept BEGIN
  UPDATE totals SET size = size + new.size - old.size
  WHERE owner = old.owner AND kind = old.kind; END;
CREATE TRIGGER IF NOT EXISTS gone AFTER DELETE ON kept BEGIN
  UPDATE totals SET count = count - 1, size = size - old.size
  WHERE owner = old.owner AND kind = old.kind;
  DELETE FROM totals WHERE owner = old.owner AND kind = old.kind AND count = 0;
  DELETE FROM items WHERE kept = old.number; END;
"""


def opened(file: Path) -> sqlite3.Connection:
    """The file, for its owner alone; what is deleted is overwritten, and nothing waits for a disk:
    the file does not outlive the server."""
    os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
    database = sqlite3.connect(file, timeout=10, isolation_level=None, check_same_thread=False)
    for pragma in ("journal_mode = WAL", "synchronous = OFF", "secure_delete = ON"):
        database.execute(f"PRAGMA {pragma}")
    database.executescript(_SCHEMA)
    return database
