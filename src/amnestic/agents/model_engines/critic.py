"""The critic's model engine: is a candidate clean, still useful, and natural?"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from amnestic.agents.contracts import Case, Rating
from amnestic.agents.ledger import current_ledger
from amnestic.agents.model_engines.answers import CriticAnswer, RatingAnswer
from amnestic.agents.model_engines.cards import cards_of
from amnestic.agents.model_engines.cleared import clear
from amnestic.agents.model_engines.deciders import Decision
from amnestic.agents.model_engines.falling_back import or_locally
from amnestic.agents.model_engines.injection import speaks_to_agents
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.model_engines.long_drafts import narrowed
from amnestic.agents.model_engines.verdict_cache import VerdictCache
from amnestic.agents.roles import Critic
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector

__all__ = ["ModelCritic"]

_UNRATED = Rating(1, 1, 1, "the critic gave it no marks")
_TOP = Rating(5, 5, 5)
_DOUBTED = Rating(4, 5, 5, "another version told more than the detectors see")
_MARKS = ("forgetting", "usefulness", "naturalness")
_LONGEST = 8_000  # characters of a candidate that the model sees; of longer ones what differs
_CUTS = 6  # characters that say where something was left out


@dataclass(frozen=True, slots=True)
class _Seen:
    """A candidate, and what the model sees of it."""

    text: str
    part: str

    @property
    def is_whole(self) -> bool:
        return self.text == self.part


class ModelCritic:
    """Rates all candidates in one call, in shuffled order, on top of the local critic.

    The model may lower a mark, never raise it. What the detectors are certain of is not shown to it
    and keeps its 1, nor is what would not be accepted whatever it said; what they are only not easy
    about is for the model to judge. A candidate without marks gets the lowest. One that the model
    finds clean is noted as cleared, so that the last audit does not ask again. Where something that
    the model is shown speaks to it, it clears nothing that a detector is not easy about.

    Where the model gives no marks, those of the local critic stand, for versions that it has not
    marked before; but not once it has seen in any version what the detectors had not.
    """

    def __init__(
        self,
        local: Critic,
        certain: Critic,
        detector: Detector,
        judge: Judge,
        prompts: Prompts,
        shuffle: random.Random | None = None,
    ) -> None:
        self._local = local
        self._certain = certain
        self._detector = detector
        self._judge = judge
        self._prompt = prompts["critic"]
        self._shuffle = shuffle or random.SystemRandom()

    async def criticise(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        """One rating a candidate, in order."""
        rated = self._rated(case, candidates)
        return await or_locally("critic", rated, lambda: self._locally(case, candidates))

    async def _locally(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        ledger = current_ledger()
        most = _DOUBTED if ledger.doubted else _TOP
        keys = [VerdictCache.key(text) for text in candidates]
        local = await self._local.criticise(case, candidates)
        ratings = [_lower(r, ledger.marks.get(k, most)) for r, k in zip(local, keys, strict=True)]
        ledger.accepted.update(k for r, k in zip(ratings, keys, strict=True) if r.accepted)
        return tuple(ratings)

    async def _rated(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        certain, cards = await asyncio.gather(
            self._certain.criticise(case, candidates), offload(self._cards, case, candidates)
        )
        steered = await offload(_is_steered, case, cards)
        draft, *parts = narrowed(case.text, candidates, _LONGEST)
        seen = [_Seen(text, part) for text, part in zip(candidates, parts, strict=True)]
        vetoed = await offload(self._vetoed, case, seen, steered)
        ratings = [
            Rating(1, 1, 1, rating.reason or "it cannot be shown to the critic")
            if i in vetoed
            else rating
            for i, rating in enumerate(certain)
        ]
        shown = [i for i, rating in enumerate(ratings) if rating.accepted]
        if not shown:
            return tuple(ratings)
        self._shuffle.shuffle(shown)
        answers = await self._ask(case, draft, [seen[i].part for i in shown], cards)
        for place, i in enumerate(shown):
            ratings[i] = _lower(ratings[i], answers.get(place, _UNRATED))
            current_ledger().marks[VerdictCache.key(candidates[i])] = ratings[i]
            if ratings[i].forgetting == 5 and not steered and seen[i].is_whole:
                for target_id in cards:
                    clear(candidates[i], target_id)
        if any(ratings[i].forgetting < 5 for i in shown):
            current_ledger().doubted = True
        return tuple(ratings)

    def _cards(self, case: Case, candidates: Sequence[str]) -> dict[str, str]:
        """Cards of the targets found in the draft, and of those a detector is not easy about."""
        verdict = case.verdict
        ids = [f.target_id for f in case.findings]
        for text in candidates:
            found = self._detector.audit(text, verdict.question, verdict.context)
            ids.extend(assessment.target_id for assessment in found)
        return cards_of(self._detector, ids)

    def _vetoed(self, case: Case, candidates: Sequence[_Seen], steered: bool) -> set[int]:
        """Candidates of which the model would not see what matters, that might talk it round, or,
        where it may have been talked round already or does not see them whole, that a detector is
        not easy about."""
        verdict = case.verdict
        return {
            i
            for i, seen in enumerate(candidates)
            if len(seen.part) > _LONGEST + _CUTS
            or speaks_to_agents(seen.text)
            or (
                (steered or not seen.is_whole)
                and self._detector.audit(seen.text, verdict.question, verdict.context)
            )
        }

    async def _ask(
        self, case: Case, draft: str, texts: Sequence[str], cards: Mapping[str, str]
    ) -> dict[int, Rating]:
        prompt = self._prompt.render(
            question=case.verdict.question,
            draft=draft,
            candidates=list(texts),
            targets=list(cards.values()),
        )
        answer = await self._judge.judge(_task(prompt, len(texts)))
        return {r.candidate - 1: _rating(r) for r in answer.ratings}


def _is_steered(case: Case, cards: Mapping[str, str]) -> bool:
    shown = (case.text, case.verdict.question, *case.reasons, *cards.values())
    return any(map(speaks_to_agents, shown))


def _rating(answer: RatingAnswer) -> Rating:
    return Rating(
        answer.forgetting, answer.usefulness, answer.naturalness, answer.reason.strip()[:300]
    )


def _lower(local: Rating, told: Rating) -> Rating:
    """The lower of two marks for each, with the reason of the model, who saw more."""
    return Rating(
        min(local.forgetting, told.forgetting),
        min(local.usefulness, told.usefulness),
        min(local.naturalness, told.naturalness),
        told.reason or local.reason,
    )


def _task(prompt: Rendered, count: int) -> Task[CriticAnswer]:
    wanted = [(c, mark) for c in range(1, count + 1) for mark in _MARKS]
    questions = [Decision("mark", f"How good is the {mark} of version {c}?") for c, mark in wanted]

    def answer(seal: str, given: Sequence[float]) -> CriticAnswer:
        marks = {key: round(value) for key, value in zip(wanted, given, strict=True)}
        ratings = [
            RatingAnswer(candidate=c, reason="", **{m: marks[c, m] for m in _MARKS})
            for c in range(1, count + 1)
        ]
        return CriticAnswer(seal=seal, ratings=ratings)

    return Task("critic", prompt, CriticAnswer, questions, answer)
