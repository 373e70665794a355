"""What runs in the background: files that are brought in, and verifications."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Sequence
from typing import Any

import httpx
import pytest

from amnestic import Amnesia
from amnestic.exceptions import InvalidRequestError, RegistryUnavailableError
from amnestic.exchange import bringing_in
from amnestic.server.console import importing
from amnestic.server.console.jobs import DONE, FAILED, Job, Jobs, Progress
from amnestic.server.errors import ServerError
from amnestic.tools.registry import Registry
from amnestic.types import ForgetTarget
from tests.patience import PATIENCE, until
from tests.server.console.visitor import Visitor, alerts, visible
from tests.server.running import running_proxy

Make = Callable[..., Visitor]
GOOD = "subject,kind\nMirela Osk,person\nTor Hagen-Lys,person\n"


def _import(who: Visitor, content: bytes | str, name: str = "t.csv", **more: str) -> httpx.Response:
    raw = content.encode() if isinstance(content, str) else content
    sent = who.post("/import", {"space": "default", **more}, files={"file": (name, raw)})
    return who.finished(sent)


def test_a_file_is_brought_in_and_its_bad_lines_are_told(visitor: Make, amnesia: Amnesia) -> None:
    edda = visitor("edda")
    bad = 'Ida Tarn,ghost\nOne,two,three\n"",person\n'
    page = _import(edda, GOOD + bad, why="the list of May")
    assert re.findall(r"<strong>(\d+)</strong>", page.text) == ["2", "0", "3"]
    told = re.findall(r'<td class="number">(\d+)</td><td class="text" lang="en">([^<]*)', page.text)
    assert [line for line, _ in told] == ["4", "5", "6"]
    assert "3 fields, and the head has 2" in told[1][1]
    assert {target.subject for target in amnesia.targets()} == {"Mirela Osk", "Tor Hagen-Lys"}
    lines = amnesia.registry.trail()
    assert {(line.actor, line.reason) for line in lines} == {("edda", "the list of May")}
    again = _import(edda, GOOD)
    assert re.findall(r"<strong>(\d+)</strong>", again.text) == ["0", "2", "0"]


def test_all_of_a_file_or_nothing(visitor: Make, amnesia: Amnesia) -> None:
    page = _import(visitor(), f"{GOOD}Ida Tarn,ghost\n", atomic="on")
    assert alerts(page.text)[0].startswith("Line 4: `kind` of a target")
    assert "/tmp" not in page.text
    assert amnesia.targets() == []


def test_an_import_that_breaks_off_says_what_it_has_brought_in(
    visitor: Make, amnesia: Amnesia, monkeypatch: pytest.MonkeyPatch
) -> None:
    edda, add = visitor("edda"), Registry.add_all

    def full(self: Registry, targets: Sequence[ForgetTarget], **more: str) -> Any:
        if "Osk 4" in [target.subject for target in targets]:
            raise RegistryUnavailableError("the disk is full")
        return add(self, targets, **more)

    monkeypatch.setattr(Registry, "add_all", full)
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    rows = [f"Osk {i},person\n" for i in range(6)]
    page = _import(edda, "subject,kind\n" + "".join(rows))
    assert "disk is full" in alerts(page.text)[0]
    assert "4 targets or more were brought in before that" in visible(page.text)
    assert len(amnesia.targets()) == 4
    page = _import(edda, "subject,kind\n" + "".join(rows[4:]))
    assert "Nothing was brought in before that" in visible(page.text)
    page = _import(edda, "subject,kind\n" + "".join([*rows, "Osk,ghost\n"]), atomic="on")
    assert "Nothing was brought in before that" in visible(page.text)


def test_an_import_says_of_how_many_the_text_was_not_read_whole(visitor: Make) -> None:
    edda = visitor("edda")
    rows = ["Please forget Mirela Osk, one of our tenants.", "Please forget Edda Tarn."]
    told = "\n".join(json.dumps({"text": text}) for text in rows)
    assert "not read whole: 1." in visible(_import(edda, told, "t.jsonl").text)
    assert "not read whole" not in visible(_import(edda, told, "t.jsonl").text)


@pytest.mark.parametrize("added", [0, 7])
def test_of_an_import_whose_server_was_killed_it_is_said_what_is_known(
    amnesia: Amnesia, added: int
) -> None:
    jobs, go = Jobs(amnesia.registry.board, SECRET), threading.Event()
    job = jobs.new("import", "admin", "default", "t.csv")
    job.result = {"added": added}
    jobs.start(job, lambda _: {"waited": go.wait(PATIENCE)})
    with amnesia.registry.database.connect(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE board SET at = at - 120 WHERE id = ?", (job.id,))
    found = jobs.get(job.id)
    assert found
    assert found.result == ({"added": 7} if added else {})  # what it did since is not known
    go.set()
    until(lambda: (ended := jobs.get(job.id)) and ended.state == DONE, "it never ends")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "latin-1"])
def test_a_file_in_any_encoding_is_read_or_refused_by_its_line(
    visitor: Make, amnesia: Amnesia, encoding: str
) -> None:
    content = "subject,kind\nMirela Osk,person\nÁgnes Tarnóczy,person\n".encode(encoding)
    page = _import(visitor(), content)
    read = [target.subject for target in amnesia.targets()]
    if encoding in ("latin-1", "utf-16-le"):
        assert read == []
        assert page.status_code in (200, 400)
        assert alerts(page.text)
        return
    assert read == ["Mirela Osk", "Ágnes Tarnóczy"]


def test_a_line_in_another_encoding_than_the_rest_is_named(visitor: Make, amnesia: Amnesia) -> None:
    mixed = GOOD.encode() + "Ágnes,person\n".encode("latin-1") + "Ödön,person\n".encode()
    page = _import(visitor(), mixed)
    assert page.status_code == 400
    assert "Line 4 of the file is not UTF-8" in alerts(page.text)[0]
    assert amnesia.targets() == []


def test_a_file_with_a_million_lines_is_refused_at_once(visitor: Make, amnesia: Amnesia) -> None:
    content = b"subject\n" + b"x\n" * 1_000_000
    with pytest.raises(InvalidRequestError, match=r"over 200,000 lines; cut it"):
        importing.utf8(content)
    page = _import(visitor(), content)
    assert page.status_code == 400
    assert "over 200,000 lines; cut it" in alerts(page.text)[0]
    assert amnesia.targets() == []


def test_a_file_that_is_too_large_is_a_page_that_says_so(amnesia: Amnesia, browser: Make) -> None:
    with running_proxy(amnesia, admin_token="admin", max_body=50_000) as running:
        adam = browser(running.url)
        adam.log_in("admin")
        told = _import(adam, b"subject\n" + b"x" * 60_000)
        assert told.status_code == 413
        assert told.headers["content-type"].startswith("text/html")
        assert "over 50,000 bytes" in alerts(told.text)[0]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("t.xlsx", b"PK\x03\x04"),
        ("t.csv", b""),
        ("t.csv", b"\x00\x01\x02\xff"),
        ("t.csv", b'subject\n"open'),
        ("t.csv", b"colour\nred\n"),
        ("../../t.jsonl", b"{\n[\n"),
        ("", b"subject\nx\n"),
        ("<img src=x>.csv", b"colour\n"),
    ],
)
def test_what_is_no_file_of_targets_is_told(visitor: Make, name: str, content: bytes) -> None:
    page = _import(visitor(), content, name)
    assert alerts(page.text) or "not read" in visible(page.text)
    assert "<img" not in page.text


def test_a_target_is_verified_and_its_document_is_checked(visitor: Make, amnesia: Amnesia) -> None:
    adam = visitor()
    target = adam.forget("Please forget Mirela Osk.")
    page = adam.finished(adam.post(f"/targets/{target}/verify", {"probes": "20"}))
    outcome = re.search(r"Done\. (.*?):", visible(page.text))
    assert outcome
    assert outcome[1] in (
        "Suppressed",
        "Not suppressed",
        "Over-suppressed",
    )  # its label, not its key
    documents = {}
    for form in ("html", "md", "json"):
        link = re.search(rf'href="/console(/work/\w+/proof\.{form})"', page.text)
        assert link
        documents[form] = adam.get(link[1])
        assert "attachment" in documents[form].headers["content-disposition"]
        assert "Mirela" not in documents[form].text
    assert json.loads(documents["json"].text)["target"]["id"] == target
    for form, document in documents.items():
        checked = adam.post("/proof", files={"file": (f"p.{form}", document.content)})
        assert "Genuine" in visible(checked.text)
        forged = document.content.replace(target.encode(), b"t-0000000000000000")
        wrong = adam.post("/proof", files={"file": (f"p.{form}", forged)})
        assert "Not genuine" in visible(wrong.text)
    assert alerts(adam.post("/proof", files={"file": ("p.md", b"\xff")}).text)
    last = amnesia.registry.trail(target)[-1]
    assert (last.actor, last.action) == ("admin", "verify")


SECRET = b"s" * 32


def test_a_proof_at_a_server_that_has_verified_nothing_is_told(visitor: Make) -> None:
    adam = visitor()
    page = adam.post("/proof", files={"file": ("p.json", b"{}")})
    assert page.status_code == 400
    assert "nothing was verified here yet" in alerts(page.text)[0]
    assert "/tmp" not in page.text


def test_a_work_that_fails_tells_why_and_no_text(
    amnesia: Amnesia, caplog: pytest.LogCaptureFixture
) -> None:
    jobs = Jobs(amnesia.registry.board, SECRET)

    def broken(progress: Progress) -> dict[str, Any]:
        raise RuntimeError("Mirela Osk broke it")

    job = jobs.start(jobs.new("import", "admin", "default"), broken)
    ended = until(lambda: (found := jobs.get(job.id)) and found.state == FAILED and found, "no end")
    assert "Mirela" not in f"{ended}{caplog.text}"


def test_works_run_two_at_a_time_and_end_with_the_server(amnesia: Amnesia) -> None:
    jobs, others = (Jobs(amnesia.registry.board, SECRET) for _ in range(2))

    def endless(progress: Progress) -> dict[str, Any]:
        done = 0
        while True:
            progress(done := done + 1, 10**9)

    running = [jobs.start(jobs.new("import", "admin", "default"), endless) for _ in range(2)]
    with pytest.raises(ServerError, match="other work is running"):
        jobs.start(jobs.new("import", "admin", "default"), endless)
    jobs.close()
    for job in running:
        ended = until(lambda j=job: (f := others.get(j.id)) and f.state == FAILED and f, "no end")
        assert "the server stopped" in ended.error
    assert others.get("../console-secret") is None
    assert DONE not in {job.state for job in running}


def test_a_work_is_told_of_elsewhere_and_hidden_from_others(amnesia: Amnesia) -> None:
    board, words = amnesia.registry.board, "Mirela Osk is told otherwise"
    jobs, others, strangers = (Jobs(board, one) for one in (SECRET, SECRET, b"t" * 32))
    reached, go = threading.Event(), threading.Event()

    def work(progress: Progress) -> dict[str, Any]:
        progress(7, 10)
        reached.set()
        assert go.wait(PATIENCE)
        return {"said": words * 1_000}

    job = jobs.start(jobs.new("import", "admin", "default", "Mirela.csv"), work)
    assert reached.wait(PATIENCE)
    until(lambda: (found := others.get(job.id)) and found.done == 7, "it is not told")
    go.set()
    until(lambda: (found := others.get(job.id)) and found.state == DONE, "it never ends")
    found = others.get(job.id)
    assert found
    assert found.result == {"said": words * 1_000}
    assert strangers.get(job.id) is None
    with amnesia.registry.database.connect() as connection:
        (row,) = connection.exec_driver_sql("SELECT * FROM board").all()
    assert b"Mirela" not in repr(row).encode()


def test_a_work_whose_server_was_killed_is_told_of_as_lost(amnesia: Amnesia) -> None:
    registry = amnesia.registry
    jobs, go = Jobs(registry.board, SECRET), threading.Event()
    job = jobs.start(jobs.new("check", "admin", ""), lambda _: {"waited": go.wait(PATIENCE)})
    with registry.database.connect(writing=True) as connection, connection.begin():
        connection.exec_driver_sql("UPDATE board SET at = at - 120")  # nobody has told of it since
    found = Jobs(registry.board, SECRET).get(job.id)
    assert found
    assert (found.state, found.error[:30]) == (FAILED, "the server that did this has s")
    go.set()
    until(lambda: (ended := jobs.get(job.id)) and ended.state == DONE, "it never ends")


def test_a_purge_takes_what_works_have_told_along(amnesia: Amnesia) -> None:
    jobs = Jobs(amnesia.registry.board, SECRET)
    target = amnesia.forget("Forget Mirela Osk.")
    about = {"import": "t.csv", "verify": target.id, "check": ""}
    made: list[Job] = []
    for kind, told in about.items():
        made.append(jobs.start(jobs.new(kind, "me", "default", told), lambda _: {}))
        until(lambda: (ended := jobs.get(made[-1].id)) and ended.state == DONE, "it never ends")
    amnesia.purge(target.id)
    assert [jobs.get(job.id) is None for job in made] == [True, True, False]
