"""What a caller's key is charged for a reply, and whether it still may be told the rest of one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from amnestic.closing import closing
from amnestic.exceptions import ModelError
from amnestic.integrations.openai import Answer, Json, loads_object
from amnestic.models.values import strings_in
from amnestic.server.access import Allowance, Keys
from amnestic.server.errors import KeyEndedError, ServerError
from amnestic.tools.registry import AccessKey

__all__ = ["Meter"]

_LETTERS = 4  # to a token, about
_MOST = 1_000_000_000
_PAUSE = 0.05  # seconds that pass before a reply's key is looked at again
_ASKED = ("messages", "prompt", "input", "instructions")


@dataclass(slots=True)
class Meter:
    """Counts the tokens of one request of a key of the registry, and looks whether its
    reply may still be told.

    Args:
        key: the key, which the request `shown`.
        keys: where it is looked at again.
        allowance: where tokens are counted.
        body: the request, for an estimate where the reply does not tell its usage.
        looked: when the key was looked at last, by the `clock`; now, unless told.
    """

    key: AccessKey
    shown: str
    keys: Keys
    allowance: Allowance
    body: Json = field(repr=False)
    clock: Callable[[], float] = time.monotonic
    looked: float | None = None
    _usage: int | None = field(default=None, init=False)
    _letters: int = field(default=0, init=False)
    _looked: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._looked = self.clock() if self.looked is None else self.looked

    async def answered(self, answer: Answer | None) -> None:
        """Count a whole reply; of one that its caller did not wait for, what was asked. Raises
        `KeyEndedError` where the key was revoked meanwhile, or has expired: nobody is told it."""
        if self.key.tokens is not None and (answer is None or answer.status == 200):
            self._note(_object(answer.content) if answer is not None else {})
            await self._count()
        if answer is not None:
            await self._refuse_ended("the reply is withheld")

    async def told(self, events: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """The events of a reply, which end with an error where the key was revoked since the last,
        or has expired. However they end, what was told is counted."""
        try:
            async with closing(events) as reading:
                async for event in reading:
                    await self._refuse_ended("the reply ends here")
                    self._note_event(event)
                    yield event
        finally:
            await self._count()

    async def _refuse_ended(self, so: str) -> None:
        if self.clock() - self._looked < _PAUSE:
            return
        if not await self.keys.holds(self.key, self.shown):
            raise KeyEndedError(f"this key does not hold any more: {so}")
        self._looked = self.clock()

    def _note_event(self, event: bytes) -> None:
        if self.key.tokens is not None:
            for line in event.split(b"\n"):
                if line.startswith(b"data:") and b"{" in line:
                    self._note(_object(line[5:]))

    def _note(self, reply: Json) -> None:
        """Take note of what a reply, or a part of one, tells of its tokens."""
        inner = reply.get("response")
        usage = reply.get("usage") or (inner.get("usage") if isinstance(inner, dict) else None)
        if isinstance(usage, dict) and (total := _total(usage)) is not None:
            self._usage = total
        said = [reply.get("choices"), reply.get("output"), reply.get("delta")]
        self._letters += sum(map(len, strings_in(said, but=("id", "type", "role", "object"))))

    async def _count(self) -> None:
        tokens = self._usage
        if tokens is None:
            asked = strings_in([self.body.get(name) for name in _ASKED], but=("role", "type"))
            tokens = (self._letters + sum(map(len, asked))) // _LETTERS + 1
        with suppress(ServerError):  # the log has told it; the reply has passed, and goes out
            await self.allowance.spend(self.key, tokens)


def _total(usage: dict[str, Any]) -> int | None:
    """The tokens of a reply, as OpenAI's endpoints tell them.

    >>> _total({"prompt_tokens": 9, "completion_tokens": 3}), _total({"total_tokens": 5})
    (12, 5)
    >>> _total({"total_tokens": -1}), _total({"prompt_tokens": "9"})
    (None, None)
    """
    parts: list[list[Any]] = [
        [usage.get("total_tokens")],
        [usage.get("prompt_tokens"), usage.get("completion_tokens", 0)],
        [usage.get("input_tokens"), usage.get("output_tokens", 0)],
    ]
    for told in parts:
        if all(isinstance(n, int) and 0 <= n <= _MOST for n in told):
            return int(sum(told))
    return None


def _object(content: bytes) -> Json:
    try:
        return loads_object(content)
    except ModelError:
        return {}
