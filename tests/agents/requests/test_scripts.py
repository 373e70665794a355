"""Scripts that are hardly read without a model."""

from __future__ import annotations

import pytest

from amnestic.agents.requests import LocalInterpreter
from amnestic.agents.requests.readings import Interpretation, RequestReading
from amnestic.agents.requests.scripts import ask_where_script_is_strange
from amnestic.agents.requests.seeing import Seen
from amnestic.exceptions import NeedsClarificationError
from amnestic.types import TargetKind

TEXT = "يرجى نسيان كل ما يتعلق بالسيدة ليلى المنصوري، بريدها layla@barid.example"


def test_words_of_two_scripts_are_no_name_and_are_asked_back() -> None:
    cut = Interpretation("بريدها layla@barid.example", TargetKind.RECORD)
    seen = Seen((cut,), "ok", 0.97, (0.97,), text=TEXT)
    with pytest.raises(NeedsClarificationError, match="in this script is hardly read"):
        ask_where_script_is_strange(TEXT, seen, NeedsClarificationError("who?"))


def test_what_both_readers_read_alike_is_taken() -> None:
    osk = Interpretation("欧阳思远", TargetKind.PERSON)
    seen = Seen((osk,), "ok", 0.6, (0.6,), text="请忘掉欧阳思远。")
    ask_where_script_is_strange(seen.text, seen, RequestReading((osk,)))


@pytest.mark.parametrize("text", ["株式会社ミナト電機について今後一切話さないでください。", TEXT])
def test_what_is_not_read_is_asked_back_and_never_cut(text: str) -> None:
    with pytest.raises(NeedsClarificationError, match="AMNESTIC_AGENT_MODEL"):
        LocalInterpreter().read(text)
