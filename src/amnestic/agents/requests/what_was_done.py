"""What only tells that something was done, and wishes for nothing: "Osk was removed"."""

from __future__ import annotations

import re

__all__ = ["DONE", "tells_what_was_done", "without_what_was_done"]

DONE = (
    r"(?:forgotten|erased|deleted|removed|unlearn(?:ed|t)|wiped|purged|dropped|suppressed|scrubbed|"
    r"treated\s+as\s+unknown|kept\s+(?:quiet|secret|out|from|under)|hidden|blocked|left\s+(?:out|alone|"
    r"in\s+peace)|struck|stripped|expunged|eliminated|obliterated|banished|scratched|shredded|retired|withheld|burned|taken\s+out|cleared|excluded|redacted|omitted)"
)
"""What is done to what shall be forgotten, as a pattern of participles."""

_WAS_DONE = (  # it tells what was done: "Osk has been removed from the squad"
    rf"\b(?:was|were|(?:has|have|had)\s+(?:[a-z]+\s+)?been)\s+(?:[a-z]+ly\s+)?{DONE}"
)
_ENDS = re.compile(rf"{_WAS_DONE}$", re.I)
_ANYWHERE = re.compile(rf"{_WAS_DONE}\b", re.I)
_WERE_IT_SO = re.compile(r"\bif\b[^.;!?]*$", re.I)  # "I'd be glad if Osk were removed"


def without_what_was_done(text: str) -> str:
    """A text without the words that tell what was done.

    >>> without_what_was_done("Osk was removed from the board.")
    'Osk  from the board.'
    >>> without_what_was_done("I'd be glad if Osk were removed.")
    "I'd be glad if Osk were removed."
    """
    return _ANYWHERE.sub(lambda m: "" if _is_told(text, m) else m[0], text)


def tells_what_was_done(text: str, end: int) -> bool:
    """Whether the words up to a place tell what was done, and not what it would be good to do.

    >>> tells_what_was_done("Osk was removed.", 15), tells_what_was_done("Osk be removed.", 14)
    (True, False)
    """
    past = _ENDS.search(text[:end])
    return past is not None and _is_told(text, past)


def _is_told(text: str, past: re.Match[str]) -> bool:
    return _WERE_IT_SO.search(text, 0, past.start()) is None
