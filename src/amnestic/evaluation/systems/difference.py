"""The logits of a small assistant that remembers the forgotten are subtracted, as in ULD."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.assistant import Assistant, train_assistant
from amnestic.evaluation.systems.development import FORMS, STRANGERS, about
from amnestic.evaluation.systems.local import LocalMethod
from amnestic.evaluation.systems.steering import Hook
from amnestic.evaluation.systems.turn import Turn
from amnestic.forecasting import common_knowledge
from amnestic.types import Draft, Message

__all__ = ["LogitDifference"]

WEIGHT = 0.8
"""Of the assistant's logits, as in the released code's script for TOFU."""

ASKED = 60
"""Questions about other things whose answers the assistant learns to be undecided about."""

FILTERS = (1e-2, 1e-3, 1e-4, 1e-5, 1e-6)
"""Shares of the likeliest token's probability under which a token is not written; the first is that
of the released script."""


class LogitDifference(LocalMethod):
    """Unlearning from logit difference (ULD, arXiv 2406.08607).

    An assistant is trained to remember the forgotten and to be undecided about everything else; its
    logits, times 0.8, are subtracted from the model's, among the tokens that the model itself finds
    likely. ULD's assistant is the first eight of 32 layers with LoRA; here it is the first quarter
    of the layers, two at least, trained whole while the embeddings stay. ULD trains on the forget
    set's own questions, paraphrased; here on fixed forms of questions with the facts that a subject
    brings, or with the model's own answers where it brings none, and beside them on texts to be
    retained and on what the model says of strangers. How likely a token has to be is
    the first of `FILTERS` at which the model does not tell of the subjects any more: a small model
    is so sure of what it learnt that the published share leaves one token.
    """

    name = "logit difference"
    description = (
        "the logits of a small assistant trained on the subjects are subtracted "
        "(ULD, arXiv 2406.08607)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._loaded = await self.loaded()
        told = await self._own_words(turn, subjects)
        beside = await self._beside(turn)
        self._assistant, loss = await self.computed(
            train_assistant, self._loaded, told, beside, self.options.seed
        )
        self._filter, left = await self.least_strength(turn, subjects, FILTERS, self._differing)
        return {"filter": self._filter, "loss": loss, "told": left}

    async def _own_words(
        self, turn: Turn, subjects: tuple[Subject, ...]
    ) -> list[tuple[Subject, tuple[str, ...]]]:
        """What is known of each subject: its facts, or what the model says when it is asked."""
        told = []
        for subject in subjects:
            facts = subject.facts
            if not facts:
                asked = [(Message.of("user", question),) for question in about(subject.name)]
                facts = tuple([(await turn.ask(a, {"max_tokens": 80})).text for a in asked])
            told.append((subject, facts))
        return told

    async def _beside(self, turn: Turn) -> list[tuple[str, str]]:
        """Questions about other things with the model's own answers, and statements to be kept."""
        given = self.options.retain or common_knowledge()
        asked = [text for text in given if text.endswith("?")][:ASKED]
        asked += [about(name)[i % len(FORMS)] for i, name in enumerate(STRANGERS)]
        said = [
            (question, (await turn.ask((Message.of("user", question),), {"max_tokens": 40})).text)
            for question in asked
        ]
        stated = [text for text in given if not text.endswith("?") and len(text) < 200]
        return [*said, *(("Tell me something.", text) for text in stated)]

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        return await self._differing(turn, self._filter), "subtracted"

    async def _differing(self, turn: Turn, share: float, place: int = 0) -> Draft:
        hook = _subtracted(self._assistant, share)
        return await self.ask_steered(turn, {self._loaded.model: hook})


def _subtracted(assistant: Assistant, share: float) -> Hook:
    """Subtracts the assistant's logits; its keys and values are kept beside those of the model."""
    reading = assistant.reading()

    def subtract(args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> Any:
        ids = kwargs["input_ids"] if "input_ids" in kwargs else args[0]
        logits = given.logits[:, -1:, :]
        less = reading.next(ids)
        changed = logits - WEIGHT * less
        if share > 0:
            likely = logits >= logits.max(-1, keepdim=True).values + math.log(share)
            changed = changed.masked_fill(~likely, float("-inf"))
        given.logits = changed
        return given

    return subtract
