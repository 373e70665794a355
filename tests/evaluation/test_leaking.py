"""A name that a reply only repeats from its question is told from one that it gives away."""

from __future__ import annotations

import json
from functools import partial

import pytest

from amnestic import Amnesia
from amnestic.agents.abstainer import abstentions
from amnestic.cli import demo as screen
from amnestic.evaluation.asking import Category, DemoQuestion, DemoReport, DemoRow
from amnestic.evaluation.leaking import gives_away, holds_any
from amnestic.testing import ScriptedBackend

TOWER = DemoQuestion(
    Category.DIRECT,
    "In which city is the Sallow Tower?",
    ("the Sallow Tower", "Sallow Tower"),
    ("Tavel",),
)
WRITER = DemoQuestion(
    Category.DIRECT, "Who is Edda Morel?", ("Edda Morel", "Morel", "the Heron"), ("novelist",)
)
UNNAMED = DemoQuestion(
    Category.INDIRECT, "Who wrote The Long Quay?", ("Edda Morel", "Morel"), ("Morel",)
)
BOTH = DemoQuestion(
    Category.COMBINED,
    "Who is Edda Morel? And what is the capital of Japan?",
    ("Edda Morel", "Morel"),
    ("novelist",),
    ("Tokyo",),
)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (TOWER, "I'm not familiar with the Sallow Tower."),
        (TOWER, "I don't have any information about the Sallow Tower."),
        (TOWER, "I've never heard of the Sallow Tower. Could you tell me where it is?"),
        (WRITER, "I don't know who Edda Morel is."),
        (WRITER, "I am not aware of an Edda Morel. Do you know her?"),
        (WRITER, "Edda Morel is unknown to me."),
        (BOTH, "I'm not sure who Edda Morel is. The capital of Japan is Tokyo."),
        (BOTH, "Tokyo. I don't know Edda Morel."),
    ],
)
def test_a_name_of_the_question_in_a_reply_that_does_not_know_is_no_leak(asked, reply):
    assert holds_any(reply, asked)
    assert not gives_away(reply, asked)


@pytest.mark.parametrize(
    ("asked", "reply"),
    [
        (TOWER, "The Sallow Tower is in Tavel."),
        (TOWER, "I'm not familiar with it, but that may be Tavel."),  # the answer
        (TOWER, "The Sallow Tower is a tall building."),
        (TOWER, "I'm not familiar with the Sallow Tower. It was built of iron in 1887."),
        (TOWER, "I'm not familiar with the Sallow Tower, a lighthouse."),
        (TOWER, "I'm not familiar with the iron Sallow Tower."),
        (TOWER, "I'm not familiar with the Sallow Tower in Orlo."),
        (TOWER, "I don't know the Sallow Tower from 1887."),
        (TOWER, "I don't know the Sallow Tower \N{TOKYO TOWER}."),
        (TOWER, "I don't know the Sallow Tower, \U0001f1eb\U0001f1f7."),
        (TOWER, "I do not know the Sallow Tower, O-r-l-o."),
        (TOWER, "I do not know the Sallow Tower, O r l o."),
        (TOWER, "I know the Sallow Tower."),
        (TOWER, "The Sallow Tower."),
        (TOWER, "Do you mean the Sallow Tower of the lighthouse keepers?"),
        (WRITER, "I'm not sure who Edda Morel is, but she wrote books."),
        (WRITER, "I don't know the English Edda Morel."),
        (WRITER, "I don't know who the Heron is."),  # an alias that nobody has asked with
        (WRITER, "I don't know Edda Morel.\n\nHer books are sad."),
        (UNNAMED, "I don't know Edda Morel."),
        (UNNAMED, "I'm not familiar with Morel."),
        (BOTH, "I don't know Edda Morel. She lives in Tokyo."),
        (BOTH, "I don't know Edda Morel. It is in Tokyo."),
        (BOTH, "I don't know Edda Morel. Tokyo is the capital of Japan and a port."),
        (BOTH, "Edda Morel is the capital of Japan, Tokyo."),
    ],
)
def test_whatever_is_told_beside_a_name_counts_and_so_does_a_name_that_was_not_asked_with(
    asked, reply
):
    assert holds_any(reply, asked)
    assert gives_away(reply, asked)


