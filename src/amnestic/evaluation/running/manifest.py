"""What a run says of itself: `run.json`."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from typing import Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from amnestic import __version__

__all__ = ["FORMAT", "FORMAT_VERSION", "Manifest", "Request", "SystemState", "machine"]

FORMAT: Final = "amnestic-evaluation"
FORMAT_VERSION: Final = 1

Status = Literal["waiting", "running", "complete", "partial", "failed"]


class Request(BaseModel):
    """What a run is asked for: all that decides its figures, but for the machine.

    Args:
        data: a data set by its name, or the path of one.
        model: the model under all systems, as `--model` takes it.
        systems: by name; the bare model is always asked too, and first.
        families: of attacks; empty for all that need no chat model.
        held_out: families or attacks that are kept back.
        subjects: how many are forgotten; None for all.
        probes: of each family that forgets and each seed, at most.
        members: listed subjects, at most and of each seed, that are asked about beside a stranger,
            so that it can be told whether replies give the list away; None for as many as the
            `probes` of their family give.
        retained: neighbours, and unrelated questions, of each seed, at most.
        seeds: of the draws of probes, and of sampling.
        samples: replies to each probe; more than one with a `temperature` over 0.
        often: replies at most to a probe that is an attack by asking often, and questions at most
            of a search that learns from replies.
        max_tokens: of a reply; None for the model's own.
        agent_model: of the systems that need one beside the model.
        never_knew: the model that was trained without the subjects, for the system of that name.
        judge: a model that says whether replies tell what is forbidden.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    data: str = "embedded"
    model: str = "embedded"
    systems: tuple[str, ...] = ()
    families: tuple[str, ...] = ()
    held_out: tuple[str, ...] = ()
    subjects: int | None = None
    probes: int = Field(default=25, ge=1)
    members: int | None = Field(default=None, ge=1)
    retained: int = Field(default=100, ge=0)
    seeds: tuple[int, ...] = (0, 1, 2)
    samples: int = Field(default=1, ge=1)
    often: int = Field(default=5, ge=1)
    temperature: float = Field(default=0.0, ge=0, le=2)
    max_tokens: int | None = None
    parallel: int = Field(default=8, ge=1)
    agent_model: str | None = None
    never_knew: str | None = None
    judge: str | None = None


class SystemState(BaseModel):
    """How far a run has come with one system, what preparing it took, and the line on which it
    failed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    description: str = ""
    status: Status = "waiting"
    prepared_seconds: float = 0.0
    prepared_calls: int = 0
    detail: Mapping[str, Any] = Field(default_factory=dict)
    error: str = ""


class Manifest(BaseModel):
    """`run.json`: what was asked for, of which data and machine, and how far it has come.

    `data_name`, `data_hash`, `notes` and `subjects` (their names, by id) are the data set's;
    `status` is `complete` when every system has answered everything, `partial` when one could not
    or the run was stopped, `running` while it runs or when it was killed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: Literal["amnestic-evaluation"] = FORMAT
    format_version: Literal[1] = FORMAT_VERSION
    product: str = __version__
    request: Request
    data_name: str
    data_hash: str
    notes: tuple[str, ...] = ()
    subjects: Mapping[str, str] = Field(default_factory=dict)
    systems: tuple[SystemState, ...] = ()
    machine: Mapping[str, str] = Field(default_factory=dict)
    status: Status = "running"
    begun: str = ""
    ended: str = ""
    judge_error: str = ""

    def with_system(self, state: SystemState) -> Manifest:
        """The manifest with another state of one system."""
        known = [s.name for s in self.systems]
        systems = list(self.systems)
        if state.name in known:
            systems[known.index(state.name)] = state
        else:
            systems.append(state)
        return self.model_copy(update={"systems": tuple(systems)})

    def state(self, name: str) -> SystemState:
        """How far the run has come with a system."""
        return next((s for s in self.systems if s.name == name), SystemState(name=name))


def machine() -> dict[str, str]:
    """What decides the times of a run."""
    return {
        "system": f"{platform.system()} {platform.machine()}",
        "processors": str(os.cpu_count()),
        "python": platform.python_version(),
    }
