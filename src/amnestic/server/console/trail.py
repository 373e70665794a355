"""The trail: who did what to which target, when and why, and whether its chain holds."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from amnestic.exceptions import RegistryCorruptError
from amnestic.server.console.jobs import Progress
from amnestic.server.console.visits import Visit
from amnestic.tools.offload import offload

__all__ = ["CHECK", "check", "lines"]

CHECK = "check"

_PAGE = 50
_LONGEST_ID = 200


async def check(visit: Visit) -> Response:
    """Begin to find out whether every line follows from the one before, and every target is as its
    last line says: of a hundred thousand that takes some seconds."""
    await visit.form()
    registry, whole = visit.desk.service.amnesia.registry, visit.spaces is None

    def checked(_: Progress) -> dict[str, Any]:
        try:
            last = registry.check_trail()
        except RegistryCorruptError as error:
            return {"holds": False, "why": str(error) if whole else ""}
        if not whole:  # how many lines there are of others is not for them
            return {"holds": True}
        found = {"count": last.revision, "last": last.chain} if last else {"count": 0, "last": ""}
        return {"holds": True, **found}

    jobs = visit.desk.jobs
    job = jobs.start(jobs.new(CHECK, visit.id, ""), checked)
    return visit.moved(f"/console/work/{job.id}")


async def lines(visit: Visit) -> Response:
    """A page of the trail, newest first. Revisions count the changes of all namespaces: whoever
    does not see all of these is shown none, and goes on by how many lines they have seen."""
    target_id, whole = visit.asked("of")[:_LONGEST_ID], visit.spaces is None
    before = (visit.number("before") or None) if whole else None
    skip = 0 if whole else visit.number("skip")
    registry = visit.desk.service.amnesia.registry
    found = await offload(
        lambda: registry.trail_page(
            visit.spaces, target_id=target_id, before=before, skip=skip, limit=_PAGE + 1
        )
    )
    shown = [entry.masked() for entry in found[:_PAGE]]
    names = await offload(registry.subjects, [entry.target_id for entry in shown])
    further = {"before": shown[-1].revision} if whole and shown else {"skip": skip + _PAGE}
    return visit.page(
        "trail.html",
        lines=shown,
        names=names,
        of=target_id,
        first=before is None and not skip,
        older={"of": target_id, **further} if len(found) > _PAGE else None,
        numbered=whole,
    )
