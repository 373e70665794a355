"""Targets from their record to their end, as the `Amnesia` facade offers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from amnestic.config import Settings, default_actor
from amnestic.exceptions import (
    InvalidRequestError,
    RetrievalError,
    SealError,
)
from amnestic.finding import unknown
from amnestic.tenancy import by_namespace
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from typing import Unpack

    from amnestic.agents.records import GivenChanges
    from amnestic.assembly import Parts
    from amnestic.tools.registry import Registry

__all__ = ["Lifecycle"]

T = TypeVar("T")


class Lifecycle:
    """The part of `Amnesia` that adds, edits, revokes, restores and purges targets."""

    settings: Settings

    if TYPE_CHECKING:

        @property
        def registry(self) -> Registry: ...

        def call(self, make: Callable[[], Awaitable[T]]) -> T: ...

        async def _aparts(self) -> Parts: ...

        def _own(self, target_id: str) -> ForgetTarget: ...

    @by_namespace
    async def aadd(
        self,
        *targets: ForgetTarget,
        actor: str | None = None,
        reason: str = "",
        elicit: bool = False,
        namespace: str | None = None,
    ) -> tuple[ForgetTarget, ...]:
        """Put targets in force that you have as records; all or none, in this layer's namespace.

        An empty id is made up, and each name and the description are indexed. Those with `sealed`
        are encrypted at rest, masked in listings and told to no model. Raises `TargetStateError`
        where an id is taken, and `InvalidRequestError` where there is no key to seal with.
        """
        if strange := [t for t in targets if not isinstance(t, ForgetTarget)]:
            raise InvalidRequestError(
                f"a target to add is a `ForgetTarget`, not {type(strange[0]).__name__!r}; for "
                "plain words there is `forget`"
            )
        parts = await self._aparts()
        own = [t.model_copy(update={"namespace": self.settings.namespace}) for t in targets]
        who = actor or default_actor()
        return await parts.intake.add(own, who, elicit=elicit, reason=reason)

    @by_namespace
    async def aedit(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        why: str = "",
        version: int | None = None,
        namespace: str | None = None,
        **changes: Unpack[GivenChanges],
    ) -> ForgetTarget:
        """Put what is given in the place of what a target has: a new version of it.

        `facts` replace those that were told, and leave what the model said. `why` is told in the
        trail. With `version` the target must still be at that one. Raises `TargetNotFoundError`,
        `TargetStateError` where it is revoked or was edited in the meantime, and
        `InvalidRequestError` for what cannot be a part of a target.
        """
        from amnestic.agents.records import edited
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        found = await offload(self._own, target_id)
        wanted = edited(found, changes)
        if version is not None:
            wanted = wanted.model_copy(update={"version": version})
        who = actor or default_actor()
        changed = await offload(parts.store.edit, wanted, actor=who, reason=why)
        parts.intake.follow([changed])
        return changed

    @by_namespace
    async def aelicit(
        self, target_id: str, *, actor: str | None = None, namespace: str | None = None
    ) -> ForgetTarget:
        """Have the wrapped model asked once more what it knows of a target, in the background.
        Raises `TargetNotFoundError`, and `TargetStateError` where it is revoked."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        found = await offload(self._own, target_id)
        who = actor or default_actor()
        waiting = await offload(parts.store.ask_again, found.id, actor=who)
        parts.intake.follow([waiting])
        return waiting

    @by_namespace
    async def arevoke(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """Take a target out of force. Raises `TargetNotFoundError` for an unknown id and
        `TargetStateError` for one that is revoked already."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        who = actor or default_actor()
        found = await offload(self._own, target_id)
        return await offload(parts.store.revoke, found.id, actor=who, reason=reason)

    @by_namespace
    async def arestore(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """Put a revoked target in force again. Raises `TargetNotFoundError`, and
        `TargetStateError` for one that is in force."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        who, ask = actor or default_actor(), self.settings.elicit
        found = await offload(self._own, target_id)
        restored = await offload(
            parts.store.restore, found.id, actor=who, reason=reason, elicit=ask
        )
        parts.intake.follow([restored])
        return restored

    @by_namespace
    async def apurge(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """Delete a target for good, in force or not: its texts in the registry, in the trail and
        in what the database has freed, and its kept vectors. Its id, its namespace, and of its
        lines in the trail times, kinds and hashes stay, and who purged it and why. A sealed one
        whose key is lost is deleted as well, by its id and without a reason.

        Raises `TargetNotFoundError`, `InvalidRequestError` for a `reason` that names the target,
        and `RegistryUnavailableError` where another program keeps the database from being written
        anew: the target is purged by then, and the same is to be done again.
        """
        from amnestic.tools.offload import offload

        who = actor or default_actor()
        try:
            parts = await self._aparts()
            found = await offload(self._own, target_id)
            return await offload(parts.store.purge, found.id, actor=who, reason=reason)
        except SealError:  # something cannot be opened, so that no layer starts: delete it
            return await offload(self._purge_closed, target_id, actor=who, reason=reason)

    @by_namespace
    def add(
        self,
        *targets: ForgetTarget,
        actor: str | None = None,
        reason: str = "",
        elicit: bool = False,
        namespace: str | None = None,
    ) -> tuple[ForgetTarget, ...]:
        """`aadd`, for synchronous callers."""
        return self.call(lambda: self.aadd(*targets, actor=actor, reason=reason, elicit=elicit))

    @by_namespace
    def edit(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        why: str = "",
        version: int | None = None,
        namespace: str | None = None,
        **changes: Unpack[GivenChanges],
    ) -> ForgetTarget:
        """`aedit`, for synchronous callers."""
        return self.call(
            lambda: self.aedit(target_id, actor=actor, why=why, version=version, **changes)
        )

    @by_namespace
    def elicit(
        self, target_id: str, *, actor: str | None = None, namespace: str | None = None
    ) -> ForgetTarget:
        """`aelicit`, for synchronous callers."""
        return self.call(lambda: self.aelicit(target_id, actor=actor))

    @by_namespace
    def revoke(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """`arevoke`, for synchronous callers."""
        return self.call(lambda: self.arevoke(target_id, actor=actor, reason=reason))

    @by_namespace
    def restore(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """`arestore`, for synchronous callers."""
        return self.call(lambda: self.arestore(target_id, actor=actor, reason=reason))

    @by_namespace
    def purge(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        reason: str = "",
        namespace: str | None = None,
    ) -> ForgetTarget:
        """`apurge`, for synchronous callers."""
        return self.call(lambda: self.apurge(target_id, actor=actor, reason=reason))

    def _purge_closed(self, target_id: str, *, actor: str, reason: str) -> ForgetTarget:
        """Purge a target of this namespace without opening it, or an index."""
        if all(target.id != target_id for target in self.registry.listed(self.settings.namespace)):
            raise unknown(target_id)
        from amnestic.assembly import index_dir
        from amnestic.tools.index import kept_vectors_removed

        purged = self.registry.purge(target_id, actor=actor, reason=reason)
        folder = index_dir(self.settings)
        try:
            kept_vectors_removed(folder)  # the next layer makes them anew
        except OSError as error:
            raise RetrievalError(
                f"the target is purged, but not its kept vectors ({error}): delete `{folder}`"
            ) from None
        return purged
