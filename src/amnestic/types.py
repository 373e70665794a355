"""The values that every part of Amnestic passes around: all frozen.

Conversations, drafts and findings are slotted dataclasses, made often and inside; targets and
receipts are Pydantic models, since they cross the edges (database, files, HTTP).
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

__all__ = [
    "Assessment",
    "Band",
    "Conversation",
    "Draft",
    "Evidence",
    "Facet",
    "FacetKind",
    "Finding",
    "ForgetTarget",
    "Generation",
    "LeakKind",
    "Message",
    "Part",
    "Policy",
    "Receipt",
    "Reply",
    "Role",
    "Route",
    "Span",
    "Stage",
    "TargetKind",
    "TargetStatus",
    "ToolCall",
    "Usage",
]

Role = Literal["system", "developer", "user", "assistant", "tool"]


# ── Conversations ────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Part:
    """One piece of a message's content.

    `kind` is `"text"` for text; any other kind (an image, audio, something newer) is carried in
    `payload` untouched and counts as not understood.
    """

    kind: str
    text: str = ""
    payload: Any = None


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call of a tool that a model asks for; `arguments` is the raw JSON text."""

    id: str
    name: str
    arguments: str


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a conversation.

    >>> Message.of("user", "Hello").text
    'Hello'
    """

    role: Role
    parts: tuple[Part, ...] = ()
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str | None = None
    name: str | None = None
    reasoning: str = ""

    @classmethod
    def of(cls, role: Role, text: str) -> Message:
        """A message that holds one text."""
        return cls(role, (Part("text", text),))

    @property
    def text(self) -> str:
        """All text parts, joined by new lines."""
        return "\n".join(part.text for part in self.parts if part.kind == "text")

    @property
    def opaque_kinds(self) -> tuple[str, ...]:
        """The kinds of the parts that are not text."""
        return tuple(part.kind for part in self.parts if part.kind != "text")

    def with_text(self, text: str) -> Message:
        """The message with its text parts replaced by one; other parts stay."""
        others = tuple(part for part in self.parts if part.kind != "text")
        return replace(self, parts=(Part("text", text), *others))


Conversation = tuple[Message, ...]


# ── What a model gives back ──────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that model calls took."""

    input_tokens: int = 0
    output_tokens: int = 0

    def __add__(self, other: Usage) -> Usage:
        return Usage(
            self.input_tokens + other.input_tokens, self.output_tokens + other.output_tokens
        )


@dataclass(frozen=True, slots=True)
class Draft:
    """One choice of a model's answer, with every channel in which text can leave.

    >>> draft = Draft(text="Paris.", reasoning="France, so Paris.")
    >>> dict(draft.channels())
    {'answer': 'Paris.', 'reasoning': 'France, so Paris.'}
    >>> draft.with_channel("reasoning", "").reasoning
    ''
    """

    text: str = ""
    reasoning: str = ""
    refusal: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    finish_reason: str = "stop"

    def channels(self) -> Iterator[tuple[str, str]]:
        """The channels that hold text, as `(name, text)`; a tool call's is `tool_call:<i>`."""
        for name, text in (
            ("answer", self.text),
            ("reasoning", self.reasoning),
            ("refusal", self.refusal),
        ):
            if text:
                yield name, text
        for i, call in enumerate(self.tool_calls):
            yield f"tool_call:{i}", call.arguments

    def with_channel(self, channel: str, text: str) -> Draft:
        """The draft with one channel's text replaced."""
        if channel.startswith("tool_call:"):
            i = int(channel.partition(":")[2])
            calls = list(self.tool_calls)
            calls[i] = replace(calls[i], arguments=text)
            return replace(self, tool_calls=tuple(calls))
        if channel == "answer":
            return replace(self, text=text)
        if channel == "reasoning":
            return replace(self, reasoning=text)
        if channel == "refusal":
            return replace(self, refusal=text)
        raise KeyError(channel)


@dataclass(frozen=True, slots=True)
class Generation:
    """Everything that one call of a chat model gave: its choices, usage and, for adapters that
    must return what they got byte for byte, the provider's own object in `raw`."""

    choices: tuple[Draft, ...]
    usage: Usage = Usage()
    raw: Any = field(default=None, repr=False, compare=False)


# ── Targets ──────────────────────────────────────────────────────────────────────────────────────


class FacetKind(StrEnum):
    """What a facet of a target is."""

    ALIAS = "alias"
    DESCRIPTION = "description"
    FACT = "fact"
    QUESTION = "question"


