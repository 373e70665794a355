"""The tombstones of one layer's targets: whether a record was taken out of a store before."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from amnestic.scrubbing.values import leaves_of
from amnestic.sweeping.protocol import Record
from amnestic.tools.registry import Registry, Tombstone, TombstoneKind, tombstone_hash
from amnestic.types import ForgetTarget

__all__ = ["Known", "Stones", "ToldBy"]


class ToldBy(StrEnum):
    """What of a record told of a target."""

    TEXT = "text"
    BESIDE = "beside"
    ID = "id"


_KINDS = {
    ToldBy.TEXT: [TombstoneKind.TEXT],
    ToldBy.BESIDE: [TombstoneKind.RECORD],
    ToldBy.ID: [],
}


@dataclass(frozen=True, slots=True)
class Known:
    """What tombstones say of a record.

    Attributes:
        returned: whether the same was taken out before, by what it says or by its id.
        removed: the targets of which the same was removed, by what it says: under its id something
            else may stand now.
        has_id: whether what stood under its id was removed.
    """

    returned: bool = False
    removed: tuple[str, ...] = ()
    has_id: bool = False


@dataclass(slots=True)
class Stones:
    """What is known of what was taken out, and hashes to ask and to add by.

    Attributes:
        salt: the registry's.
        targets: those in force, by id: only their tombstones count.
        held: the targets of each hash, and whether what it stands for was removed.
        store: the store whose ids are meant.
    """

    salt: str
    targets: dict[str, ForgetTarget]
    store: str = ""
    held: dict[str, dict[str, TombstoneKind]] = field(default_factory=dict)

    @classmethod
    def of(cls, registry: Registry, targets: Sequence[ForgetTarget], store: str = "") -> Stones:
        """The tombstones that a registry keeps of targets."""
        stones = cls(registry.salt(), {target.id: target for target in targets}, store)
        for stone in registry.tombstones.of(list(stones.targets)):
            stones.held.setdefault(stone.hash, {})[stone.target_id] = stone.kind
        return stones

    def look(self, record: Record) -> Known:
        """What is known of a record."""
        if not self.held:
            return Known()
        asked = list(self._asked(record))
        gone = (TombstoneKind.TEXT, TombstoneKind.RECORD)
        removed = dict.fromkeys(target for target, kind in asked if kind in gone)
        return Known(bool(asked), tuple(removed), any(k is TombstoneKind.ID for _, k in asked))

    def set_for(
        self, record: Record, targets: Sequence[str], *, removed: bool, told_by: ToldBy
    ) -> list[Tombstone]:
        """Tombstones for a record that is removed, or rewritten. What tells of a target by itself
        is known by its text alone; else only with what stood beside it, since others may say the
        same; and where its id alone told of one, by that."""
        kinds = [TombstoneKind.REWRITTEN]
        if removed:
            kinds = [*_KINDS[told_by], TombstoneKind.ID]
        whose = [self.targets[target] for target in targets if target in self.targets]
        return [
            Tombstone(target.id, kind, tombstone_hash(self.salt, target, kind, texts))
            for target in whose
            for kind in kinds
            if (texts := self._texts(record, kind)) is not None
        ]

    def _asked(self, record: Record) -> Iterator[tuple[str, TombstoneKind]]:
        for kind in (TombstoneKind.TEXT, TombstoneKind.RECORD, TombstoneKind.ID):
            texts = self._texts(record, kind)
            if texts is None:
                continue
            for asked in self._keys():
                found = self.held.get(tombstone_hash(self.salt, asked, kind, texts), {})
                yield from found.items()

    def _keys(self) -> list[ForgetTarget]:
        """One target for each salt: those that are not sealed have none."""
        return list({target.salt: target for target in self.targets.values()}.values())

    def _texts(self, record: Record, kind: TombstoneKind) -> list[str] | None:
        """What is hashed of a record; `None` where there is nothing."""
        if kind is TombstoneKind.ID:
            return [self.store, record.id] if self.store else None
        told = _told(record.text)
        if kind is TombstoneKind.RECORD:
            told += ["", *_told(dict(record.metadata))]
        return told if any(told) else None


def _told(tree: Any) -> list[str]:
    """The strings of a tree, in an order that does not hang on that of its keys."""
    return sorted(leaf.text for leaf in leaves_of(tree) if leaf.text and not leaf.is_key)
