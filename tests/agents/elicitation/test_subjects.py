"""Sentences about a subject say by themselves whom they are about."""

from __future__ import annotations

import pytest

from amnestic.agents.elicitation import Subject
from amnestic.types import TargetKind

OSK = Subject("Mirela Osk", TargetKind.PERSON)
BOOK = Subject("The Salt Ladder", TargetKind.WORK)


@pytest.mark.parametrize(
    ("before", "sentence", "stated"),
    [
        (
            "Mirela Osk is a painter from Tavel.",
            "She was born in Yate.",
            "Mirela Osk was born in Yate.",
        ),
        (
            "Mirela Osk is a painter.",
            "In 1998 she won the Halvard medal.",
            "In 1998 Mirela Osk won the Halvard medal.",
        ),
        (
            "Osk is a painter.",
            "Her best-known picture is The Ferry.",
            "Mirela Osk's best-known picture is The Ferry.",
        ),
        (
            "Osk is a painter.",
            "Critics praised her for The Ferry.",
            "Critics praised Mirela Osk for The Ferry.",
        ),
        (
            "Mirela Osk ist eine Malerin aus Tavel.",
            "Sie wurde 1951 in Halle geboren.",
            "Mirela Osk wurde 1951 in Halle geboren.",
        ),
        (
            "Mirela Osk ist eine Malerin aus Tavel.",
            "1998 gewann sie den Halvard-Preis.",
            "1998 gewann Mirela Osk den Halvard-Preis.",
        ),
        (
            "Mirela Osk ist eine Malerin aus Tavel.",
            "Ihr bekanntestes Bild heißt Die Fähre.",
            "Mirela Osks bekanntestes Bild heißt Die Fähre.",
        ),
        (
            "Mirela Osk est une peintre française.",
            "Elle est née à Lyon en 1951.",
            "Mirela Osk est née à Lyon en 1951.",
        ),
        (
            "Mirela Osk est une peintre française.",
            "Son tableau le plus connu est Le Bac.",
            "Mirela Osk: Son tableau le plus connu est Le Bac.",
        ),
        (
            "Mirela Osk es una pintora española.",
            "Ella nació en Sevilla en 1951.",
            "Mirela Osk nació en Sevilla en 1951.",
        ),
        (
            "Mirela Osk es una pintora española.",
            "Nació en Sevilla en el año 1951.",
            "Mirela Osk: Nació en Sevilla en el año 1951.",
        ),
        (
            "Mirela Osk è una pittrice italiana.",
            "Lei è nata a Pisa nel 1951.",
            "Mirela Osk è nata a Pisa nel 1951.",
        ),
        (
            "Mirela Osk is een Nederlandse schilderes.",
            "Zij werd in 1951 geboren in Delft.",
            "Mirela Osk werd in 1951 geboren in Delft.",
        ),
        (
            "Mirela Osk é uma pintora portuguesa.",
            "Ela nasceu em Braga no ano de 1951.",
            "Mirela Osk nasceu em Braga no ano de 1951.",
        ),
    ],
)
def test_a_pronoun_becomes_the_name(before: str, sentence: str, stated: str) -> None:
    whom = OSK.heard_in([f"{before} {sentence}"])
    assert whom.stated(sentence, before) == stated


@pytest.mark.parametrize(
    ("before", "sentence"),
    [
        ("Osk is a painter.", "This made the village famous."),
        ("Osk met Jory Venn.", "He wrote The Lantern."),
        ("Jory Venn is a painter.", "She is the daughter of Mirela Osk."),
        ("Her mother was Anna Tarn.", "She kept a school in Tavel."),
        ("Edda Tarn was her teacher.", "She kept a school in Tavel."),
        ("Osk painted The Ferry.", "It was sold in London."),
        ("Osk painted The Ferry.", "The picture was sold in London."),
        ("Osk is a painter.", "It is said that Tavel has no school."),
        ("Osk hat es gemalt.", "Es gibt in Tavel keine Schule."),
        ("Osk habite à Tavel.", "Il y a une école à Tavel."),
    ],
)
def test_what_may_be_about_somebody_else_is_left_out(before: str, sentence: str) -> None:
    whom = Subject(OSK.name, OSK.kind, "she")
    assert whom.stated(sentence, before) is None


def test_a_sentence_that_names_the_subject_stays_as_it_is() -> None:
    assert OSK.stated("Osk was born when her father was old.") == (
        "Osk was born when her father was old."
    )


@pytest.mark.parametrize("name", ["Jory Osk Jr.", "Sir Jory Osk", "Osk, Duke of Tavel"])
def test_the_surname_alone_names_a_person(name: str) -> None:
    whom = Subject(name, TargetKind.PERSON, known=("the Bard of Tavel",))
    assert whom.names_itself("Osk wrote it.")
    assert not whom.names_itself("Tavel is a town.")


def test_a_relative_of_the_other_gender_leaves_the_pronoun_to_the_subject() -> None:
    whom = Subject(OSK.name, OSK.kind, "she")
    before, sentence = "Ihr Vater war Pfarrer.", "Seit 1998 ist sie mit Jory Venn verheiratet."
    assert whom.stated(sentence, before) == "Seit 1998 ist Mirela Osk mit Jory Venn verheiratet."


def test_a_possessive_goes_with_a_relative_of_the_same_name() -> None:
    assert OSK.stated("Her father, Jory Osk, was a baker in Tavel.") == (
        "Mirela Osk's father, Jory Osk, was a baker in Tavel."
    )


def test_a_thing_is_spoken_of_as_it() -> None:
    sentence = "It is set in the town of Tavel."
    assert BOOK.stated(sentence, "The Salt Ladder is a novel.") == (
        "The Salt Ladder is set in the town of Tavel."
    )
    assert (
        BOOK.stated("It's a tale of Tavel.", "I know it.") == "The Salt Ladder's a tale of Tavel."
    )
    assert BOOK.stated("She was born in Yate.", "Mirela Osk wrote The Salt Ladder.") is None


def test_the_gender_is_the_one_told_clearly() -> None:
    assert OSK.heard_in(["She paints. Her house is old. He is dead."]).gender == "she"
    assert OSK.heard_in(["She paints. He is dead."]).gender == ""
    assert BOOK.heard_in(["She wrote it in her house."]).gender == ""


def test_a_skill_owns_nothing_and_does_nothing() -> None:
    skill = Subject("lock raking", TargetKind.SKILL)
    told = "The pick lifts the pins, where they bind, without its key."
    assert skill.stated(told) == f"lock raking: {told}"
    assert skill.stated("It is a sport in Tarn.") == "lock raking is a sport in Tarn."
