"""What the pages show and change, as a browser without scripts sees them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from amnestic import Amnesia, ForgetTarget
from amnestic.server.access import Role
from amnestic.testing import ScriptedBackend
from amnestic.tools.registry import KeyGrant
from tests.server.console.visitor import Visitor, alerts, visible
from tests.server.running import Proxy, running_proxy

Make = Callable[..., Visitor]
REQUEST = "Please forget Mirela Osk, a poet from Tavel, osk@tavel.org. Her concerts may stay."
HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>{{7*7}}{% raw %}\u202e\u0000'


def _names(page: httpx.Response) -> list[str]:
    return re.findall(r'<th scope="row" class="text"><a [^>]*>([^<]*)</a>', page.text)


def _people(count: int, **more: Any) -> list[ForgetTarget]:
    return [ForgetTarget(id=f"p-{i:03}", subject=f"Ara Number{i:03}", **more) for i in range(count)]


def test_targets_are_paged_from_both_ends(visitor: Make, amnesia: Amnesia) -> None:
    amnesia.registry.add_all(_people(120), actor="me")
    adam = visitor()
    first = adam.get()
    assert "120 found" in visible(first.text)
    assert _names(first)[::49] == ["Ara Number000", "Ara Number049"]
    assert _names(adam.get(offset=100)) == [f"Ara Number{i}" for i in range(100, 120)]
    assert _names(adam.get(offset=50))[0] == "Ara Number050"
    for wild in ("99999999", "-1", "x", "9" * 30):
        assert adam.get(offset=wild).status_code == 200
    assert "Page 3 of 3" in visible(adam.get(offset=5_000).text)


def test_targets_are_found_by_name_state_kind_and_namespace(
    visitor: Make, amnesia: Amnesia
) -> None:
    over = datetime.now(UTC) - timedelta(days=1)
    kept = [
        ForgetTarget(id="a", subject="Ada 100%", kind="person"),
        ForgetTarget(id="b", subject="Bo Under_score", kind="work"),
        ForgetTarget(id="c", subject="Cy", kind="person", expires=over),
        ForgetTarget(id="d", subject="Di", kind="person", namespace="tenant"),
    ]
    amnesia.registry.add_all(kept, actor="me")
    amnesia.registry.revoke("b", actor="me")
    adam = visitor()
    for asked, found in (
        ({}, ["Ada 100%", "Di"]),
        ({"q": "0%"}, ["Ada 100%"]),
        ({"q": "%"}, ["Ada 100%"]),
        ({"q": "R_S", "state": "all"}, ["Bo Under_score"]),
        ({"state": "expired"}, ["Cy"]),
        ({"state": "revoked"}, ["Bo Under_score"]),
        ({"state": "all", "kind": "work"}, ["Bo Under_score"]),
        ({"space": "tenant"}, ["Di"]),
        ({"q": "nobody"}, []),
    ):
        assert _names(adam.get(**asked)) == found, asked


def test_a_request_is_shown_as_it_is_understood_and_then_put_in_force(
    visitor: Make, amnesia: Amnesia
) -> None:
    adam = visitor()
    sent = {"text": REQUEST, "space": "default", "against": "Osk won the regatta.\nTea is hot."}
    shown = adam.post("/request", sent)
    for told in ("Mirela Osk", "osk@tavel.org (email)", "concerts", "Osk won the regatta."):
        assert told in visible(shown.text)
    assert f"What was written {REQUEST}" in visible(shown.text)
    assert "better sealed" in visible(shown.text)
    assert amnesia.targets() == []
    form = adam.readings(shown.text)
    assert alerts(adam.post("/request/confirm", {**form, "take": []}).text) == [
        "Nothing is ticked, so that nothing is forgotten"
    ]
    made = adam.post("/request/confirm", {**form, "reason": "she asked"})
    assert "Forgotten" in visible(made.text)
    (target,) = amnesia.targets()
    assert (target.subject, target.requester) == ("Mirela Osk", "admin")
    (line,) = amnesia.registry.trail(target.id)
    assert (line.actor, line.action, line.reason) == ("admin", "add", "she asked")


def test_a_request_that_cannot_be_read_says_why_and_is_kept(visitor: Make) -> None:
    adam = visitor()
    for text in ("", "Please forget everything.", "hello there"):
        told = adam.post("/request", {"text": text, "space": "default", "reason": "because"})
        assert told.status_code == 400
        assert len(alerts(told.text)) == 1
        assert 'value="because"' in told.text
    assert adam.post("/request", {"text": REQUEST, "space": "default", "back": "yes"}).is_success
    long = adam.post("/request", {"text": REQUEST.ljust(8_001, "a"), "space": "default"})
    assert "8,001 characters; at most 8,000 are read" in alerts(long.text)[0]
    (field,) = re.findall(r'<textarea id="text"[^>]*>', adam.get("/request").text)
    assert "maxlength" not in field  # a browser cuts what is pasted off there, and says nothing
    for record in ("", "[]", "{", '{"subject": 1}', "[" * 9_000):
        sent = {"space": "default", "record": record, "take": "0"}
        assert adam.post("/request/confirm", sent).status_code == 400


@pytest.mark.parametrize(
    ("part", "value", "held"),
    [
        ("subject", "Mirela Oske", "Mirela Oske"),
        ("kind", "work", "work"),
        ("aliases", "The Lark\r\n\r\n M. Osk ", ("The Lark", "M. Osk")),
        ("translations", "Mirela Osková", ("Mirela Osková",)),
        ("terms", "Larksong", ("Larksong",)),
        ("exceptions", "her concerts", ("her concerts",)),
        ("description", "A poet.", "A poet."),
        ("scope", "the wiki", "the wiki"),
        ("expires", "2999-01-31T12:30", datetime(2999, 1, 31, 12, 30, tzinfo=UTC)),
        ("policy", "strict", "strict"),
        ("reason", "she asked", "she asked"),
        ("legal_basis", "GDPR Art. 17", "GDPR Art. 17"),
        ("subject_id", "crm-7", "crm-7"),
        ("facts", "Mirela Osk keeps a goat.", ("Mirela Osk keeps a goat.",)),
    ],
)
def test_each_part_is_edited_in_place(
    visitor: Make, amnesia: Amnesia, part: str, value: str, held: Any
) -> None:
    edda = visitor("edda")
    target = edda.forget("Please forget Mirela Osk.")
    sent = {"part": part, "value": value, "version": "1", "why": "told so"}
    page = edda.post(f"/targets/{target}/edit", sent)
    assert "Changed." in visible(page.text)
    assert getattr(amnesia.find(target), part) == held
    line = amnesia.registry.trail(target)[-1]
    assert (line.actor, line.action, line.reason) == ("edda", "edit", "told so")


def test_identifiers_keep_their_type_and_label(visitor: Make, amnesia: Amnesia) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk. Her customer number is QX-20417.")
    before = amnesia.find(target).identifiers
    lines = "\n".join(f"{one.type}: {one.value}" for one in before)
    sent = {"part": "identifiers", "version": "1", "value": f"{lines}\nip: 10.2.3.4\nosk@tavel.org"}
    adam.post(f"/targets/{target}/edit", sent)
    after = amnesia.find(target).identifiers
    assert after[: len(before)] == before
    assert [(one.type, one.value) for one in after[len(before) :]] == [
        ("ip", "10.2.3.4"),
        ("email", "osk@tavel.org"),
    ]


def test_an_edit_that_is_late_or_wrong_changes_nothing_and_keeps_what_was_typed(
    visitor: Make, amnesia: Amnesia
) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk.")
    path = f"/targets/{target}/edit"
    adam.post(path, {"part": "aliases", "version": "1", "value": "The Lark"})
    for sent, status in (
        ({"part": "aliases", "version": "1", "value": "The Rook"}, 409),
        ({"part": "subject", "version": "2", "value": ""}, 400),
        ({"part": "kind", "version": "2", "value": "ghost"}, 400),
        ({"part": "expires", "version": "2", "value": "soon"}, 400),
        ({"part": "expires", "version": "2", "value": "2001-01-01T00:00"}, 400),
        ({"part": "namespace", "version": "2", "value": "other"}, 400),
        ({"part": "aliases", "version": "x", "value": "The Rook"}, 400),
    ):
        told = adam.post(path, sent)
        assert (told.status_code, len(alerts(told.text))) == (status, 1), sent
        if sent["value"] == "The Rook":
            assert "The Rook</textarea>" in told.text
    found = amnesia.find(target)
    assert (found.version, found.aliases) == (2, ("The Lark",))


def test_a_target_is_revoked_restored_and_purged_with_a_reason(
    visitor: Make, amnesia: Amnesia
) -> None:
    adam = visitor("adam")
    target = adam.forget("Please forget Mirela Osk.")
    path = f"/targets/{target}"
    assert adam.post(f"{path}/revoke", {"why": " "}).status_code == 400
    assert "revoked" in visible(adam.post(f"{path}/revoke", {"why": "withdrawn"}).text)
    assert adam.post(f"{path}/revoke", {"why": "again"}).status_code == 409
    assert "Restored" in visible(adam.post(f"{path}/restore", {"why": "asked again"}).text)
    assert adam.post(f"{path}/purge", {"confirmed": "yes"}).status_code == 400
    gone = adam.post(f"{path}/purge", {"confirmed": target, "why": "for good"})
    assert "Mirela" not in gone.text
    last = amnesia.registry.trail(target)[-1]
    assert (last.actor, last.action, last.reason) == ("adam", "purge", "for good")


def test_what_is_not_there_is_a_page_that_says_so(visitor: Make) -> None:
    adam = visitor()
    for path in ("/targets/t-none", "/targets/a%2Fb", "/nothing", "/work/x", "/static/x.js"):
        answer = adam.get(path)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
    assert adam.get("/targets/t-none", done="edited").status_code == 404
    adam.get("/language/de")
    for path, said in (
        ("/nothing", "Diese Seite gibt es nicht."),
        ("/targets/t-none", "Kein Ziel hat die Kennung t-none."),
    ):
        answer = adam.get(path)
        assert alerts(answer.text) == [said]
        assert 'lang="en"' not in answer.text.partition("<main")[2].partition("</main")[0]
    assert adam.client.delete("/console/trail").status_code == 405


def test_an_address_may_end_with_a_slash(
    visitor: Make, console: Proxy, browser: Callable[..., Visitor]
) -> None:
    nobody, adam = browser(console.url), visitor()
    adam.forget("Please forget Mirela Osk.")
    for path, led in (
        ("/", "/console"),
        ("/?q=Osk&state=all", "/console?q=Osk&state=all"),
        ("/trail/", "/console/trail"),
        ("/targets/t-none/", "/console/targets/t-none"),
        ("//example.org/", "/console//example.org"),
    ):
        answer = adam.client.get(f"/console{path}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, led)
    assert "Mirela Osk" in adam.get("/", q="Osk").text
    assert adam.get("/", q="nobody").status_code == 200
    assert nobody.get("/", q="Osk").url.path == "/console/login"


def test_what_is_not_forgotten_any_more_is_not_said_to_be(visitor: Make) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk.")
    assert "What is forgotten" in adam.get(f"/targets/{target}").text
    revoked = adam.post(f"/targets/{target}/revoke", {"why": "withdrawn"}).text
    assert "What was forgotten" in revoked
    assert "What is forgotten" not in revoked


def test_hostile_text_is_text_in_every_field(visitor: Make, amnesia: Amnesia) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk.")
    parts = ("subject", "description", "aliases", "translations", "terms", "exceptions",
             "identifiers", "facts", "scope", "reason", "legal_basis", "subject_id")  # fmt: skip
    for version, part in enumerate(parts, start=1):
        value = f"{HOSTILE}{part}"
        sent = {"part": part, "value": value, "version": str(version), "why": HOSTILE}
        told = adam.post(f"/targets/{target}/edit", sent)
        assert "Changed." in visible(told.text), part
        _is_harmless(told.text)
    adam.post("/request", {"text": HOSTILE, "space": "default"})
    for path, asked in (
        ("", {"q": HOSTILE, "state": HOSTILE, "kind": HOSTILE, "space": HOSTILE}),
        ("/trail", {"of": HOSTILE, "before": HOSTILE}),
        (f"/targets/{target}", {"done": HOSTILE}),
        (f"/targets/{HOSTILE[:-1]}", {}),
        ("/login", {"next": HOSTILE}),
        ("/activity", {"follow": HOSTILE}),
    ):
        page = adam.get(path, **asked)
        assert page.status_code in (200, 404)
        _is_harmless(page.text)
    for field in ("text", "against", "reason", "legal_basis"):
        sent = {"text": "Please forget Mirela Osk.", "space": "default", field: HOSTILE}
        _is_harmless(adam.post("/request", sent).text)
    for sent in ({"question": HOSTILE, "space": "default"}, {"question": "x", "space": HOSTILE}):
        _is_harmless(adam.post("/bench", sent).text)
    amnesia.registry.check_trail()


def _is_harmless(page: str) -> None:
    """Whether no tag of the text's own stands in a page, and nothing of it was rendered."""
    bare = re.sub(r'"[^"]*"|\'[^\']*\'', "", page)  # without the values of attributes
    assert bare.count("<script") == page.count('<script src="/console/static/htmx')
    assert "<img" not in page
    assert not re.search(r"<[^>]*\son\w+=", bare)
    assert page.count("{{7*7}}") == page.count("7*7")


