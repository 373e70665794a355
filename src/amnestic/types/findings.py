"""What detection says of a text: assessments, their evidence, and leaks found in drafts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

__all__ = ["Assessment", "Band", "Evidence", "Finding", "LeakKind", "Span"]


class Band(StrEnum):
    """Where a calibrated score falls between the two thresholds."""

    CLEAN = "clean"
    UNCERTAIN = "uncertain"
    LEAK = "leak"


class LeakKind(StrEnum):
    """Direct: the target is named. Indirect: told without its name. Entangled: both a target's
    knowledge and something that may stay stand in the same words."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    ENTANGLED = "entangled"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`, in the text as it was given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a score: a named feature and its value. Holds no text of the target."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one text stands to one target: a calibrated score in [0, 1] and what made it. `named`
    are the places where a name or an identifier of the target stands."""

    target_id: str
    score: float
    band: Band
    kind: LeakKind
    spans: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    named: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A leak located in one channel of one draft."""

    target_id: str
    choice: int
    channel: str
    kind: LeakKind
    confidence: float
    spans: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()
