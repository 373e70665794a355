"""Targets from the command line: looked at, confirmed, shown, changed, accounted for."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from rich.console import Console

from amnestic.cli import common
from amnestic.exceptions import RegistryUnavailableError
from amnestic.exchange import bringing_in
from amnestic.testing import ScriptedServer
from amnestic.tools.registry import Registry
from tests.cli.test_cli import Run, run

__all__ = ["run"]

CONSONANTS = "bdfghjklmnprstvz"
SYLLABLES = [f"{a.upper()}{vowel}{b}" for a in CONSONANTS for vowel in "ae" for b in "lnr"][:72]
OSK = "Please forget Mirela Osk, customer no. QX-20417. She is a poet from Tavel."


def forgotten(run: Run, request: str = OSK, *more: str) -> dict[str, Any]:
    told = run("forget", request, "--no-elicit", "--json", *more)
    found: dict[str, Any] = json.loads(told.out)
    return found


def test_a_dry_run_shows_the_reading_and_stores_nothing(run: Run, tmp_path: Path) -> None:
    texts = tmp_path / "texts.txt"
    texts.write_text("Mirela Osk won the regatta.\n\nIt rains.\n")
    told = run("forget", OSK, "--dry-run", "--against", str(texts), "--keep", "her concerts")
    for line in ("Mirela Osk (person)", "QX-20417 (number)", "She is a poet", "her concerts"):
        assert line in told.out
    assert "Mirela Osk won the regatta.  (given)" in told.out
    assert "It rains" not in told.out
    assert told.out.endswith("2 given texts\nnothing was stored\n")
    shown = json.loads(run("forget", OSK, "--dry-run", "--json").out)
    assert shown["targets"][0]["identifiers"][0]["value"] == "QX-20417"
    assert run("targets").out == "nothing is forgotten\n"


@pytest.mark.parametrize(
    ("answer", "line"),
    [
        ("Mirela Osk keeps a goat called Pim.", "Mirela Osk keeps a goat called Pim."),
        ("I don't know.", "(it tells nothing of this)"),
        (None, "(it did not answer)"),
    ],
)
def test_a_dry_run_says_what_the_model_knows(
    run: Run, scripted_server: Callable[..., ScriptedServer], answer: str | None, line: str
) -> None:
    url = "http://127.0.0.1:1/v1"
    if answer is not None:
        rules = [("Tell me about Mirela Osk", answer)]
        url = scripted_server(rules=rules, default="I don't know.").base_url
    told = run("forget", OSK, "--dry-run", "--model", "openai:played", "--base-url", url)
    assert f"  model says   {line}\n" in told.out
    assert "model says" not in run("forget", OSK, "--dry-run").out


@pytest.mark.parametrize(("word", "stored"), [("y", 1), ("n", 0)])
def test_at_a_terminal_the_reading_is_confirmed(
    run: Run, monkeypatch: pytest.MonkeyPatch, word: str, stored: int
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: word == "y")
    told = run("forget", OSK, "--no-elicit")
    assert "Mirela Osk (person)" in told.out
    assert (told.code, "nothing was stored" in told.out) == (1 - stored, not stored)
    assert len(json.loads(run("targets", "--json").out)) == stored
    assert run("forget", OSK, "--no-elicit", "--yes").code == 0


@pytest.mark.parametrize(
    ("answers", "stored"),
    [
        (["Please forget Mirela Osk."], ["Mirela Osk"]),
        (["Please forget art.", "What is the weather like?", OSK], ["Mirela Osk"]),
        ([""], []),
        (["Please forget art.", "  "], []),
    ],
)
def test_at_a_terminal_what_a_request_leaves_open_is_asked(
    run: Run, monkeypatch: pytest.MonkeyPatch, answers: list[str], stored: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", lambda *_, **__: True)
    coming = iter(answers)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: next(coming))
    told = run("forget", "Please forget politics.", "--no-elicit")
    assert "'politics'" in told.err
    assert told.code == (0 if stored else 1)
    assert next(coming, None) is None
    assert [one["subject"] for one in json.loads(run("targets", "--json").out)] == stored


@pytest.mark.parametrize("more", [["--yes"], ["--json"], ["--dry-run"]])
def test_where_nobody_is_to_be_asked_what_is_left_open_is_refused(
    run: Run, monkeypatch: pytest.MonkeyPatch, more: list[str]
) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: pytest.fail("it asks"))
    told = run("forget", "Please forget politics.", "--no-elicit", *more)
    assert (told.code, "'politics'" in told.err) == (2, True)


def test_without_any_input_nobody_is_asked(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", None)
    assert run("forget", "Please forget politics.", "--no-elicit").code == 2
    assert run("forget", OSK, "--no-elicit").code == 0


def test_what_is_no_wish_is_not_asked_about(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.prompt", lambda *_, **__: pytest.fail("it asks"))
    assert run("forget", "Never mind.", "--no-elicit").code == 2


def test_a_namesake_is_said(run: Run) -> None:
    first = forgotten(run)
    told = run("forget", "Please forget Mirela Osk. She is a surgeon.", "--no-elicit")
    assert first["id"] in told.err
    wrong = run("revoke", "Mirela Osk")
    assert wrong.code == 2
    assert first["id"] in wrong.err


def test_a_target_is_shown_edited_revoked_and_restored_by_name(run: Run) -> None:
    forgotten(run, OSK, "--fact", "Mirela Osk keeps a goat.", "--until", "2099-12-31")
    shown = run("targets", "show", "mirela osk").out
    for line in ("until 2099-12-31", "Mirela Osk keeps a goat.", "QX-20417 (number)"):
        assert line in shown
    edited = run("targets", "edit", "Mirela Osk", "--alias", "The Lark", "--reason", "a nickname")
    assert "The Lark" in edited.out
    told = json.loads(run("targets", "show", "The Lark", "--versions", "--json").out)
    assert (told["version"], told["versions"][0]["version"]) == (2, 1)
    assert {"text": "Mirela Osk keeps a goat.", "source": "told"} in told["facts"]
    assert run("revoke", "The Lark", "--reason", "a mistake").code == 0
    assert run("targets").out == "nothing is forgotten\n"
    assert "revoked" in run("targets", "--all").out
    assert run("restore", "The Lark").code == 0
    assert "active" in run("targets", "--search", "lark").out
    assert run("targets", "--search", "nobody").out == "no target has these words in a name\n"
    assert run("targets", "edit", "The Lark").code == 2


def test_all_parts_of_a_target_are_given_and_changed(run: Run) -> None:
    parts = ("--term", "Corvane", "--translation", "Мирела Оск", "--scope", "the shop",
             "--legal-basis", "GDPR Art. 17", "--subject-id", "S-9", "--requester", "Mirela",
             "--until", "2099-12-31")  # fmt: skip
    shown = run("forget", OSK, "--dry-run", *parts).out
    for line in ("terms        Corvane", "Мирела Оск", "only for     the shop", "GDPR Art. 17",
                 "whose record S-9"):  # fmt: skip
        assert line in shown
    forgotten(run, OSK, *parts)
    told = json.loads(run("targets", "show", "Corvane", "--json").out)
    assert (told["requester"], told["expires"][:10]) == ("Mirela", "2099-12-31")
    changes = ("--term", "The Rook", "--scope", "", "--subject-id", "S-8", "--until", "never")
    edited = json.loads(run("targets", "edit", "Corvane", *changes, "--json").out)
    assert (edited["terms"], edited["scope"], edited["subject_id"]) == (["The Rook"], "", "S-8")
    assert (edited["expires"], edited["legal_basis"]) == (None, "GDPR Art. 17")
    for day in ("2001-01-01", "soon", "2027-02-30"):
        refused = run("targets", "edit", "The Rook", "--until", day)
        assert (refused.code, day in refused.err) == (2, True)
    assert "is over" in run("targets", "edit", "The Rook", "--until", "2001-01-01").err
    later = json.loads(run("targets", "edit", "The Rook", "--until", "2098-01-01", "--json").out)
    assert later["expires"].startswith("2098-01-01T23:59:59")


def test_lists_are_shown_in_pages(run: Run) -> None:
    run("forget", "Please forget:\n1. Mirela Osk\n2. Tor Hagen-Lys\n3. Edda Tarn", "--no-elicit")
    page = run("targets", "--offset", "1", "--limit", "1")
    assert "Tor Hagen-Lys" in page.out
    assert page.out.count("\n") == 1
    assert page.err == "1 of 3\n"


def test_targets_go_out_and_come_in(run: Run, tmp_path: Path) -> None:
    forgotten(run)
    file, other = tmp_path / "t.jsonl", str(tmp_path / "other.db")
    assert "1 targets" in run("targets", "export", str(file)).out
    with file.open("a") as stream:
        stream.write("{broken\n")
    told = run("targets", "import", str(file), "--db", other, "--reason", "a move")
    assert told.code == 1
    assert "line 2: no JSON" in told.err
    assert "1 brought in, 0 known, 1 not read" in told.out
    assert "Mirela Osk" in run("targets", "--db", other).out
    assert "a move" in run("trail", "--db", other).out
    wrong = run("targets", "import", str(file), "--db", other, "--atomic")
    assert (wrong.code, "line 2" in wrong.err) == (2, True)
    assert run("targets", "export", str(tmp_path / "t.pdf")).code == 2


def test_a_bar_shows_how_far_an_import_is(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = io.StringIO()
    monkeypatch.setattr(common, "status", Console(file=drawn, force_terminal=True, width=80))
    file = tmp_path / "targets.jsonl"
    file.write_text("".join(json.dumps({"subject": f"Osk Tarn{i}"}) + "\n" for i in range(40)))
    assert run("targets", "import", str(file)).code == 0
    assert "bringing in" in drawn.getvalue()
    assert "100%" in drawn.getvalue()


NAMES = ", ".join(f"{first}a {last}i" for first in SYLLABLES for last in SYLLABLES)


def test_five_thousand_names_in_one_request_are_one_clear_message(run: Run, tmp_path: Path) -> None:
    request = f"Please forget {NAMES}."
    assert request.count(",") > 5_000
    for command in ("forget", request), ("forget", request, "--dry-run"):
        told = run(*command)
        assert (told.code, told.out, told.err.count("\n")) == (2, "", 1)
        assert "at most 8,000 are read: shorten it, or bring many in as a file" in told.err
    file = tmp_path / "texts.jsonl"
    rows = ({"text": "Please forget Tor Hagen-Lys."}, {"text": request})
    file.write_text("".join(json.dumps(row) + "\n" for row in rows))
    told = run("targets", "import", str(file), "--atomic")
    assert (told.code, "line 2: the forget request has " in told.err) == (2, True)
    assert run("targets").out == "nothing is forgotten\n"


def test_five_thousand_names_come_in_as_a_file(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "names.csv"
    file.write_text("subject\n" + NAMES.replace(", ", "\n") + "\n")
    told = run("targets", "import", str(file), "--no-embed", "--json")
    assert json.loads(told.out)["added"] == NAMES.count(",") + 1


def test_an_import_that_breaks_off_says_what_is_in_force(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bringing_in, "_AT_ONCE", 2)
    file = tmp_path / "t.csv"
    file.write_text("subject\nBo Reed\nIda Tarn\nCy Vale\n")
    add = Registry.add_all

    def breaking(registry: Registry, targets: Any, **why: Any) -> Any:
        if any(target.subject == "Cy Vale" for target in targets):
            raise RegistryUnavailableError("the registry is locked")
        return add(registry, targets, **why)

    with monkeypatch.context() as patched:
        patched.setattr(Registry, "add_all", breaking)
        told = run("targets", "import", str(file))
    assert told.code == 2
    assert "2 brought in before that; run it again to go on" in told.err
    assert "the registry is locked" in told.err
    assert run("targets", "import", str(file)).out == "1 brought in, 2 known, 0 not read\n"


def test_an_import_says_of_how_many_the_text_was_not_read_whole(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "t.jsonl"
    rows = ["Please forget Mirela Osk, one of our tenants.", "Please forget Edda Tarn."]
    file.write_text("\n".join(json.dumps({"text": text}) for text in rows))
    told = run("targets", "import", str(file))
    assert (told.code, told.out) == (0, "2 brought in, 0 known, 0 not read\n")
    assert "of 1 of them the text was not read whole" in told.err
    assert "not read whole" not in run("targets", "import", str(file)).err


def test_the_trail_is_shown_checked_and_written(run: Run, tmp_path: Path) -> None:
    target = forgotten(run)
    run("revoke", target["id"], "--reason", "withdrawn")
    assert "revoke" in run("trail", target["id"]).out
    assert [e["reason"] for e in json.loads(run("trail", "--json").out)] == ["", "withdrawn"]
    checked = json.loads(run("trail", "--check", "--json").out)
    assert (checked["ok"], checked["lines"]) == (True, 2)
    file = tmp_path / "trail.jsonl"
    run("trail", "--export", str(file))
    assert json.loads(file.read_text().splitlines()[-1])["chain"] == checked["last"]
    with sqlite3.connect(tmp_path / "registry.db") as raw:
        raw.execute("UPDATE targets SET description = 'another'")
    raw.close()
    broken = run("trail", "--check")
    assert broken.code == 2
    assert target["id"] in broken.err


# ── Purging ──────────────────────────────────────────────────────────────────────────────────────


def test_a_target_is_purged_and_what_stays_is_said(run: Run) -> None:
    target = forgotten(run)
    told = run("revoke", "Mirela Osk", "--purge", "--reason", "case 4711")
    assert told.code == 0
    assert told.out.startswith(f"{target['id']}  purged\nwhat stays: its id and namespace")
    assert run("targets").out == "nothing is forgotten\n"
    assert "purged" in run("targets", "--all").out
    assert "Osk" not in run("targets", "show", target["id"]).out
    trail = run("trail", target["id"]).out
    assert ("purge" in trail, "case 4711" in trail) == (True, True)
    assert run("trail", "--check").code == 0
    again = run("restore", target["id"])
    assert again.code == 2
    assert "was purged" in again.err
    assert run("revoke", target["id"], "--purge").code == 0  # the database is written anew again


def test_a_reason_that_names_what_is_purged_is_refused(run: Run) -> None:
    target = forgotten(run)
    told = run("revoke", target["id"], "--purge", "--reason", "Osk asked for it")
    assert told.code == 2
    assert "names what is purged" in told.err
    assert json.loads(run("targets", "--json").out)[0]["id"] == target["id"]


@pytest.mark.parametrize(("more", "asked"), [((), True), (("--yes",), False), (("--json",), False)])
def test_at_a_terminal_a_purge_is_confirmed(
    run: Run, monkeypatch: pytest.MonkeyPatch, more: tuple[str, ...], asked: bool
) -> None:
    target, questions = forgotten(run), list[str]()

    def refuse(question: str, **_: object) -> None:
        questions.append(question)
        raise typer.Abort

    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("typer.confirm", refuse)
    told = run("revoke", target["id"], "--purge", *more)
    assert (bool(questions), told.code) == (asked, int(asked))
    left = json.loads(run("targets", "--all", "--json").out)
    assert left[0]["status"] == ("active" if asked else "purged")


def test_an_export_leaves_out_what_was_purged(run: Run, tmp_path: Path) -> None:
    target = forgotten(run)
    run("revoke", target["id"], "--purge")
    assert run("targets", "export", str(tmp_path / "all.jsonl"), "--all").code == 0
    assert (tmp_path / "all.jsonl").read_text() == ""
