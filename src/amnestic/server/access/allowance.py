"""What keys may use in a minute, and what is told of it: 429 with how long to wait, and headers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import replace
from typing import NoReturn

from amnestic.server.access.outages import telling_outages
from amnestic.server.access.rates import OwnRates
from amnestic.server.errors import ServerError
from amnestic.tools.offload import Crew
from amnestic.tools.registry import LONGEST_DEBT, WINDOW, AccessKey, AccessRates, Used

__all__ = ["Allowance"]

_counts = Crew("counts", 8)  # a database of one file makes them wait for whoever writes
_MOST_WAITING = 100_000
_BLUR = 0.01  # seconds: sums of many small steps are not exact

Headers = tuple[tuple[str, str], ...]


class Allowance:
    """The limits of the registry's keys.

    Args:
        shared: counts for all processes that share a registry; without, this process counts for
            itself.
        clock: seconds, for waiting alone: it is only asked how long ago something was.
    """

    def __init__(
        self, shared: AccessRates | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._shared = shared
        self._own = OwnRates(clock)
        self._clock = clock
        self._waiting: dict[str, tuple[float, Used]] = {}

    async def take(self, key: AccessKey) -> Headers:
        """Count a request of a key, before it is served; gives the headers that tell of its limits.

        Raises `ServerError`: 429 with `Retry-After` where it has to wait, and 503 where what it has
        used cannot be told.
        """
        if key.requests is None and key.tokens is None:
            return ()
        self._refuse_waiting(key)
        if self._shared is None:
            used = self._own.take(key)
        else:
            asked = self._clock()  # nobody waits for what the answer took
            with telling_outages():
                used = await _counts.run(self._shared.take, key)
            self._note_waiting(key, used, asked)
        if used.taken:
            return _headers(key, used)
        _refuse(key, used)

    async def spend(self, key: AccessKey, tokens: int) -> None:
        """Count the tokens of a reply. Raises `ServerError` (503) where they cannot be counted."""
        if key.tokens is None or tokens <= 0:
            return
        if self._shared is None:
            self._own.spend(key, tokens)
            return
        noted, asked = self._waiting.get(key.id), self._clock()
        with telling_outages():
            await _counts.run(self._shared.spend, key, tokens)
        if noted is not None and self._waiting.get(key.id) is noted:  # or newer ones tell of these
            self._waiting[key.id] = _with_tokens(noted, tokens * WINDOW / key.tokens, asked)

    def _note_waiting(self, key: AccessKey, used: Used, asked: float) -> None:
        """Keep in mind that a key has nothing left, as its last request or the one before it told:
        the next one that comes too early waits for no database, and makes nobody else wait."""
        if _wait(key, used) > _BLUR and len(self._waiting) < _MOST_WAITING:
            self._waiting[key.id] = (asked, used)

    def _refuse_waiting(self, key: AccessKey) -> None:
        """Refuse a key that has nothing left, without asking what is shared: what it has used can
        only have grown since."""
        since, used = self._waiting.get(key.id, (0.0, None))
        if used is None:
            return
        ago = self._clock() - since
        now = Used(False, max(0.0, used.requests - ago), max(0.0, used.tokens - ago))
        if _wait(key, now) > 0:
            _refuse(key, now)
        del self._waiting[key.id]


def _with_tokens(noted: tuple[float, Used], step: float, asked: float) -> tuple[float, Used]:
    """What was kept in mind of a key, with the tokens of a reply that were counted since: by its
    requests alone it would be told to come again too soon."""
    since, used = noted
    held = max(used.tokens, asked - since) + step
    return since, replace(used, tokens=min(held, LONGEST_DEBT))


def _wait(key: AccessKey, used: Used) -> float:
    """Seconds until there is a request for the key, and a token."""
    step = WINDOW / key.requests if key.requests else 0.0
    requests = used.requests + step - WINDOW if key.requests else 0.0
    return max(requests, used.tokens - WINDOW if key.tokens else 0.0)


def _refuse(key: AccessKey, used: Used) -> NoReturn:
    over = key.tokens is not None and used.tokens >= WINDOW
    what = f"{key.tokens:,} tokens" if over else f"{key.requests:,} requests"
    wait = max(1, math.ceil(_wait(key, used)))
    raise ServerError(
        429,
        f"{what} a minute may be used with this key; come again in {wait} s",
        kind="tokens" if over else "requests",
        code="rate_limit_exceeded",
        headers={"retry-after": str(wait), **dict(_headers(key, used))},
    )


def _headers(key: AccessKey, used: Used) -> Headers:
    """A key's limits as OpenAI tells them: what there is in a minute, what is left of it, and when
    all of it will be there again."""
    told: list[tuple[str, str]] = []
    for what, most, held in (
        ("requests", key.requests, used.requests),
        ("tokens", key.tokens, used.tokens),
    ):
        if most is not None:
            left = max(0, math.floor((WINDOW - held) * most / WINDOW + 0.01))
            told += [
                (f"x-ratelimit-limit-{what}", str(most)),
                (f"x-ratelimit-remaining-{what}", str(left)),
                (f"x-ratelimit-reset-{what}", f"{held:.2f}s"),
            ]
    return tuple(told)
