"""The targets in force: the registry, which is the truth, and the index, which follows it."""

from __future__ import annotations

import threading

from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget

__all__ = ["TargetStore"]


class TargetStore:
    """Writes go to the registry first and are durable there; the index follows before a write
    returns, and `refresh` takes in what other processes wrote. Safe to share between threads."""

    def __init__(self, registry: Registry, index: FacetIndex) -> None:
        self._registry = registry
        self._index = index
        self._writing = threading.Lock()

    def add(self, target: ForgetTarget, *, actor: str) -> ForgetTarget:
        """Store a target; it is in force when this returns. A target of the same subject in the
        same namespace is superseded: the new one is in force before the old one goes."""
        with self._writing:
            old = self._same_subject(target)
            stored = self._registry.add(target, actor=actor)
            for previous in old:
                self._registry.revoke(previous.id, actor=actor, reason=f"superseded: {stored.id}")
            self._index.sync(self._registry)
            return stored

    def revoke(self, target_id: str, *, actor: str, reason: str = "") -> ForgetTarget:
        """Take a target out of force. Raises `TargetNotFoundError` or `TargetStateError`."""
        with self._writing:
            revoked = self._registry.revoke(target_id, actor=actor, reason=reason)
            self._index.sync(self._registry)
            return revoked

    def refresh(self) -> None:
        """Take in what other processes wrote; one small query when nothing changed."""
        self._index.sync(self._registry)

    def _same_subject(self, target: ForgetTarget) -> list[ForgetTarget]:
        subject = target.subject.casefold()
        self._index.sync(self._registry)
        in_force = self._index.targets(target.namespace)
        return [t for t in in_force if t.subject.casefold() == subject]
