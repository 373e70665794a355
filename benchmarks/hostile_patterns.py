"""Texts of any length that are meant to cost a reader its time: each pattern, by name.

A pattern makes one piece after another until the text is long enough. Those that draw from a
generator repeat no piece, so that nothing kept from one piece serves for the next.
"""

from __future__ import annotations

import base64
import codecs
import string
from collections.abc import Callable, Iterator
from random import Random

__all__ = ["GIVEN_NAMES", "PATTERNS", "SURNAMES", "text_of"]

GIVEN_NAMES = tuple(
    "Daniel Laura Peter Nina James Clara Victor Helen Marcus Irene Thomas Julia Simon Greta "
    "Oliver Martha Hugo Elsa Adrian Ruth Edwin Paula Walter Agnes Felix Nora Gordon Sylvia Leon "
    "Vera Conrad Edith Martin Joan Ralph Lydia Arthur Celia Bruno Stella".split()
)
SURNAMES = tuple(
    "Carter Lindholm Marsh Okafor Brandt Castellan Whitfield Moreau Sandoval Harlow Petrov Ellery "
    "Novak Ashworth Delacroix Farrow Ingram Stone Tavernier Quarnell Barlow Hastings Winslow "
    "Mercer Holloway Kessler Bergman Thornton Vasquez Keller Drummond Lockhart Rosen Fairbanks "
    "Gallagher Hendrix Pemberton Radcliffe Stanton Underwood Vance Weller Yardley Zimmer Abbott "
    "Bishop Crane Dalton Emerson Fletcher Granger Hobbs Jarvis Kirkland Langley Merrick Norwood "
    "Osborne Prescott Ransom".split()
)

_NAME = "Laura Lindholm"
_SENTENCE = "Who wrote the novel about the harbour, and what is it about? "
_LETTERS = string.ascii_lowercase
_HOMOGLYPHS = str.maketrans("aceopxyi", "асеорхуі")
_LEET = str.maketrans("aeiost", "431057")
_SHORT = {"the", "of", "and", "in", "to", "was", "who", "for", "with", "on", "at", "by", "from"}
_WORDS = tuple(
    "the of and in to was who for with on at by from river stone harbour winter letter silver "
    "garden morning question history village station teacher captain island author painter".split()
)

Piece = Callable[[Random], str]


def text_of(name: str, size: int) -> str:
    """The text of `size` bytes of UTF-8 that pattern `name` makes, less what a cut character leaves
    over; the same one every time.

    >>> text_of("brackets", 7)
    '([{<([{'
    """
    make = PATTERNS[name]
    if isinstance(make, str):
        text = make * (size // len(make) + 1)
    else:
        text = "".join(_pieces(make, Random(name), size))
    raw = text[:size].encode("utf-8", "surrogatepass")[:size]
    while raw:
        try:
            return raw.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            raw = raw[:-1]
    return ""


def _pieces(make: Piece, draw: Random, size: int) -> Iterator[str]:
    made = 0
    while made < size:
        piece = make(draw)
        made += len(piece)
        yield piece


# ── Pieces ───────────────────────────────────────────────────────────────────────────────────────


def _word(draw: Random, least: int = 4, most: int = 10) -> str:
    return "".join(draw.choices(_LETTERS, k=draw.randint(least, most)))


def _words(draw: Random, count: int = 8) -> str:
    return " ".join(draw.choices(_WORDS, k=count)) + " "


def _name(draw: Random) -> str:
    return f"{draw.choice(GIVEN_NAMES)} {draw.choice(SURNAMES)}"


def _slipped(draw: Random, word: str) -> str:
    """A word with one letter wrong, left out, doubled or swapped."""
    at = draw.randrange(1, len(word))
    letter = draw.choice(_LETTERS)
    return draw.choice(
        (
            word[:at] + letter + word[at + 1 :],
            word[:at] + word[at + 1 :],
            word[:at] + letter + word[at:],
            word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :],
        )
    )


def _misspelt(draw: Random) -> str:
    given, surname = _name(draw).split()
    return f"{_slipped(draw, given)} {_slipped(draw, surname)}, "


def _twice_misspelt(draw: Random) -> str:
    given, surname = _name(draw).split()
    return f"{_slipped(draw, given)} {_slipped(draw, _slipped(draw, surname))} "


def _base64(text: str, times: int) -> str:
    for _ in range(times):
        text = base64.b64encode(text.encode()).decode()
    return text


