"""Sealed targets over HTTP: made with a field, masked in every answer."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import make_key
from tests.server.running import running_proxy
from tests.server.test_targets import ok

REQUEST = {
    "text": "Please forget Mirela Osk, a poet from Tavel. Her e-mail is osk@tavel.org.",
    "reason": "a letter",
    "sealed": True,
}
PRIVATE = ("Mirela", "Osk", "osk@", "Tavel", "poet", "letter")


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[httpx.Client]:
    make_key(tmp_path / "seal.key")
    model = ScriptedBackend(default="Mirela Osk wrote it.")
    settings = {"db": tmp_path / "r.db", "seal_key_file": tmp_path / "seal.key", "elicit": False}
    with (
        Amnesia(model, **settings) as amnesia,
        running_proxy(amnesia, admin_token="admin") as proxy,
        httpx.Client(
            base_url=f"http://127.0.0.1:{proxy.port}/v1",
            headers={"authorization": "Bearer admin"},
        ) as client,
    ):
        yield client


def told_in(answer: httpx.Response) -> list[str]:
    return [word for word in PRIVATE if word in answer.text]


def test_it_is_masked_in_every_answer(admin: httpx.Client) -> None:
    made = admin.post("/targets", json=REQUEST)
    target_id = ok(made)["id"]
    assert ok(made)["sealed"] is True
    one = f"/targets/{target_id}"
    for answer in (
        made,
        admin.get(one),
        admin.get("/targets", params={"status": "all"}),
        admin.get("/targets", params={"search": "mirela osk"}),
        admin.patch(one, json={"aliases": ["Corvane"], "why": "a letter of Osk"}),
        admin.delete(one, params={"why": "a letter"}),
        admin.post(f"{one}:restore", json={"why": "a letter"}),
        admin.get(f"{one}/trail"),
    ):
        assert ok(answer)
        assert told_in(answer) == []
        assert target_id in answer.text
    lines = ok(admin.get(f"{one}/trail"))["data"]
    assert [line["actor"] for line in lines] == ["sealed"] * 4
    again = admin.post(f"{one}:elicit")
    assert (again.status_code, told_in(again)) == (409, [])


def test_a_reading_is_shown_and_then_sealed(admin: httpx.Client) -> None:
    shown = ok(admin.post("/targets:preview", json=REQUEST))
    assert (shown["data"][0]["subject"], shown["data"][0]["sealed"]) == ("Mirela Osk", True)
    stored = admin.post("/targets:add", json={"data": shown["data"]})
    assert ok(stored)["data"][0]["sealed"] is True
    assert told_in(stored) == []
    other = ok(admin.post("/targets:preview", json={"text": "Please forget Mirela Osk."}))
    assert other["namesakes"][0]["subject"].startswith("sealed:")
    assert "osk@" not in str(other)


def test_a_private_persons_identifier_proposes_to_seal(admin: httpx.Client) -> None:
    plain = {"text": REQUEST["text"]}
    shown = ok(admin.post("/targets:preview", json=plain))
    assert (shown["proposes_sealing"], shown["data"][0]["proposes_sealing"]) == (True, True)
    assert ok(admin.post("/targets:preview", json=REQUEST))["proposes_sealing"] is False
    made = ok(admin.post("/targets", json=plain))
    assert (made["sealed"], made["proposes_sealing"]) == (False, True)


def test_what_cannot_be_is_a_clear_line(admin: httpx.Client, tmp_path: Path) -> None:
    made = ok(admin.post("/targets", json={"text": "Please forget Tor Hagen."}))
    late = admin.patch(f"/targets/{made['id']}", json={"sealed": True})
    assert late.status_code == 400
    assert "`sealed` of a target is said when it is made" in late.json()["error"]["message"]
    model = ScriptedBackend(default="I see.")
    with (
        Amnesia(model, db=tmp_path / "other.db", elicit=False) as keyless,
        running_proxy(keyless, admin_token="admin") as proxy,
    ):
        refused = httpx.post(
            f"http://127.0.0.1:{proxy.port}/v1/targets",
            json=REQUEST,
            headers={"authorization": "Bearer admin"},
        )
    assert refused.status_code == 400
    assert "there is no key to seal a target with" in refused.json()["error"]["message"]
