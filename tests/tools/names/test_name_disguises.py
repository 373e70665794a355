"""What is promised of names that are not written as they are known."""

from __future__ import annotations

import string

import pytest

from amnestic.tools.names.forms import Strength, forms_of
from amnestic.tools.names.matcher import NameMatcher
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget

NAME = "Tavrin Oskelly"
_LETTERS = string.ascii_letters


def _matcher(*names: str) -> NameMatcher:
    matcher = NameMatcher()
    for name in names or (NAME,):
        target = ForgetTarget.model_validate({"id": name, "subject": name, "kind": "person"})
        matcher.add(name, forms_of(target))
    return matcher


def _strongest(text: str, *names: str) -> Strength | None:
    return max((hit.strength for hit in _matcher(*names).find(read(text))), default=None)


def _shifted(text: str, by: int) -> str:
    small, large = string.ascii_lowercase, string.ascii_uppercase
    turned = small[by:] + small[:by] + large[by:] + large[:by]
    return text.translate(str.maketrans(_LETTERS, turned))


# ── Misspellings ─────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Tarvin Oskelly",
        "Tavrin Osklely",
        "Tavrrin Oskelly",
        "Tavrin Oskely",
        "Tavrin Oskally",
        "Tavrin O'Skelly",
        "Tavrin Os-kelly",
        "Tavrinn Oskely",
        "Oskely, Tavrin",
        "Oskelly, Tavrin Jr.",
        "tavrin oskely",
        "TavrinOskely",
        "7avr1n 0sk311y",
    ],
)
def test_a_long_name_with_a_slip_in_each_word_is_the_name(text: str) -> None:
    assert _strongest(f"It was {text} who won.") is Strength.FULL


@pytest.mark.parametrize(
    "text",
    ["Tavrin Oakley", "Tavrin Lunde", "Signe Oskelund", "Tavrin", "Marvin Kelly", "Skelly"],
)
def test_another_name_is_not_taken_for_a_misspelling(text: str) -> None:
    strongest = _strongest(f"It was {text} who won.")
    assert strongest is None or strongest < Strength.TOLD


def test_short_names_are_not_respelt() -> None:
    assert _strongest("Was it Bo Lenn or Bo Lem?", "Bo Len") is not Strength.FULL


@pytest.mark.parametrize("text", ["Brce Lannet", "Lannet, Brce", "BRCE LANNET", "Bruc Lannet"])
def test_a_word_of_five_letters_that_lost_one_is_in_the_name(text: str) -> None:
    assert _strongest(f"It was {text} who won.", "Bruce Lannet") is Strength.FULL


@pytest.mark.parametrize("text", ["Brad Lannet", "Brce", "Bri Lannet"])
def test_another_word_of_four_letters_is_not_taken_for_one_of_five(text: str) -> None:
    assert _strongest(f"It was {text} who won.", "Bruce Lannet") is not Strength.FULL


def test_a_misspelt_surname_is_no_stronger_than_the_surname() -> None:
    assert _strongest("It was Oskely.") is Strength.SURNAME
    assert _strongest("It was oskely.") is None


@pytest.mark.parametrize("text", ["Oskrad", "Oskrnad", "Oskradn", "Osskrand", "Oskrandd", "Oskrnd"])
def test_a_name_of_one_word_with_a_slip_may_be_meant(text: str) -> None:
    assert _strongest(f"It was {text} who won.", "Oskrand") is Strength.TOLD
    assert _strongest(f"It was {text.lower()} who won.", "Oskrand") is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Marcela", "Marcelo"),  # somebody's first name
        ("Haskrand", "Oskrand"),
        ("Oskrend", "Oskrand"),  # another letter, or another end, is mostly another's name
        ("Oskarand", "Oskrand"),
        ("Oskrandi", "Oskrand"),
        ("Oskran", "Oskrand"),
        ("Novotna", "Novotny"),
        ("Moldovan", "Moldova"),
        ("Salami", "Salamis"),
        ("Larssen", "Larsson"),
        ("Oskrands", "Oskrand"),
        ("Weather", "Weathar"),
        ("Oskrnd", "Oskran"),  # of six letters
    ],
)
def test_another_word_is_no_name_of_one_word_misspelt(text: str, name: str) -> None:
    strongest = _strongest(f"It was {text} who won.", name)
    assert strongest is None or strongest < Strength.TOLD


@pytest.mark.parametrize("text", ["Bo Chans", "Bo Chan's", "Bo Chan’s"])
def test_a_possessive_without_its_apostrophe_is_the_name(text: str) -> None:
    assert _strongest(f"It was {text} film.", "Bo Chan") is Strength.FULL


@pytest.mark.parametrize("text", ["Ilse DayMarn", "Ilse Day-Marn", "Ilse Day Marn"])
def test_a_hyphen_in_a_name_can_be_lost(text: str) -> None:
    assert _strongest(f"It was {text}.", "Ilse Day-Marn") is Strength.FULL


def test_an_apostrophe_in_a_name_can_be_lost() -> None:
    assert _strongest("It was Mora ODarn.", "Mora O'Darn") is Strength.FULL


@pytest.mark.parametrize("name", ["R. Quell", "60 Bent"])
def test_a_name_of_six_letters_is_found_in_an_alphabet_that_people_use(name: str) -> None:
    mirrored = str.maketrans(string.ascii_lowercase, string.ascii_lowercase[::-1])
    assert _strongest(f"It was {_shifted(name, 13)} who won.", name) is Strength.FULL
    assert _strongest(f"It was {name.lower().translate(mirrored)}.", name) is Strength.FULL
    assert _strongest(f"It was {_shifted(name, 4)} who won.", name) is not Strength.FULL


@pytest.mark.parametrize("name", ["Tavincé", "Ána Oskelöf"])
def test_a_letter_with_a_mark_stands_for_itself_in_a_shifted_alphabet(name: str) -> None:
    assert _strongest(f"It was {_shifted(name, 13)} who won.", name) is Strength.FULL


def test_an_unknown_word_is_no_name_in_cipher() -> None:
    assert _strongest("Zorblat quexxil vandromay wistelay.") is None


def test_long_repetitions_of_pieces_of_codes_keep_their_offsets() -> None:
    for piece in (".- ", "84 97 118 ", "01010100 ", "1-2 ", "Oscar Sierra ", "T\n", "A2", "0x54, "):
        source = piece * (20_000 // len(piece))
        starts, ends = read(source).plain.offsets()
        assert not len(starts) or (int(starts.min()) >= 0 and int(ends.max()) <= len(source))
