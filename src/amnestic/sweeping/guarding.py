"""A guard at the door of a store: what was taken out does not come back."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from amnestic.sweeping.protocol import Record
from amnestic.sweeping.stones import Stones
from amnestic.types import GLOBAL

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Guard"]


class Guard:
    """Says whether a sweep removed the same before, of a target that is in force. It costs a hash
    and no model; what tells of a target in other words is found by `AmnesticTransformer`.

    Args:
        amnesia: the layer whose targets are meant.
        store: the address of the store, for which ids are asked.

    >>> from amnestic import Amnesia
    >>> from amnestic.testing import ScriptedBackend
    >>> from langchain_core.embeddings import DeterministicFakeEmbedding
    >>> from langchain_core.vectorstores import InMemoryVectorStore
    >>> import tempfile
    >>> from pathlib import Path
    >>> from amnestic.sweeping import sweep
    >>> store = InMemoryVectorStore(DeterministicFakeEmbedding(size=8))
    >>> told = store.add_texts(["Ana Morel lives in Tarn.", "Bread is baked at four."])
    >>> folder = tempfile.TemporaryDirectory()
    >>> with Amnesia(ScriptedBackend(), db=Path(folder.name) / "r.db", elicit=False) as amnesia:
    ...     target = amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    ...     report = sweep(store, amnesia)
    ...     guard = Guard(amnesia)
    ...     guard.refuses("ANA MOREL lives in Tarn"), guard.refuses("Bread is baked at four.")
    (True, False)
    >>> folder.cleanup()
    """

    def __init__(self, amnesia: Amnesia, store: str = "") -> None:
        self._amnesia = amnesia
        self._store = store
        self._turn = threading.Lock()
        self._seen = ""
        self._stones: Stones | None = None
        self._until: datetime | None = None

    def refuses(
        self, text: Any, metadata: Mapping[Any, Any] | None = None, *, id: str | None = None
    ) -> bool:
        """Whether a record is not to be stored again.

        Args:
            text: what it says: a string, or a tree of what JSON knows.
            metadata: what stands beside that.
            id: its id in the store: one whose record was removed is refused, whatever it says now.
        """
        known = self._now().look(Record(id or "", text, metadata or {}))
        return bool(known.removed) or (id is not None and known.has_id)

    def _now(self) -> Stones:
        """The tombstones as they are now: they are read again when the registry has changed, or a
        target's time is over."""
        registry = self._amnesia.registry
        position = str(registry.position())
        with self._turn:
            over = self._until is not None and self._until <= datetime.now(UTC)
            if self._stones is None or over or position != self._seen:
                space = self._amnesia.settings.namespace
                targets = [t for t in registry.targets() if t.is_active()]
                own = [t for t in targets if t.namespace in (space, GLOBAL)]
                self._until = min((t.expires for t in own if t.expires), default=None)
                self._stones, self._seen = Stones.of(registry, own, self._store), position
            return self._stones
