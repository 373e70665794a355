"""Chroma's log of changes in its SQLite file, in which deleted documents go on standing.

Chroma writes each change into `embeddings_queue` first, with its text and its vector, and keeps it
there until the index of vectors is written, which is after a thousand changes. What stands there of
a document before its last change is not needed: it is blanked, and the changes stay in their order.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from pathlib import Path

from amnestic.sweeping.connectors.sql import written_anew

__all__ = ["FILE", "without_old_entries"]

FILE = "chroma.sqlite3"
"""The name of Chroma's file in its folder."""

_WAIT = 10.0
_DELETE = 3
_LAST = (
    "SELECT seq_id, operation, id, length(vector) FROM embeddings_queue "
    "WHERE id = ? AND topic LIKE ? ORDER BY seq_id"
)


def without_old_entries(file: Path, touched: Mapping[str, Sequence[str]]) -> None:
    """Blank the entries of documents, by the ids of their collections, that came before their last
    change, and write the file anew so that nothing is left in freed pages or in its index of
    words. A file of another layout is only written anew."""
    connection = sqlite3.connect(file, isolation_level=None, timeout=_WAIT)
    try:
        connection.execute("PRAGMA secure_delete=ON")
        tables = {n for (n,) in connection.execute("SELECT name FROM sqlite_master")}
        if "embeddings_queue" in tables:
            connection.execute("BEGIN IMMEDIATE")
            for collection, names in touched.items():
                for name in dict.fromkeys(names):
                    _blank(connection, collection, name)
            connection.execute("COMMIT")
        if "embedding_fulltext_search" in tables:
            connection.execute(
                "INSERT INTO embedding_fulltext_search(embedding_fulltext_search) "
                "VALUES('optimize')"
            )
        written_anew(connection)
    finally:
        connection.close()


def _blank(connection: sqlite3.Connection, collection: str, name: str) -> None:
    entries = connection.execute(_LAST, [name, f"%{collection}"]).fetchall()
    vectors = [seq for seq, operation, _, size in entries if size and operation != _DELETE]
    for i, (seq, operation, _, size) in enumerate(entries):
        if i == len(entries) - 1:
            break
        is_last_vector = bool(vectors) and seq == vectors[-1] and entries[-1][1] != _DELETE
        vector = None if is_last_vector or operation == _DELETE or not size else bytes(size)
        if vector is not None:
            connection.execute(
                "UPDATE embeddings_queue SET vector = ? WHERE seq_id = ?", [vector, seq]
            )
        if operation != _DELETE:
            connection.execute(
                "UPDATE embeddings_queue SET metadata = '{}' WHERE seq_id = ?", [seq]
            )
