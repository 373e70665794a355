"""What systems have in common whose agents are shown the whole list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amnestic.evaluation.contract import Subject
from amnestic.evaluation.systems.base import Wrapped
from amnestic.evaluation.systems.prompts import listed
from amnestic.evaluation.systems.turn import Turn
from amnestic.models.protocol import ChatBackend

__all__ = ["ListReader"]


class ListReader(Wrapped):
    """A system that writes every subject into the prompts of a chat model."""

    _listed: str
    _model: ChatBackend

    async def _prepare(self, turn: Turn, subjects: tuple[Subject, ...]) -> Mapping[str, Any]:
        self.need_subjects(subjects)
        self._listed = listed(subjects)
        self._model = self.agents()
        return {"agents": self._model.name}
