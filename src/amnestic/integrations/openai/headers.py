"""The headers of an upstream's answers that callers are given, of every reply the same ones.

What comes down is checked by its form: an id is one short word, a limit a number or a time. Nothing
else that an upstream writes into its headers goes on.
"""

from __future__ import annotations

import asyncio
import re
import uuid
from collections.abc import Iterable

from amnestic.integrations.openai.counts import spoken_to
from amnestic.integrations.openai.dialect import Json
from amnestic.integrations.openai.wire import like_id
from amnestic.models.headers import request_id
from amnestic.models.values import is_drawn

__all__ = ["IDEMPOTENCY", "REQUEST_ID", "Arrival", "Heads", "Pairs", "Unrepeated", "given_down"]

Pairs = tuple[tuple[str, str], ...]

REQUEST_ID = "x-request-id"
IDEMPOTENCY = "idempotency-key"
_LIMIT = re.compile(
    r"x-ratelimit-(?:limit|remaining|reset)(?:-(?:requests|(?:input-|output-|project-)?tokens))?"
)
_AMOUNT = re.compile(
    r"\d{1,15}(?:\.\d{1,9})?"
    r"|(?:\d{1,9}(?:\.\d{1,9})?(?:ms|[smhd])){1,5}"
    r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
)
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def given_down(headers: Iterable[tuple[str, str]]) -> Pairs:
    """What a caller is given of an upstream's headers: its id of the request, and its limits.

    >>> given_down([("X-Request-Id", "req_7f3a"), ("x-ratelimit-reset-tokens", "6m0s"),
    ...             ("x-ratelimit-limit-requests", "none for Ada"), ("server", "x")])
    (('x-request-id', 'req_7f3a'), ('x-ratelimit-reset-tokens', '6m0s'))
    """
    pairs = tuple((name.lower(), value.strip()) for name, value in headers)
    limits = {k: v for k, v in pairs if _LIMIT.fullmatch(k) and _AMOUNT.fullmatch(v)}
    found = request_id(pairs)
    known = found if found and is_drawn(found) else None  # any other could be words
    return (*(((REQUEST_ID, known),) if known else ()), *limits.items())


class Heads:
    """The headers that an upstream answered with last, for replies that it was not asked for."""

    def __init__(self) -> None:
        self._last: Pairs = ()

    def learn(self, headers: Iterable[tuple[str, str]]) -> Pairs:
        """Take note of an answer; gives what its caller is given."""
        self._last = given_down(headers)
        return self._last

    def fresh(self) -> Pairs:
        """The headers of another reply, under an id of its own that looks alike, where this
        upstream gives ids: who serves the reply gives it one else, like any other."""
        last = dict(self._last)
        if (known := last.get(REQUEST_ID)) is not None:
            last[REQUEST_ID] = _like(known)
        return tuple(last.items())


class Arrival:
    """Whether the upstream has begun to answer one request, and with which headers."""

    def __init__(self, heads: Heads) -> None:
        self._heads = heads
        self._headers: Pairs | None = None
        self._begun = asyncio.Event()

    def note(self, headers: Iterable[tuple[str, str]]) -> None:
        """Take note of the first answer; later ones are to questions of the layer's own."""
        if self._headers is None:
            self._headers = self._heads.learn(headers)

    def begin(self) -> None:
        """Say that the first of the answer is there."""
        self._begun.set()

    async def wait(self) -> None:
        """Wait for that."""
        await self._begun.wait()

    @property
    def headers(self) -> Pairs:
        """The headers of the reply; such as are usual where nothing has come yet."""
        return self._heads.fresh() if self._headers is None else self._headers


class Unrepeated:
    """Which of the calls for one request may carry its caller's idempotency key: the first, if it
    asks just what the caller asks. An upstream would answer any other with the first answer, or
    refuse it."""

    def __init__(self, body: Json) -> None:
        self._asked: Json | None = spoken_to(body)

    def takes(self, body: Json) -> bool:
        """Whether this call may; each is asked about once.

        >>> unrepeated = Unrepeated({"input": "Hi", "stream": True})
        >>> unrepeated.takes({"input": "Hi"}), unrepeated.takes({"input": "Hi"})
        (True, False)
        """
        asked, self._asked = self._asked, None
        return asked is not None and spoken_to(body) == asked


def _like(example: str | None) -> str:
    """A fresh id that looks like another.

    >>> len(_like("0b1c4d7e-9f00-4c1f-8d6a-3a1b2c3d4e5f")), _like("req_7f3a41bc")[:4]
    (36, 'req_')
    """
    if example and _UUID.fullmatch(example):
        return str(uuid.uuid4())
    return like_id(example, "req_")
