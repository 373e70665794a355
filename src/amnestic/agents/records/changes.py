"""What an edit makes of a target."""

from __future__ import annotations

from typing import Any

from amnestic.agents.records.checking import checked
from amnestic.agents.records.details import Details, GivenDetails, Text, valid
from amnestic.agents.records.facets import completed
from amnestic.agents.requests import facts_told
from amnestic.exceptions import InvalidRequestError
from amnestic.types import (
    Elicitation,
    Facet,
    FacetKind,
    FacetSource,
    ForgetTarget,
    Policy,
    TargetKind,
)

__all__ = ["Changes", "GivenChanges", "edited"]


class GivenChanges(GivenDetails, total=False):
    """What may be changed of a target."""

    subject: str
    kind: TargetKind
    description: str
    policy: Policy


class Changes(Details):
    """What may be changed of a target, or told of a new one."""

    subject: Text = ""
    kind: TargetKind = TargetKind.TOPIC
    description: Text = ""
    policy: Policy = Policy.BALANCED


def edited(target: ForgetTarget, changes: Any) -> ForgetTarget:
    """The target with `changes` (`GivenChanges`) in the place of what it had; facts that are given
    replace those that were told. Raises `InvalidRequestError` for what cannot be one.

    >>> target = Details(facts=["Ana Morel paints."]).added_to(ForgetTarget(id="", subject="Ana"))
    >>> edited(target, {"subject": "Ana Morel", "facts": ["Ana Morel sings."]}).facts
    ('Ana Morel sings.',)
    """
    told = valid(Changes, changes)
    if "sealed" in told.model_fields_set and told.sealed != target.sealed:
        raise InvalidRequestError(
            "`sealed` of a target is said when it is made: revoke it, and forget it anew"
        )
    changed = {name: getattr(told, name) for name in told.model_fields_set - {"facts", "sealed"}}
    renamed = changed.get("subject", target.subject) != target.subject
    facets = _kept(target, told, renamed=renamed)
    fresh = completed(target.model_copy(update={**changed, "facets": ()}))
    fresh = Details(facts=told.facts).added_to(fresh)
    known = {(f.kind, f.text): f for f in target.facets}
    own = [
        known[f.kind, f.text].model_copy(update={"source": FacetSource.TOLD})
        if (f.kind, f.text) in known
        else f
        for f in fresh.facets
    ]
    held = {(f.kind, f.text) for f in own}
    own += [f for f in facets if (f.kind, f.text) not in held]
    waits = target.elicitation
    if renamed and waits is not Elicitation.NONE:
        waits = Elicitation.PENDING
    return checked(fresh.model_copy(update={"elicitation": waits, "facets": tuple(own)}))


def _kept(target: ForgetTarget, told: Changes, *, renamed: bool) -> list[Facet]:
    """The facets that an edit leaves: not made of what it replaces, nor said of another name."""
    names = {target.subject, *target.aliases, *target.translations, *target.terms}
    described, derived = facts_told(target.description, target.subject)
    kept = []
    for facet in target.facets:
        if facet.source is FacetSource.ELICITED:
            gone = renamed
        elif facet.kind is FacetKind.ALIAS:
            gone = facet.text in names
        elif facet.kind is FacetKind.FACT:
            gone = facet.text in derived or "facts" in told.model_fields_set
        else:
            gone = facet.text == described
        if not gone:
            kept.append(facet)
    return kept
