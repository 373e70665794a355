"""A rotation of the residual stream behind a gate by similarity, as in GUARD-IT."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.development import Texts, texts_for
from amnestic.evaluation.systems.gate import CentroidGate
from amnestic.evaluation.systems.local import LocalMethod, tensor_of
from amnestic.evaluation.systems.steering import Hook, decoder_layers, steering
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.tools.offload import offload
from amnestic.types import Draft

__all__ = ["GatedRedirection"]

STRENGTHS = (0.3, 0.6, 1.0, 1.5, 2.5)
"""How far the residual stream is turned away, in its own lengths; the first is published."""


class GatedRedirection(LocalMethod):
    """Gated activation redirection (GUARD-IT, arXiv 2605.12765, and its released code).

    The mean activation of each cluster of forget texts, made orthogonal to that of the retained
    texts and scaled to the length of activations, is subtracted from the residual stream a quarter
    of the way up, and the length of each state is restored, so that it is only turned. A gate by
    the cosine of the question to the clusters' text centroids (MiniLM) chooses the vector or lets
    pass. GUARD-IT finds its clusters by k-means and picks threshold and coefficient by hand from
    plots and sweeps (0.55 and -0.3 in its examples); here each subject is a cluster, the threshold
    is the one that parts the development texts best, and the coefficient the first of `STRENGTHS`
    at which the model does not tell of the subjects any more.
    """

    name = "gated redirection"
    description = (
        "a norm-preserving rotation of the residual stream away from the nearest subject, behind "
        "a gate by similarity (GUARD-IT, arXiv 2605.12765)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._loaded = await self.loaded()
        layers = decoder_layers(self._loaded.model, self.name)
        self._at = max(1, len(layers) // 4)
        self._layer = layers[self._at]
        texts = texts_for(subjects, self.options.retain)
        self._gate = await offload(CentroidGate.of, texts, self.options.threshold)
        self._vectors = await self.computed(self._steered_by, texts)
        self._strength, told = await self.least_strength(turn, subjects, STRENGTHS, self._turned)
        return {
            "threshold": self._gate.threshold,
            "strength": self._strength,
            "layer": self._at,
            "told": told,
        }

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        place = await offload(self._gate.nearest, last_question(turn.conversation))
        if place is None:
            return await turn.ask(), "passed"
        return await self._turned(turn, self._strength, place), "redirected"

    async def _turned(self, turn: Turn, strength: float, place: int) -> Draft:
        return await self.ask_steered(turn, {self._layer: _away(self._vectors[place], strength)})

    def _steered_by(self, texts: Texts) -> Any:
        """One vector a subject: `(subjects, width)`, each as long as activations are."""
        import torch

        forget, retain = self._activations(texts.forget), self._activations(texts.retain)
        owners = torch.tensor(texts.owners)
        means = torch.stack([forget[owners == i].mean(0) for i in range(int(owners.max()) + 1)])
        beside = torch.nn.functional.normalize(retain.mean(0), dim=0)
        apart = means - (means @ beside)[:, None] * beside
        length = forget.norm(dim=1).mean()
        return torch.nn.functional.normalize(apart, dim=1) * length

    def _activations(self, texts: Sequence[str]) -> Any:
        """The mean over its tokens of what the layer gives for each text, as a user's message."""
        import torch

        rows: list[Any] = []

        def keep(args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> None:
            rows.append(tensor_of(given)[0].mean(0).float().cpu())

        model = self._loaded.model
        with steering({self._layer: keep}), torch.inference_mode():
            for text in texts:
                ids = self._loaded.encode([{"role": "user", "content": text}])
                model(torch.tensor([ids], device=model.device), use_cache=False)
        return torch.stack(rows)


def _away(vector: Any, strength: float) -> Hook:
    """Turns states away from a vector and keeps their lengths."""

    def turn(args: tuple[Any, ...], kwargs: Mapping[str, Any], given: Any) -> Any:
        import torch

        states = tensor_of(given)
        length = states.norm(dim=-1, keepdim=True)
        moved = states - strength * vector.to(states.device, states.dtype)
        turned = torch.nn.functional.normalize(moved, dim=-1) * length
        return (turned, *given[1:]) if isinstance(given, tuple) else turned

    return turn
