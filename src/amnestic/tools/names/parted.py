"""Whether a name in a text is written in pieces, or other words only stand beside each other.

"Face" and "book" are words of their own: two cells, or two lines, that hold them tell of no
"Facebook". "Mor" is none, so that "Mor" and "el" are pieces of one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate, pairwise

from amnestic.tools.names.forms import NameForm
from amnestic.tools.reading import MARK, fold_word, is_common, rank

__all__ = ["is_parted"]

_BETWEEN_STRINGS = re.compile(r"[\"']\s{0,40},\s{0,40}[\"']")
_LISTED = re.compile(r"\[\s{0,40}[\"']$"), re.compile(r"[\"']\s{0,40}\]")
_LONG = 4  # letters of a piece that is a word however rare it is


def is_parted(plain: str, held: Sequence[re.Match[str]], forms: Sequence[NameForm]) -> bool:
    """Whether the words `held` of a text, which together are a name, are pieces of it.

    Between two pieces of one word stands a mark; an apostrophe within a word is none, and the end
    of a line only where the name begins a line or ends one, since lines are broken anywhere. One
    piece at least must be no word of its own, unless the pieces are all that a list holds.

    Args:
        plain: the text, without what is no part of it.
        held: its words.
        forms: the forms of one target that have these letters.

    >>> def parted(text, *words):
    ...     found = [*re.finditer("[A-Za-z]+", text)]
    ...     return is_parted(text, found, [NameForm(words, Strength.FULL)])
    >>> from amnestic.tools.names.forms import Strength
    >>> parted('"Mor" + "el"', "morel"), parted("[Mor]el", "morel"), parted("mor el", "morel")
    (True, True, False)
    >>> parted("face | book", "facebook"), parted('["face", "book"]', "facebook")
    (False, True)
    """
    own = {place for form in forms for place in accumulate(map(len, form.words[:-1]))}
    places = accumulate(len(word.group()) for word in held[:-1])
    joints = [pair for place, pair in zip(places, pairwise(held), strict=True) if place not in own]
    if not joints or not all(_is_marked(plain, a.end(), b.start()) for a, b in joints):
        return False
    start, end = held[0].start(), held[-1].end()
    gaps = [plain[a.end() : b.start()] for a, b in joints]
    if any(_is_line_end(gap) for gap in gaps) and not _fills(plain, start, end):
        return False
    if not all(_is_word(word.group()) for pair in joints for word in pair):
        return True
    before, behind = _LISTED
    return (
        all(_BETWEEN_STRINGS.fullmatch(gap) for gap in gaps)
        and bool(before.search(plain[max(0, start - 42) : start]))
        and bool(behind.match(plain, end))
    )


def _is_marked(plain: str, start: int, end: int) -> bool:
    mark = MARK.search(plain, start, end + 1)
    return mark is not None and mark.start() < end


def _is_line_end(gap: str) -> bool:
    """Whether a line ends in a gap, and nothing else parts what is beside it."""
    return "\n" in gap and not MARK.search(gap.replace("\n", " "))


def _fills(plain: str, start: int, end: int) -> bool:
    """Whether what stands there begins a line or ends one."""
    line = plain.rfind("\n", 0, start) + 1
    close = plain.find("\n", end)
    sides = plain[line:start], plain[end : close if close >= 0 else len(plain)]
    return any(not any(map(str.isalpha, side)) for side in sides)


def _is_word(piece: str) -> bool:
    """Whether a piece is a word of its own.

    >>> [_is_word(piece) for piece in ("berry", "el", "mor", "rel", "s")]
    [True, True, False, False, False]
    """
    word = fold_word(piece)
    return is_common(word) or (len(word) >= _LONG and rank(word) is not None)
