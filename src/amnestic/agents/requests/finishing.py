"""The last touches to what a request asks to forget: each once, by the names that texts have."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.agents.requests.bare_names import with_bare_name
from amnestic.agents.requests.capitals import with_capitals
from amnestic.agents.requests.readings import Interpretation
from amnestic.agents.requests.restating import said_once

__all__ = ["finished"]


def finished(targets: Sequence[Interpretation]) -> tuple[Interpretation, ...]:
    """The targets, each once, with the capitals of its name and the name that it has for short.

    >>> from amnestic.types import TargetKind
    >>> [everest] = finished([Interpretation("mount everest", TargetKind.PLACE)])
    >>> everest.subject, everest.aliases
    ('Mount Everest', ('Everest',))
    """
    return tuple(with_bare_name(with_capitals(target)) for target in said_once(targets))
