"""What keys have used of their limits, counted by one process for itself."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

from amnestic.tools.registry import LONGEST_DEBT, WINDOW, AccessKey, Used

__all__ = ["OwnRates"]

_MOST_KEYS = 100_000
_BLUR = 0.001  # seconds: sums of many small steps are not exact


class OwnRates:
    """Two buckets for each key, one of requests and one of tokens, as `AccessRates` has them. One
    thread uses it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: AccessKey) -> Used:
        """Take one request out, where there is one left and the tokens are not used up."""
        requests, tokens = self._held(key)
        step = WINDOW / key.requests if key.requests else 0.0
        taken = requests + step <= WINDOW + _BLUR and tokens < WINDOW
        requests += step if taken else 0.0
        self._keep(key, requests, tokens)
        return Used(taken, requests, tokens)

    def spend(self, key: AccessKey, tokens: int) -> None:
        """Count tokens that a reply took, however many are left."""
        if key.tokens is not None and tokens > 0:
            requests, held = self._held(key)
            owed = held + tokens * WINDOW / key.tokens
            self._keep(key, requests, min(owed, LONGEST_DEBT))

    def _held(self, key: AccessKey) -> tuple[float, float]:
        """How many seconds what was used of either still counts."""
        now, until = self._clock(), self._until.get(key.id, (0.0, 0.0))
        return max(0.0, until[0] - now), max(0.0, until[1] - now)

    def _keep(self, key: AccessKey, requests: float, tokens: float) -> None:
        now = self._clock()
        self._until[key.id] = (now + requests, now + tokens)
        self._until.move_to_end(key.id)
        while len(self._until) > _MOST_KEYS:
            self._until.popitem(last=False)
