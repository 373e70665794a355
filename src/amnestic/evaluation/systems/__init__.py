"""The systems under test: this layer, and everything else that could be used in its place.

In: a model spec and `Options`. Out: a `System` of the contract by its name (`make_system`), and
`SYSTEMS`, which says of each what it does, after whom, and what it needs. None of them trains the
wrapped model. For K-Bench, its agent behind this layer.
"""

from __future__ import annotations

from amnestic.evaluation.systems.base import REFUSAL, Options, Wrapped
from amnestic.evaluation.systems.catalogue import SYSTEMS, Entry, Need, make_system
from amnestic.evaluation.systems.kbench import AgentBackend, GuardedAgent, requests_in

__all__ = [
    "REFUSAL",
    "SYSTEMS",
    "AgentBackend",
    "Entry",
    "GuardedAgent",
    "Need",
    "Options",
    "Wrapped",
    "make_system",
    "requests_in",
]
