"""Where sentences end within a line of prose.

sentencex knows the abbreviations of three hundred languages, and is asked about each full stop with
a little of the text on either side. So an end depends on nothing that stands more than a word
behind it: a text that arrives in pieces is cut as the whole of it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import IntEnum
from functools import lru_cache, partial

from sentencex import get_sentence_boundaries

from amnestic.tools.reading.language import language_of
from amnestic.tools.reading.words import rank

__all__ = [
    "LANGUAGE_KNOWN",
    "End",
    "end_of",
    "ends_before",
    "first_of",
    "line_language",
    "sentence_ends",
]

LANGUAGE_KNOWN = 60
"""Characters of a line by which its language is told."""

_STOP = re.compile(
    r"(?<![.!?…])(?P<marks>[.!?…।॥؟۔።]+)(?P<closing>[\"'”’»)\]*_]*|(?:\[\d{1,3}\])+)(?=\s)"
    r"|[。！？｡]+[」』”’）]*"
)
_NEXT_WORD = re.compile(r"\s+(?P<word>\S+)")
_LAST_WORD = re.compile(r"\S+$")
_BEFORE = 40
_LONGEST_WORD = 40
_VERY_COMMON, _COMMONEST, _COMMON, _RARE = 60, 150, 2_500, 2_500  # ranks of English words
_ENGLISH_SHARE = 0.33
_WORD = re.compile(r"[^\W\d_]+")
_LONG_WORD = re.compile(r"[^\W\d_]{5,}")  # longer than what is abbreviated before a capital
_PLAIN_WORD = re.compile(r"[a-z]{2,4}")
_SHORT_WORD = re.compile(r"[^\W\d_]{1,4}")
_UNKNOWN_TITLES = ("Ms", "Mx")  # the engine knows "Mr" and "Mrs" (`findings/sentencex_titles.sh`)
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»', " "))
_OPENING = "\"'“”„‘«([¿¡*_"
_INITIAL = re.compile(r"[^\W\d_]")
_MEASURE = re.compile(r"\d\s?(?:h|m|s|g|l|t|km|cm|mm|kg|ha)$")  # signs, which no stop shortens
_LAST = re.compile(rf"(?:{_STOP.pattern})\Z".replace(r"(?=\s)", ""))
_WIDE = re.compile(r"[。！？｡]")


def sentence_ends(
    line: str, language: Callable[[], str] | None, *, is_whole: bool = True
) -> Iterator[int]:
    """Where sentences end in `line`, white space behind them included.

    The end of the line itself is not told. Of a line that is still arriving (`is_whole=False`) only
    the ends that no further text could move are told. `language` tells the line's, which most lines
    are never asked for; it is `None` until that can be known.

    >>> line = "Dr. Osk met J. K. Marsh. They spoke at 5 p.m. in Leeds. Who knows?"
    >>> ends = list(sentence_ends(line, lambda: "en"))
    >>> [line[a:b] for a, b in zip([0, *ends], [*ends, len(line)])][1]
    'They spoke at 5 p.m. in Leeds. '
    """
    begin = 0
    for found in _STOP.finditer(line):
        following = _NEXT_WORD.match(line, found.end())
        if found["marks"] is None:  # marks that stand for nothing else, and want no space behind
            if found.end() < len(line):
                begin = following.start("word") if following else found.end()
                yield begin
            continue
        if following is None:
            return
        stop = _Stop(line, begin, found, following)
        if not is_whole and not stop.has_letter():
            return
        ends = stop.at_a_glance()
        if ends is None:
            if language is None or not (is_whole or stop.has_whole_word()):
                return
            ends = stop.asked(language())
        if ends:
            begin = following.start("word")
            yield begin


class End(IntEnum):
    """Whether a sentence of prose ends with what stands between two spaces; `AMID` says that one
    may end within."""

    NONE = 0
    PERHAPS = 1
    BEFORE_CAPITAL = 2
    UNLESS_SMALL = 3
    AMID = 4


def end_of(part: str) -> End:
    """What `sentence_ends` tells at a glance of what stands between two spaces, by the letter with
    which the next one begins (`first_of`).

    >>> end_of("harbour.").name, end_of("J.").name, end_of("so!").name, end_of("so,").name
    ('BEFORE_CAPITAL', 'PERHAPS', 'UNLESS_SMALL', 'NONE')
    """
    if not part.isascii() and (wide := _WIDE.search(part)):
        return End.PERHAPS if wide.end() == len(part) else End.AMID
    found = _LAST.search(part)
    if found is None:
        return End.NONE
    if found["marks"][0] != ".":
        return End.UNLESS_SMALL
    if closing := found["closing"].strip("*_"):
        return End.UNLESS_SMALL if closing[0] in ")[" else End.PERHAPS
    last = part[: found.start()].lstrip(_OPENING)
    sure = found.start() < _LONGEST_WORD and (_LONG_WORD.fullmatch(last) or _is_plain(last))
    return End.BEFORE_CAPITAL if sure else End.PERHAPS


def ends_before(end: End, first: str) -> bool:
    """Whether a sentence of prose surely ends with a part, before one that begins with `first`.

    >>> ends_before(End.BEFORE_CAPITAL, "O"), ends_before(End.PERHAPS, "O")
    (True, False)
    """
    if end is End.BEFORE_CAPITAL:
        return first.isupper()
    return end is End.UNLESS_SMALL and not first.islower()


def first_of(part: str) -> str:
    """The letter with which a word begins behind a full stop, without the marks that open it.

    >>> first_of("(Osk)")
    'O'
    """
    return part.lstrip(_OPENING)[:1]


def line_language(line: str) -> Callable[[], str]:
    """What tells the language that a line of prose begins in, for `sentence_ends`."""
    return partial(_language, line[:LANGUAGE_KNOWN])


_SLOW = ("da",)  # the engine compiles a pattern for each stop of it


@lru_cache(maxsize=4096)
def _language(beginning: str) -> str:
    """Most lines are plain English, which its commonest words tell at a glance."""
    words = _WORD.findall(beginning.lower())
    common = sum((rank(word) or _RARE) <= _VERY_COMMON for word in words)
    if words and beginning.isascii() and common >= _ENGLISH_SHARE * len(words):
        return "en"
    language = language_of(beginning)
    return "en" if language in _SLOW else language


class _Stop:
    """A full stop or its like, with the sentence before it and the word behind."""

    __slots__ = ("_begin", "_closing", "_following", "_last", "_line", "_marks", "_match")

    def __init__(
        self, line: str, begin: int, match: re.Match[str], following: re.Match[str]
    ) -> None:
        self._line, self._begin = line, begin
        self._match, self._following = match, following
        self._marks, self._closing = match["marks"], match["closing"]
        before = _LAST_WORD.search(line, max(begin, match.start() - _LONGEST_WORD), match.start())
        self._last = before.group().lstrip(_OPENING) if before else ""

    def at_a_glance(self) -> bool | None:
        """Whether a sentence ends here, by what is written alike in every language and shows in the
        first letter behind; `None` where that does not tell."""
        first, last = first_of(self._following["word"]), self._last
        if self._marks[0] != ".":
            return not first.islower()
        closing = self._closing.strip("*_")
        if closing:
            if first.islower():
                return False
            return True if closing[0] in ")[" else None
        if first.isupper() and (
            _LONG_WORD.fullmatch(last) or _is_plain(last) or self._is_measure()
        ):
            return True
        if _INITIAL.fullmatch(last) and last[-1].isupper() and not first.isdigit():
            return False
        if last in _UNKNOWN_TITLES or ("://" in last and first.islower()):
            return False
        if (
            first.isdigit()
            and _SHORT_WORD.fullmatch(last)
            and (rank(last.lower()) or _RARE) >= _RARE
        ):
            return False  # "Eq. 2", "Fig. 3": a short word that is no word
        return None

    def has_letter(self) -> bool:
        """Whether more of the word behind has arrived than the marks that open it."""
        ended = self._following.end() < len(self._line)
        return ended or bool(self._following["word"].lstrip(_OPENING))

    def _is_measure(self) -> bool:
        """Whether the stop stands behind a number and the sign of a unit: "2:23 h", "4,55 m"."""
        near = max(self._begin, self._match.start() - _BEFORE)
        return _MEASURE.search(self._line[near : self._match.start()]) is not None

    def has_whole_word(self) -> bool:
        """Whether the word behind has arrived as far as it counts."""
        ended = self._following.end() < len(self._line)
        return ended or len(self._following["word"]) >= _LONGEST_WORD

    def asked(self, language: str) -> bool:
        """Whether the engine cuts here, seeing a little before and one word behind. Titles and
        initials of English names stand in texts of every language, so English is asked too."""
        line, begin, word = self._line, self._begin, self._following.start("word")
        near = max(begin, self._match.start() - _BEFORE)
        if near > begin:
            near = max(near, line.rfind(" ", begin, near + 1) + 1)
        # A quotation that the window cuts in two would hold the engine up.
        window = line[near : min(self._following.end(), word + _LONGEST_WORD)].translate(_QUOTES)
        opened = len(self._following["word"]) - len(self._following["word"].lstrip(_OPENING))
        span = range(self._match.end() - near, word + opened - near + 1)
        return all(
            any(found["end_index"] in span for found in get_sentence_boundaries(code, window))
            for code in dict.fromkeys((language, "en"))
        )


def _is_plain(last: str) -> bool:
    """Whether the last word is an English one as everybody writes it; a word of two letters has
    to be among the commonest ("me", "it"), since most such are short for something."""
    if not _PLAIN_WORD.fullmatch(last):
        return False
    return (rank(last) or _RARE) <= (_COMMON if len(last) > 2 else _COMMONEST)