def test_the_trail_is_read_from_the_newest_and_its_chain_is_checked(
    visitor: Make, amnesia: Amnesia
) -> None:
    amnesia.registry.add_all(_people(60), actor="me", reason="all of them")
    adam = visitor()
    page = adam.get("/trail")
    assert page.text.count("<td>me</td>") == 50
    older = re.search(r'href="/console(/trail\?[^"]*before=11[^"]*)"', page.text)
    assert older
    assert adam.get(older[1].replace("&amp;", "&")).text.count("<td>me</td>") == 10
    assert adam.get("/trail", of="p-007").text.count("<td>me</td>") == 1
    held = adam.finished(adam.post("/trail/check"))
    assert "60 lines follow from one another" in visible(held.text)
    with amnesia.registry._database.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER trail_refuses_update")
        connection.exec_driver_sql("UPDATE trail SET actor = 'you' WHERE revision = 5")
    broken = adam.finished(adam.post("/trail/check"))
    assert "broken at line 5" in visible(broken.text)


def test_the_trail_names_targets_that_may_be_named(visitor: Make, amnesia: Amnesia) -> None:
    amnesia.registry.add_all(_people(3), actor="me")
    amnesia.registry.purge("p-001", actor="me")
    amnesia.registry.edit(
        _people(3, version=1)[2].model_copy(update={"subject": "Bo Vale"}), actor="me"
    )
    page = visible(visitor("vera").get("/trail").text)
    assert page.count("Ara Number000 p-000") == 1
    assert page.count("Bo Vale p-002") == 2
    assert "Number001" not in page
    assert page.count("p-001") == 2


