"""The rights that each role has, and where somebody stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from amnestic.server.errors import ServerError
from amnestic.types.roles import Role

if TYPE_CHECKING:
    from amnestic.tools.registry import AccessKey

__all__ = ["Right", "Standing", "standing_of"]


class Right(StrEnum):
    """What may be done: chat with the model; read targets, their trail and the metrics, and have
    texts checked; change targets; make and end keys, and purge targets."""

    CALL = "call"
    SEE = "see"
    CHANGE = "change"
    MANAGE = "manage"


_RIGHTS: Mapping[Role, frozenset[Right]] = {
    Role.CALLER: frozenset({Right.CALL}),
    Role.VIEWER: frozenset({Right.SEE}),
    Role.EDITOR: frozenset({Right.SEE, Right.CHANGE}),
    Role.ADMIN: frozenset({Right.SEE, Right.CHANGE, Right.MANAGE}),
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Who somebody is.

    Attributes:
        id: a key's public id; `admin` for the admin token.
        name: what stands as actor in the trail.
        role: what they are.
        spaces: the namespaces that are open to them, of which `None` is the layer's own; `None` in
            place of a tuple for all of them.

    >>> editor = Standing("k1", "Ada", Role.EDITOR, ("tenant",))
    >>> editor.may(Right.SEE), editor.may(Right.MANAGE)
    (True, False)
    """

    id: str
    name: str
    role: Role
    spaces: tuple[str | None, ...] | None

    def may(self, right: Right) -> bool:
        """Whether the role has a right."""
        return right in _RIGHTS[self.role]

    def space(self, named: str | None) -> str | None:
        """The namespace that somebody names, or else their first; `None` for the layer's own.
        Raises `ServerError` (403) for one that is not open to them."""
        if self.spaces is None:
            return named
        if named is None:
            return self.spaces[0]
        if named not in self.spaces:
            raise ServerError(403, "this key does not open the namespace that is asked for")
        return named


def standing_of(key: AccessKey) -> Standing:
    """Where the holder of a key stands: without namespaces of its own a caller's is in the layer's
    own, and any other in all."""
    own: tuple[str | None, ...] | None = key.namespaces
    if own is None and key.role is Role.CALLER:
        own = (None,)
    return Standing(key.id, key.actor, key.role, own)
