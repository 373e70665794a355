"""Names that initials, lists of letters or codes spell over a whole text."""

from __future__ import annotations

from amnestic.tools.detection.measures import NAMED
from amnestic.tools.index import Roster
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Band, Evidence, LeakKind, Span, holds_in

__all__ = ["with_spelt"]

_SPELT = (Evidence("spelt", 1.0),)


def with_spelt(
    text: str, found: tuple[Assessment, ...], context: Context, roster: Roster
) -> tuple[Assessment, ...]:
    """What was found, with the targets whose names are spelt in a text: they may be spread over all
    of it, and no part of it tells anything."""
    places: dict[str, list[Span]] = {}
    arriving = context.arrived is not None
    for target_id, span in roster.matcher.hidden(text, arriving=arriving):
        target = roster.target(target_id)
        if target is not None and holds_in(target.namespace, context.namespace):
            places.setdefault(target_id, []).append(span)
    known = {a.target_id for a in found if a.named}
    new = {
        i: Assessment(i, NAMED, Band.LEAK, LeakKind.DIRECT, tuple(spans), _SPELT, tuple(spans))
        for i, spans in places.items()
        if i not in known
    }
    return (*new.values(), *(a for a in found if a.target_id not in new)) if new else found
