"""Putting the parts of a layer together: the one place that knows which class fills which role."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

from amnestic.agents.abstainer import WordedAbstainer
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Crew
from amnestic.agents.critic import LocalCritic
from amnestic.agents.elicitor import ModelElicitor
from amnestic.agents.interpreter import LocalInterpreter
from amnestic.agents.rewriter import LocalRewriter
from amnestic.agents.scrubber import LocalScrubber
from amnestic.agents.vetter import LocalVetter
from amnestic.config import Settings
from amnestic.graphs.engine import UnlearningEngine
from amnestic.graphs.intake import IntakeDeps, build_intake_graph
from amnestic.isolation import SILENT_CONFIG, run_isolated
from amnestic.models.protocol import ChatBackend
from amnestic.models.resolve import ModelSpec, resolve_backend
from amnestic.tools.detector import LeakDetector
from amnestic.tools.embedder import load_embedder
from amnestic.tools.facet_index import FacetIndex
from amnestic.tools.protocols import Detector, Embedder
from amnestic.tools.registry import Registry
from amnestic.tools.target_store import TargetStore
from amnestic.types import ForgetTarget

__all__ = ["Parts", "assemble", "local_crew"]


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one layer, ready for requests."""

    backend: ChatBackend
    embedder: Embedder
    index: FacetIndex
    detector: Detector
    store: TargetStore
    engine: UnlearningEngine
    intake_graph: Any
    settings: Settings

    async def intake(self, text: str, namespace: str, requester: str) -> ForgetTarget:
        """From plain words to a target that is not stored yet."""
        deps = IntakeDeps(
            LocalInterpreter(),
            ModelElicitor(),
            self.backend if self.settings.elicit else None,
            namespace,
            requester,
        )
        state = await run_isolated(
            lambda: self.intake_graph.ainvoke({"request": text}, SILENT_CONFIG, context=deps)
        )
        target: ForgetTarget = state["target"]
        return target

    def close(self) -> None:
        """Keep the index cache and let go of the index."""
        self.index.close()


def assemble(model: ModelSpec, registry: Registry, settings: Settings) -> Parts:
    """Build every part for `settings`, and bring the index up to the registry."""
    embedder = load_embedder(settings.embedder, settings.cache_dir)
    index = FacetIndex(embedder, _index_dir(settings))
    store = TargetStore(registry, index)
    store.refresh()
    detector = LeakDetector(index, embedder, settings)
    engine = UnlearningEngine(local_crew(detector, settings), settings, refresh=store.refresh)
    return Parts(
        resolve_backend(model, settings),
        embedder,
        index,
        detector,
        store,
        engine,
        build_intake_graph(),
        settings,
    )


def local_crew(detector: Detector, settings: Settings) -> Crew:
    """The agents with their local engines: detectors and text operations, no model call."""
    auditor = LocalAuditor(detector, settings.policy)
    return Crew(
        vetter=LocalVetter(detector),
        scrubber=LocalScrubber(auditor),
        auditor=auditor,
        rewriter=LocalRewriter(auditor, detector),
        critic=LocalCritic(auditor),
        abstainer=WordedAbstainer(),
    )


def _index_dir(settings: Settings) -> Path:
    name = blake2b(str(settings.db.absolute()).encode(), digest_size=8).hexdigest()
    return settings.cache_dir / "index" / name
