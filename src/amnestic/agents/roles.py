"""The roles of a layer's agents, and the crew that fills them.

Every agent has a local engine; a model engine wraps the local one and offers the same protocol,
so the graph cannot tell them apart.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from amnestic.agents.contracts import (
    Again,
    Ask,
    Case,
    Named,
    Rating,
    Scene,
    Scrubbed,
    SecondScene,
    VetVerdict,
)
from amnestic.models.protocol import ChatBackend
from amnestic.tools.protocols import Joint
from amnestic.types import Conversation, Draft, Finding

if TYPE_CHECKING:
    from amnestic.agents.requests import Interpreter  # a start reads no request

__all__ = [
    "Abstainer",
    "Auditor",
    "Composer",
    "Counterfactual",
    "Crew",
    "Critic",
    "Identifier",
    "Identifying",
    "JointReader",
    "Rewriter",
    "Scrubber",
    "SecondWriter",
    "Vetter",
]


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

    async def fields(self, fields: Mapping[str, Any], namespace: str) -> dict[str, Any]:
        """What the wrapped model may see of the fields around a conversation: tools, forms and
        whatever else a caller sends."""
        ...


class Auditor(Protocol):
    """Finds leaks in every channel of every choice of a draft."""

    async def audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
        """All leaks; empty when every channel is clean."""
        ...


@runtime_checkable
class JointReader(Protocol):
    """Finds the joints of texts that are worth an audit."""

    async def joints(
        self, text: str, ends: Sequence[int], rests: Sequence[str], verdict: VetVerdict
    ) -> Sequence[Joint]:
        """Those of the joints of a text, at one of its `ends`, and one of the `rests`, over which a
        name, an identifier or an exact fact may stand."""
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


class Identifier(Protocol):
    """Asks a model that knows much which subjects a text tells of; targets are not mentioned."""

    async def identify(
        self, question: str, draft: str = "", cue: str = "", ask: Ask | None = None
    ) -> Named | None:
        """What the model names, of the question alone where there is no draft. `cue` is the text
        of the turns before, `ask` how the base model is asked where that is the one. `None` where
        no names could be had; never raises for a model that fails."""
        ...


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

    def kept(self, backend: ChatBackend) -> None:
        """Note that a model has kept to what it was told."""
        ...


class Identifying(Protocol):
    """Finds what question and drafts tell of without naming it, by asking a model."""

    async def findings(
        self,
        choices: Sequence[Draft],
        verdict: VetVerdict,
        found: Sequence[Finding] = (),
        ask: Ask | None = None,
    ) -> tuple[Finding, ...]:
        """What the channels that are not among `found` tell of targets; `ask` asks the base model,
        where that is the one."""
        ...

    def is_near(self, text: str, verdict: VetVerdict) -> bool:
        """Whether a text is near a target, so that it is held until it was asked about."""
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
    and again; `None` where the auditor itself makes no model call. `one_by_one` says that a cut is
    made and rated before another is thought of, which none is where nothing could be better: where
    no model is asked, two cuts cost twice what one does. A composer, a counterfactual
    and a second ask are there only where the settings ask for them.
    """

    vetter: Vetter
    scrubber: Scrubber
    auditor: Auditor
    rewriter: Rewriter
    critic: Critic
    abstainer: Abstainer
    screener: Auditor | None = None
    one_by_one: bool = False
    composer: Composer | None = None
    interpreter: Interpreter | None = None
    counterfactual: Counterfactual | None = None
    second_ask: SecondWriter | None = None
    identification: Identifying | None = None

    @property
    def screen(self) -> Auditor:
        """The auditor for text on its way out."""
        return self.screener or self.auditor
