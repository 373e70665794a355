"""What is read of a forget request: each target that it names, and what stayed unread."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from amnestic.exceptions import ForgetRequestError
from amnestic.types import Identifier, TargetKind

__all__ = [
    "NOTHING_ASKED",
    "Interpretation",
    "Interpreter",
    "RequestReading",
    "TooManyTargetsError",
    "refuse_too_many",
    "whether_stays",
]

MAX_TARGETS = 200
NOTHING_ASKED = (
    "nothing in the text asks for something to be forgotten; begin it with 'Please forget …', "
    "'Forget everything about …' or 'Do not talk about …'"
)
"""What is said of a text that asks for nothing."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """One target of a request; `kind_guessed` where nothing but its name speaks for its kind."""

    subject: str
    kind: TargetKind
    description: str = ""
    aliases: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    expires: datetime | None = None
    reason: str = ""
    legal_basis: str = ""
    identifiers: tuple[Identifier, ...] = ()
    kind_guessed: bool = False
    scope: str = ""


class TooManyTargetsError(ForgetRequestError):
    """A text that names more things than are read from one."""


def refuse_too_many(count: int) -> None:
    """Raise `TooManyTargetsError` for more targets than are read from one text."""
    if count > MAX_TARGETS:
        raise TooManyTargetsError(
            f"the request names {count:,} things; at most {MAX_TARGETS} are read from one text: "
            "divide it"
        )


def whether_stays(words: str) -> str:
    """How it is said that one reader takes some words for what stays, and is unsure of it."""
    return f"whether {words!r} stays"


@dataclass(frozen=True, slots=True)
class RequestReading:
    """All targets of a request.

    Attributes:
        targets: one or more.
        unread: pieces of the request that were not understood, or not obeyed.
        doubts: questions that whoever asked should answer; what is stored may not be what is meant.
        pointed: whether "he" or "she" says which of several people is meant.
    """

    targets: tuple[Interpretation, ...]
    unread: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    pointed: bool = False

    def settled(self) -> RequestReading:
        """The same without the doubts whether something stays that does stay."""
        stays = {whether_stays(kept) for target in self.targets for kept in target.exceptions}
        return replace(self, unread=tuple(piece for piece in self.unread if piece not in stays))


class Interpreter(Protocol):
    """Reads forget requests in plain words."""

    async def aread(self, text: str, *, now: datetime | None = None) -> RequestReading:
        """What the request asks to forget; raises `ForgetRequestError` and its kin."""
        ...
