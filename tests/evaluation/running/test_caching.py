"""What a run asks of a model is asked once, and no system's cost is hidden by it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from amnestic.evaluation.running.caching import BareAnswers, cached
from amnestic.evaluation.running.lines import LineFile
from amnestic.exceptions import RunError
from amnestic.models.protocol import ChatBackend
from amnestic.types import Conversation, Draft, Generation, Message


class Remote:
    name = "remote"

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        self.asked.append(conversation[-1].text)
        return Generation((Draft(conversation[-1].text.upper()),))


class Local(Remote):
    def load(self) -> None:
        """It is there."""


def _ask(model: ChatBackend, text: str, **options: Any) -> str:
    given = asyncio.run(model.generate((Message.of("user", text),), options))
    return given.choices[0].text


def test_a_local_model_is_asked_nothing_twice_to_prepare_systems() -> None:
    local, answers = Local(), BareAnswers.of(())
    model = cached(local, answers)
    for _ in range(2):
        with answers.preparing():
            assert _ask(model, "Who is Osk?", max_tokens=9) == "WHO IS OSK?"
    assert local.asked == ["Who is Osk?"]
    assert answers.saved > 0
    with answers.preparing():
        assert answers.saved == 0


def test_what_is_asked_to_answer_goes_through_and_so_does_chance() -> None:
    local, answers = Local(), BareAnswers.of(())
    model = cached(local, answers)
    for _ in range(2):
        _ask(model, "Who is Osk?")
        with answers.preparing():
            _ask(model, "Who is Osk?", temperature=0.7)
    assert len(local.asked) == 4


def test_a_remote_model_is_asked_by_every_system() -> None:
    remote, answers = Remote(), BareAnswers.of(())
    for _ in range(2):
        with answers.preparing():
            _ask(cached(remote, answers), "Who is Osk?")
    assert len(remote.asked) == 2


@pytest.mark.parametrize(
    "row",
    [
        {"text": "It is.", "in": 1},
        {"key": "a", "text": "It is.", "in": "many"},
        {"key": "a", "text": "It is.", "seconds": None},
        {"key": "a", "text": 7},
        {"key": "a", "text": "It is.", "reasoning": ["so"]},
    ],
)
def test_a_file_that_holds_something_else_is_named_with_its_line(
    tmp_path: Path, row: dict[str, object]
) -> None:
    file = tmp_path / "bare.jsonl"
    good = {"key": "b", "text": "It is.", "seconds": 0.5, "in": 3, "out": 2}
    file.write_text(f"{json.dumps(good)}\n{json.dumps(row)}\n", "utf-8")
    with pytest.raises(RunError, match=r"bare\.jsonl.*line 2 is no answer"):
        BareAnswers.of((), LineFile(file))


def test_where_the_time_of_a_reply_tells_a_local_model_is_asked_anew() -> None:
    timed = [(Message.of("user", "Who is Osk?"),)]
    local, remote = Local(), Remote()
    for model in (local, remote):
        answers = BareAnswers.of(timed, timed=timed)
        for _ in range(2):
            _ask(cached(model, answers), "Who is Osk?")
    assert len(local.asked) == 2
    assert len(remote.asked) == 1
