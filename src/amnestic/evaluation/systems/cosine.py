"""A gate by similarity before the model, as in CURaTE."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.base import Wrapped
from amnestic.evaluation.systems.development import texts_for
from amnestic.evaluation.systems.gate import RequestGate
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.tools.offload import offload
from amnestic.types import Draft

__all__ = ["CosineGate"]


class CosineGate(Wrapped):
    """Refuses a question whose highest cosine to a stored request is over a threshold, after CURaTE
    (arXiv 2604.14644).

    CURaTE's encoder is tuned for this with contrastive pairs, and its threshold of 0.8 to 0.9 is
    that encoder's. Here the encoder is the untuned all-MiniLM-L6-v2 that ships with the package, so
    the threshold is the one of the highest F1 on development texts (`development.texts_for`),
    unless one is given. CURaTE draws its refusals from a list; here it is always the same.
    """

    name = "cosine gate"
    description = (
        "refuses where the highest cosine of the question to a stored request reaches a "
        "threshold (CURaTE, arXiv 2604.14644, with an untuned encoder)"
    )

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._gate = await offload(self._made, subjects)
        return {"threshold": self._gate.threshold, "requests": len(subjects)}

    def _made(self, subjects: tuple[Subject, ...]) -> RequestGate:
        given = self.options.threshold
        gate = RequestGate.of(subjects, given or 0.0)
        if given is not None:
            return gate
        return gate.calibrated(texts_for(subjects, self.options.retain))

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        if await offload(self._gate.opens, last_question(turn.conversation)):
            return self.refused()
        return await turn.ask(), "passed"