def test_activity_shows_ways_and_ids_and_no_text(amnesia: Amnesia, browser: Make) -> None:
    with running_proxy(amnesia, admin_token="admin", console=True) as running:
        adam = browser(running.url)
        adam.log_in("admin")
        assert "Nothing has been asked yet." in visible(adam.get("/activity").text)
        target = adam.forget("Please forget Mirela Osk.")
        for question in ("Who is Mirela Osk?", "What is the capital of France?"):
            body = {"model": "m", "messages": [{"role": "user", "content": question}]}
            assert adam.client.post("/v1/chat/completions", json=body).is_success
        page = adam.get("/activity")
        assert "2 conversations" in visible(page.text)
        assert target in page.text
        assert not {"Mirela", "capital"} & set(visible(page.text).split())


def test_the_bench_shows_both_answers(visitor: Make, amnesia: Amnesia) -> None:
    edda = visitor("edda")
    target = edda.forget("Please forget Mirela Osk.")
    page = edda.post("/bench", {"question": "Who wrote it?", "space": "default"})
    before, after = re.findall(r'<div class="reply">(.*?)</div>', page.text, re.DOTALL)
    assert before == "Mirela Osk wrote it."
    assert "Osk" not in after
    assert target in page.text
    assert edda.post("/bench", {"question": "", "space": "default"}).status_code == 400
    assert edda.post("/bench", {"question": "x", "space": "default"}).is_success


