"""What the agents are asked and what they answer.

Every agent has a local engine; a model engine wraps the local one and offers the same protocol,
so the graph cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Conversation, Draft, Finding, Generation, Span

__all__ = [
    "Abstainer",
    "Ask",
    "Auditor",
    "Case",
    "Composer",
    "Counterfactual",
    "Crew",
    "Critic",
    "Identifier",
    "Named",
    "PartVerdict",
    "Rating",
    "Rewriter",
    "Scene",
    "Scrubbed",
    "Scrubber",
    "Vet",
    "VetVerdict",
    "Vetter",
]


Ask = Callable[[Conversation], Awaitable[Generation]]
"""How the base model is asked within a request, with the caller's own parameters."""


class Vet(StrEnum):
    """What a conversation asks for: nothing forgotten, perhaps or in part, or only that."""

    CLEAR = "clear"
    SUSPECT = "suspect"
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """One part of the last user turn, `question[span]`, and the targets that it asks for."""

    span: Span
    assessments: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True)
class VetVerdict:
    """The vetter's verdict on a conversation.

    `question` is the text of the last user turn, `parts` its parts in order, `context` what an
    audit of the answer should know, `tainted` the indexes of the other messages that hold
    something of a target and need scrubbing, `judged` the targets of which a judge has said
    whether the question asks for them.
    """

    vet: Vet
    question: str
    parts: tuple[PartVerdict, ...] = ()
    context: Context = field(default_factory=Context)
    tainted: tuple[int, ...] = ()
    judged: frozenset[str] = frozenset()

    @property
    def targets(self) -> tuple[str, ...]:
        """Ids of the targets that retrieval brought up, without repetition."""
        seen: dict[str, None] = {}
        for part in self.parts:
            seen.update((a.target_id, None) for a in part.assessments)
        seen.update((t, None) for t in self.context.sticky)
        return tuple(seen)


@dataclass(frozen=True, slots=True)
class Case:
    """One leaking channel of a draft, as the rewriter, critic and abstainer see it.

    `reasons` is what the critic said of the round before, one line a candidate, empty at first.
    `schema` is the JSON schema that the caller asked the answer to follow.
    """

    verdict: VetVerdict
    channel: str
    text: str
    findings: tuple[Finding, ...]
    round: int = 0
    reasons: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Rating:
    """A candidate's marks, 1 to 5. It is accepted on the lowest, never on the mean: forgetting
    must be 5, the others at least 3."""

    forgetting: int
    usefulness: int
    naturalness: int
    reason: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the candidate may go on to the last audit."""
        return self.forgetting >= 5 and min(self.usefulness, self.naturalness) >= 3

    @property
    def rank(self) -> tuple[int, int]:
        """Order among accepted candidates: the lowest mark first, then the sum."""
        marks = (self.forgetting, self.usefulness, self.naturalness)
        return (min(marks), sum(marks))


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A conversation without what belongs to a target, and how many messages were changed."""

    conversation: Conversation
    changed: int


class Vetter(Protocol):
    """Reads the whole conversation and says what it asks for."""

    async def vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        """Judge a conversation; raises on failure, and the graph then fails closed."""
        ...


class Scrubber(Protocol):
    """Takes what belongs to a target out of the inputs of the wrapped model."""

    async def scrub(self, conversation: Conversation, verdict: VetVerdict) -> Scrubbed:
        """The conversation that the wrapped model may see."""
        ...


class Auditor(Protocol):
    """Finds leaks in every channel of every choice of a draft."""

    async def audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
        """All leaks; empty when every channel is clean."""
        ...


class Rewriter(Protocol):
    """Makes candidates that keep everything that may stay."""

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """At most `count` candidates, best guess first; empty when nothing useful is left."""
        ...


class Critic(Protocol):
    """Rates candidates."""

    async def criticise(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        """One rating a candidate, in the candidates' order."""
        ...


class Composer(Protocol):
    """Merges accepted candidates into one answer, which is then audited like any draft."""

    async def compose(self, case: Case, candidates: Sequence[str]) -> str:
        """One text that adds nothing to the candidates."""
        ...


class Abstainer(Protocol):
    """Speaks as the base model does when it does not know."""

    async def abstain(self, verdict: VetVerdict) -> str:
        """Words that fit the question and never name a target."""
        ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What a counterfactual question is asked in: the conversation, and how the base model is
    asked, with the caller's own parameters."""

    conversation: Conversation
    ask: Ask


@dataclass(frozen=True, slots=True)
class Named:
    """Whom and what a model says that a question and the draft of its answer tell of or allude to:
    names, as it writes them."""

    question: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()


class Identifier(Protocol):
    """Asks a model that knows much which subjects a text tells of; targets are not mentioned."""

    async def identify(
        self, question: str, draft: str = "", cue: str = "", ask: Ask | None = None
    ) -> Named | None:
        """What the model names, of the question alone where there is no draft. `cue` is the text
        of the turns before, `ask` how the base model is asked where that is the one. `None` where
        no names could be had; never raises for a model that fails."""
        ...


class Counterfactual(Protocol):
    """Abstains in the base model's own voice."""

    async def answer(self, verdict: VetVerdict, scene: Scene) -> str | None:
        """What the base model says of a subject that it never learned; `None` where that cannot
        be found out. It has been audited, except for the names that the user asked with."""
        ...


@dataclass(frozen=True, slots=True)
class Crew:
    """The agents of one layer.

    `screener` audits by the detectors alone, for text on its way out, which is looked at again
    and again; `None` where the auditor itself makes no model call. Only layers that compose have a
    composer, and only those that abstain in the base model's voice a counterfactual.
    """

    vetter: Vetter
    scrubber: Scrubber
    auditor: Auditor
    rewriter: Rewriter
    critic: Critic
    abstainer: Abstainer
    screener: Auditor | None = None
    composer: Composer | None = None
    counterfactual: Counterfactual | None = None

    @property
    def screen(self) -> Auditor:
        """The auditor for text on its way out."""
        return self.screener or self.auditor
