"""Characters that a stream cuts in two: JSON writes an emoji as two escapes, and some APIs send the
first of them in one event and the second in the next."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.models.protocol import Delta

__all__ = ["Halves"]

_FIRST = re.compile("[\ud800-\udbff]\\Z")
_HALF = re.compile("[\ud800-\udfff]")


class Halves:
    """Puts the halves of characters together, channel by channel. What has no other half is told as
    a character that cannot be read.

    >>> halves = Halves()
    >>> halves.whole(Delta(text="a\\ud83d")).text, halves.whole(Delta(text="\\ude00b")).text
    ('a', '😀b')
    """

    def __init__(self) -> None:
        self._open: dict[tuple[int, str], str] = {}

    def whole(self, delta: Delta) -> Delta:
        """A delta of whole characters; the half at its end waits for the next of its channel."""
        place = (delta.choice, delta.channel)
        text = self._open.pop(place, "") + delta.text
        names = (delta.tool_call_id, delta.tool_name)
        if text is delta.text and not any(_HALF.search(name or "") for name in (text, *names)):
            return delta
        if delta.channel != "beside" and _FIRST.search(text):
            self._open[place], text = text[-1], text[:-1]
        call_id, name = (_joined(found) if found else found for found in names)
        return replace(delta, text=_joined(text), tool_call_id=call_id, tool_name=name)


def _joined(text: str) -> str:
    whole = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return _HALF.sub("\ufffd", whole)
