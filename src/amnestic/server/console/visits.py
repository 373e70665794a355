"""One request of a browser's: who visits, what they may, what they sent, and what they see."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import quote, urlsplit

from fastapi import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from amnestic.exceptions import TargetNotFoundError
from amnestic.server.access import Rate, Right, Standing
from amnestic.server.console.jobs import Jobs
from amnestic.server.console.language import Words, words_for
from amnestic.server.console.look import HEADERS, rendered
from amnestic.server.console.messages import told
from amnestic.server.console.models import Models
from amnestic.server.console.people import People
from amnestic.server.console.place import Place
from amnestic.server.console.posted import Posted, posted
from amnestic.server.console.sessions import LONGEST, Session, Sessions
from amnestic.server.errors import ServerError
from amnestic.server.service import Service
from amnestic.tools.offload import offload
from amnestic.types import ForgetTarget

if TYPE_CHECKING:
    from amnestic.amnesia import Amnesia

__all__ = ["COOKIE", "Desk", "Visit"]

COOKIE = "amnestic_console"
_ROOT = "/console"
_LOGINS = 10  # a minute from one address
_LOGIN_BYTES = 4_096
_INSIDE = re.compile(r"/console(/[A-Za-z0-9._~/-]*)?(\?[A-Za-z0-9._~=&%+-]*)?")


@dataclass(frozen=True, slots=True)
class Desk:
    """What all visits share."""

    service: Service
    people: People
    sessions: Sessions
    jobs: Jobs
    logins: Rate
    place: Place
    models: Models

    @classmethod
    def of(cls, service: Service, shared: Path | None) -> Desk:
        """The console of a server, whose workers share a folder."""
        place, settings = Place(shared), service.settings
        board = service.amnesia.registry.board
        given = settings.console_secret
        secret = given.get_secret_value().encode() if given else place.secret()
        return cls(
            service,
            People(service.keys, settings),
            Sessions(secret, settings.console_idle, board),
            Jobs(board, secret),
            Rate(_LOGINS),
            place,
            Models(service.upstream),
        )

    def close(self) -> None:
        """End what is running, and remove what was kept."""
        self.jobs.close()
        self.place.close()

    def most_body(self, request: Request) -> int | None:
        """How many bytes of a request's body are worth reading; `None` where that is no question
        of the console's."""
        if not f"{request.url.path}/".startswith(f"{_ROOT}/"):
            return None
        session = self.sessions.read(request.cookies.get(COOKIE, ""))
        most = self.service.settings.max_body
        return most if session is not None and session.way else min(_LOGIN_BYTES, most - 1)


