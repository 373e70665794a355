"""What a form sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from fastapi import Request
from starlette.datastructures import UploadFile

from amnestic.server.errors import ServerError

__all__ = ["Posted", "in_utc", "posted"]

_FIELDS = 2_100


@dataclass(frozen=True, slots=True)
class Posted:
    """The fields of a form, in the order in which they came, and its file."""

    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file_name: str = ""
    file: bytes = b""

    def text(self, name: str) -> str:
        """What stands in a field, without the space around it; empty where it is not there.

        >>> Posted({"why": (" asked ",)}).text("why")
        'asked'
        """
        return self.fields.get(name, ("",))[-1].replace("\r\n", "\n").strip()

    def lines(self, name: str) -> list[str]:
        """The lines of a field that hold anything."""
        return [line.strip() for line in self.text(name).splitlines() if line.strip()]

    def every(self, name: str) -> tuple[str, ...]:
        """All that was sent under a name."""
        return self.fields.get(name, ())

    def told(self, name: str) -> bool:
        """Whether a box was ticked."""
        return name in self.fields


def in_utc(text: str) -> datetime:
    """A time from its text, which is in UTC unless it says otherwise. Raises `ValueError` for none,
    and `OverflowError` for one that UTC has not.

    >>> in_utc("2027-01-31T12:00").hour, in_utc("2027-01-31T12:00+02:00").hour
    (12, 10)
    """
    when = datetime.fromisoformat(text)
    return when.astimezone(UTC) if when.tzinfo else when.replace(tzinfo=UTC)


async def posted(request: Request, most: int) -> Posted:
    """The form that a request holds, of `most` bytes; raises `ServerError` (400) for none."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        raise ServerError(400, "a form is expected")
    fields: dict[str, list[str]] = {}
    name, content = "", b""
    async with request.form(max_files=1, max_fields=_FIELDS, max_part_size=most) as form:
        for key, value in form.multi_items():
            if isinstance(value, UploadFile):
                name, content = value.filename or "", await value.read()
            else:
                fields.setdefault(key, []).append(value)
    return Posted({key: tuple(values) for key, values in fields.items()}, name, content)
