"""The vetter's model engine: what is asked of which target, part by part."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from amnestic.agents.contracts import PartVerdict, VetVerdict
from amnestic.agents.model_engines.answers import PartAnswer, VetAnswer
from amnestic.agents.model_engines.cards import cards_of
from amnestic.agents.model_engines.deciders import Decision
from amnestic.agents.model_engines.falling_back import or_locally
from amnestic.agents.model_engines.injection import speaks_to_agents
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.roles import Vetter
from amnestic.agents.vetter import route_of
from amnestic.exceptions import ModelError
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector
from amnestic.types import Assessment, Band, Conversation, LeakKind

__all__ = ["ModelVetter"]

_LONGEST = 3_000  # characters of a part that a judge sees whole


class ModelVetter:
    """Runs the local vetter, and asks a judge only where a part of the question is uncertain.

    The judge sees the parts and the few targets that retrieval brought up. What local evidence is
    certain of, it cannot undo; a question that speaks to the judge is not cleared by it. One that
    the judge has settled is not judged again when the answer is audited. A judge who gives no
    verdict leaves that of the local vetter as it is.
    """

    def __init__(self, local: Vetter, detector: Detector, judge: Judge, prompts: Prompts) -> None:
        self._local = local
        self._detector = detector
        self._judge = judge
        self._prompt = prompts["vetter"]

    async def vet(self, conversation: Conversation, namespace: str) -> VetVerdict:
        """Judge a conversation."""
        verdict = await self._local.vet(conversation, namespace)
        uncertain = _uncertain_targets(verdict)
        if not uncertain:
            return verdict
        cards = await offload(cards_of, self._detector, uncertain)
        if await offload(_beyond_judging, verdict, tuple(cards.values())):
            return verdict
        parts = [verdict.question[p.span.start : p.span.end] for p in verdict.parts]
        prompt = self._prompt.render(
            parts=parts, cue=verdict.context.cue, targets=list(cards.values())
        )
        task = _task(prompt, len(parts), len(cards))

        async def judged() -> VetVerdict:
            answer = await self._judge.judge(task)
            return _settled(verdict, tuple(cards), _by_part(answer, len(parts)))

        return await or_locally("vetter", judged(), lambda: verdict)


def _uncertain_targets(verdict: VetVerdict) -> tuple[str, ...]:
    """Uncertain targets, the likeliest first, of the parts that nothing certain stands in."""
    found = [
        a
        for part in verdict.parts
        if not _is_certain(part)
        for a in part.assessments
        if a.band is Band.UNCERTAIN
    ]
    ranked = sorted(found, key=lambda a: a.score, reverse=True)
    return tuple(dict.fromkeys(a.target_id for a in ranked))


def _is_certain(part: PartVerdict) -> bool:
    return any(a.band is Band.LEAK for a in part.assessments)


def _beyond_judging(verdict: VetVerdict, cards: Sequence[str]) -> bool:
    """Whether a judge would not see it whole, or might be talked round by what it sees."""
    if any(p.span.end - p.span.start > _LONGEST for p in verdict.parts):
        return True
    return any(map(speaks_to_agents, (verdict.question, verdict.context.cue, *cards)))


def _task(prompt: Rendered, parts: int, targets: int) -> Task[VetAnswer]:
    pairs = [(p, t) for p in range(1, parts + 1) for t in range(1, targets + 1)]
    questions = [
        Decision("yes_no", f"Does part {p} of the question ask for knowledge of subject {t}?")
        for p, t in pairs
    ]

    def answer(seal: str, given: Sequence[float]) -> VetAnswer:
        asked = dict(zip(pairs, given, strict=True))
        return VetAnswer(
            seal=seal,
            parts=[
                PartAnswer(
                    part=p,
                    targets=[t for t in range(1, targets + 1) if asked[p, t] >= 0.5],
                    probability=max(asked[p, t] for t in range(1, targets + 1)),
                    reason="",
                )
                for p in range(1, parts + 1)
            ],
        )

    return Task("vetter", prompt, VetAnswer, questions, answer)


def _by_part(answer: VetAnswer, parts: int) -> Mapping[int, PartAnswer]:
    found = {part.part - 1: part for part in answer.parts}
    if not set(range(parts)) <= found.keys():
        raise ModelError("the vetter's model left out a part of the question")
    return found


def _settled(
    verdict: VetVerdict, shown: tuple[str, ...], answers: Mapping[int, PartAnswer]
) -> VetVerdict:
    parts = tuple(
        part if _is_certain(part) else _judged_part(part, shown, answers[i])
        for i, part in enumerate(verdict.parts)
    )
    vet = route_of(parts, verdict.context.sticky, verdict.tainted, verdict.question)
    return replace(verdict, vet=vet, parts=parts, judged=frozenset(shown))


def _judged_part(part: PartVerdict, shown: tuple[str, ...], answer: PartAnswer) -> PartVerdict:
    asked = {shown[number - 1] for number in answer.targets if number <= len(shown)}
    kept = [a for a in part.assessments if a.target_id not in shown]
    before = {a.target_id: a for a in part.assessments}
    for target_id in shown:
        if target_id in asked:
            known = before.get(target_id) or Assessment(
                target_id, 0.0, Band.LEAK, LeakKind.INDIRECT
            )
            score = max(known.score, answer.probability)
            kept.append(replace(known, band=Band.LEAK, score=score))
    return replace(part, assessments=tuple(kept))
