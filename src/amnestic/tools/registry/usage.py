"""What agents have cost, day by day: calls and tokens, and no text."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from amnestic.exceptions import RegistryUnavailableError
from amnestic.places import DatabaseUrl, beside

__all__ = ["Spent", "UsageStore", "today", "usage_path"]

_TABLE = """
CREATE TABLE IF NOT EXISTS usage (
    day TEXT NOT NULL, agent TEXT NOT NULL, model TEXT NOT NULL,
    calls INTEGER NOT NULL, input_tokens INTEGER NOT NULL, output_tokens INTEGER NOT NULL,
    PRIMARY KEY (day, agent, model)
) WITHOUT ROWID
"""
_ADD = """
INSERT INTO usage VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT (day, agent, model) DO UPDATE SET
    calls = calls + excluded.calls,
    input_tokens = input_tokens + excluded.input_tokens,
    output_tokens = output_tokens + excluded.output_tokens
"""


@dataclass(frozen=True, slots=True)
class Spent:
    """What one agent has spent on one model on one day (UTC)."""

    day: date
    agent: str
    model: str
    calls: int
    input_tokens: int
    output_tokens: int


def usage_path(db: Path | DatabaseUrl) -> Path:
    """Where the usage of the layer with the registry `db` is counted: beside it, and on each
    machine for itself where that is on a server.

    >>> usage_path(Path("data/registry.db")).name
    'registry.usage.db'
    """
    return beside(db, f"{db.stem}.usage.db" if isinstance(db, Path) else "usage.db")


class UsageStore:
    """Counts in a small SQLite file, which several processes may share.

    Losing the last count in a crash is acceptable; holding a request up is not, so writes wait
    half a second for one another at most.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def add(self, spent: Iterable[Spent]) -> None:
        """Count; raises `RegistryUnavailableError` when the file cannot be written."""
        rows = [
            (s.day.isoformat(), s.agent, s.model, s.calls, s.input_tokens, s.output_tokens)
            for s in spent
        ]
        if rows:
            with self._open() as database:
                database.executemany(_ADD, rows)

    def since(self, day: date | None = None) -> list[Spent]:
        """What was spent from `day` on (default: ever), by day, agent and model."""
        if not self._path.exists():
            return []
        with self._open() as database:
            rows = database.execute(
                "SELECT * FROM usage WHERE day >= ? ORDER BY day, agent, model",
                ((day or date.min).isoformat(),),
            ).fetchall()
        return [Spent(date.fromisoformat(row[0]), *row[1:]) for row in rows]

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with closing(sqlite3.connect(self._path, timeout=0.5)) as database, database:
                database.execute("PRAGMA synchronous = NORMAL")
                database.execute(_TABLE)
                yield database
        except (sqlite3.Error, OSError) as error:
            reason = type(error).__name__
            raise RegistryUnavailableError(
                f"usage cannot be counted in {str(self._path)!r} ({reason})"
            ) from None


def today() -> date:
    """The current day (UTC)."""
    return datetime.now(UTC).date()
