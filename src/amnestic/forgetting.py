"""Forgetting and taking back, as the `Amnesia` facade offers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from amnestic.config import Settings, default_actor
from amnestic.conversation import check_text
from amnestic.types import ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.assembly import Parts
    from amnestic.tools.registry import Registry

__all__ = ["Forgetting"]

T = TypeVar("T")


class Forgetting:
    """The part of `Amnesia` that puts targets in force and takes them out of it."""

    settings: Settings

    if TYPE_CHECKING:

        @property
        def registry(self) -> Registry: ...

        def call(self, make: Callable[[], Awaitable[T]]) -> T: ...

        async def _aparts(self) -> Parts: ...

    async def aforget(self, text: str, *, requester: str | None = None) -> ForgetTarget:
        """Read a forget request in plain words and put its target in force.

        The target survives a crash and holds for the next request when this returns. Raises
        `ForgetRequestError` where nothing to forget can be read, and its kin where the request
        would match nearly everything (`TargetTooBroadError`), leaves open what is meant
        (`NeedsClarificationError`) or names several things (`SeveralTargetsError`; `aforget_all`
        takes those). Nothing is changed then.
        """
        return (await self._aforget(text, requester, most=1))[0]

    async def aforget_all(
        self, text: str, *, requester: str | None = None
    ) -> tuple[ForgetTarget, ...]:
        """Put everything in force that a forget request names: a list, lines of a table, "A, B or
        C", several sentences.

        All of it is read before any of it is stored. Raises as `aforget` does.
        """
        return await self._aforget(text, requester, most=None)

    async def _aforget(
        self, text: str, requester: str | None, *, most: int | None
    ) -> tuple[ForgetTarget, ...]:
        from amnestic.tools.offload import offload

        check_text(text, "the forget request")
        parts = await self._aparts()
        actor = requester or default_actor()
        targets = await parts.intake(text, self.settings.namespace, actor, most=most)
        return tuple([await offload(parts.store.add, target, actor=actor) for target in targets])

    async def arevoke(self, target_id: str, *, actor: str | None = None) -> ForgetTarget:
        """Take a target out of force. Raises `TargetNotFoundError` for an unknown id and
        `TargetStateError` for one that is revoked already."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        return await offload(parts.store.revoke, target_id, actor=actor or default_actor())

    def forget(self, text: str, *, requester: str | None = None) -> ForgetTarget:
        """`aforget`, for synchronous callers."""
        return self.call(lambda: self.aforget(text, requester=requester))

    def forget_all(self, text: str, *, requester: str | None = None) -> tuple[ForgetTarget, ...]:
        """`aforget_all`, for synchronous callers."""
        return self.call(lambda: self.aforget_all(text, requester=requester))

    def revoke(self, target_id: str, *, actor: str | None = None) -> ForgetTarget:
        """`arevoke`, for synchronous callers."""
        return self.call(lambda: self.arevoke(target_id, actor=actor))

    def targets(self, *, status: TargetStatus | None = TargetStatus.ACTIVE) -> list[ForgetTarget]:
        """The targets of this namespace, oldest first; `status=None` gives the revoked too."""
        found = self.registry.targets(self.settings.namespace, status)
        return [t for t in found if status is not TargetStatus.ACTIVE or t.is_active()]
