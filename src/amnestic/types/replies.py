"""What a caller gets: the verified reply, and the receipt for the operator."""

from __future__ import annotations

import time
from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field

from amnestic.types.drafts import Draft

__all__ = ["Receipt", "Reply", "Route", "Stage"]


class Route(StrEnum):
    """Which way a request went through the graph."""

    CLEAR = "clear"
    PASSED = "passed"
    REWRITTEN = "rewritten"
    ABSTAINED = "abstained"
    FAILED = "failed"


class Stage(BaseModel):
    """One step of a request and the milliseconds that it took."""

    model_config = ConfigDict(frozen=True)

    name: str
    ms: float


class Receipt(BaseModel):
    """What happened to a request, for operators: ids, counts and times, never the secret.

    `added_ms` is the time of every stage but the wrapped model's own. `agent_calls` counts model
    calls that the layer added; the caller's own call is `base_calls`. `quotes_dropped`
    counts what a judge quoted that does not stand in the draft, `probe_calls` the calls by which
    the first request finds out what an agent's model can do, `too_long` the answers that were too
    long for the rewriting model and were mended locally, `unidentified` the texts of which no model
    could be made to say whom they tell of. `reason` says in one line,
    without any text of a target or a draft, why a request failed closed, or which agents' models
    failed where their local engines went on without. With `audit` the layer only watched: the reply
    is the wrapped model's own, and `route` and `targets` say what would have become of it.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    route: Route
    stages: tuple[Stage, ...] = ()
    targets: tuple[str, ...] = ()
    rounds: int = 0
    base_calls: int = 0
    second_asks: int = 0
    tried: tuple[str, ...] = ()
    agent_calls: int = 0
    agent_tokens: int = 0
    probe_calls: int = 0
    quotes_dropped: int = 0
    too_long: int = 0
    unidentified: int = 0
    scrubbed: int = 0
    reason: str = ""
    audit: bool = False
    at: float = Field(default_factory=time.time)

    @property
    def added_ms(self) -> float:
        """Milliseconds that the layer added to the wrapped model's own."""
        return sum(s.ms for s in self.stages if s.name not in ("generate", "feign"))

    def touched(self) -> bool:
        """Whether the reply is something other than the base model's own."""
        return not self.audit and self.route not in (Route.CLEAR, Route.PASSED)

    def is_far(self) -> bool:
        """Whether the reply goes out with all that the base model said beside it, such as what else
        would have been likely: far from every target, and wherever nothing is withheld."""
        return self.audit or self.route is Route.CLEAR


class Reply(BaseModel):
    """A verified answer: its text, every choice with all its channels, and the receipt."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    text: str
    receipt: Receipt
    drafts: tuple[Draft, ...] = Field(default=(), repr=False)

    def __str__(self) -> str:
        return self.text
