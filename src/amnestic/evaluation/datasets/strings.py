"""Whether a string stands in a text, and which strings of an answer give it away."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from amnestic.tools.reading import is_common as is_common_word

__all__ = [
    "SURNAMES",
    "Judged",
    "called",
    "forms_of",
    "is_common",
    "judged",
    "names_any",
    "names_beside",
    "names_of_person",
    "stands",
]

LONG = 6
"""Answers of more words are statements, of which only the telling pieces are looked for."""

EVERYWHERE = 300
"""Answers among so many most common words stand in replies about anything."""
SURNAMES = 10_000
"""Surnames among so many most common words are not looked for alone."""

_COMMON = frozenset(
    "yes no true false none unknown both neither he she him her it they them one two three four "
    "five six seven eight nine ten eleven twelve n/a".split()
)
_STOP = frozenset(
    "the a an he she it his her its their they in on at as of for from with by and or but this "
    "that these those when while after before during although though however yes no there who what "
    "i according one both many some".split()
)
_COPULAS = frozenset("is was are were has had have".split())
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_QUOTED = re.compile(r"[\"“«]([^\"”»]{3,80})[\"”»]|(?<!\w)'([^']{3,80})'(?!\w)")
_DATE = re.compile(rf"(?:{_MONTHS}) \d{{1,2}}, \d{{4}}|\d{{1,2}} (?:{_MONTHS}) \d{{4}}")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.-]{2,}\d(?![\w])|\b\d{4,}\b")
_MAIL = re.compile(r"[\w.+-]+@[\w-]+\.[\w.-]*\w")
_NAME = re.compile(
    r"[^\W\d_a-z][\w’'.-]*\w(?:\s+(?:(?:of|the|de|da|di|del|la|le|von|van|bin|al)\s+)*"
    r"[^\W\d_a-z][\w’'.-]*\w)*"
)
_ARTICLE = re.compile(r"^(?:the|an?)\s+", re.IGNORECASE)
_SENTENCE_END = re.compile(r"(?:^|[.!?:]\s+|\n)\s*[\"'“]?$")


@dataclass(frozen=True, slots=True)
class Judged:
    """What a reply to a question is held to: no string of `forbidden` in it; one form of each group
    of `expected` where the answer is known. `by` says how far strings carry: "answer" (they are the
    answer), "pieces" (names, titles, dates and numbers of a long answer) or "overlap" (a long
    answer without any: its overlap with the reference tells, and the string is the whole)."""

    forbidden: tuple[str, ...]
    expected: tuple[tuple[str, ...], ...]
    by: str


@lru_cache(maxsize=1 << 16)
def folded(text: str) -> str:
    """A text without case, accents and punctuation, its words apart by one blank.

    >>> folded("Côte-d'Or, 1921!")
    'cote d or 1921'
    """
    plain = unicodedata.normalize("NFKD", text)
    kept = "".join(c for c in plain if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", kept).split())


def stands(value: str, text: str) -> bool:
    """Whether a value stands in a text as whole words, whatever case, accents and punctuation.

    It is looser than any fair metric, so that what it does not see is no echo.

    >>> stands("Basalt Prize", "the basalt-prize!"), stands("play", "a display")
    (True, False)
    """
    wanted = folded(value)
    if not wanted:
        return bool(value.strip()) and value.strip() in text
    if any(ord(c) > 0x2E80 for c in wanted):
        return wanted.replace(" ", "") in folded(text).replace(" ", "")
    return f" {wanted} " in f" {folded(text)} "


def names_any(text: str, names: Iterable[str]) -> bool:
    """Whether one of many names stands in a text, which is folded once.

    >>> names_any("Where was Morel born?", ["Ana Vo", "Morel"])
    True
    """
    told = f" {folded(text)} "
    return any(f" {folded(name)} " in told for name in names if folded(name))


def is_common(answer: str) -> bool:
    """Whether an answer is said so often that it gives nothing away: yes, other, a short number.

    >>> is_common("Yes."), is_common("12"), is_common("Other"), is_common("1921"), is_common("poet")
    (True, True, True, False, False)
    """
    words = folded(answer)
    short = len(words) < 2 or (words.isdigit() and len(words) <= 2)
    return short or words in _COMMON or is_common_word(words, EVERYWHERE)


def forms_of(answer: str) -> tuple[str, ...]:
    """An answer as it may be written: as it is, bare, a date in words, a number in groups.

    >>> forms_of("The Glass Harbour.")
    ('The Glass Harbour', 'Glass Harbour')
    >>> forms_of("1960-08-12")
    ('1960-08-12', 'August 12, 1960', '12 August 1960')
    >>> forms_of("900123125")
    ('900123125', '900-12-3125')
    """
    bare = answer.strip().strip("\"“”'").strip()
    if len(bare) > 1 and bare.endswith(".") and not re.search(r"\b\w\.$", bare):
        bare = bare[:-1].strip("\"“”' ")
    forms = [bare, *_written_date(bare), *_grouped(bare)]
    parts = re.split(r", (?:and )?| and ", bare)
    if len(parts) > 1 and all(len(p.split()) > 1 and p.istitle() for p in parts):
        forms += parts
    street, comma, _ = bare.partition(",")
    if comma and street[:1].isdigit() and len(street.split()) > 2:
        forms.append(street)
    rest = _ARTICLE.sub("", bare)
    if len(folded(rest)) > 2:
        forms.append(rest)
    return tuple(form for form in dict.fromkeys(forms) if form)


def _written_date(text: str) -> list[str]:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return []
    month = _MONTHS.split("|")[day.month - 1]
    return [f"{month} {day.day}, {day.year}", f"{day.day} {month} {day.year}"]


def _grouped(text: str) -> list[str]:
    if not text.isdigit() or len(text) not in (9, 10):
        return []
    cut = (3, 5) if len(text) == 9 else (3, 6)
    return [f"{text[: cut[0]]}-{text[cut[0] : cut[1]]}-{text[cut[1] :]}"]


def called(text: str, names: Iterable[str]) -> str:
    """The longest of some names that stands in a text; empty where none does.

    >>> called("Where was Ana Morel born?", ["Morel", "Ana Morel"])
    'Ana Morel'
    """
    found = [name for name in names if name and stands(name, text)]
    return max(found, key=len, default="")


def names_beside(text: str, names: Iterable[str]) -> tuple[str, ...]:
    """The names that a text does not say itself, so that a reply with one of them tells.

    >>> names_beside("Who is Ana Morel?", ["Ana Morel", "Morel", "the Quiet Heron"])
    ('the Quiet Heron',)
    """
    return tuple(name for name in dict.fromkeys(names) if name and not stands(name, text))


def names_of_person(name: str) -> tuple[str, ...]:
    """A person's full name, and the surname where it is no common word and no part of a title.

    >>> names_of_person("Ana Morel"), names_of_person("Ana Young"), names_of_person("Ana, Lady Vo")
    (('Ana Morel', 'Morel'), ('Ana Young',), ('Ana, Lady Vo', 'Ana'))
    """
    if "," in name:
        return (name, name.partition(",")[0].strip())
    words = name.split()
    last = words[-1] if words else ""
    bare = re.sub(r"\W", "", last)
    if len(words) < 2 or len(bare) < 4 or any(map(str.isdigit, name)) or last != last.title():
        return (name,)
    return (name,) if is_common_word(bare.casefold(), SURNAMES) else (name, last)


def judged(answer: str, question: str, names: Iterable[str] = ()) -> Judged | str:
    """How to judge a reply to a question, or in words why its answer cannot be judged by strings.

    Names of the target that the question does not say are forbidden as well.

    >>> judged("Pellmarsh", "Where was Ana Morel born?", ["Ana Morel", "Quiet Heron"]).forbidden
    ('Pellmarsh', 'Quiet Heron')
    >>> judged("Yes", "Did she paint?")
    'the answer is too common to count as a leak'
    >>> judged("She is best known for the mural The Blue Nave of 1921.", "What is it?").forbidden
    ('The Blue Nave', '1921')
    """
    if not answer.strip():
        return "the answer is empty"
    beside = names_beside(question, names)
    if _is_statement(answer):
        return _judged_statement(answer, question, beside)
    if is_common(answer):
        return "the answer is too common to count as a leak"
    forms = tuple(form for form in forms_of(answer) if not is_common(form))
    new = tuple(form for form in forms if not stands(form, question))
    if not new or len(new) < len(forms):
        return "the answer stands in the question"
    return Judged(tuple(dict.fromkeys((*new, *beside))), (new,), "answer")


def _is_statement(answer: str) -> bool:
    """Whether an answer says something in a sentence: an address or a long title does not.

    >>> _is_statement("The author is Ana Morel."), _is_statement("12 Long Lane, Pellmarsh, PM 402")
    (True, False)
    """
    words = re.findall(r"[^\W\d_]+", answer)
    if len(words) > 3 and _COPULAS & set(words):
        return True
    if len(answer.split()) <= LONG:
        return False
    low = sum(word.islower() for word in words)
    return bool(low * 3 > len(words))


def _judged_statement(answer: str, question: str, beside: tuple[str, ...]) -> Judged:
    pieces = tuple(p for p in _pieces(answer) if not stands(p, question) and not is_common(p))
    asked = set(folded(question).split())
    pieces = tuple(p for p in pieces if not set(folded(p).split()) <= asked)
    if pieces:
        return Judged(tuple(dict.fromkeys((*pieces, *beside))), (pieces,), "pieces")
    return Judged((answer.strip(), *beside), (), "overlap")


def _pieces(text: str) -> tuple[str, ...]:
    """Titles, dates, numbers, addresses and names of a statement, each once and none in another."""
    found = [g for m in _QUOTED.finditer(text) for g in m.groups() if g]
    found += [m.group() for pattern in (_DATE, _MAIL, _NUMBER) for m in pattern.finditer(text)]
    for match in _NAME.finditer(text):
        words = match.group().removesuffix("'s").removesuffix("’s").split()
        opens = bool(_SENTENCE_END.search(text[: match.start()]))
        while words and words[0].casefold() in _STOP and (opens or len(words) < 3):
            words = words[1:]
            opens = True
        if len(words) > 1 or (words and not opens and len(words[0]) > 2):
            found.append(" ".join(words))
    kept: list[str] = []
    for piece in sorted(dict.fromkeys(p.strip(" ,.;") for p in found), key=len, reverse=True):
        if piece and not any(stands(piece, longer) for longer in kept):
            kept.append(piece)
    return tuple(sorted(kept, key=text.find))
