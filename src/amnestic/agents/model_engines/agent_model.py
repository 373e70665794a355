"""A chat model at the service of agents: bounded in time, tries, tokens and concurrency."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from amnestic.agents.ledger import OutOfCalls, current_ledger
from amnestic.exceptions import ModelError
from amnestic.models.protocol import ChatBackend
from amnestic.models.purpose import asking_for
from amnestic.models.telemetry import observed
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["AgentModel", "Limits"]

_GREEDY = {"temperature": 0}  # said outright: some servers sample unless they are told not to
_CHARS_PER_TOKEN = 4  # a guess for what a call will read, corrected by what it says it read


@dataclass(frozen=True, slots=True)
class Limits:
    """What agents may take: seconds for one call and for a verdict with all its calls, tries of a
    call, calls at a time; tokens, and calls for each answer, of a request."""

    timeout: float = 30.0
    verdict: float = 60.0
    retries: int = 2
    concurrency: int = 8
    tokens: int = 60_000
    calls: int = 3
    answer_tokens: int = 4_096


class AgentModel:
    """Calls a backend for the agents.

    Only what may pass by itself is tried again: a lost connection, a rate limit, a server's own
    error, a time-out; after the time that the provider asks to wait, unless that is longer than
    a call may take. Every call is booked in the request's ledger, and none is made once the
    request has used its tokens or its calls.

    Args:
        backend: the chat model.
        limits: what a call and a request may take.
        pause: awaits the given seconds between tries.
    """

    def __init__(
        self,
        backend: ChatBackend,
        limits: Limits | None = None,
        pause: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.backend = backend
        self.limits = limits or Limits()
        self._pause = pause
        # One bound for each event loop: a semaphore belongs to the loop that waits on it.
        self._slots: WeakKeyDictionary[asyncio.AbstractEventLoop, asyncio.Semaphore] = (
            WeakKeyDictionary()
        )

    @property
    def name(self) -> str:
        """What the model is called."""
        return self.backend.name

    async def ask(
        self, agent: str, conversation: Conversation, options: Mapping[str, Any] | None = None
    ) -> Draft:
        """The model's answer to one prompt of `agent`. Raises `ModelError` and `OutOfCalls`;
        identification is no verdict, and is bounded by those who ask for it."""
        ledger = current_ledger()
        ledger.check(_guess(conversation), self.limits.tokens)
        if ledger.sealed:
            raise OutOfCalls
        if agent != "identify":
            ledger.take_call(self.limits.calls)
        call = {"max_tokens": self.limits.answer_tokens, **_GREEDY, **(options or {})}
        for attempt in range(self.limits.retries + 1):
            try:
                return await self._once(agent, conversation, call)
            except ModelError as error:
                wait = max(error.retry_after or 0.0, random.uniform(0.1, 0.2) * 2**attempt)
                if not error.retryable or attempt == self.limits.retries:
                    raise
                if wait > self.limits.timeout:
                    raise
            await self._pause(wait)
        raise AssertionError("unreachable")

    @property
    def calls_left(self) -> int:
        """How many more calls the request may make."""
        return current_ledger().calls_left(self.limits.calls)

    @asynccontextmanager
    async def in_time(self) -> AsyncIterator[None]:
        """Bound what a verdict takes with all its calls, so that time is left to do without it."""
        try:
            async with asyncio.timeout(self.limits.verdict):
                yield
        except TimeoutError:
            raise ModelError(
                f"agent model {self.name!r} gave no verdict in {self.limits.verdict:g} s",
                hint="raise `agent_timeout` or use a faster model",
                retryable=True,
            ) from None

    async def _once(
        self, agent: str, conversation: Conversation, options: Mapping[str, Any]
    ) -> Draft:
        given = Generation((), Usage())
        try:
            async with self._slot(), asyncio.timeout(self.limits.timeout):
                with asking_for(agent):
                    answer = self.backend.generate(conversation, options)
                    given = await observed(self.backend.name, answer)
        except TimeoutError:
            raise ModelError(
                f"agent model {self.name!r} did not answer in {self.limits.timeout:g} s",
                hint="raise `agent_timeout` or use a faster model",
                retryable=True,
            ) from None
        finally:
            current_ledger().book(agent, self.name, given.usage)
        if not given.choices:
            raise ModelError(f"agent model {self.name!r} gave no answer")
        return given.choices[0]

    def _slot(self) -> asyncio.Semaphore:
        loop = asyncio.get_running_loop()
        return self._slots.setdefault(loop, asyncio.Semaphore(self.limits.concurrency))


def _guess(conversation: Conversation) -> int:
    return sum(len(message.text) for message in conversation) // _CHARS_PER_TOKEN
