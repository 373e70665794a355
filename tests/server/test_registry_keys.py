"""Keys of the registry at a server: made, rotated and revoked under it, by role and namespace."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import get_ident
from typing import Any

import httpx
import pytest
from fastapi import Request
from pydantic import SecretStr
from starlette.testclient import TestClient

from amnestic import Amnesia
from amnestic.exceptions import ConfigurationError
from amnestic.server.access import Keys, Right, Role, Standing
from amnestic.server.app import create_app
from amnestic.server.errors import ServerError
from amnestic.server.settings import ServerSettings
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import KeyGrant, Registry
from tests.layers import keyword_layer
from tests.patience import PATIENCE
from tests.server.running import Proxy, running_proxy
from tests.statements import statements_of

ASKED = {"model": "m", "messages": [{"role": "user", "content": "Who painted it?"}]}
CHAT = "/v1/chat/completions"
SAID = "Ana Morel painted it."
ANA = "Please forget Ana Morel. Ana Morel is a painter."


class Stand:
    """A server, and its registry as another process has it open."""

    def __init__(self, proxy: Proxy, registry: Registry, layer: Amnesia) -> None:
        self.proxy = proxy
        self.registry = registry
        self.layer = layer

    def key(self, role: Role = Role.CALLER, name: str = "Ada", **more: Any) -> str:
        return self.registry.keys.create(KeyGrant(name=name, role=role, **more), actor="me")[1]

    def ask(self, key: str, method: str, path: str, **more: Any) -> httpx.Response:
        shown = {"authorization": f"Bearer {key}"} if key else {}
        headers = {**shown, **more.pop("headers", {})}
        url = self.proxy.url + path
        return httpx.request(method, url, headers=headers, timeout=PATIENCE, **more)

    def status(self, key: str, method: str, path: str, **more: Any) -> int:
        return self.ask(key, method, path, **more).status_code

    def said(self, key: str, **more: Any) -> str:
        reply = self.ask(key, "POST", CHAT, json=ASKED, **more)
        assert reply.status_code == 200, reply.text
        return str(reply.json()["choices"][0]["message"]["content"])

    def id_of(self, key: str) -> str:
        found = self.registry.keys.find(key)
        assert found is not None
        return found.id


@pytest.fixture
def stand(layer: Callable[..., Amnesia], tmp_path: Path) -> Iterator[Stand]:
    amnesia = layer(ScriptedBackend(default=SAID))
    with (
        Registry.open(tmp_path / "registry.db") as registry,
        running_proxy(amnesia, admin_token="token") as proxy,
    ):
        yield Stand(proxy, registry, amnesia)


def test_a_key_opens_from_the_next_request_on_and_until_it_is_revoked(stand: Stand) -> None:
    assert stand.status("", "GET", "/v1/models") == 200  # nobody needs a key yet
    key = stand.key()
    assert stand.said(key) == SAID
    assert stand.status("", "GET", "/v1/models") == 401
    _, other = stand.registry.keys.rotate(stand.id_of(key), actor="me")
    assert [stand.status(k, "GET", "/v1/models") for k in (key, other)] == [401, 200]
    stand.registry.keys.revoke(stand.id_of(other), actor="me")
    assert stand.status(other, "GET", "/v1/models") == 401
    assert stand.status("", "GET", "/v1/models") == 401  # the last key's end opens no door


@pytest.mark.parametrize(
    ("method", "path", "body", "least"),
    [
        ("GET", "/v1/targets", None, Right.SEE),
        ("GET", "/v1/targets/{id}", None, Right.SEE),
        ("GET", "/v1/targets/{id}/trail", None, Right.SEE),
        ("GET", "/metrics", None, Right.SEE),
        ("POST", "/v1/checks", {"messages": "Who?", "text": "It rains."}, Right.SEE),
        ("POST", "/v1/targets:preview", {"text": "Please forget Bo Stern."}, Right.CHANGE),
        ("POST", "/v1/targets", {"text": "Please forget Bo Stern."}, Right.CHANGE),
        ("POST", "/v1/targets:all", {"text": "Please forget Cy Hagen."}, Right.CHANGE),
        ("POST", "/v1/targets:add", {"data": [{"subject": "Dov Lind"}]}, Right.CHANGE),
        ("PATCH", "/v1/targets/{id}", {"description": "a painter"}, Right.CHANGE),
        ("DELETE", "/v1/targets/{id}", None, Right.CHANGE),
        ("POST", "/v1/targets/{id}:restore", {}, Right.CHANGE),
        ("DELETE", "/v1/targets/{id}?purge=true", None, Right.MANAGE),
        ("GET", "/v1/keys", None, Right.MANAGE),
        ("POST", "/v1/keys", {"name": "Eve", "role": "admin"}, Right.MANAGE),
        ("POST", CHAT, ASKED, Right.CALL),
        ("GET", "/v1/models", None, Right.CALL),
    ],
)
def test_each_role_does_what_it_may_and_nothing_else(
    stand: Stand, method: str, path: str, body: Any, least: Right
) -> None:
    target = stand.layer.forget(ANA)
    if "restore" in path:
        stand.layer.revoke(target.id)
    where = path.replace("{id}", target.id)
    keys = {role: stand.key(role) for role in Role}
    may = {role: Standing("", "", role, None).may(least) for role in Role}
    for role in sorted(Role, key=lambda role: may[role]):  # who changes something comes last
        reply = stand.ask(keys[role], method, where, json=body)
        if not may[role]:
            assert reply.status_code == 403, (role, reply.text)
            assert f"this key's role is {role}" in reply.json()["error"]["message"]
    permitted = [role for role in Role if may[role]]
    assert permitted
    assert stand.status(keys[permitted[0]], "GET", "/v1/keys") in (200, 403)
    assert "this key's role" not in stand.ask(keys[permitted[-1]], method, where, json=body).text


def test_what_is_permitted_is_done(stand: Stand) -> None:
    editor, viewer, admin = (stand.key(r) for r in (Role.EDITOR, Role.VIEWER, Role.ADMIN))
    made = stand.ask(editor, "POST", "/v1/targets", json={"text": ANA})
    assert made.status_code == 201
    where = f"/v1/targets/{made.json()['id']}"
    assert stand.ask(viewer, "GET", where).json()["subject"] == "Ana Morel"
    assert stand.status(editor, "DELETE", where) == 200
    assert stand.status(editor, "POST", f"{where}:restore", json={}) == 200
    assert stand.ask(admin, "DELETE", f"{where}?purge=true").json()["status"] == "purged"
    assert "amnestic_routes" in stand.ask(viewer, "GET", "/metrics").text


def test_every_change_names_who_made_it(stand: Stand) -> None:
    editor = stand.key(Role.EDITOR, "Ada")
    who = f"Ada ({stand.id_of(editor)})"
    made = stand.ask(editor, "POST", "/v1/targets", json={"text": ANA, "requester": "the court"})
    target = made.json()
    assert target["requester"] == "the court"
    where = f"/v1/targets/{target['id']}"
    stand.ask(editor, "PATCH", where, json={"description": "a painter", "why": "told"})
    stand.ask(editor, "DELETE", where)
    stand.ask("token", "POST", f"{where}:restore", json={})
    lines = stand.ask(editor, "GET", f"{where}/trail").json()["data"]
    assert [(line["action"], line["actor"]) for line in lines] == [
        ("add", who),
        ("edit", who),
        ("revoke", who),
        ("restore", "admin"),
    ]
    unnamed = stand.ask(editor, "POST", "/v1/targets", json={"text": "Please forget Bo Stern."})
    assert unnamed.json()["requester"] == who
    records = {"data": [{"subject": "Cy Lo"}, {"subject": "Dov Lind", "requester": "the court"}]}
    added = stand.ask(editor, "POST", "/v1/targets:add", json=records).json()["data"]
    assert [target["requester"] for target in added] == [who, "the court"]


def test_a_key_with_namespaces_sees_and_changes_only_these(stand: Stand) -> None:
    own = stand.layer.forget(ANA)
    theirs = stand.layer.within("a").forget("Please forget Bo Stern.")
    key = stand.key(Role.ADMIN, namespaces=("a", "b"))
    assert [t["id"] for t in stand.ask(key, "GET", "/v1/targets").json()["data"]] == [theirs.id]
    assert stand.ask(key, "GET", "/v1/targets?namespace=b").json()["data"] == []
    for space in ("default", "c", ""):
        assert stand.status(key, "GET", f"/v1/targets?namespace={space}") == 403
    assert stand.status(key, "GET", f"/v1/targets/{theirs.id}") == 200
    for method, path in (("GET", ""), ("GET", "/trail"), ("DELETE", ""), ("PATCH", "")):
        body: Any = {} if method == "PATCH" else None
        assert stand.status(key, method, f"/v1/targets/{own.id}{path}", json=body) == 404
    made = stand.ask(key, "POST", "/v1/targets?namespace=b", json={"text": "Please forget Cy Lo."})
    assert made.json()["namespace"] == "b"
    for path in ("/metrics", "/v1/keys"):  # these are of all namespaces
        assert stand.status(key, "GET", path) == 403
    assert stand.status(key, "POST", "/v1/keys", json={"name": "Eve", "role": "admin"}) == 403


def test_a_preview_tells_only_of_targets_that_the_key_opens(stand: Stand) -> None:
    common = stand.layer.within("*").forget(ANA)
    theirs = stand.layer.within("a").forget("Please forget Ana Morel-Hay. She is a potter.")
    ask = {"text": ANA}
    shown = {
        spaces: stand.ask(
            stand.key(Role.EDITOR, namespaces=spaces), "POST", "/v1/targets:preview?namespace=a",
            json=ask,
        )
        for spaces in (("a",), ("a", "*"), None)
    }  # fmt: skip
    told = {
        spaces: {match["of"] for match in reply.json()["others"]}
        | {target["id"] for target in reply.json()["namesakes"]}
        for spaces, reply in shown.items()
    }
    assert common.id not in shown["a",].text
    assert told["a",] <= {theirs.id}
    assert common.id in told["a", "*"]
    assert common.id in told[None]


@pytest.mark.parametrize("callers", [[], [SecretStr("caller")]])
def test_a_wrong_key_asks_the_registry_in_no_event_loop(
    stand: Stand, callers: list[SecretStr]
) -> None:
    asked = list[int]()

    class Watched:
        def __getattr__(self, name: str) -> Any:
            asked.append(get_ident())
            return getattr(stand.registry.keys, name)

    watched: Any = Watched()
    keys = Keys(callers, None, registry=watched)

    async def shows(key: str) -> None:
        headers = [(b"authorization", f"Bearer {key}".encode())]
        request = Request({"type": "http", "path": "/", "headers": headers})
        await keys.admit(request)
        with pytest.raises(ServerError) as told:
            keys.check(request, Right.SEE)
        assert told.value.status == 403
        with pytest.raises(ServerError) as told:
            keys.check_checker(request)
        assert told.value.status == 403

    for key in ("wrong", "caller"):
        asyncio.run(shows(key))
    assert asked
    assert get_ident() not in asked


def test_a_callers_key_is_in_its_namespace(stand: Stand) -> None:
    stand.layer.within("a").forget(ANA)
    a, both, own = (stand.key(namespaces=spaces) for spaces in (("a",), ("b", "a"), None))
    assert "Morel" not in stand.said(a)
    assert stand.said(both) == stand.said(own) == SAID
    assert "Morel" not in stand.said(both, headers={"x-amnestic-namespace": "a"})
    told = stand.ask(own, "POST", CHAT, json=ASKED, headers={"x-amnestic-namespace": "a"})
    assert told.status_code == 403


def test_keys_are_managed_over_http(stand: Stand) -> None:
    asked = {"name": "Bo", "namespaces": ["a"], "requests_per_minute": 60}
    made = stand.ask("token", "POST", "/v1/keys", json=asked)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    told = made.json()
    first = told.pop("key")
    assert stand.id_of(first) == told["id"]
    assert (told["made_by"], told["role"], told["state"]) == ("admin", "caller", "active")
    where = f"/v1/keys/{told['id']}"
    assert stand.ask("token", "GET", where).json() == told
    assert stand.ask("token", "GET", "/v1/keys").json() == {"data": [told]}
    second = stand.ask("token", "POST", f"{where}:rotate", json={"grace": 600}).json()["key"]
    assert [stand.status(key, "GET", "/v1/models") for key in (first, second)] == [200, 200]
    assert stand.ask("token", "DELETE", f"{where}?why=left").json()["state"] == "revoked"
    assert [stand.status(key, "GET", "/v1/models") for key in (first, second)] == [401, 401]
    assert stand.status("token", "DELETE", where) == 409
    assert stand.status("token", "GET", "/v1/keys/nobody") == 404
    trail = stand.ask("token", "GET", f"{where}/trail")
    assert [line["action"] for line in trail.json()["data"]] == ["create", "rotate", "revoke"]
    assert not any(key[-64:] in trail.text for key in (first, second))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ({}, "name: Field required"),
        ({"name": "Bo", "role": "boss"}, "role: Input should be"),
        ({"name": "Bo", "requests_per_minute": 0}, "requests_per_minute: "),
        ({"name": "Bo\x07"}, "a key's name is a line"),
        ({"name": "Bo", "namespaces": [" "]}, "a namespace of a key is blank"),
        ({"name": "Bo", "role": "viewer", "tokens_per_minute": 5}, "limits are for callers"),
        ({"name": "Bo", "expires": "2020-01-01T00:00:00Z"}, "lies in the past"),
        ({"name": "Bo", "expires": "9999-12-31T23:59:59-12:00"}, "is no time that can be kept"),
        ({"name": "Bo", "secret": "mine"}, "secret: Extra inputs"),
    ],
)
def test_a_key_that_cannot_be_made_is_refused_in_a_line(
    stand: Stand, body: dict[str, Any], told: str
) -> None:
    reply = stand.ask("token", "POST", "/v1/keys", json=body)
    assert reply.status_code == 400
    assert told in reply.json()["error"]["message"]
    assert stand.registry.keys.all() == []


def test_while_the_registry_is_away_no_key_of_it_opens_anything(
    stand: Stand, tmp_path: Path
) -> None:
    key, viewer = stand.key(), stand.key(Role.VIEWER)
    db = tmp_path / "registry.db"
    os.replace(db, tmp_path / "away.db")
    for shown, path in ((key, "/v1/models"), (viewer, "/metrics"), ("strange", "/v1/models")):
        reply = stand.ask(shown, "GET", path)
        assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")
        assert reply.json()["error"]["code"] == "registry_unavailable"
        assert str(tmp_path) not in reply.text
    assert stand.status("token", "GET", "/metrics") == 200
    assert httpx.get(f"{stand.proxy.url}/healthz").status_code == 200
    os.replace(tmp_path / "away.db", db)
    assert [stand.status(k, "GET", "/v1/models") for k in (key, "strange")] == [200, 401]


def test_a_server_that_needs_no_key_asks_the_registry_whether_it_still_does_not(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    with running_proxy(layer(SAID)) as proxy:
        assert httpx.get(f"{proxy.url}/v1/models").status_code == 200
        os.replace(tmp_path / "registry.db", tmp_path / "away.db")
        assert httpx.get(f"{proxy.url}/v1/models").status_code == 503
        assert httpx.get(f"{proxy.url}/healthz").status_code == 200
        os.replace(tmp_path / "away.db", tmp_path / "registry.db")


def test_a_server_with_keys_in_its_registry_may_be_reached_from_elsewhere(
    layer: Callable[..., Amnesia],
) -> None:
    amnesia, settings = layer(SAID), ServerSettings(host="0.0.0.0")
    with pytest.raises(ConfigurationError, match="`amnestic keys create`"):
        create_app(amnesia, settings)
    amnesia.registry.keys.create(KeyGrant(name="Ada", role=Role.VIEWER), actor="me")
    with pytest.raises(ConfigurationError, match="refusing to bind"):
        create_app(amnesia, settings)
    amnesia.registry.keys.create(KeyGrant(name="Ada", role=Role.CALLER), actor="me")
    create_app(amnesia, settings)


def test_with_keys_in_its_registry_a_server_is_known_by_any_name(stand: Stand) -> None:
    host = {"host": "amnestic.example"}
    assert stand.status("", "GET", "/v1/models", headers=host) == 403
    key = stand.key()
    assert stand.status(key, "GET", "/v1/models", headers=host) == 200


def test_who_a_key_is_can_be_asked_without_a_request(tmp_path: Path) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        keys = Keys((), None, registry=registry.keys)
        made, shown = registry.keys.create(KeyGrant(name="Ada", role=Role.EDITOR), actor="me")
        assert keys.standing(shown) == Standing(made.id, f"Ada ({made.id})", Role.EDITOR, None)
        assert keys.standing("strange") is None
        headers = [(b"authorization", f"Bearer {shown}".encode())]
        request = Request({"type": "http", "headers": headers})
        assert keys.check(request, Right.CHANGE).name == f"Ada ({made.id})"
        with pytest.raises(ServerError, match="role is editor"):
            keys.check(request, Right.MANAGE)


def test_what_a_rotated_key_was_answered_is_still_its_own(
    layer: Callable[..., Amnesia], tmp_path: Path
) -> None:
    with (
        Registry.open(tmp_path / "registry.db") as registry,
        running_proxy(layer(ScriptedBackend(default="A mild day."))) as proxy,
    ):
        made, first = registry.keys.create(KeyGrant(name="Ada", role=Role.CALLER), actor="me")
        asked = {"model": "m", "input": "How is it?"}
        shown = {"authorization": f"Bearer {first}"}
        kept = httpx.post(f"{proxy.url}/v1/responses", json=asked, headers=shown).json()["id"]
        second = registry.keys.rotate(made.id, actor="me")[1]
        other = registry.keys.create(KeyGrant(name="Bo", role=Role.CALLER), actor="me")[1]
        for key, status in ((second, 200), (other, 404), (first, 401)):
            shown = {"authorization": f"Bearer {key}"}
            where = f"{proxy.url}/v1/responses/{kept}"
            assert httpx.get(where, headers=shown).status_code == status


def test_a_request_asks_the_registry_no_more_than_it_has_to(tmp_path: Path) -> None:
    for given, key, looks in (
        ({}, "", 1),
        ({"caller_keys": ["caller"]}, "caller", 0),
        ({"caller_keys": ["caller"], "admin_token": "admin"}, "wrong", 0),
        ({"admin_token": "admin"}, "admin", 1),
    ):
        with keyword_layer(tmp_path, "Osk") as layer:
            app = create_app(layer, ServerSettings(**given))
            asked = statements_of(layer.registry.database.engine)
            client = TestClient(app, base_url="http://127.0.0.1")
            asked.clear()
            client.post("/v1/chat/completions", json={}, headers={"x-api-key": key})
            assert len([one for one in asked if "access_keys" in one]) == looks, given


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v1/targets", None),
        ("DELETE", "/v1/targets/t-1", None),
        ("GET", "/v1/keys", None),
    ],
)
def test_whoever_asks_for_targets_while_the_registry_is_away_is_told_to_come_again(
    tmp_path: Path, method: str, path: str, body: Any
) -> None:
    with keyword_layer(tmp_path, "Osk") as layer:
        app = create_app(layer, ServerSettings(admin_token="admin", caller_keys=["caller"]))
        client = TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False)
        place = Path(str(layer.settings.db))
        place.rename(tmp_path / "away")
        head = {"authorization": "Bearer admin"}
        answer = client.request(method, path, json=body, headers=head)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "1")
        assert str(tmp_path) not in answer.text
        (tmp_path / "away").rename(place)
