"""Forgetting and taking back, as the `Amnesia` facade offers them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.config import Settings, default_actor
from amnestic.conversation import check_text
from amnestic.exceptions import InvalidRequestError, TargetNotFoundError
from amnestic.types import ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from typing import Unpack

    from amnestic.agents.records import GivenChanges, GivenDetails
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

        @property
        def parts(self) -> Parts: ...

        async def _aparts(self) -> Parts: ...

    async def aforget(
        self,
        text: str,
        *,
        requester: str | None = None,
        elicit: bool | None = None,
        **details: Unpack[GivenDetails],
    ) -> ForgetTarget:
        """Read a forget request in plain words and put its target in force.

        The target survives a crash and holds for the next request when this returns. What the
        wrapped model knows of it is asked afterwards, in the background (`wait_for_elicitation`),
        where `elicit` or else the setting of that name says so. Targets of the same name do not
        replace each other (`namesakes`).

        `details` are what you know beside the words: `facts` (each a sentence that stands by
        itself), `aliases`, `translations`, `terms` (what only belongs to it), `identifiers`,
        `exceptions`, `scope`, `expires`, `reason`, `subject_id`, `legal_basis`.

        Raises `ForgetRequestError` where nothing to forget can be read, and its kin where the
        request would match nearly everything (`TargetTooBroadError`), leaves open what is meant
        (`NeedsClarificationError`) or names several things (`SeveralTargetsError`; `aforget_all`
        takes those). Nothing is changed then.
        """
        return (await self._aforget(text, requester, elicit, details, most=1))[0]

    async def aforget_all(
        self,
        text: str,
        *,
        requester: str | None = None,
        elicit: bool | None = None,
        **details: Unpack[GivenDetails],
    ) -> tuple[ForgetTarget, ...]:
        """Put everything in force that a forget request names: a list, lines of a table, "A, B or
        C", several sentences.

        All of it is read before any of it is stored, and all of it is stored or none. Raises as
        `aforget` does; `details` can be given where one thing is named.
        """
        return await self._aforget(text, requester, elicit, details, most=None)

    async def _aforget(
        self,
        text: str,
        requester: str | None,
        elicit: bool | None,
        details: Mapping[str, Any],
        *,
        most: int | None,
    ) -> tuple[ForgetTarget, ...]:
        from amnestic.agents.records import given

        check_text(text, "the forget request")
        known = given(details)
        parts = await self._aparts()
        actor = requester or default_actor()
        return await parts.intake.forget(text, actor, most=most, details=known, elicit=elicit)

    async def aadd(
        self,
        *targets: ForgetTarget,
        actor: str | None = None,
        reason: str = "",
        elicit: bool = False,
    ) -> tuple[ForgetTarget, ...]:
        """Put targets in force that you have as records; all or none, in this layer's namespace.

        An empty id is made up, and each name and the description are indexed. Raises
        `TargetStateError` where an id is taken.
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

    async def aedit(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        why: str = "",
        **changes: Unpack[GivenChanges],
    ) -> ForgetTarget:
        """Put what is given in the place of what a target has: a new version of it.

        `facts` replace those that were told, and leave what the model said. `why` is told in the
        trail. Raises `TargetNotFoundError`, `TargetStateError` where it is revoked or was
        edited in the meantime, and `InvalidRequestError` for what cannot be a part of a target.
        """
        from amnestic.agents.records import edited
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        found = await offload(self.registry.get, target_id)
        wanted = edited(found, changes)
        who = actor or default_actor()
        return await offload(parts.store.edit, wanted, actor=who, reason=why)

    async def arevoke(
        self, target_id: str, *, actor: str | None = None, reason: str = ""
    ) -> ForgetTarget:
        """Take a target out of force. Raises `TargetNotFoundError` for an unknown id and
        `TargetStateError` for one that is revoked already."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        who = actor or default_actor()
        return await offload(parts.store.revoke, target_id, actor=who, reason=reason)

    async def arestore(
        self, target_id: str, *, actor: str | None = None, reason: str = ""
    ) -> ForgetTarget:
        """Put a revoked target in force again. Raises `TargetNotFoundError`, and
        `TargetStateError` for one that is in force."""
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        who, ask = actor or default_actor(), self.settings.elicit
        restored = await offload(
            parts.store.restore, target_id, actor=who, reason=reason, elicit=ask
        )
        parts.intake.follow([restored])
        return restored

    def wait_for_elicitation(self, timeout: float | None = None) -> bool:
        """Wait until the wrapped model has been asked about all new targets; whether it has. A
        target holds before that, by what was told of it."""
        return self.parts.intake.elicitations.wait(timeout)

    def namesakes(self, target: ForgetTarget) -> tuple[ForgetTarget, ...]:
        """The other targets in force that share a name with this one."""
        return self.call(lambda: self._anamesakes(target))

    async def _anamesakes(self, target: ForgetTarget) -> tuple[ForgetTarget, ...]:
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        return await offload(parts.store.namesakes, target)

    def forget(
        self,
        text: str,
        *,
        requester: str | None = None,
        elicit: bool | None = None,
        **details: Unpack[GivenDetails],
    ) -> ForgetTarget:
        """`aforget`, for synchronous callers."""
        return self.call(lambda: self.aforget(text, requester=requester, elicit=elicit, **details))

    def forget_all(
        self,
        text: str,
        *,
        requester: str | None = None,
        elicit: bool | None = None,
        **details: Unpack[GivenDetails],
    ) -> tuple[ForgetTarget, ...]:
        """`aforget_all`, for synchronous callers."""
        return self.call(
            lambda: self.aforget_all(text, requester=requester, elicit=elicit, **details)
        )

    def add(
        self,
        *targets: ForgetTarget,
        actor: str | None = None,
        reason: str = "",
        elicit: bool = False,
    ) -> tuple[ForgetTarget, ...]:
        """`aadd`, for synchronous callers."""
        return self.call(lambda: self.aadd(*targets, actor=actor, reason=reason, elicit=elicit))

    def edit(
        self,
        target_id: str,
        *,
        actor: str | None = None,
        why: str = "",
        **changes: Unpack[GivenChanges],
    ) -> ForgetTarget:
        """`aedit`, for synchronous callers."""
        return self.call(lambda: self.aedit(target_id, actor=actor, why=why, **changes))

    def revoke(self, target_id: str, *, actor: str | None = None, reason: str = "") -> ForgetTarget:
        """`arevoke`, for synchronous callers."""
        return self.call(lambda: self.arevoke(target_id, actor=actor, reason=reason))

    def restore(
        self, target_id: str, *, actor: str | None = None, reason: str = ""
    ) -> ForgetTarget:
        """`arestore`, for synchronous callers."""
        return self.call(lambda: self.arestore(target_id, actor=actor, reason=reason))

    def targets(self, *, status: TargetStatus | None = TargetStatus.ACTIVE) -> list[ForgetTarget]:
        """The targets of this namespace, oldest first; `status=None` gives the revoked too."""
        found = self.registry.targets(self.settings.namespace, status)
        return [t for t in found if status is not TargetStatus.ACTIVE or t.is_active()]

    def find(self, id_or_name: str) -> ForgetTarget:
        """The target of this namespace with an id, or with a name that it has alone.

        Raises `TargetNotFoundError` for none, and `InvalidRequestError` for several of a name.
        """
        try:
            found = self.registry.get(id_or_name)
        except TargetNotFoundError:
            return self._called(id_or_name)
        if found.namespace != self.settings.namespace:
            raise TargetNotFoundError(f"no target has the id or the name `{id_or_name}`")
        return found

    def _called(self, name: str) -> ForgetTarget:
        named = self.registry.named(name, self.settings.namespace)
        whole = [t for t in named if name.casefold() in map(str.casefold, t.names)]
        active = [t for t in whole if t.is_active()] or whole
        if len(active) > 1:
            ids = ", ".join(t.id for t in active)
            raise InvalidRequestError(f"several targets have that name: {ids}; give an id")
        if not active:
            raise TargetNotFoundError(f"no target has the id or the name `{name}`")
        return active[0]
