"""A candidate is judged by what it tells itself, and ignorance that repeats a name is no leak."""

from __future__ import annotations

import pytest

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.masking import Mask
from amnestic.agents.own_evidence import as_echo, views
from amnestic.types import Draft

MASK = Mask({"Ada Oskelly": "Epo Irbanko"})
QUESTION = "Compare Ada Oskelly and Tarn Veldt."
VERDICT = VetVerdict(Vet.SUSPECT, QUESTION, said="Who wrote Salt Winter?", mask=MASK, beyond=True)


@pytest.mark.parametrize(
    "sentence",
    [
        "I don't know who Ada Oskelly is.",
        "I've never heard of Ada Oskelly, but Tarn Veldt paints ships in Tavel.",
        "If you tell me a bit about Ada Oskelly's pictures, I can compare the two.",
        "Ich kenne Ada Oskelly leider nicht.",
        "Did you mean Ada Oskelly?",
        "As for Oskelly, I don't know.",
    ],
)
def test_ignorance_may_repeat_the_name_that_was_asked_for(sentence: str) -> None:
    read = as_echo(sentence, VERDICT)
    assert "skelly" not in read
    assert len(read) == len(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "Ada Oskelly is a cellist.",
        "Ada Oskelly is a cellist from Bergen, but I don't know where she lives.",
        "I'm not sure about Tarn Veldt. Ada Oskelly is a cellist.",
        "She was never sure of her talent, Ada Oskelly said.",
        "I'm not familiar with Ada Oskelly, but I can tell you that she's a famous cellist.",
        "I'm not familiar with the term \"Ada Oskelly\" but I can tell you that it's a novel.",
    ],
)
def test_a_name_in_what_is_told_stays_in_sight(sentence: str) -> None:
    assert "Ada Oskelly" in as_echo(sentence, VERDICT)


def test_ignorance_that_tells_more_than_was_asked_stays_in_sight() -> None:
    told = "I don't know who wrote it, but the writer won the Halvard Prize in 1994."
    assert "Halvard Prize" in as_echo(told, VERDICT)
    asked = "I'm sorry, but I don't know who wrote Salt Winter."
    assert not as_echo(asked, VERDICT).strip()


def test_a_column_that_knows_nothing_may_have_the_name_for_its_head() -> None:
    table = (
        "| | Ada Oskelly | Tarn Veldt |\n|---|---|---|\n"
        "| Paints | I don't know | ships |\n| Lives in | I don't know | Tavel |\n"
    )
    assert "Oskelly" not in as_echo(table, VERDICT)
    telling = table.replace("| I don't know | Tavel", "| Bergen | Tavel")
    assert "Oskelly" in as_echo(telling, VERDICT)


def test_a_heading_over_nothing_but_ignorance_may_have_the_name() -> None:
    text = "## Ada Oskelly\nI don't know this name.\n\n## Tarn Veldt\nHe paints ships.\n"
    assert "Oskelly" not in as_echo(text, VERDICT)
    assert "Oskelly" in as_echo(text.replace("I don't know this name.", "A cellist."), VERDICT)


def test_what_is_told_of_the_other_is_read_under_an_invented_name() -> None:
    drafts = (Draft(text="Tarn Veldt paints ships."),)
    ((told, verdict),) = views(drafts, VERDICT)
    assert told == drafts
    assert "Oskelly" not in verdict.question


def test_how_the_two_stand_to_each_other_is_read_under_the_question_itself() -> None:
    drafts = (Draft(text="Tarn Veldt paints ships. He is the older one than her."),)
    first, second = views(drafts, VERDICT)
    assert "Oskelly" not in first[1].question
    assert second[1].question == QUESTION
    assert second[0][0].text.strip() == "He is the older one than her."


def test_of_a_question_that_asks_for_nothing_else_the_taint_stays() -> None:
    alone = VetVerdict(Vet.SUSPECT, "Who is Ada Oskelly?", mask=MASK)
    ((_, verdict),) = views((Draft(text="A cellist."),), alone)
    assert verdict.question == "Who is Ada Oskelly?"


def test_a_sentence_without_end_is_no_echo() -> None:
    endless = "I don't know Ada Oskelly " * 8_000
    assert as_echo(endless, VERDICT) == endless


def test_how_two_stand_to_each_other_is_read_under_the_question_of_a_draft_alone() -> None:
    told = (Draft(text="Both paint ships. Veldt is the older one of the two."),)
    assert len(list(views(told, VERDICT))) == 2
    assert len(list(views(told, VERDICT, anew=True))) == 1
