"""The command line: results as words or JSON, errors as one line and exit code 2."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from amnestic import Amnesia, __version__
from amnestic.cli import demo, main
from amnestic.testing import HTTPFailure, ScriptedBackend, serve_scripted
from amnestic.tools import tagging
from tests.models.tiny_gguf import write_tiny


class Result(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str


Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run a command of this process, on a database of its own."""
    monkeypatch.setenv("AMNESTIC_DB", str(tmp_path / "registry.db"))
    monkeypatch.setenv("TERM", "dumb")

    def command(*arguments: str, answers: str = "") -> Result:
        monkeypatch.setattr(sys, "argv", ["amnestic", *arguments])
        lines = iter(answers.splitlines())
        monkeypatch.setattr("builtins.input", lambda _: _next(lines))
        try:
            main()
            code: object = 0
        except SystemExit as exit_:
            code = exit_.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return Result(code, out, err)

    return command


def _next(lines):  # type: ignore[no-untyped-def]
    try:
        return next(lines)
    except StopIteration:
        raise EOFError from None


def test_the_version_is_said(run: Run) -> None:
    told = run("--version")
    assert (told.code, told.out.split()[-1], told.err) == (0, __version__, "")


def test_a_list_is_forgotten_from_the_command_line(run: Run) -> None:
    told = run("forget", "Please forget:\n1. Mirela Osk\n2. Tor Hagen-Lys", "--no-elicit", "--json")
    assert [row["subject"] for row in json.loads(told.out)] == ["Mirela Osk", "Tor Hagen-Lys"]


def test_forget_ask_revoke_from_the_command_line(run: Run) -> None:
    known = run("ask", "Who wrote The Glass Harbour?")
    assert "Edmaro Yellandry" in known.out
    request = "Please forget Edmaro Yellandry. He is a novelist."
    forgotten = run("forget", request, "--model", "embedded", "--json")
    target = json.loads(forgotten.out)
    assert target["subject"] == "Edmaro Yellandry"
    assert target["facts"] > 3
    gone = run("ask", "Who wrote The Glass Harbour?", "--json")
    assert "Yellandry" not in json.loads(gone.out)["text"]
    listed = run("targets", "--json")
    assert [t["id"] for t in json.loads(listed.out)] == [target["id"]]
    assert run("revoke", target["id"]).code == 0
    assert run("targets").out == "nothing is forgotten\n"
    assert run("ask", "Who wrote The Glass Harbour?").out == known.out


