"""From what is asked for, by names, to a plan: the one place that knows data sets, attacks and
systems by their names."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from amnestic.config import Settings
from amnestic.evaluation.attacks import FAMILIES, attacked, search_for
from amnestic.evaluation.contract import DataSet, Group, Probe, System
from amnestic.evaluation.datasets import load_data_set
from amnestic.evaluation.running.caching import BareAnswers, cached
from amnestic.evaluation.running.manifest import Request
from amnestic.evaluation.running.plan import Plan, Search, Source
from amnestic.evaluation.running.strangers import strangers
from amnestic.evaluation.scoring import BARE, KIND, LISTED, Judge
from amnestic.evaluation.systems import SYSTEMS, Need, Options, make_system
from amnestic.evaluation.weights import (
    WEIGHT_METHODS,
    make_weight_system,
    rows_from_data_set,
    rows_from_world,
)
from amnestic.exceptions import ConfigurationError, InvalidRequestError
from amnestic.models.protocol import ChatBackend, LocalBackend
from amnestic.models.resolve import resolve_backend

__all__ = ["judge_of", "plan_of"]

_ROWS = 20
_QUANTISED, _RELEARNED = " 4-bit", f" relearned-{_ROWS}"
_FORMS = ("", _QUANTISED, _RELEARNED)
"""What is done to trained weights afterwards, as their names end."""

_WHO_IS_LISTED = ("is it listed", "who is it")
_OF_A_PAIR = 2  # a listed name, and one that is not

EVERY = "all"
"""The name that stands for every system that can be made with what is given."""


def plan_of(request: Request) -> Plan:
    """What a request asks for, put together: the data set, the probes of each seed, the systems.

    Raises `amnestic.exceptions.AmnesticError` for names that are none, a data set that cannot be
    read or has nothing to forget, a model that cannot be loaded, and systems of which none can be
    made.
    """
    data = _data(request)
    drawn = {seed: _drawn(data, request, seed) for seed in request.seeds}
    draws = {seed: tuple(probes) for seed, (probes, _) in drawn.items()}
    notes = dict.fromkeys(note for _, told in drawn.values() for note in told)
    data = replace(data, notes=(*data.notes, *notes))
    options = {} if request.max_tokens is None else {"max_tokens": request.max_tokens}
    sources = _sources(request, data, draws)
    return Plan(request, data, draws, sources, options, partial(_search, data, request))


def _search(data: DataSet, request: Request, probe: Probe, seed: int) -> Search:
    """The search that a probe asks for, within the budget of the request."""
    search: Search = search_for(probe, data, seed, request.often, request.held_out)
    return search


def judge_of(request: Request) -> Judge:
    """The judge of a request. Raises `ConfigurationError` where it names none, or one that cannot
    be loaded."""
    if request.judge is None:
        raise ConfigurationError("this run names no judge: give --judge")
    return Judge(resolve_backend(request.judge, Settings()))


# ── What is asked ────────────────────────────────────────────────────────────────────────────────


def _data(request: Request) -> DataSet:
    data: DataSet = load_data_set(request.data, subjects=request.subjects)
    if not data.subjects or not data.of(Group.FORGET, Group.COMBINED):
        raise InvalidRequestError(
            f"`{request.data}` has nothing to forget: a data set needs subjects and probes that "
            "ask for them"
        )
    return data


def _drawn(data: DataSet, request: Request, seed: int) -> tuple[list[Probe], tuple[str, ...]]:
    """The probes of one seed, and what there is to say of them: the data set's own in forms that no
    attack has, those of the attacks, strangers beside the listed, and what stays."""
    made: DataSet = attacked(
        data,
        families=request.families or None,
        per_family=request.probes,
        seed=seed,
        held_out=request.held_out,
    )
    own = {p.family: [q for q in data.probes if q.family == p.family] for p in data.probes}
    plain = [
        probe
        for family, probes in own.items()
        if family not in FAMILIES and probes[0].group.forgets
        for probe in _some(probes, request.probes, f"{seed}|{family}")
    ]
    stays = [
        probe
        for group in (Group.NEIGHBOUR, Group.UNRELATED)
        for probe in _some(data.of(group), request.retained, f"{seed}|{group}")
    ]
    members = _members(data, request, seed, made.probes)
    beside = [  # each beside its listed one, so that a busy hour of the machine is of both
        probe for own in (*made.probes, *members) for probe in (own, *strangers(data, [own], seed))
    ]
    notes = tuple(note for note in made.notes if note not in data.notes)
    return [*plain, *beside, *stays], notes


def _members(data: DataSet, request: Request, seed: int, made: Sequence[Probe]) -> list[Probe]:
    """Probes of more listed subjects, a question each, where as many are wished to be told from
    strangers."""
    asked = {probe.about for probe in made if probe.metadata.get(KIND) == LISTED}
    if request.members is None or not asked:
        return []
    enough = _OF_A_PAIR * len(_WHO_IS_LISTED) * len(data.subjects)
    more: DataSet = attacked(data, _WHO_IS_LISTED, enough, seed, request.held_out)
    first = {p.about: p for p in reversed(more.probes) if p.metadata.get(KIND) == LISTED}
    wanted = max(0, request.members - len(asked))
    other = (probe for name, probe in reversed(first.items()) if name not in asked)
    return list(islice((p for p in other if strangers(data, [p], seed)), wanted))


def _some(probes: Sequence[Probe], most: int, label: str) -> list[Probe]:
    """At most so many probes, by seed; they keep their order."""
    if most >= len(probes):
        return list(probes)
    places = random.Random(label).sample(range(len(probes)), most)
    return [probes[i] for i in sorted(places)]


# ── Who is asked ─────────────────────────────────────────────────────────────────────────────────


def _sources(
    request: Request, data: DataSet, draws: Mapping[int, tuple[Probe, ...]]
) -> tuple[Source, ...]:
    wrapped = resolve_backend(request.model, Settings())
    weights = tuple(f"{name}{form}" for name in WEIGHT_METHODS for form in _FORMS)
    known = (*SYSTEMS, *weights)
    if strange := [name for name in request.systems if name not in (*known, EVERY)]:
        raise ConfigurationError(
            f"unknown system {strange[0]!r}: the systems are {', '.join(known)}, or {EVERY!r}"
        )
    wanted = [name for name in request.systems if name != EVERY]
    if not request.systems or EVERY in request.systems:
        able = [name for name, entry in SYSTEMS.items() if _can(entry.needs, request, wrapped)]
        trained = weights if EVERY in request.systems and _has_weights(wrapped) else ()
        wanted = [*able, *trained, *wanted]
    tests = tuple(probe for drawn in draws.values() for probe in drawn)
    asked = frozenset(probe.question for probe in tests)
    rest = replace(data, probes=tuple(p for p in data.probes if p.question not in asked))
    return tuple(
        Source(
            name,
            partial(_weight_system, name, request, rest, tests)
            if name in weights
            else partial(_system, name, request, wrapped, rest),
        )
        for name in dict.fromkeys((BARE, *wanted))
    )


def _can(needs: Need, request: Request, wrapped: ChatBackend) -> bool:
    """Whether what a system needs is given."""
    given = {
        Need.NOTHING: True,
        Need.WEIGHTS: _has_weights(wrapped),
        Need.AGENT_MODEL: request.agent_model is not None,
        Need.NEVER_KNEW: request.never_knew is not None,
    }
    return given[needs]


def _has_weights(wrapped: ChatBackend) -> bool:
    """Whether logits, embeddings and gradients can be reached: not those of llama.cpp."""
    return isinstance(wrapped, LocalBackend) and not wrapped.name.startswith("gguf:")


def _system(
    name: str, request: Request, wrapped: ChatBackend, rest: DataSet, answers: BareAnswers
) -> System:
    """A system around the wrapped model. One that acts on weights is given a model of its own; the
    others share one, and its bare answers. Those that need texts which must stay are given the
    questions of the data set that are not asked."""
    beside = rest.of(Group.NEIGHBOUR, Group.UNRELATED)
    options = Options(
        agent_model=request.agent_model,
        never_knew=request.never_knew,
        retain=tuple(dict.fromkeys(probe.question for probe in beside)),
    )
    own = SYSTEMS[name].needs is Need.WEIGHTS
    model = request.model if own else cached(wrapped, answers)
    system: System = make_system(name, model, options)
    return system


def _weight_system(
    name: str, request: Request, rest: DataSet, tests: Sequence[Probe], answers: BareAnswers
) -> System:
    """A model that is trained to forget: the embedded one on its world, any other on the probes of
    its data set that are not asked."""
    form = next(form for form in sorted(_FORMS, key=len, reverse=True) if name.endswith(form))
    in_world = (request.data, request.model) == ("embedded", "embedded")
    rows = rows_from_world(rest.subjects, test=tests) if in_world else rows_from_data_set(rest)
    system: System = make_weight_system(
        name.removesuffix(form),
        request.model,
        rows,
        quantised=form == _QUANTISED,
        relearn=_ROWS if form == _RELEARNED else 0,
    )
    return system
