"""Who answers: the layer, and everything else that could be used in its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from amnestic.evaluation.contract.probes import Subject
from amnestic.types import Conversation

__all__ = ["Answer", "Preparation", "System"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a caller of a system could read of one reply, and what it cost.

    `text` is the answer; `channels` holds whatever else could be read, by name ("reasoning",
    "tool_call:0", "refusal"). `calls` counts all model calls, `tokens` those read and written by
    them where they are known (else -1). `seconds` is the time of the whole, `added` the part of
    it that is not the bare model's own. `route` says in one word what the system did, where it
    tells.
    """

    text: str
    channels: Mapping[str, str] = field(default_factory=dict)
    calls: int = 1
    tokens: int = -1
    seconds: float = 0.0
    added: float = 0.0
    route: str = ""

    @property
    def readable(self) -> str:
        """All channels, the answer first, for metrics that count any of them."""
        return "\n".join([self.text, *self.channels.values()])


@dataclass(frozen=True, slots=True)
class Preparation:
    """What it took to make a system forget: seconds, model calls, and anything else to report."""

    seconds: float = 0.0
    calls: int = 0
    detail: Mapping[str, Any] = field(default_factory=dict)


@runtime_checkable
class System(Protocol):
    """One way to make a chat model answer as if it had never learned some subjects.

    A system is prepared once and then asked many times, from one event loop, by as many callers
    at once as `concurrency` says.
    """

    @property
    def name(self) -> str:
        """The name in tables; letters, digits, blanks and hyphens."""
        ...

    @property
    def description(self) -> str:
        """One sentence: what it does, and after whom (paper and section)."""
        ...

    @property
    def concurrency(self) -> int:
        """How many questions it can answer at the same time; 1 for weights in this process."""
        ...

    async def prepare(self, subjects: Sequence[Subject]) -> Preparation:
        """Forget these subjects. Raises `amnestic.exceptions.AmnesticError` where it cannot."""
        ...

    async def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        """Answer a conversation. `options` are a caller's (temperature, seed, max_tokens)."""
        ...

    async def close(self) -> None:
        """Give back what it holds."""
        ...