def test_a_registry_that_is_gone_is_a_page_that_says_so(
    visitor: Make, amnesia: Amnesia, console: Proxy
) -> None:
    adam = visitor()
    file = amnesia.registry._database._path
    assert file
    file.rename(file.with_suffix(".away"))
    try:
        told = adam.get()
        assert told.status_code == 503
        assert "the registry is out of reach" in alerts(told.text)[0]
    finally:
        file.with_suffix(".away").rename(file)
    assert adam.get().status_code == 200


@pytest.mark.parametrize("chosen", ["header", "switch"])
def test_the_console_speaks_german(visitor: Make, chosen: str) -> None:
    adam = visitor(**({"Accept-Language": "de-CH, en;q=0.5"} if chosen == "header" else {}))
    if chosen == "switch":
        assert adam.get("/language/de", back="/console/trail").url.path == "/console/trail"
        assert adam.get("/language/de", back="https://evil.example").url.path == "/console"
        assert adam.get("/language/fr").status_code == 404
    page = adam.get()
    assert '<html lang="de">' in page.text
    assert "0 gefunden" in visible(page.text)


def test_what_happened_to_a_target_is_told_in_german_throughout(
    visitor: Make, amnesia: Amnesia
) -> None:
    amnesia.registry.add_all(_people(2), actor="me", reason="0 of 2 probes leaked")
    gone, kept = (one.id for one in _people(2))
    for action, reason in (
        ("verify", "0 of 20 probes leaked"),
        ("sweep begun", "logs:/x: 0 removed, 0 rewritten, 0 left"),
        ("sweep", "logs:/x: 2 removed, 1 rewritten, 0 left; stopped"),
    ):
        amnesia.registry.note(amnesia.find(kept), action, actor="me", reason=reason)
    amnesia.registry.purge(gone, actor="me")
    adam = visitor()
    adam.get("/language/de")
    trail = visible(adam.get("/trail").text)
    for said in (
        "nachgewiesen Ara Number001 p-001 1 0 von 20 Proben verrieten etwas.",
        "Bereinigung begonnen",
        "logs:/x: 2 entfernt, 1 umgeschrieben, 0 geblieben; abgebrochen",
        "0 of 2 probes leaked",  # in somebody's own words
    ):
        assert said in trail
    page = adam.get(f"/targets/{gone}").text
    assert "<h1>Ein gelöschtes Ziel</h1>" in page
    assert "purged" not in visible(page)
    assert _names(adam.get(state="purged")) == ["gelöscht"]
    sent = {"file": ("t.csv", b"subject,kind\nCy,ghost\nOne,two,three\n")}
    told = visible(adam.finished(adam.post("/import", {"space": "default"}, files=sent)).text)
    assert "3 Felder, und der Kopf hat 2: Ein Feld, das ein Komma enthält" in told
    assert "'record' oder 'skill'." in told


