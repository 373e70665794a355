"""The targets in force: the registry, which is the truth, and the index, which follows it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from functools import partial
from typing import TypeVar

from amnestic.exceptions import RetrievalError
from amnestic.tools.embedding import refuse_sealed
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget

__all__ = ["TargetStore"]

T = TypeVar("T")


class TargetStore:
    """Writes go to the registry first and are durable there; the index follows before a write
    returns, and `refresh` takes in what other processes wrote. Safe to share between threads."""

    def __init__(self, registry: Registry, index: FacetIndex) -> None:
        self.registry = registry
        self._index = index
        self._writing = threading.Lock()

    def add(
        self, targets: Iterable[ForgetTarget], *, actor: str, reason: str = ""
    ) -> tuple[ForgetTarget, ...]:
        """Store targets, all or none; they are in force when this returns. One of the same name as
        another is a target of its own: namesakes do not replace each other. Raises
        `InvalidRequestError` where a sealed one cannot be sealed here."""
        new = tuple(targets)
        refuse_sealed(new, self._index.spec)
        packing = partial(self._index.packed, self.registry)
        return self._written(
            lambda: self.registry.add_all(new, actor=actor, reason=reason, packing=packing)
        )

    def add_each(
        self, targets: Iterable[ForgetTarget], *, actor: str, reason: str = ""
    ) -> list[str]:
        """The same for very many, which are not held; gives their ids. Whether sealed ones can be
        sealed here is for the caller to know."""
        return self._written(lambda: self.registry.add_each(targets, actor=actor, reason=reason))

    def edit(self, target: ForgetTarget, *, actor: str, reason: str = "") -> ForgetTarget:
        """Put a target in the place of the one with its id; raises as `Registry.edit` does."""
        return self._written(lambda: self.registry.edit(target, actor=actor, reason=reason))

    def elicited(self, target: ForgetTarget, *, actor: str) -> ForgetTarget | None:
        """Add what a model said of a target; `None` where it is not pending any more."""
        return self._written(lambda: self.registry.elicited(target, actor=actor))

    def ask_again(self, target_id: str, *, actor: str) -> ForgetTarget:
        """Have a model asked once more about a target; raises as `Registry.ask_again` does."""
        return self._written(lambda: self.registry.ask_again(target_id, actor=actor))

    def revoke(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """Take a target out of force. Raises `TargetNotFoundError` or `TargetStateError`."""
        return self._written(lambda: self.registry.revoke(target_id, actor=actor, reason=reason))

    def restore(
        self, target_id: str, *, actor: str, reason: str = "", elicit: bool = False
    ) -> ForgetTarget:
        """Put a revoked target in force again. Raises as `Registry.restore` does."""
        return self._written(
            lambda: self.registry.restore(target_id, actor=actor, reason=reason, elicit=elicit)
        )

    def purge(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """Delete a target for good, its kept vectors too. Raises as `Registry.purge` does, and
        `RetrievalError` where the vectors cannot be written anew; the same is to be done again."""
        self.refresh()  # what is kept anew must be all that is in force
        left = self._written(lambda: self.registry.purge(target_id, actor=actor, reason=reason))
        self._index.rewrite()
        return left

    def namesakes(self, target: ForgetTarget) -> tuple[ForgetTarget, ...]:
        """The other targets in force of the same namespace that share a told name with this one."""
        self.refresh()
        own = _told(target)
        others = self._index.targets(target.namespace)
        return tuple(other for other in others if other.id != target.id and own & _told(other))

    def refresh(self) -> None:
        """Take in what other processes wrote; one small query when nothing changed."""
        self._index.sync(self.registry)

    def follow(self) -> int:
        """The same for whoever was told that there is something; gives how many changes it was."""
        return self._index.follow(self.registry)

    def _written(self, write: Callable[[], T]) -> T:
        with self._writing:
            done = write()
            try:
                self._index.follow(self.registry)
            except RetrievalError as error:
                raise RetrievalError(
                    f"it is written down, and in force as soon as the index follows: {error}"
                ) from None
            return done


def _told(target: ForgetTarget) -> set[str]:
    return {name.casefold() for name in (target.subject, *target.aliases)}