def _shifted(draw: Random) -> str:
    by = draw.randint(1, 25)
    table = str.maketrans(_LETTERS, _LETTERS[by:] + _LETTERS[:by])
    return _name(draw).lower().translate(table) + " "


def _pig(draw: Random) -> str:
    return " ".join(w[1:] + w[0] + "ay" for w in _name(draw).lower().split()) + " "


def _row(draw: Random) -> str:
    return (
        f"| {draw.choice(GIVEN_NAMES)} | {draw.choice(SURNAMES)} | {draw.randint(1900, 2000)} |\n"
    )


def _json(draw: Random) -> str:
    given, surname = _name(draw).split()
    return f'{{"given": "{given}", "age": {draw.randint(1, 99)}, "surname": "{surname}"}},\n'


def _spaced_line(draw: Random) -> str:
    return " ".join("".join(draw.choices(_WORDS, k=200))[:990]) + "\n\n\n"


def _mixed(draw: Random) -> str:
    signs = (chr(draw.randint(0x21, 0x2FFF)) for _ in range(40))
    return "".join(signs) + " "


def _hex_pairs(draw: Random) -> str:
    gap = draw.choice((" ", ":", "-", ""))
    return gap.join(f"{b:02x}" for b in _words(draw, 3).encode()) + "; "


def _codes(draw: Random) -> str:
    return " ".join(str(ord(c)) for c in _name(draw)) + "; "


def _bits(draw: Random) -> str:
    return " ".join(f"{ord(c):08b}" for c in _name(draw)) + "; "


_MORSE = (".-", "-...", "-.-.", "-..", ".", "..-.", "--.", "....", "..", ".---", "-.-", ".-..")


def _morse(draw: Random) -> str:
    return " ".join(draw.choices(_MORSE, k=30)) + " ; "


def _cyrillic(draw: Random) -> str:
    letters = "абвгдежзиклмнопрстуфхцчшэюя"
    return "".join(draw.choices(letters, k=draw.randint(3, 9))) + " "


def _chinese(draw: Random) -> str:
    return "".join(chr(draw.randint(0x4E00, 0x9FA5)) for _ in range(20)) + "。"


def _leet_line(draw: Random) -> str:
    return f"{_name(draw)} {_words(draw, 4)}".translate(_LEET)


