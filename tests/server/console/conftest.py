"""A console on loopback, and browsers without a screen that are logged in to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.server.console import proofs
from amnestic.testing import ScriptedBackend
from tests.server.console.visitor import USER, Visitor
from tests.server.running import Proxy, running_proxy

FEW = {"_SAMPLES": 1, "_NEIGHBOURS": 4}
USERS = {"vera": "viewer", "edda": "editor", "adam": "admin"}


@pytest.fixture(autouse=True)
def few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """A verification asks fewer questions than by default, of the same kinds: what comes of the
    answers is shown where verifying itself is tested."""
    for name, number in FEW.items():
        monkeypatch.setattr(proofs, name, number)


@pytest.fixture
def amnesia(tmp_path: Path) -> Iterator[Amnesia]:
    model = ScriptedBackend(default="Mirela Osk wrote it.")
    with Amnesia(model, db=tmp_path / "r.db", elicit=False) as layer:
        yield layer


@pytest.fixture
def console(amnesia: Amnesia) -> Iterator[Proxy]:
    """A console that the admin token opens, and whom this machine's proxy names."""
    with running_proxy(
        amnesia,
        admin_token="admin",
        console_header=USER,
        console_proxies=["127.0.0.1"],
        console_users=USERS,
    ) as running:
        yield running


@pytest.fixture
def browser() -> Iterator[Callable[..., Visitor]]:
    """Opens browsers: `browser(url)`, with headers that a proxy would add."""
    opened: list[Visitor] = []

    def make(url: str, **headers: str) -> Visitor:
        opened.append(Visitor(url, headers))
        return opened[-1]

    yield make
    for one in opened:
        one.client.close()


@pytest.fixture
def visitor(console: Proxy, browser: Callable[..., Visitor]) -> Callable[..., Visitor]:
    """Makes visitors: `visitor()` logs in as the admin, `visitor("vera")` is named by a proxy."""

    def make(name: str = "", **headers: str) -> Visitor:
        one = browser(console.url, **headers, **({USER: name} if name else {}))
        if not name:
            one.log_in("admin")
        return one

    return make
