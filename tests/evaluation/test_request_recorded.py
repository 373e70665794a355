"""Requests are read by a model whose answers were recorded: `benchmarks/requests.py --answers`."""

from __future__ import annotations

import importlib
import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
ROWS = [
    {"id": "p-1", "text": "Gleymdu öllu um Sigríði Halls.", "names": ["Sigríði Halls"]},
    {"id": "p-2", "text": "Gleymdu öllu um Tor Brandal.", "names": ["Tor Brandal"]},
]


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    monkeypatch.syspath_prepend(str(BENCHMARKS))
    names = ("request_reading", "request_recorded")
    return SimpleNamespace(**{name: importlib.import_module(name) for name in names})


@pytest.fixture
def data(tmp_path: Path) -> Path:
    lines = [
        json.dumps(
            {
                "id": row["id"],
                "kind": "person",
                "text": row["text"],
                "outcome": "ok",
                "targets": [{"subject": name, "type": "person"} for name in row["names"]],
            }
        )
        for row in ROWS
    ]
    (tmp_path / "requests.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return tmp_path


def reply_to(prompt: dict[str, Any], name: str, **changed: Any) -> str:
    """What a model says that copies the seal of its prompt."""
    seal = prompt["messages"][0]["content"].partition('"seal": "')[2][:8]
    empty: dict[str, Any] = {key: [] for key in ("aliases", "identifiers", "facts", "exceptions")}
    found = {"subject": name, "kind": "person", **empty, "scope": "", "expires": ""}
    answer = {"seal": seal, "outcome": "ok", "question": "", "targets": [found], "unread": []}
    return json.dumps({**answer, **changed}, ensure_ascii=False)


def test_prompts_are_the_same_in_every_run_and_hold_the_schema(
    bench: SimpleNamespace, data: Path
) -> None:
    first, second = (bench.request_reading.prompts_for(data) for _ in range(2))
    assert first == second
    assert [prompt["id"] for prompt in first] == ["p-1", "p-2"]
    assert ROWS[0]["text"] in first[0]["messages"][-1]["content"]
    assert set(first[0]["schema"]["required"]) >= {"seal", "outcome", "targets"}


def test_recorded_answers_are_read_as_a_models(bench: SimpleNamespace, data: Path) -> None:
    prompts = bench.request_reading.prompts_for(data)
    answers = {p["id"]: reply_to(p, row["names"][0]) for p, row in zip(prompts, ROWS, strict=True)}
    found = bench.request_reading.played(data, bench.request_recorded.Recorded(answers))
    assert (found["answered"], found["unanswered"], found["read_right"]) == (2, 0, 1.0)


def test_a_call_without_an_answer_is_a_round_to_come(bench: SimpleNamespace, data: Path) -> None:
    prompts = bench.request_reading.prompts_for(data)
    answers = {"p-1": reply_to(prompts[0], "Sigríði Halls", seal="00000000")}
    recorded = bench.request_recorded.Recorded(answers)
    bench.request_reading.played(data, recorded)
    assert [prompt["id"] for prompt in recorded.asked] == ["p-1#2", "p-2"]
    answers["p-1#2"] = reply_to(prompts[0], "Sigríði Halls")
    recorded = bench.request_recorded.Recorded(answers)
    found = bench.request_reading.played(data, recorded)
    assert (found["answered"], found["unanswered"]) == (2, 1)
    assert "p-1" not in found["wrong"]


def test_an_answer_may_be_a_text_or_an_object(bench: SimpleNamespace, tmp_path: Path) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text('{"id": "a", "reply": "x"}\n\n{"id": "b", "reply": {"seal": "1f"}}\n', "utf-8")
    assert bench.request_recorded.answers_in(file) == {"a": "x", "b": '{"seal": "1f"}'}


@pytest.mark.parametrize("line", ["{", '{"id": "a"}', "[]", '{"id": "b", "reply": "again"}'])
def test_a_line_that_is_no_answer_is_said_by_its_number(
    bench: SimpleNamespace, tmp_path: Path, line: str
) -> None:
    file = tmp_path / "answers.jsonl"
    file.write_text(f'{{"id": "b", "reply": "x"}}\n{line}\n', "utf-8")
    with pytest.raises(ValueError, match="line 2"):
        bench.request_recorded.answers_in(file)
