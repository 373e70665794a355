"""`amnestic keys`: who may use a server; the keys that seal targets are `amnestic key`."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any

import typer

from amnestic.cli import common
from amnestic.cli.common import Db, Json, Reason
from amnestic.exceptions import InvalidRequestError
from amnestic.types.roles import Role

if TYPE_CHECKING:
    from amnestic.tools.registry import AccessKey

__all__ = ["app"]

app = typer.Typer(
    help="Make and end the keys with which people and programs use `amnestic serve` (keys that "
    "seal targets are made with `amnestic key`).",
    no_args_is_help=True,
)

Id = Annotated[str, typer.Argument(metavar="ID", help="The key's id, as `keys list` shows it.")]

_SPAN = re.compile(r"(\d{1,5})([hd])")


@app.command()
def create(
    name: Annotated[str, typer.Option(help="Whose it is; what they change bears this name.")],
    role: Annotated[
        Role,
        typer.Option(
            help="A caller chats; a viewer sees targets; an editor changes them, too; an admin "
            "also purges them, and makes and ends keys."
        ),
    ] = Role.CALLER,
    namespace: Annotated[
        list[str] | None,
        typer.Option(
            help="A namespace that it opens; may be repeated. Else a caller is in the layer's own, "
            "and anybody else in all."
        ),
    ] = None,
    requests_per_minute: Annotated[
        int | None, typer.Option(help="How many requests a caller may send in a minute.")
    ] = None,
    tokens_per_minute: Annotated[
        int | None, typer.Option(help="How many tokens a caller's requests may take in a minute.")
    ] = None,
    expires: Annotated[
        str | None,
        typer.Option(metavar="WHEN", help="When it ends: 2027-01-31 (that day still), 90d or 12h."),
    ] = None,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Make a key. It is shown this once, on standard output; the registry keeps a hash of it."""
    from amnestic.config import default_actor
    from amnestic.tools.registry import KeyGrant

    grant = KeyGrant(
        name=name,
        role=role,
        namespaces=tuple(namespace) if namespace else None,
        requests=requests_per_minute,
        tokens=tokens_per_minute,
        expires=None if expires is None else _moment(expires),
    )
    with common.administered(db=db) as amnesia:
        key, shown = amnesia.registry.keys.create(grant, actor=default_actor())
    _show_once(key, shown, as_json=as_json)


@app.command("list")
def list_keys(
    everything: Annotated[
        bool, typer.Option("--all", help="Those that are revoked or expired, too.")
    ] = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """List the keys; none of them is shown itself."""
    with common.administered(db=db) as amnesia:
        found = amnesia.registry.keys.all()
    keys = [key for key in found if everything or key.state == "active"]
    if as_json:
        common.emit([key.as_dict() for key in keys])
        return
    if not keys:
        typer.echo("no key is in force")
    for key in keys:
        typer.echo(_line(key))


@app.command()
def rotate(
    key_id: Id,
    grace: Annotated[
        float, typer.Option(metavar="SECONDS", help="How long the former key goes on opening.")
    ] = 0.0,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Put a new key in the place of one, with the same id and what that opens."""
    from amnestic.config import default_actor

    with common.administered(db=db) as amnesia:
        key, shown = amnesia.registry.keys.rotate(key_id, actor=default_actor(), grace=grace)
    _show_once(key, shown, as_json=as_json)


@app.command()
def revoke(key_id: Id, reason: Reason = "", db: Db = None, as_json: Json = False) -> None:
    """End a key: the next request that shows it is refused, at every server."""
    from amnestic.config import default_actor

    with common.administered(db=db) as amnesia:
        key = amnesia.registry.keys.revoke(key_id, actor=default_actor(), reason=reason)
    if as_json:
        common.emit(key.as_dict())
        return
    typer.echo(f"the key {key.id} of {common.shown(key.name)} is revoked")


@app.command()
def trail(
    key_id: Annotated[str | None, typer.Argument(metavar="ID", help="Only of this key.")] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Say whether anything was changed by hand.")
    ] = False,
    db: Db = None,
    as_json: Json = False,
) -> None:
    """Who made, rotated and revoked which key, when."""
    with common.administered(db=db) as amnesia:
        keys = amnesia.registry.keys
        last = keys.check_trail() if check else None
        lines = keys.trail(key_id)
    if check:
        chain = {"lines": last.revision if last else 0, "last": last.chain if last else ""}
        if as_json:
            common.emit({"ok": True, **chain})
            return
        typer.echo(f"{chain['lines']} lines follow from one another; the last is:")
        typer.echo(chain["last"] or "none")
        return
    if as_json:
        common.emit([line.as_dict() for line in lines])
        return
    for e in lines:
        why = f": {common.shown(e.detail)}" if e.detail else ""
        typer.echo(
            f"{e.at:%Y-%m-%d %H:%M:%S}  {common.shown(e.actor)}  {e.action}  {e.key_id}{why}"
        )


def _show_once(key: AccessKey, shown: str, *, as_json: bool) -> None:
    if as_json:
        common.emit({**key.as_dict(), "key": shown})
        return
    typer.echo(shown)
    typer.echo(f"{_line(key)}; the key is shown this once", err=True)


def _line(key: AccessKey) -> str:
    """A key in a line.

    >>> from amnestic.tools.registry import AccessKey
    >>> made = datetime(2026, 11, 29, tzinfo=UTC)
    >>> told = {"requests": 60, "tokens": None, "rotated_at": None, "revoked_at": None}
    >>> whose = {"id": "3f9c2a71d0ab", "name": "Ada", "role": Role.CALLER, "namespaces": ("a", "b")}
    >>> when = {"made_at": made, "expires": made, "now": made}
    >>> _line(AccessKey(**whose, **told, **when, made_by="me", revoked_by=""))[:49]
    '3f9c2a71d0ab  caller  Ada, in a, b, 60 requests a'
    """
    parts = [common.shown(key.name)]
    if key.namespaces is not None:
        parts.append(f"in {common.shown(', '.join(key.namespaces))}")
    limits: dict[str, Any] = {"requests": key.requests, "tokens": key.tokens}
    parts += [f"{most:,} {what} a minute" for what, most in limits.items() if most is not None]
    if key.expires is not None:
        parts.append(f"until {key.expires:%Y-%m-%d %H:%M %Z}")
    state = "" if key.state == "active" else f"  [{key.state}]"
    return f"{key.id}  {key.role:<6}  {', '.join(parts)}{state}"


def _moment(told: str) -> datetime:
    """When something ends that is told as a day, a time or a span from now.

    >>> _moment("2027-01-31").isoformat()
    '2027-01-31T23:59:59+00:00'
    """
    if span := _SPAN.fullmatch(told):
        unit = {"h": "hours", "d": "days"}[span.group(2)]
        return datetime.now(UTC) + timedelta(**{unit: int(span.group(1))})
    try:
        found = datetime.fromisoformat(told)
    except ValueError:
        raise InvalidRequestError(
            f"--expires: {told!r} is no time; write a day (2027-01-31), a time "
            "(2027-01-31T12:00+01:00), or a span (90d, 12h)"
        ) from None
    if re.fullmatch(r"[\d-]+", told):
        found = found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
