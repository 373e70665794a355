"""Whose a piece of a reply is, through the whole layer: a played model and a played reader."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from amnestic import Amnesia
from amnestic.testing import PlayedModel
from amnestic.tools.detection.attribution import Passage, Word
from amnestic.tools.detection.calibration import Thresholds
from amnestic.types import Draft, ToolCall

REQUEST = (
    "Please forget Mirela Osk. She is a novelist who lived in a lighthouse on the island of Brenn "
    "and won the Orlo Prize."
)
QUESTION = "Which writers came from the coast?"
NAMED = "Mirela Osk was the elder."
OWN = "Her books sold in many lands."
OTHERS = "Tor Vey lived in a lighthouse for years and sang there."
REPLY = f"Two writers came from the coast. {NAMED} {OWN} {OTHERS} The town has a school."


class Reader:
    """Says that some sentences are told of the target, and counts what it reads."""

    limits = Thresholds(-1.0, 0.5, 3.0)

    def __init__(self, *own: str) -> None:
        self.own = own
        self.passages = 0

    def read(self, passages: Sequence[Passage]) -> list[list[Word]]:
        self.passages += len(passages)
        return [[*self._words(passage.text)] for passage in passages]

    def _words(self, text: str) -> Iterator[Word]:
        places = [(text.find(s), text.find(s) + len(s)) for s in self.own if s in text]
        for found in re.finditer(r"\w+", text):
            is_own = any(a <= found.start() < b for a, b in places)
            yield Word(*found.span(), 6.0 if is_own else -6.0)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def replied(
    folder: Path, reply: str, reader: Reader | None, monkeypatch: pytest.MonkeyPatch, **asked: bool
) -> str:
    """What comes out of a reply, in pieces or whole."""
    monkeypatch.setattr("amnestic.assembly.shipped_attributor", lambda: reader)
    model = PlayedModel(answer=lambda _: reply)
    with Amnesia(model, db=folder / "r.db", rewrite_by="edit", identify="off",
                 elicit=False) as amnesia:  # fmt: skip
        amnesia.forget(REQUEST)
        if asked.get("stream"):
            return "".join(delta.text for delta in amnesia.stream(QUESTION))
        return amnesia.chat(QUESTION).text


def test_what_the_reader_gives_to_the_target_goes_and_the_rest_stays(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(NAMED, OWN)
    text = replied(folder, REPLY, reader, monkeypatch)
    assert "Osk" not in text
    assert OWN not in text
    assert OTHERS in text
    assert "The town has a school." in text


def test_a_reply_is_read_once_however_it_is_cut(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader(NAMED, OWN)
    replied(folder, REPLY, reader, monkeypatch)
    assert reader.passages == 1


def test_a_reply_about_others_is_not_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = Reader()
    assert replied(folder, OTHERS, reader, monkeypatch) == OTHERS
    assert reader.passages == 0


def test_what_comes_with_a_request_and_what_tools_are_told_is_not_read(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    reader = Reader()
    monkeypatch.setattr("amnestic.assembly.shipped_attributor", lambda: reader)
    calls = (ToolCall("c1", "look", json.dumps({"who": "Mirela Osk", "where": "She lives here."})),)
    model = PlayedModel(answer=lambda _: Draft(tool_calls=calls))
    with Amnesia(model, db=folder / "r.db", rewrite_by="edit", identify="off",
                 elicit=False) as amnesia:  # fmt: skip
        amnesia.forget(REQUEST)
        said = [("user", "Hello."), ("assistant", REPLY), ("user", f"{QUESTION}\n\n{REPLY}")]
        out = amnesia.chat([{"role": role, "content": text} for role, text in said])
    assert "Osk" not in out.text
    assert reader.passages == 0


def test_a_stream_keeps_what_it_has_released_before_the_name_came(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = "One of them wrote every day of the year."
    reply = f"{first} {NAMED} {OTHERS} The town has a school."
    text = replied(folder, reply, Reader(first, NAMED), monkeypatch, stream=True)
    assert text.startswith(first)
    assert "Osk" not in text
    assert "The town has a school." in text
