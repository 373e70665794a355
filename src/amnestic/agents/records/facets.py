"""The facets of a target: what of its record is indexed."""

from __future__ import annotations

from collections.abc import Iterable

from amnestic.agents.elicitor import Elicited
from amnestic.agents.requests import facts_told, kind_said
from amnestic.types import Elicitation, Facet, FacetKind, FacetSource, ForgetTarget

__all__ = ["completed", "with_elicited", "with_facets"]


def completed(target: ForgetTarget) -> ForgetTarget:
    """The target with a facet for each of its names, its description and what that tells, beside
    the facets that it has.

    >>> target = completed(ForgetTarget(id="", subject="Ana Morel", aliases=("A. Morel",)))
    >>> [facet.text for facet in target.facets]
    ['Ana Morel', 'A. Morel']
    """
    described, told = facts_told(target.description, target.subject)
    wanted = [(FacetKind.ALIAS, name) for name in target.proper_names]
    wanted += [(FacetKind.DESCRIPTION, described)] if described else []
    wanted += [(FacetKind.FACT, fact) for fact in told]
    return with_facets(target, wanted, FacetSource.TOLD)


def with_elicited(target: ForgetTarget, elicited: Elicited) -> ForgetTarget:
    """The target with what a model says of it, and of the kind that it says where the request
    told none."""
    said = [(FacetKind.ALIAS, name) for name in elicited.names]
    said += [(FacetKind.FACT, fact) for fact in elicited.facts]
    kind = target.kind
    if target.kind_guessed:
        kind = kind_said(target.subject, target.kind, elicited.facts)
    grown = with_facets(target, said, FacetSource.ELICITED)
    return grown.model_copy(update={"kind": kind, "elicitation": Elicitation.DONE})


def with_facets(
    target: ForgetTarget, wanted: Iterable[tuple[FacetKind, str]], source: FacetSource
) -> ForgetTarget:
    """The target with further facets, as far as it has not got them."""
    held = {(facet.kind, facet.text) for facet in target.facets}
    new = [pair for pair in dict.fromkeys(wanted) if pair not in held]
    facets = (Facet(kind=kind, text=text, source=source) for kind, text in new)
    return target.model_copy(update={"facets": (*target.facets, *facets)})
