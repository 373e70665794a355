"""Invented names stand for a target's, and come back where they stood."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.agents.masking import NO_MASK, Mask, invented_word, mask_of
from amnestic.types import Assessment, Band, Evidence, LeakKind, Span


def found(text: str, *names: str) -> list[Assessment]:
    """What a detector says of a text in which `names` stand."""
    spans = tuple(Span(text.index(n), text.index(n) + len(n)) for n in names)
    return [Assessment("t1", 0.99, Band.LEAK, LeakKind.DIRECT, spans, (), spans)]


def test_a_question_is_asked_about_somebody_who_does_not_exist() -> None:
    text = "Compare M. R. Ilvasti and Tarn Veldt. Where did Ilvasti's sister live?"
    mask = mask_of(text, found(text, "M. R. Ilvasti"))
    masked = mask.applied(text)
    assert "Ilvasti" not in masked
    assert "M. R." not in masked
    assert "Tarn Veldt" in masked
    assert len(masked) == len(text)
    assert mask.lifted(masked) == text


def test_a_relative_keeps_the_surname() -> None:
    text = "What did Sofia Ilvasti win?"
    at = Span(text.index("Ilvasti"), text.index("Ilvasti") + 7)
    signs = (Evidence("surname_among_others", 1.0),)
    kin = Assessment("t1", 0.3, Band.UNCERTAIN, LeakKind.INDIRECT, (at,), signs, (at,))
    assert not mask_of(text, [kin])
    assert mask_of(text, [replace(kin, score=0.6)])
    assert mask_of(text, [replace(kin, evidence=(*signs, Evidence("surname", 1.0)))])


def test_a_name_is_masked_however_its_words_are_joined() -> None:
    text = "Who is M.R. Ilvasti?"
    mask = mask_of(text, found(text, "M.R. Ilvasti"))
    assert "lvasti" not in mask.applied("M. R. Ilvasti, MARK; m.r. ilvasti; Ilvastis Haus").lower()


def test_a_number_is_masked_in_any_form_and_not_in_a_longer_one() -> None:
    text = "Is QX-2041 paid?"
    mask = mask_of(text, found(text, "QX-2041"))
    assert "2041" not in mask.applied("QX-2041, qx 2041 and QX2041 are paid.")
    assert mask.applied("QX-20417 is paid.") == "QX-20417 is paid."


def test_an_everyday_word_by_itself_is_nobodys_name() -> None:
    text = "Which castle is older, and who is castle in the play?"
    assert mask_of(text, found(text, "castle")) is NO_MASK


def test_a_sign_stands_for_itself() -> None:
    text = "Who is ★ of Tavel?"
    assert mask_of(text, found(text, "★")) is NO_MASK


def test_an_identifier_gets_other_digits() -> None:
    text = "What did customer 48213-K order?"
    masked = mask_of(text, found(text, "48213-K")).applied(text)
    assert "48213" not in masked
    assert re.search(r"\d{5}-[A-Z]", masked)


def test_lifting_keeps_the_spelling_of_the_user() -> None:
    text = "Is iLvasti a firm?"
    mask = mask_of(text, found(text, "iLvasti"))
    assert mask.lifted(mask.applied(text)) == text


BADLY = Mask({"Ada Oskelly": "Epo Irbanko", "Salt of Tavel": "Runk of Bolem"})


@pytest.mark.parametrize(
    ("said", "lifted"),
    [
        ("I don't know Epo Irbnko.", "I don't know Ada Oskelly."),
        ("I don't know Epo Irbbanko.", "I don't know Ada Oskelly."),
        ("I don't know Epo Irbenko's work.", "I don't know Ada Oskelly's work."),
        ("I don't know who Epo is.", "I don't know who Ada is."),
        ("EPO IRBNKO is unknown.", "ADA OSKELLY is unknown."),
        ("Runk of Bolm is unknown.", "Salt of Tavel is unknown."),
    ],
)
def test_a_name_that_was_copied_badly_is_lifted_too(said: str, lifted: str) -> None:
    assert BADLY.lifted(said) == lifted


@pytest.mark.parametrize(
    "said",
    ["The irbnko is small.", "Irbxxko is far.", "Eppo is short.", "Run of Boleyn.", "Ada Tarn."],
)
def test_words_that_are_not_like_it_stay(said: str) -> None:
    assert BADLY.lifted(said) == said


@given(st.text(alphabet="abcdefghijklmnopqrstuvwxyzäéñжшлαβ田村", min_size=2, max_size=12))
def test_an_invented_word_has_the_same_length_and_is_another(word):
    invented = invented_word(word, "t1")
    assert len(invented) == len(word)
    assert invented != word
    assert invented == invented_word(word, "t1")


@pytest.mark.parametrize(
    ("word", "script"), [("ilvasti", "a-z"), ("иванов", "а-я"), ("田村", "一-鿿")]
)
def test_an_invented_word_is_of_the_same_script(word, script):
    assert re.fullmatch(f"[{script}]+", invented_word(word, "t1"))
