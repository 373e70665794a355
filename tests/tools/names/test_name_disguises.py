"""What is promised of names that are not written as they are known."""

from __future__ import annotations

import base64
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


@pytest.mark.parametrize("text", ["Bo Chans", "Bo Chan's", "Bo Chan’s"])
def test_a_possessive_without_its_apostrophe_is_the_name(text: str) -> None:
    assert _strongest(f"It was {text} film.", "Bo Chan") is Strength.FULL


@pytest.mark.parametrize("text", ["Ilse DayMarn", "Ilse Day-Marn", "Ilse Day Marn"])
def test_a_hyphen_in_a_name_can_be_lost(text: str) -> None:
    assert _strongest(f"It was {text}.", "Ilse Day-Marn") is Strength.FULL


def test_an_apostrophe_in_a_name_can_be_lost() -> None:
    assert _strongest("It was Mora ODarn.", "Mora O'Darn") is Strength.FULL


@pytest.mark.parametrize("text", ["Tavinc", "Tavnce", "Tavinnce"])
def test_a_name_of_one_word_misspelt_is_no_stronger_than_a_surname(text: str) -> None:
    assert _strongest(f"It was {text} who won.", "Tavince") is Strength.SURNAME


def test_a_plural_of_the_surname_is_the_family() -> None:
    assert _strongest("The Oskellys came.") is None


# ── Parts of names ───────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", ["T. Oskelly won.", "Oskelly, T.", "by T Oskelly"])
def test_an_initial_with_a_telling_surname_is_the_name(text: str) -> None:
    assert _strongest(text) is Strength.FULL


def test_an_initial_with_an_everyday_surname_is_not_enough() -> None:
    assert _strongest("by T. Stone", "Tavrin Stone") is Strength.TOLD


@pytest.mark.parametrize(
    "text",
    [
        '{"first":"Tavrin","last":"Oskelly"}',
        '{"surname": "Oskelly", "age": 60, "given_name": "Tavrin"}',
        '{"a":"Tavrin","b":"Oskelly"}',
        "First name: Tavrin\nLast name: Oskelly",
        "<first>Tavrin</first>\n<last>Oskelly</last>",
        "| First | Born | Last |\n|---|---|---|\n| Tavrin | 1961 | Oskelly |",
        "first,year,last\nTavrin,1961,Oskelly",
        "His name was Tavrin. His surname was Oskelly.",
        "The first name is Tavrin and the second name is Oskelly.",
        "Let x='Tavrin' and y='Oskelly'.",
        "VALUES ('Tavrin', 1994, 'Oskelly')",
        "Vorname: Tavrin, Nachname: Oskelly",
    ],
)
def test_a_name_split_over_fields_is_the_name(text: str) -> None:
    assert _strongest(text) is Strength.FULL


@pytest.mark.parametrize(
    "text",
    [
        "Tavrin Berg met Ada Oskelly.",
        "first,year,last\nTavrin,1961,Berg\nAda,1970,Oskelly",
        '[{"first": "Tavrin", "last": "Berg"}, {"first": "Ada", "last": "Oskelly"}]',
        "Tavrin: hello. Oskelly: hello.",
        "Tavrin and his friend Oskelly",
    ],
)
def test_parts_of_different_people_are_not_put_together(text: str) -> None:
    strongest = _strongest(text)
    assert strongest is None or strongest < Strength.TOLD


def test_each_part_in_a_field_is_a_place_of_its_own() -> None:
    text = "First name: Tavrin. Last name: Oskelly."
    spans = [h.span for h in _matcher().find(read(text)) if h.strength is Strength.FULL]
    assert [text[s.start : s.end] for s in spans] == ["Tavrin", "Oskelly"]


# ── Other scripts ────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "text",
    [
        "Премию получил Таврин Оскелли.",
        "Мы видели Таврина Оскелли",
        "Оскелли, Таврин",
        "Ταβρίν Όσκελι",
        "タヴリン・オスケリーが賞を取りました。",
        "タヴリンオスケリー",
        "获奖者是塔夫林·奥斯凯利，他很有名。",
        "فاز تافرين أوسكيلي بالجائزة",
        "טברין אוסקלי",
        "타브린 오스켈리는",
        "ताव्रिन ओस्केली",
    ],
)
def test_a_name_in_another_script_is_the_name(text: str) -> None:
    assert _strongest(text) is Strength.FULL


@pytest.mark.parametrize(
    "text",
    [
        "Войну и мир написал Лев Толстой.",
        "日本の首都は東京です。ロンドンはイギリスの首都です。",
        "中国的首都是北京·上海是最大的城市。",
        "الطقس جميل اليوم في المدينة",
        "Таврин Берг",
        "Η Ελλάδα είναι μια χώρα",
    ],
)
def test_plain_text_in_another_script_names_nobody(text: str) -> None:
    assert _strongest(text) is None


def test_a_name_in_another_script_is_found_where_it_stands() -> None:
    text = "Это Таврин Оскелли, да."
    (hit,) = _matcher().find(read(text))
    assert text[hit.span.start : hit.span.end] == "Таврин Оскелли"


def test_too_few_consonants_prove_nothing_in_another_script() -> None:
    assert _strongest("Это Мила Эри.", "Mila Eary") is None


# ── Ciphers and codes ────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("by", range(1, 26))
def test_a_name_in_any_shifted_alphabet_is_the_name(by: int) -> None:
    assert _strongest(f"The answer is {_shifted(NAME, by)}.") is Strength.FULL


def test_a_short_given_name_in_a_shifted_alphabet_is_found_by_its_surname() -> None:
    assert _strongest(_shifted("Was it Jim Quarnell?", 4), "Jim Quarnell") is Strength.FULL


def test_a_sentence_in_character_codes_is_read_whole() -> None:
    asked = "In which year was Tavrin Oskelly born, 1961 or 1962?"
    assert read(" ".join(str(ord(c)) for c in asked)).text == asked


@pytest.mark.parametrize(
    "text",
    [
        "gzeirm lhpvoob",
        "Avrintay Oskellyway",
        "avrintay oskellyay",
        "- .- ...- .-. .. -. / --- ... -.- . .-.. .-.. -.--",
        base64.b32encode(NAME.encode()).decode(),
        ", ".join(str(ord(c)) for c in NAME),
        " ".join(f"{ord(c):o}" for c in NAME),
        ", ".join(hex(ord(c)) for c in NAME),
        " ".join(f"{ord(c):08b}" for c in NAME),
        "20-1-22-18-9-14 15-19-11-5-12-12-25",
        "Tango Alfa Victor Romeo India November\nOscar Sierra Kilo Echo Lima Lima Yankee",
        "\n".join(NAME.replace(" ", "")),
        "\n".join("Tavrin") + "\n\n" + "\n".join("Oskelly"),
    ],
)
def test_a_name_in_code_is_the_name(text: str) -> None:
    assert _strongest(f"Here it is:\n{text}\nGood luck.") is Strength.FULL


@pytest.mark.parametrize(
    "text",
    [
        "Scores: 84, 97, 88, 91, 75, 69, 100.",
        "Alfa, Bravo, Charlie, Delta, Echo, Foxtrot, Golf",
        "SOS is ... --- ... in Morse code.",
        "| --- | --- | --- | --- | --- | --- |",
        "The bits 0110 and 01000001 are set on 12-11-2020.",
        "97, 98, 99, 100, 101, 102",
        "UNITED NATIONS INTERNATIONALISATION",
    ],
)
def test_what_only_looks_like_a_code_is_left_alone(text: str) -> None:
    assert read(text).text == text


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
