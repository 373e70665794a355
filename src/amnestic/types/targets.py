"""Forget targets and their facets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from amnestic.types.identifiers import Identifier

__all__ = [
    "GLOBAL",
    "OPEN_FIELDS",
    "Elicitation",
    "Facet",
    "FacetKind",
    "FacetSource",
    "ForgetTarget",
    "Policy",
    "TargetKind",
    "TargetStatus",
    "holds_in",
    "is_namespace",
]

GLOBAL = "*"
"""The namespace whose targets hold in every namespace."""


def holds_in(space: str, namespace: str) -> bool:
    """Whether the targets of the namespace `space` hold for whoever is in `namespace`.

    >>> holds_in("acme", "acme"), holds_in("acme", "umbra"), holds_in(GLOBAL, "umbra")
    (True, False, True)
    """
    return space in (namespace, GLOBAL)


def is_namespace(name: str) -> bool:
    """Whether a namespace may be called so: it has a name, of characters that can be seen. Stores
    keep others in unlike ways, and a target would be listed where it does not hold.

    >>> is_namespace("équipe 1"), is_namespace(""), is_namespace("one\\x00")
    (True, False, False)
    """
    return bool(name) and name.isprintable()


OPEN_FIELDS = ("id", "kind", "kind_guessed", "policy", "status", "elicitation", "namespace",
               "version", "created", "expires", "sealed")  # fmt: skip
"""The fields of a sealed target that are no secret: whatever else it has is one."""


class FacetKind(StrEnum):
    """What a facet of a target is."""

    ALIAS = "alias"
    DESCRIPTION = "description"
    FACT = "fact"
    QUESTION = "question"


class FacetSource(StrEnum):
    """Where a facet comes from."""

    TOLD = "told"
    """Told by whoever asked to forget."""
    ELICITED = "elicited"
    """Said by the wrapped model when it was asked about the subject."""


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
    PURGED = "purged"
    """Nothing is kept of it but its id and its lines in the trail, for good."""


class Elicitation(StrEnum):
    """How far the wrapped model has been asked what it knows of a target."""

    NONE = "none"
    """It is not to be asked."""
    PENDING = "pending"
    DONE = "done"
    FAILED = "failed"
    """It did not answer; the target holds all the same, by what was told."""


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
    source: FacetSource = FacetSource.TOLD


class ForgetTarget(BaseModel):
    """One thing to forget: a typed record (design.md §7).

    Attributes:
        subject: the canonical name.
        kind_guessed: whether nothing but the name speaks for the kind.
        aliases: other names, as told; `translations`: the name in other languages.
        terms: what only belongs to the target: characters, products, titles.
        identifiers: values that stand for it alone, each matched as the type that it is.
        facets: its names, description and facts as they are indexed.
        exceptions: what shall stay, in the words of the request.
        scope: where the request says that it shall hold; empty for everywhere.
        subject_id: whose record it is in the systems of whoever runs this.
        legal_basis: the ground that the request gives, as "GDPR Art. 17".
        unread: pieces of the request that were not understood, or not obeyed.
        version: 1, and one more with each edit.
        sealed: whether the record is private: encrypted at rest, masked wherever it is listed, and
            named to no model.
        salt: of a sealed one, a secret of its own with which its place in the trail is kept.

    >>> target = ForgetTarget(id="t1", subject="Ada Example", kind=TargetKind.PERSON)
    >>> target.is_active()
    True
    """

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    kind: TargetKind = TargetKind.TOPIC
    kind_guessed: bool = False
    description: str = ""
    aliases: tuple[str, ...] = ()
    translations: tuple[str, ...] = ()
    terms: tuple[str, ...] = ()
    identifiers: tuple[Identifier, ...] = ()
    facets: tuple[Facet, ...] = ()
    exceptions: tuple[str, ...] = ()
    scope: str = ""
    policy: Policy = Policy.BALANCED
    status: TargetStatus = TargetStatus.ACTIVE
    elicitation: Elicitation = Elicitation.NONE
    namespace: str = "default"
    requester: str = ""
    reason: str = ""
    subject_id: str = ""
    legal_basis: str = ""
    unread: tuple[str, ...] = ()
    version: int = 1
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires: datetime | None = None
    sealed: bool = False
    salt: str = ""

    def is_active(self, now: datetime | None = None) -> bool:
        """Whether the target is in force at `now` (default: this moment)."""
        if self.status is not TargetStatus.ACTIVE:
            return False
        return self.expires is None or self.expires > (now or datetime.now(UTC))

    def state(self, now: datetime | None = None) -> str:
        """`active`, `revoked`, or `expired` for one whose time is over at `now`.

        >>> over = datetime(2020, 1, 1, tzinfo=UTC)
        >>> ForgetTarget(id="t1", subject="Ada Example", expires=over).state()
        'expired'
        """
        expired = self.status is TargetStatus.ACTIVE and not self.is_active(now)
        return "expired" if expired else self.status.value

    @property
    def is_private(self) -> bool:
        """Whether it holds an identifier of a private person, so that it were better sealed.

        >>> mail = Identifier(type="email", value="ada@example.org")
        >>> ada = ForgetTarget(id="t1", subject="Ada Example", kind="person", identifiers=(mail,))
        >>> ada.is_private, ada.model_copy(update={"kind": TargetKind.WORK}).is_private
        (True, False)
        """
        personal = self.kind in (TargetKind.PERSON, TargetKind.RECORD)
        return personal and any(identifier.is_personal for identifier in self.identifiers)

    def masked(self) -> ForgetTarget:
        """The target as it is listed: itself, or of a sealed one only what is no secret.

        >>> ForgetTarget(id="t1", subject="Ada Example", sealed=True).masked().subject
        'sealed:37d12a7a'
        """
        if not self.sealed:
            return self
        mask = f"sealed:{blake2b(self.id.encode(), digest_size=4).hexdigest()}"
        told: dict[str, Any] = {name: getattr(self, name) for name in OPEN_FIELDS}
        return ForgetTarget(subject=mask, **told)

    def __repr_args__(self) -> Iterator[tuple[str | None, Any]]:
        """What a sealed one shows of itself where it is printed or logged."""
        shown = super().__repr_args__()
        return ((n, v) for n, v in shown if not self.sealed or n in OPEN_FIELDS)

    @property
    def names(self) -> tuple[str, ...]:
        """The subject, its other names and terms as they were told, and the names that were
        elicited.

        >>> facet = Facet(kind=FacetKind.ALIAS, text="Ada Sample")
        >>> ForgetTarget(id="t1", subject="Ada Example", facets=(facet,)).names
        ('Ada Example', 'Ada Sample')
        """
        elicited = (f.text for f in self.facets if f.kind is FacetKind.ALIAS)
        told = (self.subject, *self.aliases, *self.translations, *self.terms)
        return tuple(dict.fromkeys((*told, *elicited)))

    @property
    def proper_names(self) -> tuple[str, ...]:
        """The names but for those that are identifiers: these are matched as the type that they
        are, and never by their words.

        >>> mail = Identifier(type="email", value="ada@example.org")
        >>> ForgetTarget(id="t1", subject="ada@example.org", identifiers=(mail,)).proper_names
        ()
        """
        values = {identifier.value for identifier in self.identifiers}
        return tuple(name for name in self.names if name not in values)

    @property
    def facts(self) -> tuple[str, ...]:
        """The texts of the facets that are facts."""
        return tuple(f.text for f in self.facets if f.kind is FacetKind.FACT)