PATTERNS: dict[str, str | Piece] = {
    # Repetition
    "one letter": "a",
    "one run of letters in another script's text": lambda draw: "\u044f " + "a" * 4_000_000,
    "one capital": "A",
    "blanks": " ",
    "newlines": "\n",
    "tabs and newlines": "\t\n",
    "brackets": "([{<",
    "closing brackets": ")]}>",
    "full stops": ".",
    "alternating case": "aB",
    "letter and digit": "A1",
    "digits": "0123456789",
    "digits joined by hyphens": "1-",
    "digits joined by full stops": "1.",
    "letters joined by at signs": "a@",
    "addresses without an end": "aa@a.",
    "numbers": lambda draw: f"{draw.randint(0, 999)} ",
    "long runs without white space": lambda draw: _word(draw, 5_000, 9_000) + "\n",
    "short unknown words": lambda draw: _word(draw, 4, 8) + " ",
    "capitalised unknown words": lambda draw: _word(draw, 5, 12).capitalize() + " ",
    "single letters": lambda draw: draw.choice(_LETTERS) + " ",
    "sentences": _SENTENCE,
    "words": _words,
    # Marks and scripts
    "zero-width marks": "\u200b",
    "zero-width marks between letters": "L\u200bi\u200cn\u200dd\u2060h\ufeffo",
    "combining marks": "a\u0301\u0308\u0323\u035c",
    "one letter under marks": "e" + "\u0301" * 40,
    "right-to-left overrides": "\u202eLindholm\u202c \u2067Laura\u2069 ",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467\U0001f3fd ",
    "regional flags": "\U0001f1eb\U0001f1f7",
    "lone surrogates": "\ud83d\ude00 \udc00a",
    "marks of private use": lambda draw: "".join(
        chr(draw.randint(0xE000, 0xF8FF)) + draw.choice(_LETTERS) for _ in range(40)
    ),
    "control characters": "\x00\x01\x1b[31m",
    "Chinese": _chinese,
    "Japanese": "ラウラ・リンドホルムが賞を取りました。",
    "Korean": "라우라 린드홀름은 ",
    "Arabic": "لورا ليندهولم ",
    "Cyrillic": _cyrillic,
    "homoglyphs": lambda draw: _name(draw).translate(_HOMOGLYPHS) + " ",
    "mathematical letters": "\U0001d40b\U0001d422\U0001d427\U0001d41d ",
    "ligatures": "ﬁﬃ㎏㌔ﷺ ",
    "signs of all scripts": _mixed,
    "accents": lambda draw: _words(draw).replace("e", "é").replace("o", "ö"),
    # Encodings
    "nested base64": lambda draw: _base64(_words(draw, 30), 3) + " ",
    "base64 of one text": lambda draw: _base64(_words(draw, 2_000), 1) + "\n",
    "base64 that holds none": lambda draw: _word(draw, 10, 40).title() + "9+/ ",
    "base64 over lines": "aGVsbG8gd29ybGQhIGhl\n",
    "base32": lambda draw: base64.b32encode(_name(draw).encode()).decode() + " ",
    "hex": lambda draw: _words(draw).encode().hex() + " ",
    "hex pairs": _hex_pairs,
    "hex that ends wrong": "41 4",
    "percent chains": "%252525254c",
    "percent escapes": lambda draw: "".join(f"%{b:02x}" for b in _name(draw).encode()) + " ",
    "entity chains": "&amp;amp;amp;lt;",
    "numeric entities": lambda draw: "".join(f"&#{ord(c)};" for c in _name(draw)),
    "open entities": "&#12345",
    "backslash escapes": lambda draw: "".join(f"\\u{ord(c):04x}" for c in _name(draw)) + " ",
    "backslashes": "\\",
    "rot13": lambda draw: codecs.encode(_words(draw), "rot13"),
    "reversed": _SENTENCE[::-1],
    "words reversed one by one": lambda draw: " ".join(w[::-1] for w in _words(draw).split()) + " ",
    "Morse": _morse,
    "Morse that ends wrong": ".- -... .-.-.-.-.-",
    "character codes": _codes,
    "bits": _bits,
    "spelling alphabet": "Lima Alfa Uniform Romeo Alfa\n",
    "leet": _leet_line,
    "signs for letters": "|1!+$",
    # Letters that stand apart
    "spaced letters": "L a u r a  L i n d h o l m  ",
    "spaced letters without words": _spaced_line,
    "one spaced run": "a ",
    "letters joined by marks": lambda draw: "-".join(_name(draw).replace(" ", "")) + " ",
    "letters joined by all marks": "L.a-u_r*a|L,i/n~d+h:o·l•m ",
    "letters on lines": "L\na\nu\nr\na\n",
    # Names
    "a name": _NAME + " ",
    "a name without its end": "Laura ",
    "surnames": lambda draw: draw.choice(SURNAMES) + " ",
    "names": lambda draw: _name(draw) + ". ",
    "names in small letters": lambda draw: _name(draw).lower() + " ",
    "names misspelt": _misspelt,
    "names misspelt beyond them": _twice_misspelt,
    "names joined": lambda draw: _name(draw).replace(" ", ""),
    "names with hyphens": lambda draw: "-".join(_misspelt(draw)[:-2].split()) + "-",
    "names with apostrophes": "Lind'holm Lau'ra ",
    "names turned, on one line": lambda draw: ", ".join(_name(draw).split()[::-1]) + ", ",
    "names turned, on lines": lambda draw: ", ".join(_name(draw).split()[::-1]) + "\n",
    "names in shifted alphabets": _shifted,
    "names in pig latin": _pig,
    "names behind labels": lambda draw: "first name: {} last name: {}\n".format(
        *_name(draw).split()
    ),
    "labels of given names alone": lambda draw: "first name: {} ({})\n".format(
        *_name(draw).split()
    ),
    "turned names with more behind them": "Lindholm, Laura James\n",
    "a table without lines": lambda draw: " | ".join(_name(draw).split()) + " | ",
    "a Markdown table": _row,
    "separated values": lambda draw: ",".join(_name(draw).split()) + f",{draw.randint(1, 99)}\n",
    "values by tabs on one line": lambda draw: "\t".join(_name(draw).split()) + "\t",
    "JSON records": _json,
    "JSON nesting": '{"a":[',
    "markup": lambda draw: "<b><i>{}</i></b><p>{}</p>".format(*_name(draw).split()),
    "assignments": lambda draw: "x='{}' and y='{}'; ".format(*_name(draw).split()),
}
