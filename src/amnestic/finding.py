"""Finding targets, as the `Amnesia` facade offers it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from amnestic.config import Settings
from amnestic.exceptions import InvalidRequestError, TargetNotFoundError
from amnestic.tenancy import by_namespace
from amnestic.types import ForgetTarget, TargetStatus

if TYPE_CHECKING:
    from amnestic.tools.registry import Registry, TargetPage

__all__ = ["Finding", "unknown"]

_STATES = (*(status.value for status in TargetStatus), "expired", "")


class Finding:
    """The part of `Amnesia` that lists targets and finds one."""

    settings: Settings

    if TYPE_CHECKING:

        @property
        def registry(self) -> Registry: ...

    @by_namespace
    def targets(
        self,
        *,
        status: TargetStatus | None = TargetStatus.ACTIVE,
        search: str = "",
        namespace: str | None = None,
    ) -> list[ForgetTarget]:
        """The targets of this namespace, oldest first; `status=None` gives the revoked and expired
        too. With `search` only those in whose names or identifiers its words stand, of sealed ones
        those that have a name or an identifier of just these words."""
        space = self.settings.namespace
        found = self.registry.named(search, space) if search else self.registry.targets(space)
        return _of_status(found, status)

    @by_namespace
    def listed(
        self,
        *,
        status: TargetStatus | None = TargetStatus.ACTIVE,
        search: str = "",
        namespace: str | None = None,
    ) -> list[ForgetTarget]:
        """`targets` for others to see: of sealed ones only what is no secret. No key is needed for
        these, but to search them."""
        return _of_status(self.registry.listed(self.settings.namespace, search), status)

    @by_namespace
    def page(
        self,
        offset: int = 0,
        limit: int = 50,
        *,
        state: str = "active",
        search: str = "",
        namespace: str | None = None,
    ) -> TargetPage:
        """`limit` of the targets that `listed` gives, behind `offset` others, and how many there
        are: no others are read. `state` is `active`, `expired`, `revoked`, `purged`, or empty for
        all of them. Raises `InvalidRequestError` for another, or a number below 0."""
        from amnestic.tools.registry import TargetPage, TargetQuery

        if state not in _STATES or min(offset, limit) < 0:
            raise InvalidRequestError(
                f"a page begins at 0 or later, holds 0 targets or more, and has one of the states "
                f"{', '.join(map(repr, _STATES))}"
            )
        query = TargetQuery(spaces=(self.settings.namespace,), state=state, words=search)
        found = self.registry.page(query, offset, limit)
        return found if offset < found.total else TargetPage((), found.total, offset)

    @by_namespace
    def unsearched(self, *, namespace: str | None = None) -> str:
        """What is to be said where a name finds nothing: that there are sealed targets which it
        cannot find, because the key is not at hand. Empty where there are none."""
        count = self.registry.unsearched(self.settings.namespace)
        if not count:
            return ""
        told = (
            "target is not searched without its key"
            if count == 1
            else "targets are not searched without their keys"
        )
        return f"; {count} sealed {told}: name the file that holds it in AMNESTIC_SEAL_KEY_FILE"

    @by_namespace
    def find(self, id_or_name: str, *, namespace: str | None = None) -> ForgetTarget:
        """The target of this namespace with an id, or with a name or an identifier that it has
        alone.

        Raises `TargetNotFoundError` for none, and `InvalidRequestError` for several of a name.
        """
        try:
            return self._own(id_or_name)
        except TargetNotFoundError:
            return self._called(id_or_name)

    def _own(self, target_id: str) -> ForgetTarget:
        """The target with an id, if it is of this namespace."""
        found = self.registry.get(target_id)
        if found.namespace != self.settings.namespace:
            raise unknown(target_id)
        return found

    def _called(self, name: str) -> ForgetTarget:
        named = self.registry.named(name, self.settings.namespace)
        whole = [t for t in named if t.sealed or name.casefold() in _called(t)]
        active = [t for t in whole if t.is_active()] or whole
        if len(active) > 1:
            ids = ", ".join(t.id for t in active)
            raise InvalidRequestError(f"several targets have that name: {ids}; give an id")
        if not active:
            raise TargetNotFoundError(
                f"no target has the id or the name `{name[:60]}`; `targets` lists them"
                + self.unsearched()
            )
        return active[0]


def unknown(target_id: str) -> TargetNotFoundError:
    """What is raised for an id that no target of a namespace has."""
    return TargetNotFoundError(f"no target has the id `{target_id}`; `targets` lists them")


def _called(target: ForgetTarget) -> set[str]:
    values = (identifier.value for identifier in target.identifiers)
    return {text.casefold() for text in (*target.names, *values)}


def _of_status(targets: Iterable[ForgetTarget], status: TargetStatus | None) -> list[ForgetTarget]:
    if status is TargetStatus.ACTIVE:
        return [target for target in targets if target.is_active()]
    return [target for target in targets if status in (None, target.status)]
