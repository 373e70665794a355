"""The vetter: what does this conversation ask for?"""

from __future__ import annotations

from collections.abc import Mapping

from amnestic.agents.contracts import PartVerdict, Vet, VetVerdict
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context, Detector
from amnestic.tools.segments import question_parts
from amnestic.types import Assessment, Band, Conversation, Span

__all__ = ["LocalVetter", "route_of"]

_DECAY = 0.7
_FORGOTTEN_BELOW = 0.15
_CUE_TURNS = 2
_CUE_CHARS = 600


class LocalVetter:
    """The vetter's local engine: detectors over every message, no model call (design.md §4)."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector

    async def vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        """Judge a conversation by its last user turn and by everything before it."""
        return await offload(self._vet, conversation, namespace)

    def _vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        last = _last_user(conversation)
        tainted, sticky = self._read_history(conversation, last, namespace)
        question = conversation[last].text if last is not None else ""
        context = Context(namespace, sticky, _cue(conversation, last))
        parts = self._judge_parts(question, context)
        return VetVerdict(route_of(parts, sticky, tainted), question, parts, context, tainted)

    def _read_history(
        self, conversation: Conversation, last: int | None, namespace: str
    ) -> tuple[tuple[int, ...], Mapping[str, float]]:
        tainted: list[int] = []
        sticky: dict[str, float] = {}
        context = Context(namespace)
        for i, message in enumerate(conversation):
            if i == last:
                continue
            texts = [message.text, message.reasoning, *(c.arguments for c in message.tool_calls)]
            found: tuple[Assessment, ...] = ()
            for text in filter(None, texts):
                judge = (
                    self._detector.vet(text, context)
                    if message.role == "user"
                    else self._detector.audit(text, "", context)
                )
                found += judge
            if message.role == "user":
                sticky = {t: w * _DECAY for t, w in sticky.items() if w * _DECAY > _FORGOTTEN_BELOW}
            for assessment in found:
                sticky[assessment.target_id] = max(
                    sticky.get(assessment.target_id, 0.0), assessment.score
                )
            if found:
                tainted.append(i)
        return tuple(tainted), sticky

    def _judge_parts(self, question: str, context: Context) -> tuple[PartVerdict, ...]:
        if not question.strip():
            return ()
        whole = self._detector.vet(question, context)
        spans = question_parts(question)
        if not whole or len(spans) == 1:
            return (PartVerdict(Span(0, len(question)), whole),)
        parts = tuple(
            PartVerdict(s, self._detector.vet(question[s.start : s.end], context)) for s in spans
        )
        if any(part.assessments for part in parts):
            return parts
        return (PartVerdict(Span(0, len(question)), whole),)


def _last_user(conversation: Conversation) -> int | None:
    for i in range(len(conversation) - 1, -1, -1):
        if conversation[i].role == "user":
            return i
    return None


def _cue(conversation: Conversation, last: int | None) -> str:
    before = [m.text for m in conversation[:last] if m.role in ("user", "assistant")]
    return "\n".join(before[-_CUE_TURNS:])[-_CUE_CHARS:]


def route_of(
    parts: tuple[PartVerdict, ...], sticky: Mapping[str, float], tainted: tuple[int, ...]
) -> Vet:
    """Direct when every part asks for a target for certain, suspect when anything does perhaps."""
    if parts and all(_is_certain(p.assessments) for p in parts):
        return Vet.DIRECT
    if tainted or sticky or any(p.assessments for p in parts):
        return Vet.SUSPECT
    return Vet.CLEAR


def _is_certain(assessments: tuple[Assessment, ...]) -> bool:
    return any(a.band is Band.LEAK for a in assessments)
