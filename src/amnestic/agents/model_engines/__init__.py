"""The agents' engines that think with a chat model: what they ask, read back, remember and spend.

In: the crew with its local engines, and a chat model. Out: `model_crew`, the same crew with models
asked where the local engines are not sure.
"""

from __future__ import annotations

from amnestic.agents.model_engines.crew import AGENTS, identifier_for, interpreter_for, model_crew
from amnestic.agents.model_engines.memo import RequestMemo

__all__ = [
    "AGENTS",
    "RequestMemo",
    "identifier_for",
    "interpreter_for",
    "model_crew",
]