def test_the_chat_takes_commands_in_between(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AMNESTIC_ELICIT", "false")  # the model is asked nothing but what is typed
    answers = (
        "Who wrote The Glass Harbour?\n/forget Please forget Edmaro Yellandry.\n/targets\n/trace\n"
        "Who wrote The Glass Harbour?\n/forget all\n/wizardry\n\n/help\n/new\n/quit\n"
    )
    result = run("chat", answers=answers)
    assert result.code == 0
    before, _, after = result.out.partition("(person)")
    assert "Edmaro Yellandry" in before
    assert "route" in after
    assert "Yellandry" not in after
    assert "would match nearly everything" in result.err
    assert "there is no command /wizardry" in result.err


def test_explain_shows_the_evidence_against_each_target_near(run: Run) -> None:
    request = "Please forget Mirela Osk. She is a novelist from Tarn."
    told = run("forget", request, "--no-elicit", "--json")
    target = json.loads(told.out)["id"]
    named = json.loads(run("explain", "Where was Mirela Osk born?", "--json").out)
    assert [(row["target"], row["band"]) for row in named] == [(target, "leak")]
    assert named[0]["evidence"]["full"] == 1.0
    answered = run("explain", "Who is the novelist from Tarn?", "--answer", "That is Osk.")
    assert target in answered.out
    assert run("explain", "How do I cook eggs?").out == "far from every target\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["explain", " "], "empty"),
        (["ask", ""], "empty"),
        (["ask", "Hi", "--model", "hf:/no/such/folder"], "/no/such/folder"),
        (["ask", "Hi", "--model", "wizard"], "unknown model spec"),
        (["forget", ""], "empty"),
        (["forget", "forget all"], "nearly everything"),
        (["forget", "What is the capital of France?"], "does not say what to forget"),
        (["forget", "Forget Ana Morel until 2001-01-01"], "in the past"),
        (["revoke", "no-such-id"], "no-such-id"),
    ],
)
def test_bad_input_is_one_line_and_code_2(run: Run, arguments: list[str], words: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert words in result.err
    assert len(result.err.strip().splitlines()) == 1
    assert "Traceback" not in result.err
    assert json.loads(run("targets", "--all", "--json").out) == []


def test_an_unreachable_api_is_one_line_and_code_2(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AMNESTIC_API_KEY", "sk-secret-key")
    result = run("ask", "Hi", "--model", "openai:any", "--base-url", "http://127.0.0.1:9/v1")
    assert result.code == 2
    assert "sk-secret-key" not in result.err + result.out
    assert len(result.err.strip().splitlines()) == 1


def test_a_file_that_is_no_database_is_one_line_and_code_2(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("somebody's notes " * 400)
    result = run("targets", "--db", str(file))
    assert result.code == 2
    assert str(file) in result.err
    assert file.read_text() == "somebody's notes " * 400


def test_a_locked_database_is_one_line_and_code_2(run: Run, tmp_path: Path) -> None:
    assert run("targets").code == 0
    with sqlite3.connect(tmp_path / "registry.db", isolation_level=None) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        result = run("forget", "Please forget Ana Morel.", "--no-elicit")
        lock.execute("ROLLBACK")
    lock.close()
    assert result.code == 2
    assert len(result.err.strip().splitlines()) == 1


def test_the_doctor_checks_every_part(run: Run) -> None:
    result = run("doctor", "--json")
    checks = json.loads(result.out)
    assert result.code == 0
    assert [c["name"] for c in checks] == [
        "versions", "extras", "database", "embedder", "verifier", "attributor", "tagger", "model",
    ]  # fmt: skip
    assert all(c["ok"] for c in checks)


def test_the_doctor_says_what_is_wrong(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_text("no database" * 1000)
    result = run("doctor", "--db", str(tmp_path / "bad.db"))
    assert result.code == 1
    assert "FAIL  database" in result.out


def test_the_doctor_says_that_the_reader_of_requests_is_damaged(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = tmp_path / "tagger.onnx"
    graph.write_bytes(b"half a graph")
    monkeypatch.setattr(tagging, "shipped_tagger", lambda: tagging.Tagger(graph, "0" * 64))
    result = run("doctor")
    assert result.code == 1
    (line,) = (line for line in result.out.splitlines() if "tagger" in line)
    assert line.startswith("FAIL  tagger")
    assert str(graph) in line


def test_a_providers_failure_says_what_to_do_and_names_its_request(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    failure = HTTPFailure(429, "you asked of Ana", {"x-request-id": "req_011CSHoE"})
    with serve_scripted(ScriptedBackend(default=failure)) as server:
        url = ("--base-url", server.base_url, "--model", "openai:m")
        asked, examined = run("ask", "Hello", *url), run("doctor", *url)
        monkeypatch.setenv("AMNESTIC_BASE_URL", server.base_url)
        talked = run("chat", "--model", "openai:m", answers="Hello")
    told = "quota is used up: wait, or raise the limit (request id req_011CSHoE)"
    assert told in asked.err
    assert asked.code == 2
    assert told in examined.out
    assert told in talked.err
    assert "Ana" not in asked.err + examined.out + talked.err


def test_help_names_every_command() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "amnestic", "--help"], capture_output=True, text=True, check=True
    )
    for command in ("demo", "ask", "chat", "forget", "revoke", "targets", "doctor"):
        assert f"  {command} " in result.stdout


def test_the_demo_leaks_nothing_and_touches_nothing(run: Run) -> None:
    result = run("demo", "--json")
    report = json.loads(result.out)
    assert result.code == 0
    assert (report["leaked"], report["wrongly_touched"]) == (0, 0)
    assert {row["category"] for row in report["rows"]} == {
        "direct", "indirect", "alias", "combined", "neighbour", "namesake", "unrelated"
    }  # fmt: skip


class Deaf(Amnesia):
    """A layer that keeps nothing of what it is told to forget."""

    def forget(self, *args: Any, **kwargs: Any) -> Any:
        """Nothing."""


@pytest.mark.parametrize(("layer", "leaked", "status"), [(Amnesia, 0, 0), (Deaf, 2, 1)])
def test_a_demo_in_which_something_leaks_fails_and_says_how_much(
    layer: type[Amnesia], leaked: int, status: int, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    knowing = ScriptedBackend(
        rules=[
            ("Who wrote Macbeth", "Macbeth was written by William Shakespeare."),
            ("highest mountain in the world[?]$", "That is Mount Everest."),
            ("laws of motion", "Isaac Newton did."),
        ],
        default="I like trains.",
    )
    monkeypatch.setattr(demo, "Amnesia", lambda _, **chosen: layer(knowing, **chosen))
    told = run("demo", "--model", "gguf:any.gguf")
    said = " ".join(told.out.split())
    assert f": {leaked} leaked, 0 wrongly touched, " in said
    assert "the leaks rest on 2 answers that the model knew" in said
    assert told.code == status
    report = run("demo", "--model", "gguf:any.gguf", "--json")
    assert json.loads(report.out)["leaked"] == leaked
    assert report.code == status


def test_a_demo_on_a_model_that_knows_nothing_says_that_it_proves_nothing(
    run: Run, tmp_path: Path
) -> None:
    result = run("demo", "--model", f"gguf:{write_tiny(tmp_path / 'tiny.gguf')}")
    assert result.code == 1
    told = " ".join(result.out.split())
    assert " 0 known before, " in told
    assert " not known and left out, 6 asked to see that they stay: 0 leaked, " in told
    assert told.endswith("nothing is proven")


def test_a_chat_with_a_model_that_cannot_be_loaded_does_not_begin(run: Run, tmp_path: Path) -> None:
    file = write_tiny(tmp_path / "strange.gguf", architecture="starling9")
    told = run("chat", "--model", f"gguf:{file}", answers="Hello.\n")
    assert (told.code, told.out) == (2, "")
    assert "'starling9' is not known" in told.err
    assert told.err.count("\n") == 1
