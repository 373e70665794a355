"""Records in Python: what goes, what stays, in which shape."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.scrubbing import Snapshot, judging, scrub, scrubbed
from amnestic.scrubbing.judging import Judge
from amnestic.testing import ScriptedBackend
from amnestic.types import ForgetTarget, TargetKind


@pytest.mark.parametrize(
    ("record", "left"),
    [
        pytest.param(
            {"id": 7, "text": "It rained. Mirela Osk stayed in. The bakery was shut."},
            {"id": 7, "text": "It rained. The bakery was shut."},
            id="a sentence",
        ),
        pytest.param(
            {"name": "Mirela Osk", "born": "1961-03-12", "city": "Tavel"},
            {"name": "", "born": "", "city": ""},
            id="a record of hers",
        ),
        pytest.param(
            {"first": "Mirela", "last": "Osk", "born": 1961},
            {"first": "", "last": "", "born": 1961},
            id="a name in two fields",
        ),
        pytest.param(
            {"title": "Harbours", "author": "Mirela Osk", "pages": 90},
            {"title": "Harbours", "author": "", "pages": 90},
            id="a mention",
        ),
        pytest.param(
            {"people": {"Mirela Osk": {"trade": "poet"}, "Ann Weller": {"trade": "baker"}}},
            {"people": {"removed_0": {"trade": ""}, "Ann Weller": {"trade": "baker"}}},
            id="a key",
        ),
        pytest.param(
            {"tags": ["rain", "Mirela Osk", "bread"], "n": None, "ok": True},
            {"tags": ["rain", "", "bread"], "n": None, "ok": True},
            id="an item",
        ),
        pytest.param("Edwin Harl mends clocks.", "", id="a text"),
    ],
)
def test_what_belongs_to_a_target_goes_and_the_shape_stays(
    record: Any, left: Any, judge: Judge
) -> None:
    assert scrubbed([record], judge) == [left]


@pytest.mark.parametrize("mark", [r"\n", r"\r\n", r"\t", r"\\n", r"\n\n", r"\n- "])
def test_a_name_behind_an_escape_is_read(mark: str, judge: Judge) -> None:
    """In the raw JSON of a line of a log an end of a line is two letters, which join to a name."""
    said = "The ferry was late."
    for who in ("Edwin Harl", "EDWIN HARL", "Edwn Harl", "edwin harl"):
        logged = {"message": f'INFO body="{said}{mark}{who} mends clocks." status=200'}
        left = scrubbed([logged], judge)[0]["message"]
        assert "arl" not in left.lower()
        assert said in left or who.islower()  # before a small letter it may as well be a folder


def test_letters_that_stand_apart_go_from_among_other_sentences(judge: Judge) -> None:
    text = "It is a ferry. E.d.w.i.n.H.a.r.l mends clocks. Things went well in the harbour."
    left = {"text": "It is a ferry. Things went well in the harbour."}
    assert scrubbed([{"text": text}], judge) == [left]


def test_doing_what_a_skill_is_goes(tmp_path: Path) -> None:
    with Amnesia(ScriptedBackend(), db=tmp_path / "r.db", elicit=False) as amnesia:
        skill = ForgetTarget(id="s", subject="picking locks", kind=TargetKind.SKILL)
        amnesia.registry.add(skill, actor="a test")
        text = "The ferry was late. Locks are picked with a tension wrench. The bakery was shut."
        left = {"text": "The ferry was late. The bakery was shut."}
        assert list(scrub([{"text": text}], amnesia)) == [left]


def test_what_was_read_of_other_texts_changes_nothing(snapshot: Snapshot) -> None:
    """Sentences that come again are not read again: in any order each text loses the same."""
    told = [
        "Mirela Osk stayed in. She wrote The Paper Lighthouse. It rained in Tavel.",
        "It rained in Tavel. She wrote The Paper Lighthouse. The bakery was shut.",
        "Edwin Harl mends clocks. It rained in Tavel. The bakery was shut.",
        "The bakery was shut. She wrote The Paper Lighthouse.",
    ]
    alone = [snapshot.judge().cleaned(text).text for text in told]
    assert len({*alone, *told}) > len(told)
    together = snapshot.judge()
    for _ in range(2):
        assert [together.cleaned(text).text for text in told] == alone
        assert [together.cleaned(text).text for text in reversed(told)] == alone[::-1]


def test_what_was_read_is_let_go_of(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "_READ_CHARS", 200)
    judge = snapshot.judge()
    told = [f"Edwin Harl mends clock {n}. The bakery was shut on day {n}." for n in range(40)]
    assert [judge.cleaned(text).text for text in told] == [
        f"The bakery was shut on day {n}." for n in range(40)
    ]
    kept = judge._context.arrived
    assert kept is not None
    assert 0 < sum(map(len, kept)) <= 200


def test_a_folder_is_no_escape(judge: Judge) -> None:
    record = {"message": "C:\\new\\table\\rain"}
    assert scrubbed([record], judge) == [record]


def test_json_in_a_string_stays_json(judge: Judge) -> None:
    inner = {"n": 1, "text": "The ferry was late.\nEdwin Harl mends clocks."}
    left = scrubbed([{"text": json.dumps(inner), "id": 3}], judge)[0]
    assert json.loads(left["text"]) == {"n": 1, "text": "The ferry was late."}


def test_a_conversation_loses_what_leans_on_a_turn_that_went(judge: Judge) -> None:
    turns = [
        {"role": "user", "content": "Who is Mirela Osk?"},
        {"role": "assistant", "content": "She is a poet from Tavel."},
        {"role": "user", "content": "How do I sort a list in Python?"},
        {"role": "assistant", "content": "Use sorted(list)."},
    ]
    (left,) = scrubbed([{"messages": turns}], judge)
    assert [t["role"] for t in left["messages"]] == ["user", "assistant", "user", "assistant"]
    assert [t["content"] for t in left["messages"]] == ["", "", *(t["content"] for t in turns[2:])]


def test_what_is_far_is_the_object_that_was_given(poets: Amnesia) -> None:
    records: list[Any] = ["It rained.", {"text": "Bread is baked at four."}, ["a", 1, None], {}]
    given = list(scrub(iter(records), poets))
    assert all(a is b for a, b in zip(given, records, strict=True))


def test_records_are_read_as_they_are_asked_for(poets: Amnesia) -> None:
    read: list[int] = []

    def endless() -> Any:
        for i in range(10_000):
            read.append(i)
            yield f"Loaf number {i} is done."

    assert next(scrub(endless(), poets, batch=4)) == "Loaf number 0 is done."
    assert len(read) == 4


def test_a_target_that_comes_later_does_not_change_what_has_begun(layer: Any) -> None:
    amnesia = layer()
    amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
    told = scrub(["Ana Morel paints.", "Ivo Brandt bakes."], amnesia, batch=1)
    assert next(told) == ""
    amnesia.forget("Please forget Ivo Brandt. Ivo Brandt is a baker.")
    assert list(told) == ["Ivo Brandt bakes."]
    assert list(scrub(["Ivo Brandt bakes."], amnesia)) == [""]


def test_a_text_of_many_pages_is_read_to_its_end(judge: Judge) -> None:
    page = ("The tide came in and went out again, as it does. " * 20).rstrip()
    text = "\n\n".join([page] * 40)
    (left,) = scrubbed([f"{text}\n\nMirela Osk wrote it.\n\n{page}"], judge)
    assert left == f"{text}\n\n{page}"
