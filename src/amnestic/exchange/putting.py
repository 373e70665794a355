"""Writing down the targets of a file, and telling which are, also where something goes wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amnestic.exceptions import RegistryError, RetrievalError
from amnestic.exchange.holding import Packed
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["Putting"]


@dataclass(frozen=True, slots=True)
class Putting:
    """How targets get into one layer's registry: by whom, why, and with vectors or without.

    Attributes:
        stored: is told the ids of those that are written down.
    """

    amnesia: Amnesia
    actor: str
    reason: str
    stored: Callable[[Sequence[str]], None]
    embed: bool

    def some(self, targets: Sequence[ForgetTarget]) -> None:
        """Put some in force, all or none."""
        try:
            if self.embed:
                self.amnesia.add(*targets, actor=self.actor, reason=self.reason)
            else:
                self.amnesia.registry.add_all(targets, actor=self.actor, reason=self.reason)
        except RetrievalError:
            if self._are_written(targets[0]):
                self.stored([target.id for target in targets])
            raise
        self.stored([target.id for target in targets])

    def all_of(self, packed: Packed) -> None:
        """Put all that waits in force, or nothing of it."""
        written = self.amnesia.parts.store if self.embed else self.amnesia.registry
        try:
            ids = written.add_each(packed, actor=self.actor, reason=self.reason)
        except RetrievalError:
            if self._are_written(next(iter(packed))):
                self.stored([target.id for target in packed])
            raise
        self.stored(ids)

    def _are_written(self, first: ForgetTarget) -> bool:
        """Whether targets are written down, and only the index did not follow."""
        with suppress(RegistryError):
            return bool(self.amnesia.registry.some([first.id]))
        return False
