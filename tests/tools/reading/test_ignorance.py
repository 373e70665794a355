"""Not knowing is recognised in every language of the abstentions, and only the speaker's."""

from __future__ import annotations

import pytest

from amnestic.agents.abstainer import abstentions
from amnestic.tools.reading import asks_back, says_ignorance
from amnestic.tools.reading.ignorance import not_knowing_languages

SENTENCES = [
    (language, line)
    for language, kinds in abstentions().items()
    for lines in kinds.values()
    for line in lines
]


@pytest.mark.parametrize(("language", "line"), SENTENCES)
def test_every_abstention_says_that_its_speaker_does_not_know(language: str, line: str) -> None:
    assert says_ignorance(line)


def test_ignorance_is_known_in_every_language_of_the_abstentions() -> None:
    assert not_knowing_languages() == set(abstentions())


@pytest.mark.parametrize(
    "line",
    [
        "I've never heard of Maren Ilvasti, but Orrevik is a harbour town.",
        "Wer die Oper zwischen 1990 und 1995 geleitet hat, weiß ich nicht.",
        "Je ne connais pas cette romancière.",
        "No conozco a nadie con ese nombre.",
        "Maren Ilvasti isn't someone I know.",
        "Der Name sagt mir nichts.",
    ],
)
def test_a_speaker_who_does_not_know_is_heard(line: str) -> None:
    assert says_ignorance(line)


@pytest.mark.parametrize(
    "line",
    [
        "She was not sure whether to publish it.",
        "The composer never knew her father.",
        "Der Komponist wusste nicht, wohin.",
        "Er war nie verheiratet.",
        "No one knew the way.",
        "Elle n'a jamais connu son père.",
        "Ella no sabía leer.",
        "Non sapeva leggere.",
    ],
)
def test_what_others_did_not_know_is_knowledge(line: str) -> None:
    assert not says_ignorance(line)


def test_an_offer_and_a_question_ask_back() -> None:
    assert asks_back("If you tell me more about her books, I can compare the two.")
    assert asks_back("Meinen Sie die Oper aus Orrevik?")
    assert not asks_back("The opera is set in Orrevik.")
