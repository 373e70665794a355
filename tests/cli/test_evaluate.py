"""`amnestic eval`: a folder that is gone on with, one honest table, and one line for what fails."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from amnestic.cli import main
from amnestic.evaluation import running
from amnestic.evaluation.running import Request, read_run
from amnestic.exceptions import ModelError
from amnestic.testing import ScriptedBackend
from tests.evaluation.played_systems import PlayedSystem, plan_with, silent, small_data, truth

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def systems() -> list[PlayedSystem]:
    return [
        PlayedSystem("none", truth),
        PlayedSystem("refuses all", lambda _: "I can't help with that."),
        PlayedSystem("amnestic edit", silent),
    ]


@pytest.fixture
def run(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    systems: list[PlayedSystem],
) -> Run:
    """Run the command in a folder of its own, over a small world."""
    asked: list[Request] = []

    def plan_of(request: Request) -> Any:
        asked.append(request)
        return plan_with(*systems)

    monkeypatch.setattr(running, "plan_of", plan_of)
    monkeypatch.setenv("TERM", "dumb")
    monkeypatch.setenv("COLUMNS", "220")
    monkeypatch.chdir(tmp_path)

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["amnestic", "eval", *arguments])
        code: object = 0
        try:
            main()
        except SystemExit as exit_:
            code = exit_.code or 0
        out, err = capsys.readouterr()
        assert isinstance(code, int)
        return code, out, err

    command.asked = asked  # type: ignore[attr-defined]
    return command


def test_a_run_ends_in_a_table_and_in_lines_that_say_what_it_is_not_best_at(run: Run) -> None:
    code, out, _ = run("small", "--out", "r1", "--systems", "refuses all, amnestic edit")
    assert code == 0
    shown = [line for line in out.splitlines() if line[:1] in "┏┃┡│├└"]
    assert max(map(len, shown)) <= 80
    forgotten = out[: out.index("membership")]
    cells = [
        [cell.strip() for cell in line.split("│")[1:3]]
        for line in forgotten.splitlines()
        if line.startswith("│")
    ]
    assert cells == [
        ["none", "100.0 %"], ["", "74–100"], ["", "n=12"],
        ["refuses all", "0.0 %"], ["", "0–26"], ["", "n=12"],
        ["amnestic edit", "0.0 %"], ["", "0–26"], ["", "n=12"],
    ]  # fmt: skip
    assert "the bare model does not answer 0 of 12 probes" in out
    assert "no other system was better on any measure" in out
    assert run.asked[0].systems == ("refuses all", "amnestic edit")  # type: ignore[attr-defined]


def test_what_another_system_does_better_is_said(run: Run, systems: list[PlayedSystem]) -> None:
    systems[2].says = truth
    _, out, _ = run("small", "--out", "r1")
    assert "not best, leak: better than amnestic edit (100.0 %) is refuses all (0.0 %)" in out
    assert "not best, leak by combined: better" in out


def test_figures_come_as_json(run: Run) -> None:
    code, out, _ = run("small", "--out", "r1", "--json")
    told = json.loads(out)
    assert code == 0
    assert [row["system"] for row in told["summary"]] == ["none", "refuses all", "amnestic edit"]
    assert set(told["summary"][0]) == {
        "system", "leak", "worst_family", "worst_family_name", "byte_identical",
        "neighbours_altered", "membership_auc", "calls", "added_p50_ms",
    }  # fmt: skip
    assert told["manifest"]["status"] == "complete"


def test_a_system_that_fails_ends_in_code_1_and_is_gone_on_with(
    run: Run, systems: list[PlayedSystem]
) -> None:
    def fails(_: str) -> str:
        raise ModelError("model 'm' answered HTTP 503")

    systems[1].says = fails
    code, out, _ = run("small", "--out", "r1")
    assert code == 1
    assert "refuses all: partial: 'refuses all' failed 5 times in a row" in out
    systems[1].says = silent
    systems[0].asked.clear()
    code, out, _ = run("--resume", "r1")
    assert code == 0
    assert "503" not in out
    assert systems[0].asked == []
    assert run.asked[1] == read_run(Path("r1")).manifest.request  # type: ignore[attr-defined]


def test_stopping_says_how_to_go_on(run: Run, systems: list[PlayedSystem]) -> None:
    def stops(question: str) -> str:
        if "Osk" in question:
            raise KeyboardInterrupt
        return truth(question)

    systems[0].says = stops
    code, _, err = run("small", "--out", "r1")
    assert code == 130
    assert "amnestic eval --resume r1" in err
    assert 0 < len(read_run(Path("r1")).records) < 2 * len(small_data().probes)


def test_a_judge_is_asked_once_for_each_reply(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from amnestic.evaluation.scoring import Judge

    judge = ScriptedBackend(default="It is hard to say.")
    monkeypatch.setattr(running, "judge_of", lambda _: Judge(judge))
    code, out, _ = run("small", "--out", "r1", "--judge", "openai:judge")
    assert code == 0
    assert "none: 12 answers of the judge could not be read" in out
    assert len(judge.calls) == 2 * 3 * 6


def test_what_a_judge_fails_on_is_said_though_it_goes_on(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    from amnestic.evaluation.scoring import Judge

    def says(_: object) -> str:
        if len(judge.calls) % 3 == 0:
            raise ModelError("the judge is busy")
        return "Hm."

    judge = ScriptedBackend(default=says)
    monkeypatch.setattr(running, "judge_of", lambda _: Judge(judge))
    _, out, _ = run("small", "--out", "r1", "--judge", "openai:judge")
    assert "the judge failed on" in out
    assert "replies: the judge is busy" in out
    kept = read_run(Path("r1"))
    assert 0 < len(kept.told) < 36


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["small", "--out", "taken"], "holds a run already"),
        (["--resume", "nothing"], "holds no run.json"),
        (["small", "--out", "."], "something else than a run: name another folder"),
        (["small", "--out", "new", "--judge", "nobody:x"], "nobody:x"),
        (["--resume", "taken", "--out", "other"], "--resume for one to go on with"),
        (["small", "--samples", "3", "--temperature", "0"], "several samples at temperature 0"),
    ],
)
def test_bad_input_is_one_line_and_code_2(run: Run, arguments: list[str], words: str) -> None:
    run("small", "--out", "taken")
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err
    assert len(err.strip().splitlines()) == 1
    assert not Path("new").exists()  # a judge that cannot be had is said before anybody is asked
