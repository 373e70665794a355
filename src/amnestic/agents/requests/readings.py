"""What is read of a forget request: each target that it names, and what stayed unread."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from amnestic.types import TargetKind

__all__ = ["Identifier", "Interpretation", "RequestReading"]


@dataclass(frozen=True, slots=True)
class Identifier:
    """A value that stands for one thing alone: its `label` as the request gives it, and the value.

    >>> Identifier("customer no.", "QX-20417").told
    'customer no.: QX-20417'
    """

    label: str
    value: str

    @property
    def told(self) -> str:
        """The identifier as a fact."""
        return f"{self.label}: {self.value}" if self.label else self.value


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One target of a request."""

    subject: str
    kind: TargetKind
    description: str = ""
    aliases: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    expires: datetime | None = None
    reason: str = ""
    identifiers: tuple[Identifier, ...] = ()


@dataclass(frozen=True, slots=True)
class RequestReading:
    """All targets of a request.

    Attributes:
        targets: one or more.
        unread: pieces of the request that were not understood, or not obeyed.
        doubts: questions that whoever asked should answer; what is stored may not be what is meant.
    """

    targets: tuple[Interpretation, ...]
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
