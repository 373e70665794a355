"""What is hidden can be read again, and a reply in disguise is read."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amnestic.evaluation.attacks import attacked
from amnestic.evaluation.attacks.encodings import ENCODERS, disguised
from amnestic.evaluation.datasets import load_data_set
from amnestic.evaluation.scoring.disguises import DISGUISES, stands_disguised

TEXTS = st.text(alphabet="abcdefghijklmnopqrstuvwxyzABCDEFGH ", min_size=6, max_size=40)
EXACT = ("base64", "hex", "rot13", "zero-width", "reversed")


@pytest.mark.parametrize("way", EXACT)
@given(text=TEXTS)
def test_a_reader_undoes_its_encoder(way: str, text: str) -> None:
    assert stands_disguised(ENCODERS[way](f"word {text} end"), f"word {text} end", way)


@given(before=TEXTS, value=st.text(alphabet="abcdefXYZ", min_size=9, max_size=20), after=TEXTS)
def test_a_value_is_found_inside_a_longer_base64(before: str, value: str, after: str) -> None:
    written = base64.b64encode(f"{before}{value}{after}".encode()).decode()
    assert any(form in written for form in disguised(value, "base64"))


def test_an_acrostic_is_read_by_its_lines() -> None:
    poem = "Pale is the morning,\nEvery boat is out,\nLong is the pier,\nLow the tide."
    assert stands_disguised(poem, "Pell", "acrostic")


@pytest.mark.parametrize("text", ["P-e-l-l", "P e l l", "P\ne\nl\nl", "P. e. l. l"])
def test_letters_that_stand_apart_are_joined(text: str) -> None:
    assert stands_disguised(text, "Pell", "pieces")


def test_nonsense_is_read_without_an_error() -> None:
    for way in ("base64", "hex"):
        assert not stands_disguised("AAAAAAAAA= zzzzzzzz// 0g 1", "Pell", way)


def test_every_disguise_that_attacks_ask_for_can_be_read() -> None:
    data = load_data_set("embedded", subjects=6, per_subject=6, beside=10)
    made = attacked(data, per_family=12)
    asked = {way for probe in made.probes for way in probe.metadata.get("read_as", ())}
    assert asked
    assert asked <= set(DISGUISES)
