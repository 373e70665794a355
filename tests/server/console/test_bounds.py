"""What strangers, several names and keys of some namespaces can make the console do or tell."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.exceptions import InvalidRequestError, RegistryUnavailableError
from amnestic.server.access import Role
from amnestic.server.console.jobs import DONE, Jobs
from amnestic.server.console.parts import change_in
from amnestic.server.console.posted import Posted
from amnestic.server.console.sessions import LONGEST, Sessions
from amnestic.server.errors import ServerError
from amnestic.tools.registry import KeyGrant, Registry
from tests.patience import until
from tests.server.console.visitor import USER, Visitor, alerts, visible
from tests.server.running import Proxy

Make = Callable[..., Visitor]


@pytest.fixture
def northern(amnesia: Amnesia, console: Proxy, browser: Make) -> Visitor:
    """An editor of one namespace alone."""
    grant = KeyGrant(name="Nora", role=Role.EDITOR, namespaces=("north",))
    someone = browser(console.url)
    someone.log_in(amnesia.registry.keys.create(grant, actor="me")[1])
    return someone


def test_only_wrong_keys_in_forms_of_one_s_own_are_tries(console: Proxy, browser: Make) -> None:
    someone = browser(console.url)
    for _ in range(12):
        assert someone.client.post("/console/login", data={"key": "x"}).status_code == 403
    for _ in range(12):
        assert browser(console.url).log_in("admin").status_code == 200
    told = [someone.log_in("nope").status_code for _ in range(11)]
    assert told == [401] * 10 + [429]


def test_whoever_was_never_logged_in_leaves_nothing_behind_by_logging_out(
    console: Proxy, browser: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = list[str]()
    monkeypatch.setattr(Sessions, "end", lambda _, session: ended.append(session.way))
    stranger = browser(console.url)
    stranger.get("/login")
    assert stranger.post("/logout").url.path == "/console/login"
    assert ended == []
    stranger.log_in("admin")
    stranger.post("/logout")
    assert ended == ["key"]


def test_what_is_kept_of_ended_sessions_goes_when_their_cookies_are_too_old(
    tmp_path: Path,
) -> None:
    with Registry.open(tmp_path / "r.db") as registry:
        sessions = Sessions(b"s" * 32, 60.0, registry.board)
        old, last = sessions.begin("key", "digest"), sessions.begin("key", "digest")
        sessions.end(old)
        with registry.database.connect(writing=True) as connection, connection.begin():
            connection.exec_driver_sql(f"UPDATE board SET ends = ends - {LONGEST + 60}")
        assert not sessions.is_over(old)
        sessions.end(last)
        with registry.database.connect() as connection:
            (kept,) = connection.exec_driver_sql("SELECT id FROM board").all()
        assert kept.id == last.id


def test_a_name_that_is_told_twice_is_nobody_s(console: Proxy, browser: Make) -> None:
    someone = browser(console.url)
    names = [(USER, "adam"), (USER, "vera")]
    for told, path in ((names[:1], "/console"), (names, "/console/login")):
        someone.client.cookies.clear()
        assert someone.client.get("/console", headers=told).url.path == path


def test_a_key_holds_behind_a_proxy_that_names_somebody(visitor: Make) -> None:
    vera = visitor("vera")
    assert vera.get("/keys").status_code == 403
    vera.log_in("admin")
    assert vera.get("/keys").status_code == 200
    vera.post("/logout")
    assert vera.get("/keys").status_code == 403


def test_a_work_that_cannot_begin_takes_no_place(tmp_path: Path) -> None:
    place = tmp_path / "r.db"
    with Registry.open(place) as registry:
        jobs = Jobs(registry.board, b"s" * 32)
        place.rename(tmp_path / "away.db")
        for _ in range(3):
            with pytest.raises(RegistryUnavailableError):
                jobs.start(jobs.new("check", "me", ""), lambda _: {})
        (tmp_path / "away.db").rename(place)
        try:
            job = jobs.start(jobs.new("check", "me", ""), lambda _: {})
        except ServerError:
            pytest.fail("the places are taken")
        until(lambda: (found := jobs.get(job.id)) and found.state == DONE, "it never ends")


def test_a_part_of_a_target_has_so_many_lines() -> None:
    target = ForgetTarget(id="t", subject="Ada")
    for part in ("identifiers", "aliases"):
        for count in (1_000, 1_001):
            lines = "\n".join(f"a{i}@tavel.org" for i in range(count))
            sent = Posted({"part": (part,), "value": (lines,)})
            if count == 1_000:
                assert len(change_in(sent, target)[part]) == count
                continue
            with pytest.raises(InvalidRequestError, match="1,001 lines are sent"):
                change_in(sent, target)


@pytest.mark.parametrize("text", ["2027-01-31T12:00+02:00", "2027-01-31T10:00"])
def test_a_time_with_an_offset_keeps_it(amnesia: Amnesia, visitor: Make, text: str) -> None:
    when = datetime(2027, 1, 31, 10, tzinfo=UTC)
    sent = Posted({"part": ("expires",), "value": (text,)})
    assert change_in(sent, ForgetTarget(id="t", subject="Ada")) == {"expires": when}
    assert visitor().post("/keys", {"name": "V", "role": "viewer", "expires": text}).is_success
    assert amnesia.registry.keys.all()[0].expires == when


def test_a_time_that_utc_has_not_is_told() -> None:
    sent = Posted({"part": ("expires",), "value": ("9999-12-31T23:59-12:00",)})
    with pytest.raises(InvalidRequestError, match="is no time"):
        change_in(sent, ForgetTarget(id="t", subject="Ada"))


def test_who_sees_some_namespaces_is_told_nothing_of_how_many_lines_there_are(
    amnesia: Amnesia, northern: Visitor, visitor: Make
) -> None:
    for i in range(121):
        space = "north" if i % 2 else "south"
        amnesia.registry.add(ForgetTarget(id=f"t-{i}", subject="A", namespace=space), actor="me")
    shown = northern.get("/trail")
    ids = re.findall(r"/targets/(t-\d+)\"", shown.text)
    assert ids[0] == "t-119"
    assert len(ids) == 50
    link = re.search(r'href="/console(/trail\?[^"]*)" rel="next"', shown.text)
    assert link
    older = northern.get(link[1].replace("&amp;", "&"))
    assert re.findall(r"/targets/(t-\d+)\"", older.text) == [f"t-{i}" for i in range(19, 0, -2)]
    held = northern.finished(northern.post("/trail/check"))
    assert "follows from the one before" in visible(held.text)
    pages = shown.text + older.text + held.text + northern.get("/targets/t-119").text
    assert not re.search(r"\b121\b|before=", visible(pages) + link[1])
    assert 'class="hash"' not in pages
    assert '<td class="number">121</td>' in visitor().get("/trail").text


def test_ids_that_a_key_does_not_open_stand_in_no_activity_and_no_receipt(
    amnesia: Amnesia, northern: Visitor, visitor: Make
) -> None:
    everywhere = amnesia.within("*").forget("Please forget Mirela Osk.").id
    own = amnesia.within("north").forget("Please forget Mirela Osk, the author.").id
    asked = {"question": "Who wrote it?", "space": "north"}
    pages = {}
    for who in (northern, visitor()):
        bench = who.post("/bench", asked)
        assert bench.status_code == 200, alerts(bench.text)
        pages[who] = bench.text + who.get("/activity").text
    adam = pages.popitem()[1]
    assert everywhere in adam
    assert everywhere not in pages[northern]
    assert own in pages[northern]


def test_a_proof_of_what_is_not_open_says_only_that(
    amnesia: Amnesia, northern: Visitor, visitor: Make
) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk.")
    page = adam.finished(adam.post(f"/targets/{target}/verify", {"probes": "20"}))
    link = re.search(r'href="/console(/work/\w+/proof\.json)"', page.text)
    assert link
    content = adam.get(link[1]).content
    amnesia.revoke(target)
    forged = json.dumps({**json.loads(content), "target": {"id": "t-none"}}).encode()
    for one in (content, forged):
        checked = northern.post("/proof", files={"file": ("p.json", one)})
        assert alerts(checked.text) == ["This document is of no target that is open to you"]
        assert "enuine:" not in visible(checked.text)
    assert "Changed since" in visible(adam.post("/proof", files={"file": ("p", content)}).text)


def test_no_address_with_words_is_told_to_other_pages(visitor: Make) -> None:
    shown = visitor().get("", q="Mirela")
    assert shown.headers["referrer-policy"] == "strict-origin"
    assert 'hx-push-url="true"' not in shown.text


def test_the_layer_does_not_keep_each_namespace_that_is_named(amnesia: Amnesia) -> None:
    amnesia.within("early")
    assert amnesia.chat("Who wrote it?").text
    for i in range(50):
        amnesia.within("view").within(f"tenant-{i}")
    assert amnesia._spaces == {"early"}
