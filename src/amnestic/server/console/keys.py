"""The keys of the server's users: made, rotated, revoked. A secret is shown once."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import Response

from amnestic.exceptions import InvalidRequestError
from amnestic.server.access import Role
from amnestic.server.console.posted import Posted, in_utc
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.server.logs import changed
from amnestic.tools.offload import offload
from amnestic.tools.registry import AccessKey, AccessKeys, KeyGrant

__all__ = ["create", "revoke", "rotate", "shown"]

_GRACES = {"0": 0.0, "3600": 3_600.0, "86400": 86_400.0}


async def shown(visit: Visit) -> Response:
    """The keys that there are."""
    return await _page(visit, 200)


async def create(visit: Visit) -> Response:
    """Make a key, and show it."""
    sent = await visit.form()
    try:
        grant = _grant(sent)
        made = await offload(lambda: _keys(visit).create(grant, actor=visit.name))
    except InvalidRequestError as error:
        return await _page(visit, 400, error=str(error), sent=sent)
    changed("key", "create", made[0].id)
    return await _page(visit, 200, made=made)


async def rotate(visit: Visit) -> Response:
    """Put a new secret in the place of a key's own, and show it."""
    sent, key_id = await visit.form(), _id(visit)
    grace = _GRACES.get(sent.text("grace"), 0.0)
    made = await offload(lambda: _keys(visit).rotate(key_id, actor=visit.name, grace=grace))
    changed("key", "rotate", key_id)
    return await _page(visit, 200, made=made)


async def revoke(visit: Visit) -> Response:
    """End a key."""
    sent, key_id = await visit.form(), _id(visit)
    why = sent.text("why")[:1_000]
    await offload(lambda: _keys(visit).revoke(key_id, actor=visit.name, reason=why))
    changed("key", "revoke", key_id)
    return visit.moved("/console/keys?done=revoked")


async def _page(
    visit: Visit,
    status: int,
    *,
    made: tuple[AccessKey, str] | None = None,
    error: str = "",
    sent: Posted | None = None,
) -> Response:
    found = await offload(_keys(visit).all)
    return visit.page(
        "keys.html",
        status,
        keys=found[::-1],
        made=made,
        error=error,
        roles=[role.value for role in Role],
        text=(sent or Posted()).text,
    )


def _keys(visit: Visit) -> AccessKeys:
    """The keys; raises `ServerError` (403) for an admin of some namespaces alone, who could make
    one that opens more."""
    if visit.spaces is not None:
        raise ServerError(403, "keys are for an admin of all namespaces, and this key opens some")
    return visit.desk.service.amnesia.registry.keys


def _id(visit: Visit) -> str:
    return str(visit.request.path_params["key_id"])


def _grant(sent: Posted) -> KeyGrant:
    """What a form wants a key to open; raises `InvalidRequestError` for what cannot be."""
    role = sent.text("role")
    if role not in set(Role):
        raise InvalidRequestError(f"the role of a key is one of {', '.join(Role)}")
    limited = role == Role.CALLER.value
    return KeyGrant(
        name=sent.text("name"),
        role=Role(role),
        namespaces=tuple(sent.lines("namespaces")) or None,
        requests=_count(sent.text("requests")) if limited else None,
        tokens=_count(sent.text("tokens")) if limited else None,
        expires=_time(sent.text("expires")),
    )


def _count(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise InvalidRequestError(f"{text[:40]!r} is no number of requests or tokens a minute")
    return int(text)


def _time(text: str) -> datetime | None:
    if not text:
        return None
    try:
        return in_utc(text)
    except (ValueError, OverflowError):
        raise InvalidRequestError(
            f"{text[:40]!r} is no time; write 2027-01-31T12:00 (in UTC)"
        ) from None
