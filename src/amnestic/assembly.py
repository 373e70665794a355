"""Putting the parts of a layer together: the one place that knows which class fills which role."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache, partial
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING

from amnestic.agents.abstainer import WordedAbstainer
from amnestic.agents.at_need import CriticAtNeed, RewriterAtNeed
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.counterfactual import CounterfactualAbstainer
from amnestic.agents.fitness import Fitness
from amnestic.agents.identifier import Identification
from amnestic.agents.ledger import Ledger
from amnestic.agents.roles import Crew, Critic, Rewriter
from amnestic.agents.scrubber import LocalScrubber
from amnestic.agents.sealed import any_sealed
from amnestic.agents.second_ask import SecondAsk
from amnestic.agents.vetter import LocalVetter
from amnestic.audit_mode import check_audit
from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError, RegistryUnavailableError
from amnestic.forecasting import Forecast
from amnestic.graphs.engine import UnlearningEngine
from amnestic.intake import Intake
from amnestic.models.protocol import ChatBackend, LocalBackend
from amnestic.models.resolve import ModelSpec, resolve_backend
from amnestic.models.telemetry import Telemetry
from amnestic.prompts.loader import load_prompts
from amnestic.tools.detection import FactDetector, LeakDetector, shipped_attributor
from amnestic.tools.embedding import BatchingEmbedder, load_embedder
from amnestic.tools.index import FacetIndex, TargetStore
from amnestic.tools.protocols import Context, Detector, Embedder, Surveyor
from amnestic.tools.registry import Registry, Spent, UsageStore, today, usage_path
from amnestic.types import Policy

if TYPE_CHECKING:
    from amnestic.agents.requests import Interpreter  # a start reads no request

__all__ = ["Parts", "agent_backends", "assemble", "crew_for", "index_dir", "local_crew"]

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one layer, ready for requests."""

    backend: ChatBackend
    embedder: Embedder
    index: FacetIndex
    detector: Surveyor
    store: TargetStore
    engine: UnlearningEngine
    intake: Intake
    agents: Collection[ChatBackend] = ()
    make_ready: Callable[[], object] = lambda: None
    """Makes ready for requests what has changed, and lets go of what is out of force: for whoever
    has taken changes in before one comes, which would do so itself."""

    def load_agents(self) -> None:
        """Import the agents that are loaded when the first draft needs them."""
        import amnestic.agents.critic
        import amnestic.agents.rewriter  # noqa: F401

    def load(self) -> None:
        """Load the agents, and the weights of the wrapped model and of the agents' models, of
        those that are loaded into this process."""
        self.load_agents()
        for backend in (self.backend, *self.agents):
            if isinstance(backend, LocalBackend):
                backend.load()

    def close(self) -> None:
        """End what goes on in the background, and keep the index cache."""
        self.intake.close()
        self.index.close(self.store.registry)


def assemble(
    model: ModelSpec,
    registry: Registry,
    settings: Settings,
    agent_model: ModelSpec | None = None,
    spaces: Collection[str] = (),
) -> Parts:
    """Build every part for `settings`, and bring the index up to the registry. The agents think
    with `agent_model`, or with local engines alone where there is none. `spaces` are namespaces
    that are in use, whether they have targets or not."""
    check_audit(settings, registry, spaces)
    embedder = BatchingEmbedder(load_embedder(settings.embedder, settings.cache_dir))
    index = FacetIndex(embedder, index_dir(settings), seals=registry.seals, spec=settings.embedder)
    store = TargetStore(registry, index)
    store.refresh()
    backends = agent_backends(settings, agent_model)
    decides = backends is None and settings.identify != "base"
    leaks = LeakDetector(
        index, embedder, settings, attributor=shipped_attributor(), decides=decides
    )
    detector = FactDetector(leaks, index)
    crew = crew_for(detector, settings, backends)
    record = _recorder(settings)
    telemetry = Telemetry() if settings.telemetry == "otel" else None
    engine = UnlearningEngine(crew, settings, store.refresh, record, telemetry)
    backend = resolve_backend(model, settings)
    forecast = Forecast(index, store, embedder, settings)
    intake = Intake(
        _interpreter(crew, settings, backend),
        store,
        backend,
        settings,
        record,
        forecast,
        partial(_of_sealed, index, detector),
        telemetry,
        is_named=not isinstance(model, str) or "model" in settings.model_fields_set,
    )
    intake.resume(settings.namespace)
    agents = tuple((backends or {}).values())

    def make_ready() -> None:
        leaks.refresh()
        detector.refresh()

    return Parts(backend, embedder, index, detector, store, engine, intake, agents, make_ready)


def _of_sealed(index: FacetIndex, detector: Detector, text: str, namespace: str) -> bool:
    if not any(target.sealed for target in index.targets(namespace)):
        return False
    found = detector.audit(text, "", Context(namespace))
    return any_sealed(detector, (assessment.target_id for assessment in found))


