"""The systems under test: this layer, and everything else that could be used in its place.

In: a model spec and `Options`. Out: a `System` of the contract by its name (`make_system`), and
`SYSTEMS`, which says of each what it does, after whom, and what it needs. None of them trains the
wrapped model. `kbench` puts K-Bench's agent behind this layer, for
`benchmarks/kbench_adapter.py`.
"""

from __future__ import annotations

from amnestic.evaluation.systems.base import Options
from amnestic.evaluation.systems.catalogue import SYSTEMS, Need, make_system

__all__ = ["SYSTEMS", "Need", "Options", "make_system"]
