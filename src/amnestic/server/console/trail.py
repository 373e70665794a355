"""The trail: who did what to which target, when and why, and whether its chain holds."""

from __future__ import annotations

from starlette.responses import Response

from amnestic.exceptions import RegistryCorruptError
from amnestic.server.console.visits import Visit
from amnestic.tools.offload import offload

__all__ = ["check", "lines"]

_PAGE = 50
_LONGEST_ID = 200


async def lines(visit: Visit) -> Response:
    """A page of the trail, newest first."""
    return await _lines(visit, 200, {})


async def check(visit: Visit) -> Response:
    """Whether every line follows from the one before, and every target is as its last line says."""
    await visit.form()
    registry = visit.desk.service.amnesia.registry
    try:
        last = await offload(registry.check_trail)
    except RegistryCorruptError as error:
        broken = str(error) if visit.spaces is None else ""
        return await _lines(visit, 200, {"holds": False, "why": broken})
    told = {"holds": True, "count": last.revision if last else 0}
    return await _lines(visit, 200, {**told, "last": last.chain if last else ""})


async def _lines(visit: Visit, status: int, checked: dict[str, object]) -> Response:
    target_id, before = visit.asked("of")[:_LONGEST_ID], visit.number("before") or None
    registry = visit.desk.service.amnesia.registry
    found = await offload(
        lambda: registry.trail_page(
            visit.spaces, target_id=target_id, before=before, limit=_PAGE + 1
        )
    )
    shown = [entry.masked() for entry in found[:_PAGE]]
    return visit.page(
        "trail.html",
        status,
        lines=shown,
        of=target_id,
        first=before is None,
        next=shown[-1].revision if len(found) > _PAGE else None,
        checked=checked,
    )
