"""Keys with a role and namespaces: what they open in the console, and how they are made there."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.server.access import Role
from amnestic.tools.registry import KeyGrant
from tests.patience import PATIENCE
from tests.server.console.visitor import Visitor, alerts, visible
from tests.server.running import Proxy

Make = Callable[..., Visitor]
CANARY = "Quenlow Vantaree"


def _key(amnesia: Amnesia, role: str, *spaces: str) -> tuple[str, str]:
    """The id of a new key, and the key."""
    grant = KeyGrant(name=f"the {role}", role=Role(role), namespaces=spaces or None)
    made, shown = amnesia.registry.keys.create(grant, actor="me")
    return made.id, shown


def _tenant(amnesia: Amnesia) -> str:
    """A target of another namespace, of which nothing may be seen."""
    made = ForgetTarget(
        id="t-tenant", subject=CANARY, aliases=(f"{CANARY} II",), namespace="tenant",
        requester=CANARY, reason=f"asked by {CANARY}",
    )  # fmt: skip
    return amnesia.registry.add(made, actor=CANARY, reason=f"for {CANARY}").id


@pytest.mark.parametrize("role", ["viewer", "editor", "admin"])
def test_a_key_opens_its_namespaces_and_nothing_of_others_is_seen_or_changed(
    amnesia: Amnesia, console: Proxy, browser: Make, role: str
) -> None:
    other = _tenant(amnesia)
    own = amnesia.registry.add(
        ForgetTarget(id="t-own", subject="Ada", namespace="north"), actor="me"
    )
    _, key = _key(amnesia, role, "north")
    someone = browser(console.url)
    assert someone.log_in(key).is_success
    assert "Ada" in someone.get().text
    seen = [
        someone.get(path, **asked)
        for path, asked in (
            ("", {"state": "all"}),
            ("", {"space": "tenant", "state": "all"}),
            ("", {"q": CANARY, "state": "all"}),
            (f"/targets/{other}", {}),
            ("/trail", {}),
            ("/trail", {"of": other}),
            ("/activity", {}),
            ("/import", {}),
            ("/request", {}),
            ("/keys", {}),
        )
    ]
    for path, sent in (
        (f"/targets/{other}/revoke", {"why": "x"}),
        (f"/targets/{other}/edit", {"part": "aliases", "value": "x", "version": "1"}),
        (f"/targets/{other}/purge", {"confirmed": other}),
        (f"/targets/{other}/verify", {}),
        ("/request", {"text": f"Please forget {CANARY[::-1]}.", "space": "tenant"}),
        ("/request/confirm", {"record": '{"subject": "X"}', "take": "0", "space": "tenant"}),
        ("/bench", {"question": "Who?", "space": "tenant"}),
        ("/keys", {"name": "more", "role": "admin"}),
    ):
        answer = someone.post(path, sent)
        assert answer.status_code in (400, 403, 404), path
        seen.append(answer)
    words = visible("".join(page.text for page in seen if "q=" not in str(page.url)))
    assert "Quenlow" not in words
    assert "Vantaree" not in words
    assert amnesia.registry.get(other).version == 1
    assert len(amnesia.registry.keys.all()) == 1
    assert own.id in someone.get("/trail").text


def test_a_key_that_is_revoked_or_rotated_closes_the_console_at_the_next_request(
    amnesia: Amnesia, console: Proxy, browser: Make
) -> None:
    for end in (amnesia.registry.keys.revoke, amnesia.registry.keys.rotate):
        key_id, key = _key(amnesia, "editor")
        someone = browser(console.url)
        someone.log_in(key)
        assert someone.get().url.path == "/console"
        end(key_id, actor="me")
        assert someone.get().url.path == "/console/login"
        assert someone.post("/request", {"text": "Please forget Ada."}).status_code == 401
        assert amnesia.targets() == []


def test_a_change_names_the_key_that_made_it(
    amnesia: Amnesia, console: Proxy, browser: Make
) -> None:
    key_id, key = _key(amnesia, "editor")
    someone = browser(console.url)
    someone.log_in(key)
    target = someone.forget("Please forget Mirela Osk.")
    assert amnesia.registry.trail(target)[0].actor == f"the editor ({key_id})"


def test_a_caller_s_key_opens_no_page(amnesia: Amnesia, console: Proxy, browser: Make) -> None:
    someone = browser(console.url)
    assert someone.log_in(_key(amnesia, "caller")[1]).status_code == 401


def test_keys_are_made_shown_once_rotated_and_revoked(
    amnesia: Amnesia, console: Proxy, browser: Make, visitor: Make
) -> None:
    adam = visitor("adam")
    until = f"{datetime.now(UTC) + timedelta(days=9):%Y-%m-%dT%H:%M}"
    made = adam.post(
        "/keys",
        {"name": "Vera", "role": "viewer", "namespaces": "default\nnorth", "expires": until},
    )
    secret = _secret(made.text)
    (key,) = amnesia.registry.keys.all()
    assert (key.name, key.role, key.made_by) == ("Vera", "viewer", "adam")
    assert key.namespaces == ("default", "north")
    assert secret not in adam.get("/keys").text
    assert browser(console.url).log_in(secret).is_success
    fresh = _secret(adam.post(f"/keys/{key.id}/rotate", {"grace": "0"}).text)
    assert browser(console.url).log_in(secret).status_code == 401
    assert browser(console.url).log_in(fresh).is_success
    assert "Revoked" in visible(adam.post(f"/keys/{key.id}/revoke", {"why": "left"}).text)
    assert browser(console.url).log_in(fresh).status_code == 401
    assert adam.post(f"/keys/{key.id}/revoke").status_code == 409
    assert adam.post("/keys/none/rotate").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"role": "king"},
        {"role": "caller", "requests": "many"},
        {"expires": "soon"},
        {"expires": "2001-01-01T00:00"},
        {"name": "<b>\n\x00"},
    ],
)
def test_a_key_that_cannot_be_is_told(
    amnesia: Amnesia, visitor: Make, wrong: dict[str, str]
) -> None:
    told = visitor().post("/keys", {"name": "Vera", "role": "viewer", **wrong})
    assert told.status_code == 400
    assert len(alerts(told.text)) == 1
    assert amnesia.registry.keys.all() == []


@pytest.mark.parametrize("name", ["vera", "edda"])
def test_keys_are_an_admin_s_alone(visitor: Make, amnesia: Amnesia, name: str) -> None:
    someone = visitor(name)
    assert someone.get("/keys").status_code == 403
    assert someone.post("/keys", {"name": "x", "role": "admin"}).status_code == 403
    assert amnesia.registry.keys.all() == []


@pytest.mark.parametrize("limit", ["requests", "tokens"])
def test_the_limits_of_a_key_that_is_made_here_hold_at_the_doors(
    amnesia: Amnesia, console: Proxy, visitor: Make, limit: str
) -> None:
    adam = visitor()
    made = adam.post("/keys", {"name": "the shop", "role": "caller", limit: "2"})
    shown = {"authorization": f"Bearer {_secret(made.text)}"}
    other = _key(amnesia, "caller")[1]
    body = {"model": "m", "messages": [{"role": "user", "content": "What is a goat, in short?"}]}

    def asked(headers: dict[str, str]) -> httpx.Response:
        url = f"{console.url}/v1/chat/completions"
        return httpx.post(url, json=body, headers=headers, timeout=PATIENCE)

    replies = [asked(shown) for _ in range(4)]
    served = 2 if limit == "requests" else 1  # its tokens are over what a minute has
    assert [reply.status_code for reply in replies] == [200] * served + [429] * (4 - served)
    for refused in replies[served:]:
        assert int(refused.headers["retry-after"]) > 0
        assert refused.json()["error"]["type"] == limit
    assert asked({"authorization": f"Bearer {other}"}).status_code == 200
    assert f"2 {limit}" in visible(adam.get("/keys").text)


def _secret(page: str) -> str:
    found = re.search(r'id="secret">([^<]+)<', page)
    assert found
    return found[1]
