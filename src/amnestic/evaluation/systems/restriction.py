"""Forgotten strings and near-synonyms are kept out while decoding, as in GUARD."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import Texts, embedder, texts_for
from amnestic.evaluation.systems.gate import CentroidGate, PromptClassifier
from amnestic.evaluation.systems.local import LocalMethod, telling_words
from amnestic.evaluation.systems.names import names_of
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.models.protocol import RestrictedBackend
from amnestic.tools.offload import offload
from amnestic.types import Draft

__all__ = ["ForbiddenStrings"]

ROUNDS = 2
"""Times that an answer is decoded again without the words of a sentence that means a fact."""

ALIKE = 0.7
"""The cosine from which a sentence of the answer means a stored fact."""

_WORD = re.compile(r"[^\W\d_]{5,}")

_SENTENCES = re.compile(r"(?<=[.!?])\s+")


class ForbiddenStrings(LocalMethod):
    """Generation-time restriction after GUARD (arXiv 2505.13312).

    GUARD classifies the prompt with an MLP, takes the forbidden tokens from the stored answer that
    is nearest to it, and decodes with a beam in which tokens that match are barred and
    continuations that mean the same cost more (a sentence encoder). Here the classifier looks
    at nearest neighbours (`gate.PromptClassifier`), the forbidden strings are the names, the
    exclusive strings and the telling words of the facts of the nearest subject, and the decoder
    bars them letter by letter (`amnestic.models.restricted`). Meaning is looked at sentence by
    sentence behind the answer and not token by token: where a sentence means a fact, the longer
    words of both are barred as well and the answer is decoded again, twice at most. No beam is
    used.
    """

    name = "forbidden strings"
    description = (
        "strings and near-synonyms of the nearest subject are barred while decoding, behind a "
        "classifier of prompts (GUARD, arXiv 2505.13312)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._subjects = subjects
        texts = texts_for(subjects, self.options.retain)
        await self.loaded()
        await offload(self._fit, texts)
        self._strings = [
            (*names_of([s]), *s.exclusive, *telling_words(s.facts, s)) for s in subjects
        ]
        return {"threshold": self._classifier.threshold}

    def _fit(self, texts: Texts) -> None:
        self._classifier = PromptClassifier(texts, self.options.threshold)
        self._nearest = CentroidGate.of(texts, threshold=-1.0)

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        question = last_question(turn.conversation)
        if not await offload(self._classifier.opens, question):
            return await turn.ask(), "passed"
        assert isinstance(self.backend, RestrictedBackend)
        place = await offload(self._nearest.nearest, question) or 0
        forbidden = list(self._strings[place])
        for _ in range(ROUNDS + 1):
            turn.own = 0.0  # what is decoded again is added
            draft = await turn.ask_without(self.backend, forbidden)
            more = await offload(self._meant, draft.text, question, self._subjects[place])
            if not more - {*forbidden}:
                break
            forbidden += sorted(more - {*forbidden})
        return draft, "restricted"

    def _meant(self, text: str, question: str, subject: Subject) -> set[str]:
        """The longer words of the sentences that mean one of the subject's facts, and of these
        facts, without those of the question."""
        sentences = [s for s in _SENTENCES.split(text) if s.strip()]
        if not sentences or not subject.facts:
            return set()
        alike = embedder().embed(sentences) @ embedder().embed(list(subject.facts)).T
        near = [
            f"{sentence} {subject.facts[int(row.argmax())]}"
            for sentence, row in zip(sentences, alike, strict=True)
            if row.max() >= ALIKE
        ]
        asked = {word.casefold() for word in _WORD.findall(question)}
        words = {w for both in near for w in _WORD.findall(both) if w.casefold() not in asked}
        return {*telling_words(near, subject), *words}