def local_crew(detector: Detector, settings: Settings) -> Crew:
    """The agents with their local engines: detectors and text operations, no model call."""
    auditor = LocalAuditor(detector, settings.policy)

    def rewriter() -> Rewriter:
        from amnestic.agents.rewriter import LocalRewriter

        return LocalRewriter(auditor, detector)

    def critic() -> Critic:
        from amnestic.agents.critic import LocalCritic

        return LocalCritic(auditor)

    return Crew(
        vetter=LocalVetter(detector),
        scrubber=LocalScrubber(auditor),
        auditor=auditor,
        rewriter=RewriterAtNeed(rewriter),
        critic=CriticAtNeed(critic),
        abstainer=WordedAbstainer(),
    )


def crew_for(
    detector: Surveyor, settings: Settings, backends: Mapping[str, ChatBackend] | None
) -> Crew:
    """The agents, with model engines where models are given for them (`agent_backends`)."""
    if backends is None:
        crew = replace(local_crew(detector, settings), one_by_one=True)
    else:
        from amnestic.agents.model_engines import RequestMemo, model_crew

        detector = RequestMemo(detector)
        crew = local_crew(detector, settings)
        crew = model_crew(crew, detector, backends.__getitem__, settings)
    crew = replace(
        crew,
        second_ask=_second_ask(detector, settings),
        identification=_identification(detector, settings, backends),
    )
    if settings.abstention == "counterfactual":
        screen = LocalAuditor(detector, Policy.STRICT)
        crew = replace(crew, counterfactual=CounterfactualAbstainer(detector, screen))
    return crew


def _second_ask(detector: Detector, settings: Settings) -> SecondAsk:
    prompts = cache(lambda: load_prompts(settings.prompts_dir))
    return SecondAsk(detector, prompts, Fitness(), settings.elicit)


def _interpreter(crew: Crew, settings: Settings, backend: ChatBackend) -> Interpreter | None:
    """The model that reads forget requests; `None` where the local readers do so alone."""
    if settings.interpret != "base":
        return crew.interpreter if settings.interpret == "agent" else None
    from amnestic.agents.model_engines import interpreter_for

    return interpreter_for(settings, backend)


def _identification(
    detector: Surveyor, settings: Settings, backends: Mapping[str, ChatBackend] | None
) -> Identification | None:
    """What asks a model whom a text tells of that nobody names, where there is a model for it."""
    asks_agent = settings.identify == "agent" and backends is not None
    if not asks_agent and settings.identify != "base":
        return None
    from amnestic.agents.model_engines import identifier_for

    backend = backends["auditor"] if asks_agent and backends is not None else None
    always = settings.identify_when == "always"
    return Identification(detector, identifier_for(settings, backend), always=always)


def agent_backends(
    settings: Settings, agent_model: ModelSpec | None
) -> Mapping[str, ChatBackend] | None:
    """The chat model of each agent; `None` where none is configured. Agents of one spec share one
    backend. Raises `ModelNotFoundError`, and `ConfigurationError` where only some have a model."""
    if agent_model is None and not settings.agent_models:
        return None
    from amnestic.agents.model_engines import AGENTS

    unknown = sorted(set(settings.agent_models) - set(AGENTS))
    if unknown:
        known = ", ".join(AGENTS)
        raise ConfigurationError(f"agent_models names {unknown[0]!r}; the agents are {known}")
    specs = {agent: settings.agent_models.get(agent, agent_model) for agent in AGENTS}
    missing = [agent for agent in AGENTS if specs[agent] is None]
    if missing:
        raise ConfigurationError(
            f"no model for the {missing[0]}: set `agent_model`, which serves every agent that "
            "`agent_models` does not name"
        )
    keys = {agent: spec if isinstance(spec, str) else id(spec) for agent, spec in specs.items()}
    by_key = {keys[agent]: spec for agent, spec in specs.items() if spec is not None}
    made = {key: resolve_backend(spec, settings) for key, spec in by_key.items()}
    return {agent: made[key] for agent, key in keys.items()}


def _recorder(settings: Settings) -> Callable[[Ledger], None]:
    """Counts what agents spend, where `amnestic usage` finds it; counting holds nothing up."""
    store = UsageStore(usage_path(settings.db))

    def record(ledger: Ledger) -> None:
        spent = [
            Spent(today(), e.agent, e.model, e.calls, e.usage.input_tokens, e.usage.output_tokens)
            for e in (*ledger.entries, *ledger.probes)
        ]
        try:
            store.add(spent)
        except RegistryUnavailableError as error:
            _log.warning("%s", error)

    return record


def index_dir(settings: Settings) -> Path:
    """Where the index of the registry at `settings.db` is kept between runs."""
    place = settings.db.absolute() if isinstance(settings.db, Path) else settings.db
    name = blake2b(str(place).encode(), digest_size=8).hexdigest()
    return settings.cache_dir / "index" / name
