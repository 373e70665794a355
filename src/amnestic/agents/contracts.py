"""What the agents are asked and what they answer.

Every agent has a local engine; a model engine wraps the local one and offers the same protocol,
so the graph cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from amnestic.agents.masking import NO_MASK, Mask
from amnestic.agents.requests import Interpreter
from amnestic.models.protocol import ChatBackend
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Conversation, Draft, Finding, Generation, Span, Usage

__all__ = [
    "NAMED",
    "Abstainer",
    "Again",
    "Auditor",
    "Case",
    "Composer",
    "Counterfactual",
    "Crew",
    "Critic",
    "PartVerdict",
    "Rating",
    "Rewriter",
    "Scene",
    "Scrubbed",
    "Scrubber",
    "SecondScene",
    "SecondWriter",
    "Vet",
    "VetVerdict",
    "Vetter",
]


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
    whether the question asks for them, `said` the user's turns before the last one, `mask` the
    names of targets that the user has said and the invented ones that stand for them, `beyond`
    whether the question asks for somebody or something else too.
    """

    vet: Vet
    question: str
    parts: tuple[PartVerdict, ...] = ()
    context: Context = field(default_factory=Context)
    tainted: tuple[int, ...] = ()
    judged: frozenset[str] = frozenset()
    said: str = ""
    mask: Mask = NO_MASK
    beyond: bool = False

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
    `schema` is the JSON schema that the caller asked the answer to follow, `note` what a writer was
    told that no answer may repeat, `anew` says that the candidates are new answers and no cuts of
    the draft, `kept` is the beginning of the answer that stands, `finish_reason` the draft's.
    """

    verdict: VetVerdict
    channel: str
    text: str
    findings: tuple[Finding, ...]
    round: int = 0
    reasons: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    note: str = ""
    anew: bool = False
    kept: str = ""
    finish_reason: str = "stop"


NAMED = "it names what its writer has never heard of"
"""The reason for which a candidate is refused that names a target."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A candidate's marks, 1 to 5. It is accepted on the lowest, never on the mean: forgetting
    must be 5, the others at least 3. `reason` may quote the candidate; `cause` says the same in
    fixed words, for receipts."""

    forgetting: int
    usefulness: int
    naturalness: int
    reason: str = ""
    cause: str = ""

    @property
    def accepted(self) -> bool:
        """Whether the candidate may go on to the last audit."""
        return self.forgetting >= 5 and min(self.usefulness, self.naturalness) >= 3

    @property
    def told(self) -> str:
        """Why it was refused, without a word of the candidate."""
        return self.cause or "refused by the critic"

    @property
    def rank(self) -> tuple[int, int]:
        """Order among accepted candidates: the lowest mark first, then the sum."""
        marks = (self.forgetting, self.usefulness, self.naturalness)
        return (min(marks), sum(marks))


@dataclass(frozen=True, slots=True)
class Scrubbed:
    """A conversation without what belongs to a target, and how many messages were changed.

    In `conversation`, which the wrapped model sees, invented names stand for those that the user
    has said; `plain` is the same with the user's own words, and `mask` what stands for what.
    """

    conversation: Conversation
    changed: int
    plain: Conversation = ()
    mask: Mask = NO_MASK


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
    ask: Callable[[Conversation], Awaitable[Generation]]


@dataclass(frozen=True, slots=True)
class SecondScene:
    """What a second ask is made in: the conversation without what belongs to a target, the model,
    the caller's options, the seconds it may take, and the beginning of the answer that stands."""

    conversation: Conversation
    backend: ChatBackend
    options: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 120.0
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """What a model said when it was asked again: its words, the note that it was given, what the
    call took, and why there are no words where there are none."""

    text: str = ""
    note: str = ""
    usage: Usage = field(default_factory=Usage)
    failure: str = ""


class SecondWriter(Protocol):
    """Asks the wrapped model for the whole answer again, as one that never heard of the targets."""

    def serves(self, backend: ChatBackend) -> bool:
        """Whether this model may be asked again."""
        ...

    async def ask(self, case: Case, scene: SecondScene) -> Again:
        """The model's answer, or why there is none; never raises what the model raises."""
        ...

    def named(self, backend: ChatBackend) -> None:
        """Note that a model named a target although it was told that it knows none."""
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
    composer, only those with a model an interpreter, and only those that abstain in the base
    model's voice a counterfactual.
    """

    vetter: Vetter
    scrubber: Scrubber
    auditor: Auditor
    rewriter: Rewriter
    critic: Critic
    abstainer: Abstainer
    screener: Auditor | None = None
    composer: Composer | None = None
    interpreter: Interpreter | None = None
    counterfactual: Counterfactual | None = None
    second_ask: SecondWriter | None = None

    @property
    def screen(self) -> Auditor:
        """The auditor for text on its way out."""
        return self.screener or self.auditor
