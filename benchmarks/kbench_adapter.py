"""This layer as a method of K-Bench, by its own interface (`chcons/methods/TEMPLATE_adapter.py`).

With K-Bench (github.com/OniReimu/kbench) and this package in one environment:

    kbench eval --model meta-llama/Llama-3.1-8B-Instruct --substrate C,R-text,R-struct \\
        --method benchmarks/kbench_adapter.py --name Amnestic
    kbench score --cells results --name Amnestic

The people to forget are asked to be forgotten in plain words, from the bios of K-Bench's facts; the
agent's own model is the wrapped one, and is not asked what it knows of them unless
AMNESTIC_ELICIT=true.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

from chcons.methods import UnlearnIntervention

from amnestic import Amnesia
from amnestic.evaluation.systems.kbench import AgentBackend, GuardedAgent, requests_in


class AmnesticIntervention(UnlearnIntervention):
    """Puts the layer around K-Bench's agent before the first question, and takes it off again."""

    @classmethod
    def name(cls) -> str:
        """What K-Bench calls the method."""
        return "amnestic"

    def setup(
        self, agent: Any, lora_path: Path | None, forget_ids: set[str], facts_path: Path
    ) -> None:
        """Forget everybody whose id is among `forget_ids`, and stand in the agent's methods."""
        requests = requests_in(Path(facts_path), forget_ids)
        self._folder = tempfile.TemporaryDirectory(prefix="amnestic-kbench-")
        home = Path(self._folder.name)
        elicit = os.environ.get("AMNESTIC_ELICIT", "").lower() in ("1", "true", "yes")
        self._guarded: GuardedAgent | None = None
        self._amnesia = Amnesia(
            AgentBackend(agent), db=home / "registry.db", cache_dir=home / "cache", elicit=elicit
        )
        for request in requests:
            self._amnesia.forget_all(request)
        self._amnesia.wait_for_elicitation()
        self._targets = len(requests)
        self._guarded = GuardedAgent(agent, self._amnesia)
        self._guarded.install()

    def teardown(self) -> None:
        """Give the agent its methods back, and delete the registry."""
        if self._guarded is not None:
            self._guarded.remove()
        self._amnesia.close()
        self._folder.cleanup()

    def summary_dict(self) -> dict[str, Any]:
        """What the run's summary says of the method."""
        return {"method": self.name(), "targets": self._targets}
