"""The parts of a target as the commands take them, beside its words."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated

import typer

from amnestic.exceptions import InvalidRequestError

__all__ = [
    "Ground",
    "Scope",
    "Several",
    "SubjectId",
    "Terms",
    "Translations",
    "end_of",
    "end_or_none",
]

Several = list[str] | None
Terms = Annotated[
    Several,
    typer.Option("--term", help="What only belongs to it: a character, a title; may be repeated."),
]
Translations = Annotated[
    Several, typer.Option("--translation", help="Its name in another language; may be repeated.")
]
Scope = Annotated[str | None, typer.Option(help="Where it shall hold, in words.")]
Ground = Annotated[str | None, typer.Option("--legal-basis", help="The ground: GDPR Art. 17.")]
SubjectId = Annotated[
    str | None, typer.Option("--subject-id", help="Whose record it is in your systems.")
]

_DAY = "%Y-%m-%d"
_NEVER = "never"


def end_of(day: datetime) -> datetime:
    """The end of a day in UTC; raises `InvalidRequestError` for one that is over."""
    end = day.replace(hour=23, minute=59, second=59, tzinfo=UTC)
    if end < datetime.now(UTC):
        raise InvalidRequestError(f"the day {day:%Y-%m-%d} is over; give a later one or none")
    return end


def end_or_none(told: str) -> datetime | None:
    """The end of a day that is told, or `None` for `never`; raises `InvalidRequestError`.

    >>> end_or_none("never"), end_or_none("2999-01-31").date().isoformat()
    (None, '2999-01-31')
    """
    if told == _NEVER:
        return None
    try:
        day = datetime.strptime(told, _DAY)
    except ValueError:
        raise InvalidRequestError(
            f"`{told}` is no day; write one as 2027-01-31, or `{_NEVER}`"
        ) from None
    return end_of(day)
