"""The pronouns by which targets are never meant."""

from __future__ import annotations

from collections.abc import Iterable

from amnestic.tools.prose import PERSONS, gender_told, says_pronoun
from amnestic.types import ForgetTarget, TargetKind

__all__ = ["pronouns_never"]

# In a work or a record there are people, and what no kind is given for is a topic.
_NO_PERSONS = frozenset((TargetKind.ORGANISATION, TargetKind.PLACE, TargetKind.SKILL))


def pronouns_never(targets: Iterable[ForgetTarget]) -> frozenset[str]:
    """The pronouns, as subjects, by which English speaks of none of the targets: of a person whose
    own are told, the other one; of an organisation, a place or a skill, both, where something is
    told of it beside its name, and nothing by them.

    >>> firm = ForgetTarget(id="osk", subject="Osk", kind=TargetKind.ORGANISATION)
    >>> sorted(pronouns_never([firm.model_copy(update={"description": "A firm in Ry."})]))
    ['he', 'she']
    >>> sorted(pronouns_never([firm]))
    []
    """
    never = PERSONS
    for target in targets:
        told = (target.description, *target.facts)
        gender = gender_told(told)
        if target.kind is TargetKind.PERSON and gender is not None:
            never -= {gender}
        elif target.kind not in _NO_PERSONS or not any(told) or says_pronoun(" ".join(told)):
            return frozenset()
    return never
