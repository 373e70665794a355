"""A name in letters that only look Latin is read; words of other scripts stay what they are."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest

from amnestic.tools.reading import clean, fold_word
from amnestic.tools.reading.confusables import LOOKALIKES
from tests.prepared import run_file

ROOT = Path(__file__).parents[3]
ORDINARY = {
    "ru": "Книга лежит на столе, а за окном идёт снег. Кто её написал и когда это было?",
    "uk": "Книжка лежить на столі, а за вікном іде сніг. Хто її написав?",
    "bg": "Книгата е на масата, а навън вали сняг. Кой я е написал?",
    "el": "Το βιβλίο είναι πάνω στο τραπέζι και έξω χιονίζει. Ποιος το έγραψε;",
    "hy": "Գիրքը սեղանի վրա է, իսկ դրսում ձյուն է գալիս։ Ո՞վ է գրել այն։",
    "ar": "الكتاب على الطاولة والثلج يتساقط في الخارج. من كتبه؟",
    "he": "הספר על השולחן ובחוץ יורד שלג. מי כתב אותו?",
    "zh": "书在桌子上，外面在下雪。是谁写的？",
    "ja": "本は机の上にあり、外は雪が降っています。誰が書きましたか。",
    "ko": "책은 책상 위에 있고 밖에는 눈이 온다. 누가 썼을까?",
    "hi": "किताब मेज़ पर है और बाहर बर्फ़ गिर रही है। इसे किसने लिखा?",
    "th": "หนังสืออยู่บนโต๊ะ ใครเขียน",
}


@pytest.mark.parametrize(
    "disguised",
    [
        "Оѕk",  # Cyrillic
        "Οsk",  # Greek
        "ꓳsk",  # Lisu
        "Ⲟsk",  # Coptic
        "Oꮪk",  # Cherokee
        "𐊒sk",  # Lycian
        "Osᴋ",  # a small capital
        "ⵔsk",  # Tifinagh
        "Օsk",  # Armenian
    ],
)
def test_a_name_in_letters_that_look_latin_is_read(disguised: str) -> None:
    assert fold_word(disguised) == "osk"


def test_hardly_a_word_of_another_script_is_read_as_latin() -> None:
    words = [word for text in ORDINARY.values() for word in text.split() if len(word) > 3]
    assert [word for word in words if clean(word).text.isascii()] == ["масата,"]


def test_every_look_alike_is_one_character_for_one_plain_letter() -> None:
    assert len(LOOKALIKES) > 300
    assert all(len(mark) == 1 and not mark.isascii() for mark in LOOKALIKES)
    assert all(letter.isascii() and letter.isalpha() for letter in LOOKALIKES.values())


def test_what_is_compatible_with_a_letter_is_left_to_unicode_itself() -> None:
    assert all(unicodedata.normalize("NFKC", mark) == mark for mark in LOOKALIKES)


def test_the_table_is_what_its_script_chooses() -> None:
    found = run_file(ROOT / "benchmarks" / "build_lookalikes.py", "--check")
    assert found.returncode == 0, found.stderr
