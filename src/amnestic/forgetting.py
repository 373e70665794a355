"""Forgetting from plain words, as the `Amnesia` facade offers it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from amnestic.config import Settings, default_actor
from amnestic.conversation import check_text
from amnestic.tenancy import by_namespace
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from typing import Unpack

    from amnestic.agents.records import GivenDetails
    from amnestic.assembly import Parts
    from amnestic.forecasting import Preview
    from amnestic.tools.registry import Registry

__all__ = ["Forgetting"]

T = TypeVar("T")


class Forgetting:
    """The part of `Amnesia` that reads forget requests and puts their targets in force."""

    settings: Settings

    if TYPE_CHECKING:

        @property
        def registry(self) -> Registry: ...

        def call(self, make: Callable[[], Awaitable[T]]) -> T: ...

        @property
        def parts(self) -> Parts: ...

        async def _aparts(self) -> Parts: ...

    @by_namespace
    async def aforget(
        self,
        text: str,
        *,
        requester: str | None = None,
        actor: str | None = None,
        elicit: bool | None = None,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> ForgetTarget:
        """Read a forget request in plain words and put its target in force.

        The target survives a crash and holds for the next request when this returns. What the
        wrapped model knows of it is asked afterwards, in the background (`wait_for_elicitation`),
        where `elicit` or else the setting of that name says so. Targets of the same name do not
        replace each other (`namesakes`).

        `requester` is who wants it forgotten, and `actor` who puts it in force and stands in the
        trail: the requester unless given. `details` are what you know beside the words: `facts`
        (each a sentence that stands by itself), `aliases`, `translations`, `terms` (what only
        belongs to it), `identifiers`, `exceptions`, `scope`, `expires`, `reason`, `subject_id`,
        `legal_basis`; and `sealed` for private records, which are encrypted at rest, masked in
        listings and told to no model.

        Raises `ForgetRequestError` where nothing to forget can be read, and its kin where the
        request would match nearly everything (`TargetTooBroadError`), leaves open what is meant
        (`NeedsClarificationError`) or names several things (`SeveralTargetsError`; `aforget_all`
        takes those). Nothing is changed then.
        """
        return (await self._aforget(text, requester, actor, elicit, details, most=1))[0]

    @by_namespace
    async def aforget_all(
        self,
        text: str,
        *,
        requester: str | None = None,
        actor: str | None = None,
        elicit: bool | None = None,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> tuple[ForgetTarget, ...]:
        """Put everything in force that a forget request names: a list, lines of a table, "A, B or
        C", several sentences.

        All of it is read before any of it is stored, and all of it is stored or none. Raises as
        `aforget` does; `details` can be given where one thing is named.
        """
        return await self._aforget(text, requester, actor, elicit, details, most=None)

    async def _aforget(
        self,
        text: str,
        requester: str | None,
        actor: str | None,
        elicit: bool | None,
        details: Mapping[str, Any],
        *,
        most: int | None,
    ) -> tuple[ForgetTarget, ...]:
        from amnestic.agents.records import given

        check_text(text, "the forget request")
        known = given(details)
        parts = await self._aparts()
        who, space = requester or default_actor(), self.settings.namespace
        return await parts.intake.forget(
            text, space, who, most=most, details=known, elicit=elicit, actor=actor or who
        )

    @by_namespace
    async def apreview(
        self,
        text: str,
        *,
        against: Iterable[str] = (),
        requester: str | None = None,
        elicit: bool = False,
        open_to: Collection[str] | None = None,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> Preview:
        """What `aforget_all` would store, and what that would match among the targets in force, in
        common knowledge and in the texts `against`; with `elicit` the wrapped model is asked what
        it knows. Of the targets in force only those of the namespaces `open_to` are told, where it
        is given. Nothing is stored. Raises as `aforget_all` does."""
        from amnestic.agents.records import given

        check_text(text, "the forget request")
        known, texts = given(details), [check_text(t, "a text to try") for t in against]
        parts = await self._aparts()
        space, who = self.settings.namespace, requester or default_actor()
        return await parts.intake.preview(
            text, space, who, details=known, elicit=elicit, against=texts, open_to=open_to
        )

    def wait_for_elicitation(self, timeout: float | None = None) -> bool:
        """Wait until the wrapped model has been asked about all new targets; whether it has. A
        target holds before that, by what was told of it."""
        return self.parts.intake.elicitations.wait(timeout)

    @by_namespace
    def namesakes(
        self, target: ForgetTarget, *, namespace: str | None = None
    ) -> tuple[ForgetTarget, ...]:
        """The other targets in force that share a name with this one."""
        return self.call(lambda: self._anamesakes(target))

    async def _anamesakes(self, target: ForgetTarget) -> tuple[ForgetTarget, ...]:
        from amnestic.tools.offload import offload

        parts = await self._aparts()
        return await offload(parts.store.namesakes, target)

    @by_namespace
    def forget(
        self,
        text: str,
        *,
        requester: str | None = None,
        actor: str | None = None,
        elicit: bool | None = None,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> ForgetTarget:
        """`aforget`, for synchronous callers."""
        return self.call(
            lambda: self.aforget(text, requester=requester, actor=actor, elicit=elicit, **details)
        )

    @by_namespace
    def forget_all(
        self,
        text: str,
        *,
        requester: str | None = None,
        actor: str | None = None,
        elicit: bool | None = None,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> tuple[ForgetTarget, ...]:
        """`aforget_all`, for synchronous callers."""
        return self.call(
            lambda: self.aforget_all(
                text, requester=requester, actor=actor, elicit=elicit, **details
            )
        )

    @by_namespace
    def preview(
        self,
        text: str,
        *,
        against: Iterable[str] = (),
        requester: str | None = None,
        elicit: bool = False,
        namespace: str | None = None,
        **details: Unpack[GivenDetails],
    ) -> Preview:
        """`apreview`, for synchronous callers."""
        return self.call(
            lambda: self.apreview(
                text, against=against, requester=requester, elicit=elicit, **details
            )
        )
