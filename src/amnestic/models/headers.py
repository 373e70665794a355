"""What a provider's reply headers say of a failure: its id, and when to come again."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterable, Mapping
from email.utils import parsedate_to_datetime
from typing import Any

__all__ = ["request_id", "retry_after", "retry_helps"]

_IDS = ("x-request-id", "request-id", "apim-request-id", "x-amzn-requestid")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.:-]{3,79}")
_LONGEST = 3_600.0  # seconds: whoever asks for more is not coming back for this request
_PASSING = (408, 409, 425, 429)

Headers = Mapping[str, Any] | Iterable[tuple[str, Any]]


def request_id(headers: Headers) -> str | None:
    """The id that a provider gave a request, where it is a short plain word.

    >>> request_id({"X-Request-Id": "req_7f3a"})
    'req_7f3a'
    >>> request_id({"x-request-id": "as the poet said: ..."})
    """
    named = _lowered(headers)
    return next((v for key in _IDS if (v := named.get(key, "")) and _ID.fullmatch(v)), None)


def retry_after(headers: Headers) -> float | None:
    """Seconds to wait before the next try, an hour at most.

    >>> retry_after({"retry-after-ms": "250"}), retry_after([("Retry-After", "2")])
    (0.25, 2.0)
    >>> retry_after({"retry-after": "soon"})
    """
    named = _lowered(headers)
    if (exact := _number(named.get("retry-after-ms"))) is not None:
        return min(exact / 1000, _LONGEST)
    told = named.get("retry-after")
    seconds = _number(told)
    if seconds is None and told:
        seconds = _until(told)
    return None if seconds is None else min(seconds, _LONGEST)


def retry_helps(status: int, headers: Headers = ()) -> bool:
    """Whether the same request may succeed later: what the provider says, else by its status.

    >>> retry_helps(503), retry_helps(404), retry_helps(503, {"x-should-retry": "false"})
    (True, False, False)
    """
    said = _lowered(headers).get("x-should-retry")
    if said in ("true", "false"):
        return said == "true"
    return status in _PASSING or status >= 500


def _lowered(headers: Headers) -> dict[str, str]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return {str(key).lower(): str(value).strip() for key, value in pairs}


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) and value >= 0 else None


def _until(date: str) -> float | None:
    try:
        due = parsedate_to_datetime(date).timestamp()
    except (ValueError, OverflowError):
        return None
    return max(0.0, due - time.time())
