"""From what is asked for, by names, to a plan: the one place that knows data sets, attacks and
systems by their names."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from amnestic.config import Settings
from amnestic.evaluation.contract import DataSet, Group, Probe, System
from amnestic.evaluation.running.caching import BareAnswers, cached
from amnestic.evaluation.running.manifest import Request
from amnestic.evaluation.running.plan import Plan, Source
from amnestic.evaluation.scoring import BARE, Judge
from amnestic.exceptions import ConfigurationError, InvalidRequestError
from amnestic.models.protocol import ChatBackend, LocalBackend
from amnestic.models.resolve import resolve_backend

__all__ = ["judge_of", "plan_of"]

EVERY = "all"
"""The name that stands for every system that can be made with what is given."""


def plan_of(request: Request) -> Plan:
    """What a request asks for, put together: the data set, the probes of each seed, the systems.

    Raises `amnestic.exceptions.AmnesticError` for names that are none, a data set that cannot be
    read or has nothing to forget, a model that cannot be loaded, and systems of which none can be
    made.
    """
    data = _data(request)
    draws = {seed: _drawn(data, request, seed) for seed in request.seeds}
    options: dict[str, Any] = {}
    if request.temperature:
        options["temperature"] = request.temperature
    if request.max_tokens is not None:
        options["max_tokens"] = request.max_tokens
    return Plan(request, data, draws, _sources(request), options)


def judge_of(request: Request) -> Judge:
    """The judge of a request. Raises `ConfigurationError` where it names none, or one that cannot
    be loaded."""
    if request.judge is None:
        raise ConfigurationError("this run names no judge: give --judge")
    return Judge(resolve_backend(request.judge, Settings()))


# ── What is asked ────────────────────────────────────────────────────────────────────────────────


def _data(request: Request) -> DataSet:
    from amnestic.evaluation.datasets import (  # type: ignore[import-not-found,unused-ignore]
        load_data_set,
    )

    data: DataSet = load_data_set(request.data, subjects=request.subjects)
    if not data.subjects or not data.of(Group.FORGET, Group.COMBINED):
        raise InvalidRequestError(
            f"`{request.data}` has nothing to forget: a data set needs subjects and probes that "
            "ask for them"
        )
    return data


def _drawn(data: DataSet, request: Request, seed: int) -> tuple[Probe, ...]:
    """The probes of one seed: those of the attacks, and of each group that stays, at most as many
    as are asked for of a family."""
    from amnestic.evaluation.attacks import attacked  # type: ignore[import-not-found,unused-ignore]

    made: Iterable[Probe] = attacked(
        data,
        families=request.families or None,
        per_family=request.probes,
        seed=seed,
        held_out=request.held_out,
    )
    return tuple(made)


# ── Who is asked ─────────────────────────────────────────────────────────────────────────────────


def _sources(request: Request) -> tuple[Source, ...]:
    from amnestic.evaluation.systems import SYSTEMS  # type: ignore[import-not-found,unused-ignore]
    from amnestic.evaluation.weights import WEIGHT_METHODS  # type: ignore[import-not-found,unused-ignore]

    wrapped = resolve_backend(request.model, Settings())
    known = [*SYSTEMS, *WEIGHT_METHODS]
    if strange := [name for name in request.systems if name not in (*known, EVERY)]:
        raise ConfigurationError(
            f"unknown system {strange[0]!r}: the systems are {', '.join(known)}, or {EVERY!r}"
        )
    if request.systems and EVERY not in request.systems:
        wanted = list(request.systems)
    else:
        wanted = [name for name, entry in SYSTEMS.items() if _can(entry.needs, request, wrapped)]
        if EVERY in request.systems and isinstance(wrapped, LocalBackend):
            wanted += list(WEIGHT_METHODS)
    names = dict.fromkeys((BARE, *wanted))
    return tuple(_source(name, request, wrapped, weights=name in WEIGHT_METHODS) for name in names)


def _can(needs: Any, request: Request, wrapped: ChatBackend) -> bool:
    """Whether what a system needs is given."""
    from amnestic.evaluation.systems import Need  # type: ignore[import-not-found,unused-ignore]

    given = {
        Need.NOTHING: True,
        Need.WEIGHTS: hasattr(wrapped, "model") and isinstance(wrapped, LocalBackend),
        Need.AGENT_MODEL: request.agent_model is not None,
        Need.NEVER_KNEW: request.never_knew is not None,
    }
    return bool(given[needs])


def _source(name: str, request: Request, wrapped: ChatBackend, *, weights: bool) -> Source:
    if weights:
        return Source(name, partial(_weight_system, name, request))
    return Source(name, partial(_system, name, request, wrapped))


def _system(name: str, request: Request, wrapped: ChatBackend, answers: BareAnswers) -> System:
    """A system around the wrapped model. One that acts on weights is given a model of its own; the
    others share one, and its bare answers."""
    from amnestic.evaluation.systems import SYSTEMS, Need, Options, make_system  # type: ignore[import-not-found,unused-ignore]

    options = Options(agent_model=request.agent_model, never_knew=request.never_knew)
    own = SYSTEMS[name].needs is Need.WEIGHTS
    system: System = make_system(name, request.model if own else cached(wrapped, answers), options)
    return system


def _weight_system(name: str, request: Request, answers: BareAnswers) -> System:
    from amnestic.evaluation.weights import make_weight_system  # type: ignore[import-not-found,unused-ignore]

    system: System = make_weight_system(name, request.model)
    return system
