"""What a question's own words are, how far an answer says no others, and how it is broken off."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.agents.said_already import broken_off, opening_words, said_end, words_said
from amnestic.tools.reading import language_of, says_ignorance
from tests.thoroughness import examples

CAPITAL = "What is the capital of France?"


@pytest.mark.parametrize(
    ("question", "answer", "out"),
    [
        (CAPITAL, "The capital of France is Paris.", "The capital of France is"),
        ("How does a rainbow form?", "A rainbow forms when", "A rainbow"),
        ("Explain what a noun is.", "A noun is a word", "A noun is a"),
        ("In which country is Lisbon?", "Lisbon is in Portugal.", "Lisbon is in"),
        ("Auf welcher Insel liegt Nuuk?", "Nuuk liegt auf Grönland.", "Nuuk liegt auf"),
        ("Who wrote O'Brien's letters?", "O'Brien's letters were", "O'Brien's letters"),
        ("Wie heißt die Hauptstadt von Frankreich?", "Die Hauptstadt von Frankreich heißt Paris.",
         "Die Hauptstadt von Frankreich heißt"),
        ("Quelle est la capitale de la France ?", "La capitale de la France est Paris.",
         "La capitale de la France est"),
        ("¿Cuál es la capital de Francia?", "La capital de Francia es París.",
         "La capital de Francia es"),
        ("Как называется столица Франции?", "Столица Франции — Париж.", "Столица Франции"),
    ],
)  # fmt: skip
def test_the_questions_own_words_are_told_from_all_others(question, answer, out) -> None:
    assert answer[: said_end(answer, words_said(question))] == out


@pytest.mark.parametrize(
    "question",
    [
        "Is the earth flat?",  # agreed with by its own words
        "Did Ada write it?",
        "Which is higher, K2 or Everest?",  # one of them is the answer
        "Which of Ada and Bo is older?",
        "Who is taller: Ada, Bo?",
        "Who is taller, Ada vs Bo?",
        "Who is taller (a) Ada (b) Bo?",
        "Who is taller Ada & Bo?",
        "Who is taller – Ada – Bo?",
        "Ist Ada oder Bo älter?",
        "Wer ist älter, Ada oder Bo?",
        "Qui est le plus grand de Ada et Bo ?",
        "Wie is ouder, Ada of Bo?",
        "Answer yes or no.",
        "Tell me whether the earth is flat.",
        "Do you know who wrote it?",
        "What is a noun? Is it a word?",  # two questions
        "What is it?\nThe earth is flat.",
        "Hello!",
        "",
        "What is " + "so very " * 60 + "long?",
        "首都はどこですか？",  # words that nothing parts
    ],
)
def test_no_word_counts_where_one_could_be_the_answer(question: str) -> None:
    assert words_said(question) == frozenset()


@pytest.mark.parametrize(
    ("question", "answer", "out"),
    [
        ("Give me three tips for sleeping better.", "Here are three tips", "Here"),
        ("Describe a quiet sea.", "The sea is", "The"),
        ("Is a whale a fish?", "The whale is no", "The"),  # which says neither yes nor no
        ("Is a whale a fish?", "No, the whale", ""),
        ("Is a whale a fish?", "Yes, the whale", ""),
        ("Nenne mir drei Städte.", "Hier sind drei", "Hier"),
        ("Nenne mir eine Dichterin.", "Die Dichterin", ""),  # which would tell a woman
        ("Donne-moi trois conseils.", "Voici trois conseils", "Voici"),
        ("Donne-moi trois conseils.", "La fille", ""),
        ("Name a poet of the isle.", "She wrote", ""),
        ("Where is the Colosseum?", "In Rome", "In"),
        ("When did the war end?", "In 1945", "In"),
        ("Why does it rain?", "Because water", "Because"),
        ("How do I boil an egg?", "To boil an egg", "To boil an egg"),
        ("Wo steht das Kolosseum?", "In Rom", "In"),
        ("¿Dónde está el Coliseo?", "En Roma", "En"),
        ("Which novel did she write?", "In Cold", ""),  # the beginning of a name
        ("What is her first novel called?", "To Kill", ""),
        ("How is her first novel called?", "To Kill", ""),
        ("Name her first novel.", "On the Road", ""),
        ("Where is the Colosseum?", "Im Rom", ""),
        ("How are you?", "I'm fine", "I'm"),
        ("How are you?", "I’m fine", "I’m"),
        ("Which letter is it?", "I", ""),
        ("Which grade is in the book?", "A plus", ""),
        ("Name the missing word.", "A", ""),
    ],
)
def test_what_opens_any_answer_is_told_from_what_answers(question, answer, out) -> None:
    said = words_said(question) | opening_words(question)
    assert answer[: said_end(answer, said)] == out


@pytest.mark.parametrize(
    "question",
    ["The first or the second?", "Tea, please.", "What is it? Say it.", "ここはどこですか？", ""],
)
def test_nothing_opens_the_answer_to_a_choice_or_to_several_requests(question: str) -> None:
    assert opening_words(question) == frozenset()


def test_what_the_question_says_itself_may_be_the_answer() -> None:
    assert opening_words("Is it here?") & {"here", "there"} == {"there"}


@pytest.mark.parametrize("answer", ["These were", "This was", "Those are", "That is"])
def test_whether_one_or_many_are_spoken_of_is_not_told(answer: str) -> None:
    words = opening_words("Name whoever wrote the book.")
    assert said_end("Here they are", words)
    assert not said_end(answer, words)


@pytest.mark.parametrize(
    "answer",
    ["Paris is", "Yes, the capital", "**The capital**", "# The", "- The", "1. The", '"The', "{",
     "  The", "\nThe", "The\ncapital"[3:], "capitals", "the-capital", "7"],
)  # fmt: skip
def test_what_begins_otherwise_has_no_such_beginning(answer: str) -> None:
    assert said_end(answer, words_said(CAPITAL)) == 0


def test_a_number_counts_once_it_is_whole() -> None:
    words = words_said("What is 7 plus 5?")
    assert [said_end(text, words) for text in ("7", "75", "7 p", "7 plus")] == [0, 0, 1, 6]


@settings(max_examples=examples(100), deadline=None)
@given(st.text("The capitlofFrns.,'-7é\u0301\n ", max_size=40))
def test_what_counts_stays_when_more_arrives_and_is_made_of_said_words(text: str) -> None:
    """What was let out of a beginning is a beginning of all that comes, in said words alone."""
    words = words_said(CAPITAL)
    for at in range(len(text) + 1):
        out = text[: said_end(text[:at], words)]
        assert {word.casefold() for word in out.split()} <= words
        assert len(out) <= at


@pytest.mark.parametrize(
    ("language", "question", "begun"),
    [
        ("en", CAPITAL, "The capital of France is"),
        ("de", "Wie heißt die Hauptstadt von Frankreich?", "Die Hauptstadt"),
        ("fr", "Quelle est la capitale de la France ?", "La capitale de la France est"),
        ("es", "¿Cuál es la capital de Francia?", "La capital de Francia"),
        ("it", "Qual è la capitale della Francia?", "La capitale"),
        ("nl", "Wat is de hoofdstad van Frankrijk?", "De hoofdstad van Frankrijk is"),
        ("sv", "Vad är huvudstaden i Frankrike?", "Huvudstaden i"),
        ("pl", "Jak nazywa się stolica Francji?", "Stolica Francji"),
        ("ru", "Как называется столица Франции?", "Столица Франции"),
    ],
)
def test_a_sentence_is_broken_off_in_its_own_language(language, question, begun) -> None:
    told = broken_off(begun, question)
    assert told.startswith(f"{begun}… ")
    rest = told.removeprefix(f"{begun}… ")
    assert says_ignorance(rest)
    assert language_of(rest) == language


def test_what_is_left_stands_behind_and_ignorance_is_said_once() -> None:
    told = broken_off("The capital is", CAPITAL, "It rains.")
    assert told.endswith(" It rains.")
    assert says_ignorance(told.removesuffix(" It rains."))
    assert broken_off("The", CAPITAL, "I don't know. It rains.") == "The… I don't know. It rains."
    assert broken_off("The", CAPITAL, "- one\n- two").endswith("\n\n- one\n- two")
