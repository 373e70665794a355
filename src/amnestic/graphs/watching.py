"""Audit mode: the wrapped model's own answer goes out as it came, and is reviewed beside that."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any

from amnestic.closing import closing
from amnestic.exceptions import ModelError
from amnestic.graphs.emitting import Emit
from amnestic.models.deltas import collect
from amnestic.models.fixed import FixedBackend
from amnestic.models.protocol import ChatBackend, Delta, StreamingBackend
from amnestic.models.telemetry import observed
from amnestic.types import Conversation, Generation, Stage

__all__ = ["Untouched", "untouched"]

_ON_THE_WAY = ("answer", "beside", "reasoning")
"""The channels that are told while they arrive, as in every stream; the others come at the end."""


@dataclass(frozen=True, slots=True)
class Untouched:
    """An answer as the wrapped model gave it, and how long that took."""

    generation: Generation
    stage: Stage

    def backend(self, of: ChatBackend) -> ChatBackend:
        """What stands in the model's place while its answer is reviewed: no call is made twice."""
        return _Given(self.generation, of.name)


class _Given(FixedBackend):
    """An answer that was given, under the name of the model that gave it."""

    def __init__(self, generation: Generation, name: str) -> None:
        super().__init__(generation)
        self.name = name


async def untouched(
    backend: ChatBackend,
    conversation: Conversation,
    options: Mapping[str, Any],
    emit: Emit | None,
    within: float,
) -> Untouched:
    """Ask the wrapped model what its caller asked, and tell a caller who listens what it says as it
    comes. Raises what the model raises, and `ModelError` after `within` seconds."""
    begun = time.perf_counter()
    try:
        async with asyncio.timeout(within):
            if emit is not None and isinstance(backend, StreamingBackend):
                async with closing(backend.stream(conversation, options)) as deltas:
                    generation = await observed(backend.name, collect(_told(deltas, emit)))
            else:
                answer = backend.generate(conversation, options)
                generation = await observed(backend.name, answer)
    except TimeoutError:
        hint = "raise `model_timeout`"
        raise ModelError(
            "the wrapped model did not answer in time", hint=hint, retryable=True
        ) from None
    return Untouched(generation, Stage(name="generate", ms=(time.perf_counter() - begun) * 1000))


async def _told(deltas: AsyncIterable[Delta], emit: Emit) -> AsyncIterator[Delta]:
    async for delta in deltas:
        if delta.text and delta.channel in _ON_THE_WAY:
            emit(Delta(delta.choice, delta.channel, delta.text))
        yield delta
