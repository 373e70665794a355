"""Model engines on top of a crew of local ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.critic import LocalCritic
from amnestic.agents.model_engines.agent_model import AgentModel, Limits
from amnestic.agents.model_engines.auditor import ModelAuditor
from amnestic.agents.model_engines.cleared import CertainOnly
from amnestic.agents.model_engines.composer import ModelComposer
from amnestic.agents.model_engines.critic import ModelCritic
from amnestic.agents.model_engines.identifier import ModelIdentifier
from amnestic.agents.model_engines.interpreter import ModelInterpreter
from amnestic.agents.model_engines.judge import ModelJudge
from amnestic.agents.model_engines.rewriter import ModelRewriter
from amnestic.agents.model_engines.verdict_cache import VerdictCache
from amnestic.agents.model_engines.vetter import ModelVetter
from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.roles import Crew
from amnestic.config import Settings
from amnestic.models.protocol import ChatBackend
from amnestic.prompts.loader import Prompts, load_prompts
from amnestic.tools.protocols import Detector
from amnestic.types import Policy

__all__ = ["AGENTS", "identifier_for", "interpreter_for", "limits_of", "model_crew"]

AGENTS = ("vetter", "auditor", "rewriter", "critic", "composer")
"""The agents that can have a model of their own (`agent_models`)."""

_CALLS = 3  # a judge, a rewrite and a critic; with `compose` a merger


def limits_of(settings: Settings) -> Limits:
    """What agents may take under `settings`."""
    return Limits(
        verdict=0.8 * settings.agent_timeout,
        timeout=settings.agent_call_timeout or settings.agent_timeout / 2,
        retries=settings.agent_retries,
        concurrency=settings.agent_concurrency,
        tokens=settings.agent_tokens,
        calls=_CALLS + bool(settings.compose),
    )


def model_crew(
    crew: Crew,
    detector: Detector,
    backend_for: Callable[[str], ChatBackend],
    settings: Settings,
) -> Crew:
    """The crew with a model engine on each agent; the local engines go on working below.

    Args:
        crew: the agents with their local engines.
        detector: what the local engines look with.
        backend_for: the chat model of an agent, by the agent's name; may be the same for all.
        settings: limits, prompts and whether candidates are composed.

    Raises `PromptError` for a prompt override that cannot be used.
    """
    prompts = load_prompts(settings.prompts_dir)
    judges = _Judges(backend_for, limits_of(settings), prompts)
    cache = VerdictCache()
    auditor = LocalAuditor(detector, settings.policy)
    certain = LocalCritic(LocalAuditor(CertainOnly(detector), settings.policy))
    rewriter = judges.of("rewriter")
    return replace(
        crew,
        vetter=ModelVetter(crew.vetter, detector, judges.of("vetter"), prompts),
        auditor=ModelAuditor(auditor, detector, judges.of("auditor"), prompts, cache),
        rewriter=ModelRewriter(crew.rewriter, detector, rewriter, rewriter.model, prompts),
        critic=ModelCritic(crew.critic, certain, detector, judges.of("critic"), prompts),
        screener=LocalAuditor(detector, Policy.STRICT),
        interpreter=ModelInterpreter(LocalInterpreter(), judges.of("vetter"), prompts),
        composer=ModelComposer(judges.of("composer"), prompts) if settings.compose else None,
    )


def identifier_for(settings: Settings, backend: ChatBackend | None) -> ModelIdentifier:
    """What asks whom a text tells of: the model at `backend`, or where there is none the base
    model that each call brings. Raises `PromptError` as `model_crew` does."""
    limits = limits_of(settings)
    model = None if backend is None else AgentModel(backend, limits)
    return ModelIdentifier(load_prompts(settings.prompts_dir), model, limits.timeout)


def interpreter_for(settings: Settings, backend: ChatBackend) -> ModelInterpreter:
    """What reads forget requests with a model that is no agent's. Raises `PromptError` as
    `model_crew` does."""
    prompts = load_prompts(settings.prompts_dir)
    judge = ModelJudge(AgentModel(backend, limits_of(settings)), prompts)
    return ModelInterpreter(LocalInterpreter(), judge, prompts)


class _Judges:
    """One judge for each model, so that a model is probed once whatever agents share it."""

    def __init__(
        self, backend_for: Callable[[str], ChatBackend], limits: Limits, prompts: Prompts
    ) -> None:
        self._backend_for = backend_for
        self._limits = limits
        self._prompts = prompts
        self._made: dict[int, ModelJudge] = {}

    def of(self, agent: str) -> ModelJudge:
        """The judge on the model of an agent."""
        backend = self._backend_for(agent)
        if id(backend) not in self._made:
            model = AgentModel(backend, self._limits)
            self._made[id(backend)] = ModelJudge(model, self._prompts)
        return self._made[id(backend)]
