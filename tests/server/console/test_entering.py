"""Who gets into the console, for how long, and what a foreign page can make a browser do there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.server.app import create_app
from amnestic.server.console.place import Place
from amnestic.server.console.sessions import LONGEST, Sessions
from amnestic.server.settings import ServerSettings
from amnestic.testing import ScriptedBackend
from tests.server.console.visitor import USER, Visitor, alerts
from tests.server.running import Proxy, running_proxy

Make = Callable[..., Visitor]
PAGES = ("", "/request", "/import", "/trail", "/activity", "/bench", "/proof", "/targets/t-1")


def test_every_page_asks_for_a_login_and_goes_on_where_one_wanted_to(
    console: Proxy, browser: Make
) -> None:
    stranger = browser(console.url)
    for path in PAGES:
        assert stranger.get(path).url.path == "/console/login"
    shown = stranger.get("/trail", of="t-1")
    assert dict(shown.url.params) == {"next": "/console/trail?of=t-1"}
    there = stranger.post("/login", {"key": "admin", "next": "/console/trail?of=t-1"})
    assert (there.status_code, there.url.path) == (200, "/console/trail")
    away = stranger.get("/login", next="//evil.example/console")
    assert away.url.path == "/console"


def test_a_wrong_key_and_a_caller_s_key_open_nothing(amnesia: Amnesia, browser: Make) -> None:
    with running_proxy(amnesia, admin_token="admin", caller_keys=["caller"]) as running:
        for key in ("nope", "caller", "", "\ud800".encode("utf-8", "replace").decode(), "x" * 999):
            stranger = browser(running.url)
            answer = stranger.log_in(key)
            assert answer.status_code == 401
            assert "not known" in alerts(answer.text)[0]
            assert stranger.get().url.path == "/console/login"
        assert browser(running.url).log_in("admin").status_code == 200


def test_tries_to_log_in_are_bounded(console: Proxy, browser: Make) -> None:
    stranger = browser(console.url)
    told = [stranger.log_in("nope").status_code for _ in range(11)]
    assert told == [401] * 10 + [429]


def test_the_cookie_is_for_this_console_alone_and_holds_no_key(
    console: Proxy, browser: Make
) -> None:
    stranger = browser(console.url, **{"X-Forwarded-Proto": "https"})
    cookie = stranger.get("/login").headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=lax", "Path=/console", "Secure"):
        assert part in cookie
    plain = browser(console.url)
    plain.log_in("admin")
    assert "Secure" not in plain.get().headers["set-cookie"]
    assert "admin" not in plain.client.cookies["amnestic_console"]


def test_every_page_forbids_what_comes_from_elsewhere(visitor: Make) -> None:
    someone = visitor()
    for path in (*PAGES, "/nothing", "/login"):
        head = someone.get(path).headers
        policy = head["content-security-policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
        assert "unsafe" not in policy
        assert (head["x-frame-options"], head["cache-control"]) == ("DENY", "no-store")


def test_a_form_without_this_session_s_token_changes_nothing(
    visitor: Make, amnesia: Amnesia
) -> None:
    adam, other = visitor(), visitor()
    target = adam.forget("Please forget Mirela Osk.")
    path, why = f"/console/targets/{target}/revoke", {"why": "because"}
    other.get()
    for token in ("", "x", other.token):
        assert adam.client.post(path, data={**why, "token": token}).status_code == 403
    for foreign in ({"origin": "https://evil.example"}, {"sec-fetch-site": "cross-site"}):
        sent = adam.client.post(path, data={**why, "token": adam.token}, headers=foreign)
        assert sent.status_code == 403
    body = {"content": b"why=x", "headers": {"content-type": "text/plain"}}
    assert adam.client.post(path, **body).status_code == 400
    assert amnesia.find(target).is_active()


def test_logging_out_ends_the_session_wherever_its_cookie_was_copied_to(visitor: Make) -> None:
    someone = visitor()
    copied = dict(someone.client.cookies)
    assert someone.post("/logout").url.path == "/console/login"
    thief = httpx.Client(base_url=someone.client.base_url, cookies=copied)
    assert thief.get("/console").status_code == 303
    thief.close()


def test_a_session_ends_when_it_is_idle_old_or_changed(amnesia: Amnesia) -> None:
    now, board = [0.0], amnesia.registry.board
    sessions = Sessions(b"s" * 32, 60.0, board, lambda: now[0])
    session = sessions.begin("key", "digest")
    cookie = sessions.cookie(session)
    assert sessions.read(cookie) == session
    now[0] = 61.0
    assert sessions.read(cookie) is None
    while now[0] < LONGEST:
        session = sessions.touched(session)
        now[0] += 50.0
    assert sessions.read(sessions.cookie(session)) is None
    others = Sessions(b"t" * 32, 60.0, board, lambda: 0.0)
    for forged in (cookie[:-1], f"{cookie}x", "", ".", "a.b", others.cookie(session)):
        assert sessions.read(forged) is None


def test_workers_that_share_a_folder_know_each_other_s_sessions(
    tmp_path: Path, amnesia: Amnesia
) -> None:
    board, folder = amnesia.registry.board, tmp_path / "shared"
    folder.mkdir(0o700)
    places = Place(folder), Place(folder)
    first, second = (Sessions(place.secret(), 60.0, board) for place in places)
    session = first.begin("key", "digest")
    assert second.read(first.cookie(session)) is not None
    second.end(session)
    assert first.is_over(session)
    assert {path.stat().st_mode & 0o077 for path in folder.iterdir()} == {0}


def test_whoever_logs_out_at_one_replica_is_out_at_all(amnesia: Amnesia, browser: Make) -> None:
    model = ScriptedBackend(default="I see.")
    with Amnesia(model, db=amnesia.settings.db, elicit=False) as other:
        shared = {"admin_token": "admin", "console_secret": "s" * 32}
        with running_proxy(amnesia, **shared) as one, running_proxy(other, **shared) as two:
            here, there = browser(one.url), browser(two.url)
            here.log_in("admin")
            there.client.cookies.update(here.client.cookies)
            assert there.get().url.path == "/console"
            here.post("/logout")
            assert there.get().url.path == "/console/login"


def test_whom_a_proxy_names_has_the_role_that_the_settings_give(visitor: Make) -> None:
    vera, edda = visitor("vera"), visitor("edda")
    assert "vera" in vera.get().text
    assert "/console/request" not in vera.get().text
    assert "/console/request" in edda.get().text
    assert visitor("stranger").get().url.path == "/console/login"


def test_the_word_of_a_proxy_holds_from_its_address_alone(amnesia: Amnesia, browser: Make) -> None:
    told = {"admin_token": "admin", "console_header": USER, "console_users": {"*": "admin"}}
    with running_proxy(amnesia, **told, console_proxies=["10.0.0.7"]) as running:
        assert browser(running.url, **{USER: "adam"}).get().url.path == "/console/login"
    with running_proxy(amnesia, **told, console_proxies=["127.0.0.0/8"]) as running:
        let_in = browser(running.url, **{USER: "adam"})
        assert let_in.get().url.path == "/console"
        del let_in.client.headers[USER]
        assert let_in.get().url.path == "/console/login"


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"console_secret": "short"}, "CONSOLE_SECRET"),
        ({"console_header": "X-User"}, "CONSOLE_PROXIES"),
        ({"console_header": "X-User", "console_proxies": ["nowhere"]}, "CONSOLE_PROXIES"),
    ],
)
def test_settings_that_would_let_strangers_in_are_refused(
    amnesia: Amnesia, settings: dict[str, str], named: str
) -> None:
    with pytest.raises(ConfigurationError, match=named):
        create_app(amnesia, ServerSettings(**settings))


def test_a_console_that_is_not_wanted_is_not_there(amnesia: Amnesia) -> None:
    with running_proxy(amnesia, admin_token="admin", console=False) as running:
        assert httpx.get(f"{running.url}/console").status_code == 404


@pytest.mark.parametrize("name", ["vera", "edda"])
def test_a_role_can_do_what_it_may_and_nothing_else(
    visitor: Make, amnesia: Amnesia, name: str
) -> None:
    target = visitor("adam").forget("Please forget Mirela Osk.")
    someone, may = visitor(name), name == "edda"
    page = someone.get(f"/targets/{target}").text
    assert "Mirela Osk" in page
    assert (f"/targets/{target}/edit" in page, "/purge" in page) == (may, False)
    for path in ("/request", "/import", "/bench"):
        assert someone.get(path).status_code == (200 if may else 403)
    path = f"/targets/{target}"
    assert someone.post(f"{path}/purge", {"confirmed": target}).status_code == 403
    if not may:
        for act in ("revoke", "restore", "edit", "elicit", "verify"):
            assert someone.post(f"{path}/{act}", {"why": "because"}).status_code == 403
        for other in ("/request", "/request/confirm", "/import", "/bench"):
            assert someone.post(other).status_code == 403
    assert amnesia.find(target).version == 1
