"""The forms in which model engines must answer; anything else is no verdict."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "AuditAnswer",
    "AuditedPassage",
    "ComposeAnswer",
    "CriticAnswer",
    "InterpretAnswer",
    "PartAnswer",
    "ProbeAnswer",
    "RatingAnswer",
    "ReadIdentifier",
    "ReadTarget",
    "RewriteAnswer",
    "Sealed",
    "VetAnswer",
]

Number = Annotated[int, Field(ge=1, le=1000)]
Mark = Annotated[int, Field(ge=1, le=5)]
Probability = Annotated[float, Field(ge=0.0, le=1.0)]


class _Strict(BaseModel):
    """Fields of their own are what models like to add: they are not read. The schema that a
    server is given stays closed, since some take no other."""

    model_config = ConfigDict(
        frozen=True, extra="ignore", strict=True, json_schema_extra={"additionalProperties": False}
    )


class Sealed(_Strict):
    """An answer that carries the seal of its prompt: one copied from data does not."""

    seal: str


class PartAnswer(_Strict):
    """Which subjects one part of a question asks for."""

    part: Number
    targets: list[Number]
    probability: Probability
    reason: str


class VetAnswer(Sealed):
    """The vetter's answer."""

    parts: list[PartAnswer]


class AuditedPassage(_Strict):
    """A passage of one text that tells something of one subject."""

    text: Number
    target: Number
    kind: Literal["direct", "indirect", "entangled"]
    quote: str
    probability: Probability
    reason: str


class AuditAnswer(Sealed):
    """The auditor's answer."""

    findings: list[AuditedPassage]


class RewriteAnswer(Sealed):
    """The rewriter's answer."""

    candidates: list[str]


class RatingAnswer(_Strict):
    """The marks of one candidate."""

    candidate: Number
    forgetting: Mark
    usefulness: Mark
    naturalness: Mark
    reason: str


class CriticAnswer(Sealed):
    """The critic's answer."""

    ratings: list[RatingAnswer]


class ComposeAnswer(Sealed):
    """The composer's answer."""

    text: str


class ProbeAnswer(Sealed):
    """The answer to a probe of what a model can do."""

    colour: str


class ReadIdentifier(_Strict):
    """A value that stands for one thing alone, and what the request calls it."""

    label: str
    value: str


class ReadTarget(_Strict):
    """One thing that a request wants forgotten."""

    subject: str = Field(min_length=2, max_length=200)
    kind: Literal["person", "organisation", "work", "place", "topic", "record", "skill"]
    aliases: list[str]
    identifiers: list[ReadIdentifier]
    facts: list[str]
    exceptions: list[str]
    scope: str
    expires: str


class InterpretAnswer(Sealed):
    """The interpreter's answer."""

    outcome: Literal["ok", "ask", "refuse"]
    question: str
    targets: list[ReadTarget] = Field(max_length=200)
    unread: list[str]
