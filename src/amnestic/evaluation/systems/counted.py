"""A chat model whose calls are counted, whoever makes them."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from amnestic.models.protocol import (
    ChatBackend,
    Delta,
    LocalBackend,
    RestrictedBackend,
    StreamingBackend,
)
from amnestic.types import Conversation, Generation, Usage

__all__ = ["Count", "counted", "counting"]


@dataclass(slots=True)
class Count:
    """Calls, and the tokens that they read and wrote: -1 once a call did not say."""

    calls: int = 0
    tokens: int = 0

    def take(self, usage: Usage) -> None:
        """Count one call."""
        self.calls += 1
        took = usage.input_tokens + usage.output_tokens
        self.tokens = self.tokens + took if took and self.tokens >= 0 else -1


_current: ContextVar[Count | None] = ContextVar("amnestic_evaluation_count", default=None)


@contextmanager
def counting() -> Iterator[Count]:
    """Within the block, calls of counted models are counted here, also those of other tasks and
    threads that the block begins."""
    count = Count()
    token = _current.set(count)
    try:
        yield count
    finally:
        _current.reset(token)


def counted(backend: ChatBackend, whole: Count) -> ChatBackend:
    """The same model, counted: for the block that asks (`counting`), and in `whole` for all.

    What can be done with the model can be done with it counted: `RestrictedBackend` and its kin.

    >>> from amnestic.testing import ScriptedBackend
    >>> isinstance(counted(ScriptedBackend(), Count()), StreamingBackend)
    True
    """
    kinds: tuple[type[_Counted], ...] = tuple(
        kind
        for protocol, kind in (
            (RestrictedBackend, _Restricted),
            (StreamingBackend, _Streaming),
            (LocalBackend, _Local),
        )
        if isinstance(backend, protocol)
    )
    made: ChatBackend = type("CountedBackend", kinds or (_Counted,), {})(backend, whole)
    return made


class _Counted:
    def __init__(self, inner: Any, whole: Count) -> None:
        self.inner = inner
        self.whole = whole

    @property
    def name(self) -> str:
        """What the model is called."""
        return str(self.inner.name)

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The model's answer."""
        return self._taken(await self.inner.generate(conversation, options))

    def _taken(self, given: Generation) -> Generation:
        self._take(given.usage)
        return given

    def _take(self, usage: Usage) -> None:
        for count in (self.whole, _current.get()):
            if count is not None:
                count.take(usage)


class _Streaming(_Counted):
    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        """The model's answer, piece by piece."""
        usage = Usage()
        async for delta in self.inner.stream(conversation, options):
            usage = delta.usage or usage
            yield delta
        self._take(usage)


class _Restricted(_Counted):
    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        """The model's answer without some strings."""
        answer = self.inner.generate_without(conversation, options, forbidden, begun)
        return self._taken(await answer)


class _Local(_Counted):
    def load(self) -> None:
        """Load the weights now."""
        self.inner.load()