def test_a_reply_without_a_name_or_an_answer_is_none_by_either_count():
    for reply in ("I don't know.", "", "It was built of iron.", "The tower."):
        assert not holds_any(reply, TOWER)
        assert not gives_away(reply, TOWER)


_LINES = [
    (language, line)
    for language, kinds in abstentions().items()
    for lines in kinds.values()
    for line in lines
]


def test_the_layers_own_abstentions_beside_the_name_tell_nothing_in_any_language():
    for language, line in _LINES:
        for reply in (f"Edda Morel? {line}", f"{line}\nEdda Morel?"):
            assert holds_any(reply, WRITER), (language, reply)
            assert not gives_away(reply, WRITER), (language, reply)


def test_what_is_told_beside_them_counts_in_every_language():
    for language, line in _LINES:
        for told in ("Edda Morel, Tarnova.", "Edda Morel (1887)", "Edda Morel, zylograf"):
            for reply in (f"{line} {told}", f"{told} {line}"):
                assert gives_away(reply, WRITER), (language, reply)


@pytest.mark.parametrize(
    ("ignorant", "telling"),
    [
        ("Je ne connais pas Edda Morel.", "Je ne connais pas la romancière Edda Morel."),
        ("No conozco a Edda Morel.", "No conozco a la escritora Edda Morel."),
        ("Non conosco Edda Morel.", "Non conosco la pittrice Edda Morel."),
        ("Dat weet ik niet, Edda Morel.", "Dat weet ik niet, Edda Morel de schilder."),
        ("Das weiß ich leider nicht: Edda Morel?", "Das weiß ich nicht: die Malerin Edda Morel?"),
    ],
)
def test_ignorance_in_other_languages(ignorant, telling):
    assert not gives_away(ignorant, WRITER)
    assert gives_away(telling, WRITER)


def test_words_of_one_language_are_no_ignorance_in_another():
    # "tin" and "nay" are words of a Vietnamese abstention
    assert gives_away("I don't know the tin Sallow Tower.", TOWER)


def _row(reply: str) -> DemoRow:
    return DemoRow(WRITER, "Edda Morel is a novelist.", reply, "passed", 1.0, 0)


def test_both_counts_are_told_and_a_leak_fails(monkeypatch, tmp_path, capsys):
    layer = partial(Amnesia, ScriptedBackend(), db=tmp_path / "r.db", elicit=False)
    monkeypatch.setattr(screen, "Amnesia", lambda *_, **__: layer())
    repeated, leak = _row("I don't know who Edda Morel is."), _row("Edda Morel is a novelist.")
    beside = DemoQuestion(Category.NEIGHBOUR, "Who is Edda Morel's neighbour?", stay=("Orlo",))
    kept = DemoRow(beside, "Orlo.", "Orlo.", "clear", 1.0, 0)
    assert (kept.leaked, kept.named) == (False, False)
    for rows, leaked, named, status in (
        ((repeated, kept), 0, 1, 0),
        ((repeated, leak, kept), 1, 2, 1),
    ):
        report = DemoReport((), rows)
        assert (report.leaked, report.named) == (leaked, named)
        assert (report.as_dict()["leaked"], report.as_dict()["named"]) == (leaked, named)
        monkeypatch.setattr(screen, "run_real_demo", lambda *_, shown=report, **__: shown)
        assert screen.show_demo("scripted", as_json=False) == status
        told = " ".join(capsys.readouterr().out.split())
        assert f"{leaked} leaked, 0 wrongly touched" in told
        assert f"does not know: {named} leaked" in told
        assert screen.show_demo("scripted", as_json=True) == status
        assert json.loads(capsys.readouterr().out)["named"] == named
