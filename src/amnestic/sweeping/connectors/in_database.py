"""What connectors to a database share: its lock, its transactions, and what is left on the disk."""

from __future__ import annotations

from contextlib import AbstractContextManager

from amnestic.sweeping.connectors.base import BaseConnector
from amnestic.sweeping.connectors.sql import Database

__all__ = ["DatabaseConnector"]


class DatabaseConnector(BaseConnector):
    """A connector to tables of a database, which it closes."""

    def __init__(self, database: Database, address: str) -> None:
        super().__init__()
        self.address = address
        self._database = database

    def locked(self) -> AbstractContextManager[object]:
        """The database, for one sweep."""
        return self._database.locked(self.address)

    def changing(self) -> AbstractContextManager[object]:
        """A transaction."""
        return self._database.changing()

    def settle(self) -> None:
        """Have what was there before gone from the disk."""
        self._database.settle()

    def close(self) -> None:
        """Close what was opened."""
        self._database.close()