class TargetKind(StrEnum):
    """What sort of thing is to be forgotten."""

    PERSON = "person"
    ORGANISATION = "organisation"
    WORK = "work"
    PLACE = "place"
    TOPIC = "topic"
    RECORD = "record"
    SKILL = "skill"


class TargetStatus(StrEnum):
    """Where a target is in its life."""

    ACTIVE = "active"
    REVOKED = "revoked"


class Policy(StrEnum):
    """How the uncertain band is read where no agent model is configured (design.md §5)."""

    STRICT = "strict"
    BALANCED = "balanced"


class Facet(BaseModel):
    """One indexed piece of a target. `id` is a stable, unique 63-bit integer; 0 until stored."""

    model_config = ConfigDict(frozen=True)

    kind: FacetKind
    text: str
    id: int = 0


class ForgetTarget(BaseModel):
    """One thing to forget.

    >>> target = ForgetTarget(id="t1", subject="Ada Example", kind=TargetKind.PERSON)
    >>> target.is_active()
    True
    """

    model_config = ConfigDict(frozen=True)

    id: str
    subject: str
    kind: TargetKind = TargetKind.TOPIC
    description: str = ""
    aliases: tuple[str, ...] = ()
    facets: tuple[Facet, ...] = ()
    exceptions: tuple[str, ...] = ()
    policy: Policy = Policy.BALANCED
    status: TargetStatus = TargetStatus.ACTIVE
    namespace: str = "default"
    requester: str = ""
    reason: str = ""
    created: datetime = Field(default_factory=lambda: datetime.now(UTC))
    expires: datetime | None = None

    def is_active(self, now: datetime | None = None) -> bool:
        """Whether the target is in force at `now` (default: this moment)."""
        if self.status is not TargetStatus.ACTIVE:
            return False
        return self.expires is None or self.expires > (now or datetime.now(UTC))

    @property
    def names(self) -> tuple[str, ...]:
        """The subject and its aliases."""
        return (self.subject, *self.aliases)

    @property
    def facts(self) -> tuple[str, ...]:
        """The texts of the facets that are facts."""
        return tuple(f.text for f in self.facets if f.kind is FacetKind.FACT)


# ── Detection ────────────────────────────────────────────────────────────────────────────────────


class Band(StrEnum):
    """Where a calibrated score falls between the two thresholds."""

    CLEAN = "clean"
    UNCERTAIN = "uncertain"
    LEAK = "leak"


class LeakKind(StrEnum):
    """Direct: the target is named. Indirect: told without its name. Entangled: both a target's
    knowledge and something that may stay stand in the same words."""

    DIRECT = "direct"
    INDIRECT = "indirect"
    ENTANGLED = "entangled"


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters, `text[start:end]`, in the text as it was given."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason for a score: a named feature and its value. Holds no text of the target."""

    name: str
    value: float


@dataclass(frozen=True, slots=True)
class Assessment:
    """How one text stands to one target: a calibrated score in [0, 1] and what made it."""

    target_id: str
    score: float
    band: Band
    kind: LeakKind
    spans: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A leak located in one channel of one draft."""

    target_id: str
    choice: int
    channel: str
    kind: LeakKind
    confidence: float
    spans: tuple[Span, ...] = ()
    evidence: tuple[Evidence, ...] = ()


# ── Replies ──────────────────────────────────────────────────────────────────────────────────────


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
    calls that the layer added; the caller's own call is `base_calls`. `reason` says in one line,
    without any text of a target or a draft, why a request failed closed.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    route: Route
    stages: tuple[Stage, ...] = ()
    targets: tuple[str, ...] = ()
    rounds: int = 0
    base_calls: int = 0
    agent_calls: int = 0
    agent_tokens: int = 0
    scrubbed: int = 0
    reason: str = ""
    at: float = Field(default_factory=time.time)

    @property
    def added_ms(self) -> float:
        """Milliseconds that the layer added to the wrapped model's own."""
        return sum(s.ms for s in self.stages if s.name != "generate")

    def touched(self) -> bool:
        """Whether the reply is something other than the base model's own."""
        return self.route not in (Route.CLEAR, Route.PASSED)


class Reply(BaseModel):
    """A verified answer: its text, every choice with all its channels, and the receipt."""

    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    text: str
    receipt: Receipt
    drafts: tuple[Draft, ...] = Field(default=(), repr=False)

    def __str__(self) -> str:
        return self.text


def as_mapping(evidence: tuple[Evidence, ...]) -> Mapping[str, float]:
    """Evidence as a mapping from feature name to value."""
    return {e.name: e.value for e in evidence}
