"""Pieces of a text looked up among its words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.tools.detection.attributed import AttributedWords
from amnestic.tools.detection.attribution import Word
from amnestic.types import Span

TEXT = (
    "Osk wrote the first of them. Vey sang in the harbour; she won a prize there in May. The end."
)


def told_of(text: str, *own: str) -> AttributedWords:
    """The words of a text, of which some pieces are told of the target."""
    places = [(text.index(piece), text.index(piece) + len(piece)) for piece in own]
    words = [
        Word(m.start(), m.end(), 4.0 if any(a <= m.start() < b for a, b in places) else -4.0)
        for m in re.finditer(r"\w+", text)
    ]
    return AttributedWords(text, words)


def span_of(piece: str) -> Span:
    return Span(TEXT.index(piece), TEXT.index(piece) + len(piece))


def test_a_piece_is_as_likely_as_the_likeliest_of_its_clauses() -> None:
    text = told_of(TEXT, "she won a prize there in May")
    whole = "Vey sang in the harbour; she won a prize there in May."
    assert text.at(span_of(whole)) == text.of(whole) == 4.0
    assert text.at(span_of("Vey sang in the harbour;")) == -4.0


def test_a_short_clause_goes_with_the_one_before_it() -> None:
    text = "He lived in the old harbour, she said. Off they went, all of them, and Osk sang."
    found = told_of(text, "she said")
    assert found.of("He lived in the old harbour, she said.") == pytest.approx(-4 + 8 * 2 / 8)
    assert found.of("She said.") == 4.0


@pytest.mark.parametrize("piece", ["", " ... ", "Nobody of whom we know was here.", "the of in"])
def test_what_was_not_cut_from_the_text_is_told_of_nobody(piece: str) -> None:
    assert told_of(TEXT, "Osk").of(piece) is None


def test_a_piece_that_lost_or_changed_a_word_is_found_about_its_place() -> None:
    text = told_of(TEXT, "she won a prize there in May")
    assert text.of("Someone won a prize there in May.") == 4.0
    assert text.of("She won a prize in May.") == 4.0


def test_words_from_all_over_a_text_are_no_piece_of_it() -> None:
    text = " ".join(f"word{i} filler{i} other{i} more{i} again{i}" for i in range(40))
    scattered = " ".join(f"word{i}" for i in range(0, 40, 4))
    assert told_of(text).of(scattered) is None


def test_of_what_stands_twice_the_likelier_counts() -> None:
    text = "He was born in Tarn. Vey was born in Brenn. He was born in Tarn."
    words = [
        Word(m.start(), m.end(), 4.0 if m.start() > 40 else -4.0) for m in re.finditer(r"\w+", text)
    ]
    assert AttributedWords(text, words).of("He was born in Tarn.") == 4.0


def test_words_that_nothing_was_said_of_leave_a_piece_open() -> None:
    words = [Word(m.start(), m.end(), 4.0) for m in re.finditer(r"\w+", TEXT) if m.start() < 28]
    text = AttributedWords(TEXT, words)
    assert text.at(span_of("Osk wrote the first of them.")) == 4.0
    assert text.at(span_of("The end.")) is text.of("The end.") is None


def test_pieces_of_a_word_are_one_word() -> None:
    text = AttributedWords("Oskland sang", [Word(0, 3, 6.0), Word(3, 7, 2.0), Word(8, 12, 0.0)])
    assert text.of("oskland") == 4.0


def test_a_text_without_words_holds_nothing() -> None:
    assert AttributedWords("", ()).of("Osk") is None
    assert AttributedWords("Osk sang.", ()).at(Span(0, 9)) is None


def test_of_a_word_or_two_at_several_places_it_does_not_show_which_is_meant() -> None:
    rows = '[{"name": "Osk", "home": "a tower"}, {"name": "Vey", "home": "a hut"}]'
    text = told_of(rows, '"name": "Osk", "home": "a tower"')
    assert text.of("name") is text.of("home") is None
    assert (text.of("a tower"), text.of("Vey")) == (4.0, -4.0)


def test_of_what_nearly_stands_twice_the_likelier_counts() -> None:
    prize = "won the Orlo Prize in the month of May."
    text = told_of(f"Tor Vey {prize} Mirela Osk {prize}", f"Mirela Osk {prize}")
    assert text.of(f"A novelist {prize}") == 4.0


def test_a_piece_with_changed_words_is_never_less_likely_than_asked() -> None:
    text = told_of("Tor Vey lived in an old lighthouse, by the sea, and sang there for years.")
    assert text.of("She lived in an old lighthouse by the sea.", -1.0) == -1.0
    assert text.of("Tor Vey lived in an old lighthouse and sang there.", -1.0) == -4.0


@pytest.mark.parametrize(
    ("said", "piece"),
    [("a ", "a " * 2_999 + "b"), ("a b ", "b a c " * 1_000), ("a b c a c b ", "c a b " * 9_000)],
    ids=["one word", "two words", "three words"],
)
def test_looking_for_words_that_stand_all_over_a_text_has_an_end(said: str, piece: str) -> None:
    assert told_of(said * 1_500).of(piece) is None


words_of_few = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=60)


@given(said=words_of_few, piece=words_of_few)
def test_any_piece_of_any_text_is_as_likely_as_its_words(said: list[str], piece: list[str]) -> None:
    odds = told_of(" ".join(said)).of(" ".join(piece))
    assert odds is None or odds == pytest.approx(-4.0)


@given(said=st.lists(st.integers(0, 10_000), min_size=8, max_size=60, unique=True), data=st.data())
def test_a_piece_without_a_word_is_found(said: list[int], data: st.DataObject) -> None:
    gone = data.draw(st.integers(0, len(said) - 1))
    piece = [str(word) for i, word in enumerate(said) if i != gone]
    assert told_of(" ".join(map(str, said))).of(" ".join(piece)) == pytest.approx(-4.0)
