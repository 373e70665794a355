"""The embeddings of a prompt are corrupted behind a classifier, as in ECO."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import texts_for
from amnestic.evaluation.systems.gate import PromptClassifier
from amnestic.evaluation.systems.local import LocalMethod
from amnestic.evaluation.systems.names import names_of, pattern_of
from amnestic.evaluation.systems.steering import Hook
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.tools.offload import offload
from amnestic.types import Draft

if TYPE_CHECKING:
    from amnestic.models.checkpoint import Checkpoint

__all__ = ["CorruptedPrompts"]

STRENGTHS = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Standard deviations of the noise that are tried, in those of the embeddings themselves."""


class CorruptedPrompts(LocalMethod):
    """Embedding-corrupted prompts (ECO, arXiv 2406.07933).

    ECO's classifier is a tuned RoBERTa with a threshold, a second one picks the tokens to corrupt
    (those of the entity), and the strength of the noise is found by zeroth-order optimisation
    towards a surrogate of the retained model. Here the classifier looks at the nearest
    neighbours among sentence vectors, the tokens are those of the subjects' names, or all of
    the last question where it names none, and the strength is the first of `STRENGTHS` at which
    the model does not tell of the subjects any more (`LocalMethod.least_strength`). The noise
    is Gaussian over all dimensions.
    """

    name = "corrupted prompts"
    description = (
        "noise on the embeddings of the prompt, behind a classifier of prompts "
        "(ECO, arXiv 2406.07933)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._names = pattern_of(names_of(subjects))
        self._loaded = await self.loaded()
        texts = texts_for(subjects, self.options.retain)
        self._classifier = await offload(PromptClassifier, texts, self.options.threshold)
        self._strength, told = await self.least_strength(turn, subjects, STRENGTHS, self._corrupted)
        return {"threshold": self._classifier.threshold, "strength": self._strength, "told": told}

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        if not await offload(self._classifier.opens, last_question(turn.conversation)):
            return await turn.ask(), "passed"
        return await self._corrupted(turn, self._strength), "corrupted"

    async def _corrupted(self, turn: Turn, strength: float, place: int = 0) -> Draft:
        hook = self._hook(strength, last_question(turn.conversation))
        return await self.ask_steered(turn, {self._loaded.model.get_input_embeddings(): hook})

    def _hook(self, strength: float, question: str) -> Hook:
        def corrupt(args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> Any:
            import torch

            ids = args[0] if args else kwargs["input"]
            if ids.shape[1] == 1:  # a token of the answer
                return None
            places = self._places(self._loaded, ids[0].tolist(), question)
            drawn = torch.Generator().manual_seed(self.options.seed)
            noise = torch.randn(len(places), given.shape[-1], generator=drawn)
            noise = noise.to(given.device, given.dtype) * given.std() * strength
            corrupted = given.clone()
            corrupted[0, places] += noise
            return corrupted

        return corrupt

    def _places(self, loaded: Checkpoint, ids: list[int], question: str) -> list[int]:
        """The places of the tokens to corrupt: those of names, else those of the question, else
        all."""
        ends, text = [], ""
        for token in ids:
            text += loaded.decode([token])
            ends.append(len(text))
        at = text.rfind(question)
        spans = [m.span() for m in self._names.finditer(text)]
        if not spans:
            spans = [(at, at + len(question))] if at >= 0 else [(0, len(text))]
        starts = [0, *ends[:-1]]
        return [
            i
            for i, (start, end) in enumerate(zip(starts, ends, strict=True))
            if any(start < b and a < end for a, b in spans)
        ]
