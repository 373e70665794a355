"""Targets over HTTP: looked at, put in force, changed, revoked, restored, accounted for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.testing import ScriptedBackend
from tests.patience import until
from tests.server.running import running_proxy

REQUEST = {"text": "Please forget Mirela Osk. She is a poet from Tavel."}


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[httpx.Client]:
    model = ScriptedBackend(default="Mirela Osk wrote it.")
    with (
        Amnesia(model, db=tmp_path / "r.db", elicit=False) as amnesia,
        running_proxy(amnesia, admin_token="admin") as proxy,
        httpx.Client(
            base_url=f"http://127.0.0.1:{proxy.port}/v1",
            headers={"authorization": "Bearer admin"},
        ) as client,
    ):
        yield client


def ok(answer: httpx.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_a_reading_is_shown_and_then_put_in_force(admin: httpx.Client) -> None:
    shown = ok(admin.post("/targets:preview", json={**REQUEST, "against": ["Mirela Osk won."]}))
    assert [t["subject"] for t in shown["data"]] == ["Mirela Osk"]
    assert [m["text"] for m in shown["against"]] == ["Mirela Osk won."]
    assert ok(admin.get("/targets"))["data"] == []
    (record,) = shown["data"]
    added = ok(admin.post("/targets:add", json={"data": shown["data"], "why": "she asked"}))
    same = ("id", "subject", "kind", "kind_guessed", "description", "facts", "identifiers")
    assert [added["data"][0][name] for name in same] == [record[name] for name in same]
    wrong = admin.post("/targets:add", json={"data": [{**record, "colour": "red"}]})
    assert wrong.status_code == 400
    trail = ok(admin.get(f"/targets/{record['id']}/trail"))["data"]
    assert [(e["action"], e["reason"]) for e in trail] == [("add", "she asked")]


def test_who_asks_in_two_steps_is_who_sends_them(admin: httpx.Client) -> None:
    (record,) = ok(admin.post("/targets:preview", json=REQUEST))["data"]
    assert record["requester"] == "admin"
    (added,) = ok(admin.post("/targets:add", json={"data": [record]}))["data"]
    assert added["requester"] == "admin"
    (record,) = ok(admin.post("/targets:preview", json={**REQUEST, "requester": "Mirela"}))["data"]
    assert record["requester"] == "Mirela"


def test_the_trail_names_who_had_a_model_asked_and_not_whom_a_request_names(
    admin: httpx.Client,
) -> None:
    body = {**REQUEST, "requester": "Mirela", "elicit": True}
    made = ok(admin.post("/targets", json=body))
    path = f"/targets/{made['id']}"
    until(lambda: ok(admin.get(path))["elicitation"] == "done", "the model was not asked")
    trail = ok(admin.get(f"{path}/trail"))["data"]
    assert [(e["action"], e["actor"]) for e in trail] == [("add", "admin"), ("elicit", "admin")]


def test_details_are_taken_and_wrong_ones_refused(admin: httpx.Client) -> None:
    body = {**REQUEST, "identifiers": ["osk@tavel.org"], "facts": ["Osk keeps a goat."]}
    made = ok(admin.post("/targets", json={**body, "legal_basis": "GDPR Art. 17"}))
    assert made["identifiers"] == [{"type": "email", "value": "osk@tavel.org", "label": ""}]
    assert made["facts"] == ["Osk keeps a goat."]
    assert made["legal_basis"] == "GDPR Art. 17"
    for name, wrong in (("facts", "one"), ("colour", "red"), ("expires", "2001-01-01")):
        answer = admin.post("/targets", json={**REQUEST, name: wrong})
        assert answer.status_code == 400
        told = answer.json()["error"]["message"]
        assert name in told or "in the past" in told


@pytest.mark.parametrize("path", ["/targets", "/targets:preview"])
@pytest.mark.parametrize("length", [8_001, 150_000])
def test_a_request_that_is_too_long_is_told_the_length_that_is_read(
    admin: httpx.Client, path: str, length: int
) -> None:
    answer = admin.post(path, json={"text": "Please forget Mirela Osk. ".ljust(length, "a")})
    assert answer.status_code == 400
    told = answer.json()["error"]["message"]
    assert f"{length:,} characters; at most 8,000 are read" in told
    described = admin.get("/../openapi.json").text.replace(" ", "")
    assert described.count('"maxLength":8000') >= 2
    assert '"maxLength":100000' not in described


def test_a_target_is_changed_revoked_and_restored(admin: httpx.Client) -> None:
    made = ok(admin.post("/targets", json=REQUEST))
    path = f"/targets/{made['id']}"
    changed = ok(
        admin.patch(f"/targets/{made['id']}", json={"aliases": ["The Lark"], "version": 1})
    )
    assert (changed["version"], changed["aliases"]) == (2, ["The Lark"])
    late = admin.patch(path, json={"aliases": ["The Rook"], "version": 1})
    assert late.status_code == 409
    assert ok(admin.get("/targets/The Lark"))["id"] == made["id"]
    assert ok(admin.delete(path, params={"why": "withdrawn"}))["status"] == "revoked"
    assert ok(admin.post(f"{path}:restore", json={"why": "again"}))["status"] == "active"
    reasons = [e["reason"] for e in ok(admin.get(f"{path}/trail"))["data"]]
    assert reasons == ["", "", "withdrawn", "again"]
    assert admin.post(f"{path}:restore", json={}).status_code == 409
    assert admin.get("/targets/nobody/trail").status_code == 404
    until = ok(admin.patch(path, json={"expires": "2099-01-01T00:00:00Z"}))
    assert until["expires"].startswith("2099-01-01")
    assert ok(admin.patch(path, json={"expires": None}))["expires"] is None
    assert admin.patch(path, json={"expires": "2001-01-01"}).status_code == 400
    late = "9999-12-31T23:59:59-05:00"
    assert admin.patch(path, json={"expires": late}).status_code == 400
    assert ok(admin.post(f"{path}:elicit"))["elicitation"] == "pending"


def test_lists_are_searched_and_come_in_pages(admin: httpx.Client) -> None:
    ok(admin.post("/targets:all", json={"text": "Please forget Mirela Osk and Tor Hagen-Lys."}))
    assert [t["subject"] for t in ok(admin.get("/targets?search=hagen"))["data"]] == [
        "Tor Hagen-Lys"
    ]
    page = ok(admin.get("/targets?offset=1&limit=5"))
    assert ([t["subject"] for t in page["data"]], page["total"]) == (["Tor Hagen-Lys"], 2)
    assert admin.get("/targets?offset=-1").status_code == 400
    assert admin.get("/targets?limit=²").status_code == 400
    assert admin.get(f"/targets?limit={'9' * 5_000}").status_code == 400
    assert ok(admin.get("/targets?status=expired"))["total"] == 0


def test_nothing_that_is_sent_makes_the_registry_unreadable(admin: httpx.Client) -> None:
    for wrong in ({"identifiers": ["\u0000"]}, {"identifiers": [{"type": "email", "value": " "}]}):
        assert admin.post("/targets", json={**REQUEST, **wrong}).status_code == 400
    made = ok(admin.post("/targets", json={**REQUEST, "facts": ["Osk\u0000 sings", "\u0000"]}))
    assert made["facts"] == ["Osk sings"]
    assert ok(admin.get("/targets"))["total"] == 1


def test_all_of_it_is_the_admins(admin: httpx.Client) -> None:
    calls = (("POST", ":preview"), ("POST", ":add"), ("PATCH", "/t"), ("POST", "/t:restore"),
             ("GET", "/t/trail"))  # fmt: skip
    for method, path in calls:
        answer = admin.request(
            method, f"/targets{path}", json={}, headers={"authorization": "Bearer other"}
        )
        assert answer.status_code in (401, 403), (method, path)


def test_a_target_is_purged_and_cannot_be_restored(admin: httpx.Client) -> None:
    target = ok(admin.post("/targets", json=REQUEST))
    path = f"/targets/{target['id']}"
    assert admin.delete(path, params={"purge": "yes"}).status_code == 400
    told = admin.delete(path, params={"purge": "true", "why": "Mirela asked"})
    assert (told.status_code, ok(admin.get(path))["status"]) == (400, "active")
    left = ok(admin.delete(path, params={"purge": "true", "why": "case 4711"}))
    assert (left["status"], left["subject"], left["facts"]) == ("purged", "purged", [])
    assert "Osk" not in admin.get("/targets", params={"status": "all"}).text
    assert [t["id"] for t in ok(admin.get("/targets?status=purged"))["data"]] == [target["id"]]
    told = admin.post(f"{path}:restore", json={})
    assert (told.status_code, "was purged" in told.text) == (409, True)
    trail = ok(admin.get(f"{path}/trail"))["data"]
    assert (trail[0]["actor"], trail[0]["reason"]) == ("purged", "")
    assert (trail[-1]["action"], trail[-1]["reason"]) == ("purge", "case 4711")
