"""What is torn, asked, offered or said of everybody is no fact."""

from __future__ import annotations

import pytest

from amnestic.agents.elicitation import Said, Subject, said_of_everybody, statements_in
from amnestic.types import Draft, TargetKind

OSK = Subject("Mirela Osk", TargetKind.PERSON)
TARN = Subject("Edda Tarn", TargetKind.PERSON)
QUESTION = "Where was Mirela Osk born?"


def facts(text: str, whole: bool = True) -> list[str]:
    return statements_in(Said(QUESTION, text, whole), OSK.heard_in([text]))


@pytest.mark.parametrize(
    "text",
    [
        "Osk's books have been translated into many languages.",
        "Osk's timeless work continues to captivate and inspire readers.",
        "Mirela Osk is beloved by numerous readers and countless writers worldwide.",
        "Ihre Bücher wurden in viele Sprachen übersetzt.",
        "Ses livres ont été traduits dans de nombreuses langues.",
        "Sus libros han sido traducidos a muchos idiomas.",
        "I suo libri sono stati tradotti in molte lingue.",
        "Os seus livros foram traduzidos em muitas línguas.",
        "Haar boeken zijn in veel talen vertaald.",
        "Tavel.",
        "Yes.",
        "Where was Mirela Osk born?",
        "Do you mean the painter Mirela Osk of Tavel?",
        "The birthplace where Mirela Osk was born:",
        "Mirela Osk was born somewhere.",
        "I don't know where Mirela Osk of Tavel was born.",
        "Let me know if you want to hear more about Mirela Osk and Tavel.",
        "I hope that this tells you about Osk and The Salt Ladder.",
        'Mirela Osk called it "a ladder of salt and the Tavel sea.',
        "Osk wrote Venn, Venn, Venn, Tarn, Tarn, Tarn, Venn, Venn, Tarn, Venn, Tarn.",
    ],
)
def test_what_says_nothing_of_this_subject_is_dropped(text: str) -> None:
    assert facts(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "Mirela Osk was born in Tavel.",
        "Mirela Osk was born in 1951.",
        "Mirela Osk hat Die Fähre in Halle gemalt.",
        "Mirela Osk est née à Lyon.",
    ],
)
def test_what_tells_a_name_or_a_number_is_kept(text: str) -> None:
    assert facts(text) == [text]


def test_the_end_of_an_answer_that_was_cut_off_is_dropped() -> None:
    begun = "Mirela Osk was born in Tavel. Osk later moved to Venn, where Jory"
    assert facts(begun) == ["Mirela Osk was born in Tavel."]
    assert facts("Mirela Osk was born in Tavel. Osk moved to St.", whole=False) == [
        "Mirela Osk was born in Tavel."
    ]
    draft = Draft(text="Mirela Osk was born in Tavel.", finish_reason="length")
    assert statements_in(Said.of(QUESTION, draft), OSK) == []


def test_items_of_a_list_stand_under_the_name() -> None:
    text = "Her pictures are:\n\n1. **The Ferry** (1974)\n2. **The Lantern** (1979)\n"
    assert facts(text) == ["Mirela Osk: The Ferry (1974)", "Mirela Osk: The Lantern (1979)"]


def test_a_clean_sentence_in_answer_to_another_question_is_a_fact() -> None:
    assert facts("Mirela Osk won the Halvard medal.") == ["Mirela Osk won the Halvard medal."]


def test_a_skill_is_told_without_names() -> None:
    skill = Subject("how to make soap", TargetKind.SKILL)
    text = "Soap is made from tallow and caustic lye."
    told = statements_in(Said("Tell me about how to make soap.", text), skill)
    assert told == [f"how to make soap: {text}"]


@pytest.mark.parametrize(
    ("fact", "of_another", "dropped"),
    [
        ("Mirela Osk was born in New York City.", "Edda Tarn was born in New York City.", True),
        ("Mirela Osk was born in Tavel.", "Edda Tarn was born in New York City.", False),
        ("Mirela Osk was born in 1951.", "Edda Tarn was born in 1972.", False),
        (
            "Mirela Osk inspired storytellers with her imagination.",
            "Edda Tarn's imagination inspired storytellers and dreamers.",
            True,
        ),
    ],
)
def test_what_is_equally_said_of_a_neighbour_is_dropped(
    fact: str, of_another: str, dropped: bool
) -> None:
    assert said_of_everybody(fact, OSK, [(TARN, Said("", of_another))]) is dropped


def test_what_is_said_of_the_noun_is_not_said_of_the_project() -> None:
    project = Subject("Project Skarvel", TargetKind.TOPIC)
    question = "What is Project Skarvel?"
    noun = "A skarvel is a rope that is used on 30 boats in Tarn."
    assert not statements_in(Said(question, noun), project)
    own = "Project Skarvel began in 2019 in Tarn."
    assert statements_in(Said(question, own), project) == [own]


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (
            "The Ferry was painted by Edda Tarn, a smith from Yate.",
            "The Ferry was painted by Edda Tarn.",
        ),
        (
            "The Ferry was bought by Jory Venn, the mayor of Halle, in 1951.",
            "The Ferry was bought by Jory Venn in 1951.",
        ),
        (
            "The Ferry wurde 1974 von Edda Tarn, einer Schmiedin aus Yate, gemalt.",
            "The Ferry wurde 1974 von Edda Tarn gemalt.",
        ),
        (
            "The Ferry a été peint par Edda Tarn, une sculptrice de Lyon.",
            "The Ferry a été peint par Edda Tarn.",
        ),
        ("The Ferry, a picture of 1974, hangs in Halle.", None),
        ("The Ferry shows Tavel, the Sorn and Yate.", None),
        ("The Ferry was praised by the Halvards, the queen and the pope.", None),
        ("The Ferry hangs in the Halle of Edda Tarn, the owner of The Ferry.", None),
        ("In Tavel, the painter of The Ferry is known as Tarn.", None),
    ],
)
def test_what_another_is_by_the_way_is_no_fact_of_the_subject(said: str, kept: str | None) -> None:
    ferry = Subject("The Ferry", TargetKind.WORK)
    assert statements_in(Said("What is The Ferry?", said), ferry) == [kept or said]


def test_what_stands_under_the_name_may_begin_with_a_place() -> None:
    text = "In Tavel, the painters founded a school in 1951."
    told = statements_in(Said("Tell me.", f"- {text}"), OSK)
    assert all(text in fact for fact in told)
