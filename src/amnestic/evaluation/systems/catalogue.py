"""Every system by its name: what it does, and what it needs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from amnestic.evaluation.contract import System
from amnestic.evaluation.systems.agents import WholeListAgents
from amnestic.evaluation.systems.base import Options, Wrapped
from amnestic.evaluation.systems.corruption import CorruptedPrompts
from amnestic.evaluation.systems.cosine import CosineGate
from amnestic.evaluation.systems.difference import LogitDifference
from amnestic.evaluation.systems.guardrail import Guardrail
from amnestic.evaluation.systems.in_context import InContext
from amnestic.evaluation.systems.layer import (
    AmnesticAgain,
    AmnesticAgents,
    AmnesticEdit,
    AmnesticIdentify,
    AmnesticWorded,
)
from amnestic.evaluation.systems.plain import Bare, KeywordFilter, NeverKnew, PromptPrefix
from amnestic.evaluation.systems.redirection import GatedRedirection
from amnestic.evaluation.systems.restriction import ForbiddenStrings
from amnestic.exceptions import ConfigurationError
from amnestic.models.resolve import ModelSpec

__all__ = ["SYSTEMS", "Entry", "Need", "make_system"]


class Need(StrEnum):
    """What a system needs beside the wrapped model."""

    NOTHING = "nothing"
    WEIGHTS = "local weights"
    AGENT_MODEL = "an agent model"
    NEVER_KNEW = "a never-knew model"


@dataclass(frozen=True, slots=True)
class Entry:
    """A system in the catalogue."""

    factory: type[Wrapped]
    needs: Need = Need.NOTHING

    @property
    def name(self) -> str:
        """Its name in tables."""
        return self.factory.name

    @property
    def description(self) -> str:
        """One sentence: what it does, and after whom."""
        return self.factory.description


_ALL = (
    Entry(Bare),
    Entry(NeverKnew, Need.NEVER_KNEW),
    Entry(KeywordFilter),
    Entry(PromptPrefix),
    Entry(CosineGate),
    Entry(WholeListAgents),
    Entry(Guardrail),
    Entry(InContext),
    Entry(AmnesticEdit),
    Entry(AmnesticWorded),
    Entry(AmnesticAgain),
    Entry(AmnesticIdentify),
    Entry(AmnesticAgents, Need.AGENT_MODEL),
    Entry(ForbiddenStrings, Need.WEIGHTS),
    Entry(CorruptedPrompts, Need.WEIGHTS),
    Entry(LogitDifference, Need.WEIGHTS),
    Entry(GatedRedirection, Need.WEIGHTS),
)

SYSTEMS: Mapping[str, Entry] = MappingProxyType({entry.name: entry for entry in _ALL})
"""Every system, by its name."""


def make_system(name: str, model: ModelSpec, options: Options | None = None) -> System:
    """The system of a name around a model.

    Raises:
        ConfigurationError: for a name that is none, and where something is missing that the system
            needs; one line that says what to give.

    >>> from amnestic.testing import ScriptedBackend
    >>> make_system("keyword filter", ScriptedBackend()).name
    'keyword filter'
    >>> make_system("never knew", ScriptedBackend())
    Traceback (most recent call last):
        ...
    amnestic.exceptions.ConfigurationError: system 'never knew' needs a model: give `never_knew`
    """
    if name not in SYSTEMS:
        raise ConfigurationError(f"unknown system {name!r}: the systems are {', '.join(SYSTEMS)}")
    return SYSTEMS[name].factory(model, options)
