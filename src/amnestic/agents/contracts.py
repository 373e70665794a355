"""What the agents are asked and what they answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from amnestic.agents.masking import NO_MASK, Mask
from amnestic.models.protocol import ChatBackend
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Conversation, Finding, Generation, Span, Usage

__all__ = [
    "NAMED",
    "Again",
    "Ask",
    "Case",
    "Named",
    "PartVerdict",
    "Rating",
    "Scene",
    "Scrubbed",
    "SecondScene",
    "Vet",
    "VetVerdict",
]


Ask = Callable[[Conversation], Awaitable[Generation]]
"""How the base model is asked within a request, with the caller's own parameters."""


class Vet(StrEnum):
    """What a conversation asks for: nothing forgotten, perhaps or in part, or only that."""

    CLEAR = "clear"
    SUSPECT = "suspect"
    DIRECT = "direct"


_BEST = 5  # the highest mark

NAMED = "it names what its writer has never heard of"
"""Why a candidate is refused that names a target."""


@dataclass(frozen=True, slots=True)
class PartVerdict:
    """One part of the last user turn, `question[span]`, and the targets that it asks for."""

    span: Span
    assessments: tuple[Assessment, ...]


@dataclass(frozen=True, slots=True)
class VetVerdict:
    """The vetter's verdict on a conversation.

    `question` is the text of the last user turn, `parts` its parts in order, `context` what an
    audit of the answer should know, `tainted` the indexes of the other messages that need
    scrubbing, `judged` the targets of which a judge has said whether the question asks for them,
    `said` what was said before, `mask` the names of targets that the user has said and what stands
    for them, `beyond` whether the question asks for somebody or something else too, `begun` what
    the answer may go on from, `ahead` what it may lead to, `sealed` whether a target that the
    conversation is about is sealed.
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
    begun: tuple[str, ...] = ()
    ahead: tuple[str, ...] = ()
    sealed: bool = False

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

    `reasons` is what the critic said of the round before, one line a candidate, empty at first, and
    `rejected` the candidates that it said this of. `schema` is the JSON schema that the caller
    asked the answer to follow, `note` what a writer was told that no answer may repeat, `anew` says
    that the candidates are new answers and no cuts of the draft, `obeyed` that their writer has
    been seen to keep to such a note. `kept` is the beginning of the answer that stands,
    `finish_reason` the draft's. Where `text` is the rest of an answer, `begun` is how that began.
    """

    verdict: VetVerdict
    channel: str
    text: str
    findings: tuple[Finding, ...]
    round: int = 0
    reasons: tuple[str, ...] = ()
    schema: Mapping[str, Any] | None = None
    rejected: tuple[str, ...] = ()
    begun: str = ""
    note: str = ""
    anew: bool = False
    obeyed: bool = False
    kept: str = ""
    finish_reason: str = "stop"


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
    def is_perfect(self) -> bool:
        """Whether no candidate could be better."""
        return min(self.forgetting, self.usefulness, self.naturalness) >= _BEST

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


@dataclass(frozen=True, slots=True)
class Scene:
    """What a counterfactual question is asked in: the conversation, how the base model is asked,
    with the caller's own parameters, what that model is called, and whether it is asked even where
    its answer is of no use."""

    conversation: Conversation
    ask: Ask
    model: str = ""
    asks_anyway: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """Whom and what a model says that a question and the draft of its answer tell of or allude to:
    names, as it writes them."""

    question: tuple[str, ...] = ()
    draft: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SecondScene:
    """What a second ask is made in; `conversation` holds nothing of a target, `kept` the beginning
    of the answer that stands."""

    conversation: Conversation
    backend: ChatBackend
    options: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 120.0
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Again:
    """What a model said when it was asked again: its words, the note that it was given, whether it
    has been seen to keep to one, what the call took, and why there are no words where there are
    none."""

    text: str = ""
    note: str = ""
    obeyed: bool = False
    usage: Usage = field(default_factory=Usage)
    failure: str = ""
