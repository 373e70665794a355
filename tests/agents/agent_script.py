"""A detector with bands and a scripted agent model, for tests of the model engines."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.testing import ScriptedBackend
from amnestic.tools.protocols import Context, Near
from amnestic.types import (
    Assessment,
    Band,
    Conversation,
    Facet,
    FacetKind,
    ForgetTarget,
    LeakKind,
    Span,
    TargetKind,
)

__all__ = ["AgentScript", "BandedDetector", "SealedDetector", "agent_of", "seal_of"]

HOME = "a windmill keeper from Tavel who collects bells"


class BandedDetector:
    """Certain of each word of `certain`, uncertain of each of `uncertain`; all are one target."""

    def __init__(
        self,
        certain: tuple[str, ...] = ("Osk",),
        uncertain: tuple[str, ...] = ("windmill",),
        score: float = 0.6,
    ) -> None:
        self._certain, self._uncertain, self._score = certain, uncertain, score
        self.audits = 0

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        return self._find(text)

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        self.audits += 1
        return self._find(text)

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        return ()

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        return ("t1",) if name in self._certain else ()

    def target(self, target_id: str) -> ForgetTarget:
        fact = Facet(kind=FacetKind.FACT, text=f"Osk is {HOME}.")
        return ForgetTarget(
            id=target_id, subject="Osk", kind=TargetKind.PERSON, description=HOME, facets=(fact,)
        )

    def _find(self, text: str) -> tuple[Assessment, ...]:
        for words, band, score in (
            (self._certain, Band.LEAK, 0.99),
            (self._uncertain, Band.UNCERTAIN, self._score),
        ):
            spans = tuple(
                Span(m.start(), m.end())
                for word in words
                for m in re.finditer(re.escape(word), text, re.IGNORECASE)
            )
            if spans:
                kind = LeakKind.DIRECT if band is Band.LEAK else LeakKind.INDIRECT
                return (Assessment("t1", score, band, kind, spans),)
        return ()


class SealedDetector(BandedDetector):
    """The same about a target that is sealed."""

    def target(self, target_id: str) -> ForgetTarget:
        return super().target(target_id).model_copy(update={"sealed": True})


def agent_of(conversation: Conversation) -> str:
    """Which agent wrote a prompt."""
    text = conversation[0].text
    marks = {
        "vetter": "You judge what a question asks for",
        "auditor": "You look for knowledge",
        "rewriter": "You rewrite an answer",
        "critic": "You rate new versions",
        "composer": "You merge several versions",
        "identify": "whom and what a text is about",
        "interpreter": "You read a request to forget",
        "probe": "snow",
    }
    return next(name for name, mark in marks.items() if mark in text)


def seal_of(conversation: Conversation) -> str:
    """The seal that the prompt asks for."""
    return re.findall(r'"seal": "([^"]+)"', conversation[0].text)[0]


def block(conversation: Conversation, label: str) -> str:
    """The text of one block of a prompt."""
    text = conversation[1].text
    match = re.search(rf"<<<(\w+) {re.escape(label)}>>>\n(.*?)\n<<<\1 end of", text, re.DOTALL)
    return match.group(2) if match else ""


def count_blocks(conversation: Conversation, label: str) -> int:
    return len(re.findall(rf"<<<\w+ {label} \d+>>>", conversation[1].text))


Say = Callable[[Conversation], Mapping[str, Any] | str | BaseException]


class AgentScript:
    """Answers each agent's prompt in its form; single agents can be told otherwise.

    By default the vetter's model asks for nothing, the auditor's finds nothing, the rewriter's
    gives "The sky is blue." in as many candidates as asked for, and the critic's gives 5, 5, 5.
    """

    def __init__(self, **says: Say | Mapping[str, Any] | str | BaseException | list[Any]) -> None:
        self._says = {key: list(v) if isinstance(v, list) else v for key, v in says.items()}

    def backend(self, **script: Any) -> ScriptedBackend:
        """The scripted chat model."""
        return ScriptedBackend(default=self.answer, name="agent", **script)

    def answer(self, conversation: Conversation) -> Any:
        agent = agent_of(conversation)
        if agent == "probe":
            said: Any = {"colour": "white"}
        else:
            said = self._says.get(agent, getattr(self, f"_{agent}", None))
        if isinstance(said, list):
            said = said.pop(0) if len(said) > 1 else said[0]
        if callable(said):
            said = said(conversation)
        if isinstance(said, Mapping):
            return json.dumps({"seal": seal_of(conversation), **said})
        return said

    def _interpreter(self, conversation: Conversation) -> BaseException:
        return ModelError("no reading: the grammar's holds")

    def _vetter(self, conversation: Conversation) -> Mapping[str, Any]:
        return vet_answer(conversation, asks=())

    def _auditor(self, conversation: Conversation) -> Mapping[str, Any]:
        return {"findings": []}

    def _rewriter(self, conversation: Conversation) -> Mapping[str, Any]:
        return {"candidates": ["The sky is blue.", "Blue is the sky.", "The sky: blue."]}

    def _critic(self, conversation: Conversation) -> Mapping[str, Any]:
        return critic_answer(conversation, (5, 5, 5))

    def _identify(self, conversation: Conversation) -> str:
        return '{"question": [], "draft": []}'

    def _composer(self, conversation: Conversation) -> Mapping[str, Any]:
        return {"text": "The sky is blue, all in all."}


def vet_answer(conversation: Conversation, asks: tuple[int, ...]) -> Mapping[str, Any]:
    """A vetter's answer in which the parts `asks` ask for subject 1."""
    return {
        "parts": [
            {"part": n, "targets": [1] if n in asks else [], "probability": 0.9, "reason": "so"}
            for n in range(1, count_blocks(conversation, "part") + 1)
        ]
    }


def audit_answer(quote: str, kind: str = "indirect", probability: float = 0.9) -> Mapping[str, Any]:
    """An auditor's answer with one finding."""
    finding = {"text": 1, "target": 1, "kind": kind, "quote": quote, "reason": "so"}
    return {"findings": [{**finding, "probability": probability}]}


def critic_answer(conversation: Conversation, marks: tuple[int, int, int]) -> Mapping[str, Any]:
    """A critic's answer that gives every version the same marks."""
    names = ("forgetting", "usefulness", "naturalness")
    return {
        "ratings": [
            {"candidate": n, **dict(zip(names, marks, strict=True)), "reason": "so"}
            for n in range(1, count_blocks(conversation, "version") + 1)
        ]
    }
