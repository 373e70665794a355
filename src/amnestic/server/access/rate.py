"""How often a key may ask."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable

from amnestic.server.errors import ServerError

__all__ = ["Rate"]

_MINUTE = 60.0
_MOST_KEYS = 4_096


class Rate:
    """So many requests a minute for each key, and no more at once: what was not used comes back
    evenly.

    >>> now = [0.0]
    >>> rate = Rate(2, lambda: now[0])
    >>> rate.take(b"key"), rate.take(b"key")
    (None, None)
    >>> rate.take(b"key")
    Traceback (most recent call last):
    amnestic.server.errors.ServerError: 2 requests a minute may be made with this key
    >>> now[0] = 30.0
    >>> rate.take(b"key")
    """

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = most
        self._clock = clock
        self._left: OrderedDict[bytes, tuple[float, float]] = OrderedDict()

    def give(self, key: bytes) -> None:
        """Give back a request that was counted and shall not count."""
        left, since = self._left.get(key, (float(self._most), self._clock()))
        self._left[key] = (min(self._most, left + 1), since)

    def take(self, key: bytes, count: int = 1) -> None:
        """Count one request, or as many as it stands for; raises `ServerError` (429) where that is
        too many now."""
        now = self._clock()
        left, since = self._left.get(key, (float(self._most), now))
        left = min(self._most, left + (now - since) * self._most / _MINUTE)
        allowed = left >= count
        self._left[key] = (left - count if allowed else left, now)
        self._left.move_to_end(key)
        while len(self._left) > _MOST_KEYS:
            self._left.popitem(last=False)
        if not allowed:
            raise ServerError(
                429,
                f"{self._most} requests a minute may be made with this key",
                kind="rate_limit_error",
                code="too_many_requests",
                headers={"retry-after": str(math.ceil((count - left) * _MINUTE / self._most))},
            )
