"""Changes of one target: edited in place, revoked, restored, asked about again, purged."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from starlette.responses import Response

from amnestic.exceptions import InvalidRequestError, TargetStateError
from amnestic.server.console.asking import asks_itself
from amnestic.server.console.listing import shown
from amnestic.server.console.parts import change_in
from amnestic.server.console.visits import Visit
from amnestic.server.logs import changed

__all__ = ["edit", "elicit", "purge", "restore", "revoke"]

_LONGEST_REASON = 1_000
_DID: Mapping[str, str] = MappingProxyType(
    {
        "edited": "edit",
        "revoked": "revoke",
        "restored": "restore",
        "asked": "elicit",
        "purged": "purge",
    }
)
"""What a page says was done, as the trail says it."""


async def edit(visit: Visit) -> Response:
    """Change a part of a target, unless somebody else was quicker."""
    layer, found = await visit.target()
    sent = await visit.form()
    part, version = sent.text("part"), sent.text("version")
    try:
        if not (version.isascii() and version.isdigit() and len(version) < 10):
            raise InvalidRequestError("the form does not say which version it changes")
        await layer.aedit(
            found.id,
            actor=visit.name,
            why=sent.text("why")[:_LONGEST_REASON],
            version=int(version),
            **change_in(sent, found),
        )
    except (InvalidRequestError, TargetStateError) as error:
        status = 409 if isinstance(error, TargetStateError) else 400
        value = sent.text("value")
        return await shown(visit, layer, found, status, error=error, part=part, sent=value)
    return _back(visit, found.id, "edited")


async def revoke(visit: Visit) -> Response:
    """Take a target out of force."""
    layer, found = await visit.target()
    await layer.arevoke(found.id, actor=visit.name, reason=await _reason(visit))
    return _back(visit, found.id, "revoked")


async def restore(visit: Visit) -> Response:
    """Put a revoked target in force again."""
    layer, found = await visit.target()
    await layer.arestore(found.id, actor=visit.name, reason=await _reason(visit))
    return _back(visit, found.id, "restored")


async def elicit(visit: Visit) -> Response:
    """Have the model asked once more what it knows."""
    layer, found = await visit.target()
    await visit.form()
    if not asks_itself(visit):
        raise InvalidRequestError(
            "this server has no model of its own to ask: give it one with --model"
        )
    await layer.aelicit(found.id, actor=visit.name)
    return _back(visit, found.id, "asked")


async def purge(visit: Visit) -> Response:
    """Delete a target for good, whose id was typed to say that it is meant."""
    layer, found = await visit.target()
    sent = await visit.form()
    if sent.text("confirmed") != found.id:
        raise InvalidRequestError("type the id of the target to delete it for good")
    await layer.apurge(found.id, actor=visit.name, reason=sent.text("why")[:_LONGEST_REASON])
    return _back(visit, found.id, "purged")


async def _reason(visit: Visit) -> str:
    sent = await visit.form()
    why = sent.text("why")[:_LONGEST_REASON]
    if not why:
        raise InvalidRequestError("say why: the reason stands in the trail")
    return why


def _back(visit: Visit, target_id: str, done: str) -> Response:
    changed("target", _DID[done], target_id)
    return visit.moved(f"/console/targets/{target_id}?done={done}")
