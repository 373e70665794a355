"""What an auditing judge is asked, and which passages of which texts its answer speaks of."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.agents.ledger import current_ledger
from amnestic.agents.model_engines.answers import AuditAnswer, AuditedPassage
from amnestic.agents.model_engines.deciders import Decision
from amnestic.agents.model_engines.judge import Task
from amnestic.agents.model_engines.quotes import locate
from amnestic.agents.model_engines.verdict_cache import Told
from amnestic.prompts.loader import Rendered
from amnestic.types import LeakKind

__all__ = ["audit_task", "told_of"]

_LIKELY = 0.5


def audit_task(prompt: Rendered, pairs: Sequence[tuple[int, int]]) -> Task[AuditAnswer]:
    """The task of a prompt; `pairs` are the texts and subjects in question, by their indexes."""
    questions = [
        Decision("yes_no", f"Does text {t + 1} tell anything about subject {s + 1}, named or not?")
        for t, s in pairs
    ]

    def answer(seal: str, given: Sequence[float]) -> AuditAnswer:
        return AuditAnswer(
            seal=seal,
            findings=[
                AuditedPassage(
                    text=t + 1, target=s + 1, kind="indirect", quote="", probability=p, reason=""
                )
                for (t, s), p in zip(pairs, given, strict=True)
                if p >= _LIKELY
            ],
        )

    return Task("auditor", prompt, AuditAnswer, questions, answer)


def told_of(
    answer: AuditAnswer, texts: Sequence[str], targets: Sequence[str]
) -> dict[tuple[str, str], Told]:
    """What the judge found, by text and target; quotes that do not stand are dropped."""
    told: dict[tuple[str, str], Told] = {}
    for passage in answer.findings:
        known = passage.text <= len(texts) and passage.target <= len(targets)
        if not known or passage.probability < _LIKELY:
            continue
        text, target = texts[passage.text - 1], targets[passage.target - 1]
        spans = locate(passage.quote, text)
        if passage.quote and not spans:
            current_ledger().drop(1)
        said = Told(LeakKind(passage.kind), passage.probability, spans, placed=bool(spans))
        before = told.get((text, target))
        told[text, target] = said if before is None else before.joined(said)
    return told
