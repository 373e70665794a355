"""Layers whose detector looks for fixed words, for tests of doors rather than of detection."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amnestic import Amnesia
from amnestic.assembly import Parts, local_crew
from amnestic.graphs.engine import UnlearningEngine
from amnestic.testing import ScriptedBackend
from tests.keyword_detector import KeywordDetector

__all__ = ["keyword_layer"]


class _Still:
    """An index and a store of nothing, which are never behind."""

    revision = 0
    count = 0

    def refresh(self) -> None:
        """Nothing to take in."""

    def follow(self) -> int:
        """No change."""
        return 0


class _Idle:
    """An intake that nobody asks for anything."""

    def load(self) -> None:
        """Nothing to import."""

    def resume(self, namespace: str) -> None:
        """Nothing to go on with."""


def keyword_layer(
    folder: Path, *words: str, model: Any = None, detector: Any = None, **settings: Any
) -> Amnesia:
    """A layer that has forgotten each of `words`; close it, or use it as a context manager."""
    model = model or ScriptedBackend(default="I don't know.")
    amnesia = Amnesia(model, db=folder / "registry.db", elicit=False, **settings)
    crew = local_crew(detector or KeywordDetector(*words), amnesia.settings)
    nothing: Any = None
    still: Any = _Still()
    idle: Any = _Idle()
    amnesia._opened["parts"] = Parts(
        model,
        nothing,
        still,
        detector or KeywordDetector(*words),
        still,
        UnlearningEngine(crew, amnesia.settings),
        idle,
    )
    return amnesia