def test_every_page_says_that_nothing_is_withheld_where_it_only_watches(
    tmp_path: Path, browser: Make
) -> None:
    model = ScriptedBackend(default="I see.")
    pages = ("", "/request", "/trail", "/activity", "/keys", "/targets/t-none")
    with Amnesia(model, db=tmp_path / "a.db", elicit=False) as layer:
        layer.within("tenant").forget("Please forget Mirela Osk.")
        layer.within("north").forget("Please forget Tor Hagen-Lys.")
        grant = KeyGrant(name="Nora", role=Role.VIEWER, namespaces=("north",))
        north = layer.registry.keys.create(grant, actor="me")[1]
    for audit, said, to_north in (
        ((), "", ""),
        (("tenant",), "Nothing is withheld in tenant", ""),
        (("tenant", "north"), "Nothing is withheld in tenant, north", "withheld in north"),
        ("all", "Nothing is withheld from anybody", "withheld from anybody"),
    ):
        with (
            Amnesia(model, db=tmp_path / "a.db", elicit=False, audit=audit) as layer,
            running_proxy(layer, admin_token="admin") as running,
        ):
            adam, nora = browser(running.url), browser(running.url)
            assert "Audit mode" not in adam.get("/login").text
            adam.log_in("admin")
            nora.log_in(north)
            for path in pages:
                shown = visible(adam.get(path).text)
                assert ("Audit mode" in shown) is bool(said), path
                assert said in shown
            shown = visible(nora.get().text)
            assert ("Audit mode" in shown) is bool(to_north)
            assert to_north in shown
            assert "tenant" not in shown
