"""The list of targets, and one of them."""

from __future__ import annotations

from starlette.responses import Response

from amnestic.amnesia import Amnesia
from amnestic.exceptions import AmnesticError
from amnestic.server.access import Right
from amnestic.server.console.asking import asks_itself, model_field
from amnestic.server.console.parts import editable, parts_of
from amnestic.server.console.visits import Visit
from amnestic.tools.offload import offload
from amnestic.tools.registry import TargetQuery
from amnestic.types import FacetKind, FacetSource, ForgetTarget, TargetKind

__all__ = ["STATES", "shown", "target", "targets"]

STATES = ("active", "expired", "revoked", "purged")
_PAGE = 50
_BY_NAME = "name"
_LINES = 20
_LONGEST_WORDS = 200


async def targets(visit: Visit) -> Response:
    """A page of the targets that were asked for."""
    state, kind = visit.asked("state", STATES[0]), visit.asked("kind")
    spaces, words = await visit.choices(), visit.asked("q")[:_LONGEST_WORDS]
    space, order = visit.asked("space"), visit.asked("order")
    query = TargetQuery(
        spaces=(space,) if space in spaces else visit.spaces,
        state=state if state in STATES else "",
        kind=kind if kind in set(TargetKind) else "",
        words=words,
        by_name=order == _BY_NAME,
    )
    registry = visit.desk.service.amnesia.registry
    page = await offload(registry.page, query, visit.number("offset"), _PAGE)
    pages = max(1, -(-page.total // _PAGE))
    return visit.page(
        "targets.html",
        page=page,
        number=page.offset // _PAGE + 1,
        pages=pages,
        size=_PAGE,
        query={"q": words, "state": state, "kind": query.kind, "space": space, "order": order},
        states=STATES,
        kinds=[one.value for one in TargetKind],
        spaces=spaces,
    )


async def target(visit: Visit) -> Response:
    """One target."""
    layer, found = await visit.target()
    return await shown(visit, layer, found)


async def shown(
    visit: Visit,
    layer: Amnesia,
    found: ForgetTarget,
    status: int = 200,
    *,
    error: AmnesticError | None = None,
    part: str = "",
    sent: str = "",
    asked: str = "",
) -> Response:
    """The page of a target; with an `error`, what was `sent` for a part of it is kept, and which
    model was to be `asked`."""
    registry = visit.desk.service.amnesia.registry
    lines = await offload(lambda: registry.trail_page(target_id=found.id, limit=_LINES))
    seen = found.masked()
    said = [f.text for f in seen.facets if f.source is FacetSource.ELICITED]
    return visit.page(
        "target.html",
        status,
        target=seen,
        state=found.state(),
        parts=parts_of(seen),
        said=said,
        derived=_derived(seen),
        editable=visit.may(Right.CHANGE) and editable(found),
        proposes=found.is_private and not found.sealed,
        lines=[line.masked() for line in lines],
        numbered=visit.spaces is None,
        kinds=[one.value for one in TargetKind],
        error=str(error) if error else "",
        part=part,
        sent=sent,
        asked=asked,
        elicits=asks_itself(visit),
        **await model_field(visit),
    )


def _derived(target: ForgetTarget) -> list[str]:
    """The descriptions that are indexed beside what is told."""
    return [
        facet.text
        for facet in target.facets
        if facet.kind is FacetKind.DESCRIPTION and facet.text != target.description
    ]
