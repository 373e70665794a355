"""Going in and out of the console, its language, and the files that its pages load."""

from __future__ import annotations

from starlette.responses import Response

from amnestic.server.access import proof_of
from amnestic.server.console.language import CHOSEN, LANGUAGES
from amnestic.server.console.look import STATIC, asset
from amnestic.server.console.people import KEY
from amnestic.server.console.visits import Visit
from amnestic.server.errors import ServerError
from amnestic.tools.offload import offload

__all__ = ["language", "log_in", "log_out", "login", "refused", "static"]

_YEAR = 31_536_000


async def login(visit: Visit) -> Response:
    """The page at which a key is shown."""
    if visit.standing is not None:
        return visit.moved(visit.inside(visit.asked("next", "/console")))
    return refused(visit, 200, "")


def refused(visit: Visit, status: int, why: str) -> Response:
    """The page at which a key is shown, and why it is."""
    following = visit.inside(visit.asked("next", "/console"))
    people = visit.desk.people
    return visit.page("login.html", status, why=why, following=following, by_key=people.needs_key)


async def log_in(visit: Visit) -> Response:
    """Let somebody in who shows a key that may see targets. A try that is right does not count,
    nor does a form that no page of this session has sent."""
    sent = await visit.form()
    client, tries = visit.request.client, visit.desk.logins
    address = (client.host if client else "").encode()
    try:
        tries.take(address)
    except ServerError:
        return refused(visit, 429, "Too many tries: wait a minute.")
    people, key = visit.desk.people, sent.text("key")
    standing = await offload(people.shows, key) if key else None
    if standing is None:
        return refused(visit, 401, "This key is not known, or may not see targets.")
    tries.give(address)
    visit.standing = standing
    visit.session = visit.desk.sessions.begin(KEY, proof_of(key))
    return visit.moved(visit.inside(sent.text("next")))


async def log_out(visit: Visit) -> Response:
    """End the session; its cookie opens nothing any more, wherever it was copied to."""
    await visit.form()
    if visit.session.way:
        await offload(visit.desk.sessions.end, visit.session)
    visit.dropped = True
    return visit.moved("/console/login")


async def language(visit: Visit) -> Response:
    """Speak another language from now on."""
    code = str(visit.request.path_params["code"])
    if code not in LANGUAGES:
        raise ServerError(404, "this language is not spoken here")
    response = visit.moved(visit.inside(visit.asked("back", "/console")))
    response.set_cookie(CHOSEN, code, max_age=_YEAR, path="/console", samesite="lax")
    return response


async def without_slash(visit: Visit) -> Response:
    """The page of an address that ends with a slash, as people type it."""
    url = visit.request.url
    query = f"?{url.query}" if url.query else ""
    return visit.moved(f"{url.path.rstrip('/')}{query}")


async def static(visit: Visit) -> Response:
    """A file that pages load; kept by browsers, since its address changes with it."""
    name = str(visit.request.path_params["name"])
    if name not in STATIC:
        raise ServerError(404, "there is no such file")
    found = asset(name)
    headers = {"cache-control": f"max-age={_YEAR}, immutable", "x-content-type-options": "nosniff"}
    return Response(found.content, media_type=found.kind, headers=headers)
