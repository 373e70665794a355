"""What is sent and answered about forget targets."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator

from amnestic.agents.requests import MAX_REQUEST_CHARS
from amnestic.forecasting import Match
from amnestic.types import Elicitation, ForgetTarget, Identifier, Policy, TargetKind

__all__ = [
    "PreviewRequest",
    "PreviewView",
    "RecordList",
    "TargetChange",
    "TargetDetails",
    "TargetList",
    "TargetRecord",
    "TargetRequest",
    "TargetView",
    "Why",
]


class TargetDetails(BaseModel):
    """What may be given of a target beside words; each of `facts` stands by itself. `sealed` is for
    private records: encrypted at rest, masked in every answer, told to no model."""

    model_config = ConfigDict(extra="forbid")

    facts: list[str] | None = None
    aliases: list[str] | None = None
    translations: list[str] | None = None
    terms: list[str] | None = None
    identifiers: list[str | Identifier] | None = None
    exceptions: list[str] | None = None
    scope: str | None = None
    expires: datetime | None = None
    reason: str | None = None
    subject_id: str | None = None
    legal_basis: str | None = None
    sealed: bool | None = None

    def given(self) -> dict[str, Any]:
        """The details that were given."""
        return {name: told for name, told in self if name in _DETAILS and told is not None}


_DETAILS = frozenset(TargetDetails.model_fields)


class TargetRequest(TargetDetails):
    """A forget request in plain words, and what is known beside them. `requester` is who wants it
    forgotten, the sender unless given; who sends it stands in the trail. `elicit` says whether the
    wrapped model is asked what it knows, in the background; the server's setting unless given."""

    text: str = Field(min_length=1, json_schema_extra={"maxLength": MAX_REQUEST_CHARS})
    requester: str | None = Field(default=None, min_length=1, max_length=200)
    elicit: bool | None = None


class PreviewRequest(TargetDetails):
    """A forget request that is only looked at; it is tried on the texts `against`, too.
    `requester` is the sender unless given."""

    text: str = Field(min_length=1, json_schema_extra={"maxLength": MAX_REQUEST_CHARS})
    requester: str | None = Field(default=None, min_length=1, max_length=200)
    against: list[str] = Field(default_factory=list, max_length=1_000)
    elicit: bool = False


class TargetChange(TargetDetails):
    """What shall be otherwise; `facts` take the place of those that were told. With `version` the
    change is refused where somebody else was quicker."""

    subject: str | None = None
    kind: TargetKind | None = None
    description: str | None = None
    policy: Policy | None = None
    why: str = Field(default="", max_length=1_000)
    version: int | None = None

    def given(self) -> dict[str, Any]:
        """What shall be otherwise."""
        own = {"subject", "kind", "description", "policy"}
        told = {name: told for name, told in self if name in own and told is not None}
        over = {"expires": None} if "expires" in self.model_fields_set else {}
        return over | super().given() | told


_DESCRIBING = frozenset(
    {"status", "elicitation", "namespace", "version", "created", "proposes_sealing"}
)


class TargetRecord(TargetDetails):
    """A target as a record. A reading that a preview gave is one as it is; what only describes it
    there (`status`, `elicitation`, `namespace`, `version`, `created`, `proposes_sealing`) is passed
    over. `requester` is the sender unless given."""

    @model_validator(mode="before")
    @classmethod
    def _without_description(cls, told: Any) -> Any:
        if not isinstance(told, dict):
            return told
        return {name: value for name, value in told.items() if name not in _DESCRIBING}

    id: str = Field(default="", max_length=200)
    subject: str = Field(min_length=1, max_length=1_000)
    kind: TargetKind | None = None
    description: str = ""
    kind_guessed: bool = False
    unread: list[str] = Field(default_factory=list)
    policy: Policy = Policy.BALANCED
    requester: str | None = Field(default=None, min_length=1, max_length=200)


class RecordList(BaseModel):
    """Records to put in force, all or none: the second step behind a preview."""

    model_config = ConfigDict(extra="forbid")

    data: list[TargetRecord] = Field(min_length=1, max_length=1_000)
    why: str = Field(default="", max_length=1_000)
    elicit: bool = False


class Why(BaseModel):
    """Why something is done."""

    model_config = ConfigDict(extra="forbid")

    why: str = Field(default="", max_length=1_000)


class TargetView(BaseModel):
    """One target, as the admin sees it: of a sealed one only what is no secret.

    `proposes_sealing` says that it holds an identifier of a private person and is not sealed."""

    id: str
    subject: str
    kind: TargetKind
    kind_guessed: bool
    description: str
    aliases: tuple[str, ...]
    translations: tuple[str, ...]
    terms: tuple[str, ...]
    identifiers: tuple[Identifier, ...]
    facts: tuple[str, ...]
    exceptions: tuple[str, ...]
    scope: str
    status: str
    elicitation: Elicitation
    namespace: str
    requester: str
    reason: str
    subject_id: str
    legal_basis: str
    unread: tuple[str, ...]
    version: int
    created: datetime
    expires: datetime | None
    sealed: bool
    proposes_sealing: bool

    @classmethod
    def of(cls, target: ForgetTarget) -> TargetView:
        """The view of a target; one whose time is over is `expired`, a sealed one is masked."""
        return cls.of_reading(target.masked())

    @classmethod
    def of_reading(cls, target: ForgetTarget) -> TargetView:
        """The view of a target that is not stored, for whoever has just told it."""
        proposed = target.is_private and not target.sealed
        own = {"status": target.state(), "proposes_sealing": proposed}
        told = {name: getattr(target, name) for name in cls.model_fields if name not in own}
        return cls(**told, **own)


class TargetList(BaseModel):
    """Targets, oldest first; `total` of them are there."""

    data: list[TargetView]
    total: int


class PreviewView(BaseModel):
    """What would be stored, and what that would match. Post `data` to `/v1/targets:add`."""

    data: list[TargetView]
    namesakes: list[TargetView]
    others: list[Match]
    neighbours: list[Match]
    neighbours_read: int
    against: list[Match]
    against_read: int
    proposes_sealing: bool
