"""Numbers that are written in English words, in digits."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

__all__ = ["with_numerals"]

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_SCALES = {"hundred": 100, "thousand": 1_000, "million": 1_000_000, "billion": 1_000_000_000}
_ENDS = ("st", "nd", "rd", "th")


def with_numerals(words: tuple[str, ...]) -> tuple[str, ...]:
    """Words in small letters, with every run of number words as the digits that it tells; ordinals
    as cardinals.

    >>> with_numerals(("one", "hundred", "and", "five", "ships"))
    ('105', 'ships')
    >>> with_numerals(("in", "nineteen", "oh", "four")), with_numerals(("the", "21st", "of", "may"))
    (('in', '1904'), ('the', '21', 'of', 'may'))
    """
    return tuple(_read(words))


def _read(words: tuple[str, ...]) -> Iterator[str]:
    at = 0
    while at < len(words):
        taken, number = _number(words, at)
        yield str(number) if taken else _cardinal(words[at])
        at += taken or 1


def _cardinal(word: str) -> str:
    return word[:-2] if word.endswith(_ENDS) and word[:-2].isdecimal() else word


def _number(words: tuple[str, ...], at: int) -> tuple[int, int]:
    """How many words from `at` on tell one number, and which; 0 words where they tell none."""
    total = current = taken = 0
    last = ""
    for i in range(at, len(words)):
        word = words[i]
        if word in _SCALES and taken:
            scale = _SCALES[word]
            if scale == 100:
                current = (current or 1) * scale
            else:
                total, current = total + (current or 1) * scale, 0
        elif word == "and" and last in _SCALES and i + 1 < len(words) and words[i + 1] in _small():
            continue
        elif word in ("oh", "o") and 10 < current < 100 and not total:
            current, last = current * 10, "oh"
            continue
        elif word in _small():
            joined = _joined(current, _small()[word], last, total)
            if joined is None:
                break
            current = joined
        else:
            break
        taken, last = i + 1 - at, word
    return taken, total + current


def _joined(current: int, value: int, last: str, total: int) -> int | None:
    """A number so far with a further one below a hundred; `None` where that begins another."""
    if last == "oh":
        return current * 10 + value if value < 10 else None
    if not last or last in _SCALES:
        return current + value
    if last in _TENS and 0 < value < 10:
        return current + value
    if not total and 10 <= current < 100 and value >= 10:  # a year: nineteen | twenty-nine
        return current * 100 + value
    return None


@cache
def _small() -> dict[str, int]:
    """The number words below a hundred that are one word, cardinal and ordinal."""
    from num2words import num2words  # it writes numbers, and cannot read them: written once

    numbers = [*range(20), *range(20, 100, 10)]
    told = {num2words(n): n for n in numbers}
    return told | {num2words(n, to="ordinal"): n for n in numbers}
