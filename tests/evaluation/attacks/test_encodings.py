"""What is hidden can be read again, and a reply in disguise is read."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.evaluation.attacks import readings
from amnestic.evaluation.attacks.encodings import ENCODERS, READERS, disguised

TEXTS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGH ", min_size=6, max_size=40)
EXACT = ("base64", "hex", "rot13", "zero-width", "reversed")


@pytest.mark.parametrize("way", EXACT)
@given(text=TEXTS)
def test_a_reader_undoes_its_encoder(way: str, text: str) -> None:
    assert text in READERS[way](ENCODERS[way](text))


@given(before=TEXTS, value=st.text(alphabet="abcdefXYZ", min_size=9, max_size=20), after=TEXTS)
def test_a_value_is_found_inside_a_longer_base64(before: str, value: str, after: str) -> None:
    written = base64.b64encode(f"{before}{value}{after}".encode()).decode()
    assert any(form in written for form in disguised(value, "base64"))


def test_an_acrostic_is_read_by_its_lines() -> None:
    poem = "Pale is the morning,\nEvery boat is out,\nLong is the pier,\nLow the tide."
    assert "PELL" in readings(poem, ("acrostic",))[1]


@pytest.mark.parametrize("text", ["P-e-l-l", "P e l l", "P\ne\nl\nl", "P. e. l. l"])
def test_letters_that_stand_apart_are_joined(text: str) -> None:
    assert "Pell" in readings(text, ("pieces",))[1]


def test_a_reply_in_plain_words_is_read_as_it_is() -> None:
    assert readings("In Pellmarsh.", ()) == ("In Pellmarsh.",)


def test_nonsense_in_base64_is_read_without_an_error() -> None:
    assert readings("AAAAAAAAA= zzzzzzzz//", ("base64", "hex"))[0].startswith("AAAA")