@dataclass(slots=True)
class Visit:
    """One request; `standing` is `None` for somebody who is not logged in."""

    desk: Desk
    request: Request
    standing: Standing | None = None
    session: Session = field(default_factory=lambda: Session("", 0, 0))
    dropped: bool = False

    # ── Who, and what they may ───────────────────────────────────────────────────────────────

    def may(self, right: Right) -> bool:
        """Whether whoever visits has a right."""
        return self.standing is not None and self.standing.may(right)

    @property
    def name(self) -> str:
        """What stands in the trail for whoever visits."""
        return self.standing.name if self.standing else ""

    @property
    def id(self) -> str:
        """The id of whoever visits."""
        return self.standing.id if self.standing else ""

    @property
    def spaces(self) -> tuple[str, ...] | None:
        """The namespaces that are open to whoever visits; `None` for all of them."""
        return self.desk.service.open_to(self.standing) if self.standing else ()

    def layer(self, space: str) -> Amnesia:
        """The layer within a namespace; raises `ServerError` (403) for one that is not open."""
        own = self.desk.service.amnesia
        if self.spaces is not None and space not in self.spaces:
            raise ServerError(403, "this namespace is not open to you")
        return own if space == own.settings.namespace else own.within(space)

    def watched(self) -> Literal["all"] | list[str]:
        """The namespaces in audit mode of those that are open to whoever visits; `all` where
        nothing is withheld from anybody."""
        audit = self.desk.service.amnesia.settings.audit
        if audit == "all":
            return "all" if self.standing else []
        return [one for one in audit if self.spaces is None or one in self.spaces]

    async def choices(self) -> list[str]:
        """The namespaces that may be chosen, the layer's own first."""
        service = self.desk.service
        own = service.amnesia.settings.namespace
        if self.spaces is not None:
            return list(self.spaces)
        named = {*service.settings.namespace_keys, *service.settings.team_namespaces.values()}
        named |= set(await offload(service.amnesia.registry.namespaces))
        return [own, *sorted(named - {own})]

    async def target(self) -> tuple[Amnesia, ForgetTarget]:
        """The target that the path names, and the layer that it is in force for; raises
        `TargetNotFoundError` also for one of a namespace that is not open."""
        target_id = str(self.request.path_params["target_id"])
        found = await offload(self.desk.service.amnesia.registry.get, target_id)
        if self.spaces is not None and found.namespace not in self.spaces:
            raise TargetNotFoundError(f"no target has the id `{target_id[:60]}`")
        return self.layer(found.namespace), found

    def open_ids(self, ids: Iterable[str]) -> frozenset[str]:
        """Those of the ids of targets whose namespaces are open to whoever visits."""
        if self.spaces is None:
            return frozenset(ids)
        return frozenset(one for one in set(ids) if self._space_of(one) in self.spaces)

    def _space_of(self, target_id: str) -> str | None:
        amnesia = self.desk.service.amnesia
        for get in (amnesia.parts.index.target, amnesia.registry.get):
            with suppress(TargetNotFoundError):
                return get(target_id).namespace
        return None

    # ── What they sent ───────────────────────────────────────────────────────────────────────

    def asked(self, name: str, default: str = "") -> str:
        """What the address says of a name."""
        return self.request.query_params.get(name, default)

    def number(self, name: str, default: int = 0) -> int:
        """The same as a whole number; the default where it is none."""
        told = self.asked(name)
        return int(told) if told.isascii() and told.isdigit() and len(told) < 16 else default

    async def form(self) -> Posted:
        """The form that was sent; raises `ServerError` (403) for one that was not one of this
        session's."""
        site = self.request.headers.get("sec-fetch-site", "same-origin")
        origin = self.request.headers.get("origin")
        own = origin is None or urlsplit(origin).netloc == self.request.headers.get("host")
        if site not in ("same-origin", "none") or not own:
            raise ServerError(403, "a page of another origin may not send this")
        sent = await posted(self.request, self.desk.service.settings.max_body)
        if not self.desk.sessions.holds(self.session, sent.text("token")):
            raise ServerError(403, "this form is too old: load its page again, and send it anew")
        return sent

    # ── What they are shown ──────────────────────────────────────────────────────────────────

    @property
    def words(self) -> Words:
        """The language of whoever visits."""
        return words_for(self.request)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """A page."""
        words = self.words
        html = rendered(
            template,
            _=words.say,
            _number=words.number,
            _told=lambda message: told(message, words.code),
            language=words.code,
            here=self.request.url.path,
            whole=self.here(),
            visitor=self.standing,
            watched=self.watched(),
            may=lambda right: self.may(Right(right)),
            token=self.desk.sessions.token(self.session),
            done=self.asked("done"),
            **context,
        )
        return self.dressed(HTMLResponse(html, status))

    def failed(self, status: int, message: str, *, own: bool = False) -> Response:
        """A page that says why something was not done; `own` words are in the console's catalogue,
        others in English."""
        return self.page("failed.html", status, message=message, own=own)

    def moved(self, path: str) -> Response:
        """The way to another page."""
        return self.dressed(RedirectResponse(path, 303))

    def dressed(self, response: Response) -> Response:
        """A response with the headers of every page, and the cookie."""
        for name, value in HEADERS.items():
            response.headers[name] = value
        if self.dropped:
            response.delete_cookie(COOKIE, path=_ROOT)
        elif self.session.id:
            response.set_cookie(
                COOKIE,
                self.desk.sessions.cookie(self.session),
                max_age=int(LONGEST),
                path=_ROOT,
                secure=self._is_secure(),
                httponly=True,
                samesite="lax",
            )
        return response

    def _is_secure(self) -> bool:
        told = self.request.headers.get("x-forwarded-proto", "")
        return "https" in (self.request.url.scheme, told.strip().lower())

    def here(self) -> str:
        """The address that was asked for, as a part of another."""
        query = self.request.url.query
        return quote(self.request.url.path + (f"?{query}" if query else ""), safe="")

    @staticmethod
    def inside(path: str) -> str:
        """A path of the console; its first page where it is none, or leads elsewhere.

        >>> Visit.inside("/console/trail?of=t-1"), Visit.inside("//evil.example")
        ('/console/trail?of=t-1', '/console')
        """
        return path if _INSIDE.fullmatch(path) and "//" not in path else _ROOT
