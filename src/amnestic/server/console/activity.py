"""What the server does at this moment: ways, times, and the ids of targets that were touched."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from math import ceil

from starlette.responses import Response

from amnestic.server.console.visits import Visit
from amnestic.server.recent import Seen
from amnestic.tools.offload import offload

__all__ = ["RouteTimes", "shown", "times_of"]

_SHOWN = 50
_HIT = 10


@dataclass(frozen=True, slots=True)
class RouteTimes:
    """How many conversations went a way, and what the layer added to them, in milliseconds."""

    route: str
    count: int
    median: float
    p95: float


async def shown(visit: Visit) -> Response:
    """The last conversations, and what they come to."""
    seen = await offload(visit.desk.service.recent.seen)
    if visit.spaces is not None:
        seen = [one for one in seen if one.space in visit.spaces]
        known = await offload(visit.open_ids, [target for one in seen for target in one.targets])
        seen = [replace(one, targets=tuple(t for t in one.targets if t in known)) for one in seen]
    hits = Counter(target for one in seen for target in one.targets).most_common(_HIT)
    return visit.page(
        "activity.html",
        seen=seen[:_SHOWN],
        count=len(seen),
        times=times_of(seen),
        hits=hits,
        follows=visit.asked("follow", "yes") != "no",
    )


def times_of(seen: list[Seen]) -> list[RouteTimes]:
    """What the layer added, by way, the commonest first.

    >>> times_of([Seen(0, "clear", 2.0), Seen(0, "clear", 4.0)])
    [RouteTimes(route='clear', count=2, median=2.0, p95=4.0)]
    """
    by_route = defaultdict[str, list[float]](list)
    for one in seen:
        by_route[one.route].append(one.added_ms)
    found = [
        RouteTimes(route, len(times), _at(times, 0.5), _at(times, 0.95))
        for route, times in by_route.items()
    ]
    return sorted(found, key=lambda one: -one.count)


def _at(times: list[float], share: float) -> float:
    """The time that a share of all does not go over."""
    ordered = sorted(times)
    return ordered[max(0, ceil(share * len(ordered)) - 1)]
