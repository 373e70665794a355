"""Forget targets and their facets."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

__all__ = ["Facet", "FacetKind", "ForgetTarget", "Policy", "TargetKind", "TargetStatus"]


class FacetKind(StrEnum):
    """What a facet of a target is."""

    ALIAS = "alias"
    DESCRIPTION = "description"
    FACT = "fact"
    QUESTION = "question"


class TargetKind(StrEnum):
    """What sort of thing is to be forgotten."""

    PERSON = "person"
    ORGANISATION = "organisation"
    WORK = "work"
    PLACE = "place"
    TOPIC = "topic"
    RECORD = "record"
    SKILL = "skill"


class TargetStatus(StrEnum):
    """Where a target is in its life."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Policy(StrEnum):
    """How the uncertain band is read where no agent model is configured (design.md §5)."""

    STRICT = "strict"
    BALANCED = "balanced"


class Facet(BaseModel):
    """One indexed piece of a target. `id` is a stable, unique 63-bit integer; 0 until stored."""

    model_config = ConfigDict(frozen=True)

    kind: FacetKind
    text: str
    id: int = 0


class ForgetTarget(BaseModel):
    """One thing to forget.

    >>> target = ForgetTarget(id="t1", subject="Ada Example", kind=TargetKind.PERSON)
    >>> target.is_active()
    True
    """

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    kind: TargetKind = TargetKind.TOPIC
    description: str = ""
    aliases: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    exceptions: tuple[str, ...] = ()
    policy: Policy = Policy.BALANCED
    status: TargetStatus = TargetStatus.ACTIVE
    namespace: str = "default"
    requester: str = ""
    reason: str = ""
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires: datetime | None = None

    def is_active(self, now: datetime | None = None) -> bool:
        """Whether the target is in force at `now` (default: this moment)."""
        if self.status is not TargetStatus.ACTIVE:
            return False
        return self.expires is None or self.expires > (now or datetime.now(UTC))

    @property
    def names(self) -> tuple[str, ...]:
        """The subject, its aliases as the request tells them, and the names that were elicited.

        >>> facet = Facet(kind=FacetKind.ALIAS, text="Ada Sample")
        >>> ForgetTarget(id="t1", subject="Ada Example", facets=(facet,)).names
        ('Ada Example', 'Ada Sample')
        """
        elicited = (f.text for f in self.facets if f.kind is FacetKind.ALIAS)
        return tuple(dict.fromkeys((self.subject, *self.aliases, *elicited)))

    @property
    def facts(self) -> tuple[str, ...]:
        """The texts of the facets that are facts."""
        return tuple(f.text for f in self.facets if f.kind is FacetKind.FACT)
