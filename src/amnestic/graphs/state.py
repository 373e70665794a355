"""What flows through the unlearning graph, and what its nodes may use."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, TypedDict

from amnestic.agents.contracts import Case, Rating, VetVerdict
from amnestic.agents.roles import Crew
from amnestic.config import Settings
from amnestic.graphs.ahead import Ahead
from amnestic.models.protocol import ChatBackend, Delta
from amnestic.types import Conversation, Draft, Finding, Generation, Route, Stage, Usage

__all__ = ["Attempt", "Deps", "State"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """A leaking answer of one choice, the candidates for its place and their ratings. The answer's
    beginning `kept`, which audited clean and may be out already, is not rewritten. `writer` is who
    made the candidates. Where `kept` `is_open`, it ends in the middle of a sentence. `second` is a
    second answer that is to be cut, `draft` the case of the draft while that is done."""

    choice: int
    case: Case
    kept: str = ""
    is_open: bool = False
    candidates: tuple[str, ...] = ()
    ratings: tuple[Rating, ...] = ()
    merged: str | None = None
    writer: str = ""
    second: str = ""
    draft: Case | None = None

    @property
    def accepted(self) -> tuple[str, ...]:
        """The accepted candidates, the best rank first."""
        rated = zip(self.ratings, self.candidates, strict=False)
        accepted = [(rating.rank, text) for rating, text in rated if rating.accepted]
        return tuple(text for _, text in sorted(accepted, key=lambda pair: pair[0], reverse=True))

    @property
    def best(self) -> str | None:
        """The accepted candidate with the best rank; `None` when none was accepted."""
        return self.accepted[0] if self.accepted else None

    @property
    def text(self) -> str | None:
        """What takes the answer's place: the accepted candidates merged, or the best of them."""
        return self.merged if self.merged is not None else self.best


@dataclass(frozen=True, slots=True)
class Deps:
    """What one run of the graph works with; `ahead` is what the model says already."""

    crew: Crew
    backend: ChatBackend
    settings: Settings
    namespace: str
    options: Mapping[str, Any]
    refresh: Callable[[], None]
    emit: Callable[[Delta], None] | None = None
    ahead: Ahead = field(default_factory=Ahead)


class State(TypedDict, total=False):
    """The graph's state. It is never checkpointed: it holds unverified text. A run begins `at` a
    node, the first unless it is told. `broken_in` is what is out of the draft where that ends in
    the middle of a sentence."""

    at: str
    conversation: Conversation
    verdict: VetVerdict
    visible: Conversation
    plain: Conversation
    scrubbed: int
    was_lifted: bool
    generation: Generation
    broken_in: str
    findings: tuple[Finding, ...]
    attempts: tuple[Attempt, ...]
    round: int
    asks: int
    voiced: Draft | None
    tried: Annotated[list[str], operator.add]
    route: Route
    base_calls: int
    base_usage: Usage
    reason: str
    model_error: BaseException
    stages: Annotated[list[Stage], operator.add]
