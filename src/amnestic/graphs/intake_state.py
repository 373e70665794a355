"""What the intake graph works with, and what it keeps of a run."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any, TypedDict

from amnestic.agents.elicitor import ModelElicitor
from amnestic.agents.requests import Interpreter
from amnestic.models.protocol import ChatBackend
from amnestic.tools.index import TargetStore
from amnestic.types import ForgetTarget

__all__ = ["IntakeDeps", "IntakeState", "Plain", "plain", "targets_of"]


@dataclass(frozen=True, slots=True)
class IntakeDeps:
    """What the intake works with.

    Attributes:
        requester: who wants it forgotten.
        actor: who puts it in force, for the trail; the requester unless given.
        backend: asked what it knows of a new target; `None` where nothing shall be elicited.
        forecast: says what targets would match, before they are in force.
        verify: probes the live system for a target in force, as `amnestic.verifying.verifying`
            makes it; without one nothing is probed.
    """

    interpreter: Interpreter
    elicitor: ModelElicitor
    store: TargetStore
    backend: ChatBackend | None
    namespace: str
    requester: str
    forecast: Callable[[tuple[ForgetTarget, ...]], Awaitable[dict[str, Any]]] | None = None
    actor: str = ""
    verify: Callable[[ForgetTarget], Awaitable[dict[str, Any]]] | None = None


Plain = dict[str, Any]
"""A target as plain data, which every checkpointer can keep."""


class IntakeState(TypedDict, total=False):
    """The intake's state, as plain data. It holds what must be forgotten: a checkpointer that keeps
    it is a place where that is stored.

    `request` is what is read, with `most` targets and the `details` given beside it; or `pending`
    are targets in force that were not elicited yet. `given` is what the run took of that for its
    request alone. `question` is what a request leaves open, and `answered` whether it was put in
    other words for that. What a run on the same thread left before is written over.
    """

    request: str
    most: int | None
    details: Plain
    pending: list[Plain]
    given: Plain
    confirm: bool
    question: str
    answered: bool
    only_read: bool
    until_stored: bool
    targets: list[Plain]
    preview: Plain
    confirmed: bool
    stored: list[Plain]
    elicited: list[Plain]
    verified: list[Plain]


def plain(targets: Iterable[ForgetTarget]) -> list[Plain]:
    """Targets as plain data."""
    return [target.model_dump(mode="json") for target in targets]


def targets_of(told: Iterable[Plain]) -> tuple[ForgetTarget, ...]:
    """Targets of plain data."""
    return tuple(ForgetTarget.model_validate(target) for target in told)
