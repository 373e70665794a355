"""Invented names in the place of a target's: the wrapped model sees whole sentences, and nobody.

A question that names a target and asks for more reaches the model under a name that means nothing,
of the same kind, length and language. A sentence with a hole in it would be answered with a
question about the hole, which tells that something was taken out.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from hashlib import blake2b

from amnestic.tools.reading import rank
from amnestic.types import Assessment, LeakKind

__all__ = ["NO_MASK", "Mask", "invented_word", "mask_of"]

_WORD = re.compile(r"[^\W_]+")
_TELLING_WORD = 4
_LIKELY = 0.5
_AMONG_OTHERS = frozenset({"surname_among_others", "part_among_others"})
_BY_ITSELF = frozenset({"full", "told", "surname", "part", "uncased"})
_COPIED = 5  # letters of an invented word that is known again where one of them is wrong
_TAIL = 2  # letters that a language may hang on a name: "Osks", "Oskin"
_KEPT = frozenset(
    "a an and at by de del der des di die das du el et for from i in la las le les los of on or "
    "the to und van vom von y zu".split()
)
_CLASSES = (
    "aeiou",
    "bdfgklmnprstvz",
    "аеиоу",
    "бвгдзклмнпрстф",
    "αειου",
    "βγδζκλμνπρστ",
    "一文子美山田中小川本木村林森明正安和光",
    "0123456789",
)
_CLASS_OF = {
    **dict.fromkeys("aeiouyàáâãäåæèéêëìíîïòóôõöøùúûüýÿœ", 0),
    **dict.fromkeys("bcdfghjklmnpqrstvwxzçñß", 1),
    **dict.fromkeys("аеёиоуыэюя", 2),
    **dict.fromkeys("бвгджзйклмнпрстфхцчшщъь", 3),
    **dict.fromkeys("αεηιουωάέήίόύώ", 4),
    **dict.fromkeys("βγδζθκλμνξπρσςτφχψ", 5),
    **dict.fromkeys("0123456789", 7),
}


@dataclass(frozen=True)
class Mask:
    """Names as somebody wrote them, each with the invented one that stands for it.

    Both are of one length, letter for letter, so that a place in a masked text is the same place in
    the text itself.

    >>> mask = Mask({"Ada Oskelly": "Epo Irbanko"})
    >>> mask.applied("Who is Ada Oskelly, and when did Oskelly die?")
    'Who is Epo Irbanko, and when did Irbanko die?'
    >>> mask.lifted("I don't know Epo Irbanko.")
    "I don't know Ada Oskelly."
    """

    names: Mapping[str, str]

    def __bool__(self) -> bool:
        return bool(self.names)

    def applied(self, text: str) -> str:
        """`text` with invented names for those that the mask knows, also for a surname alone."""
        return reduce(lambda told, rule: rule.replaced(told), self._forward, text)

    def lifted(self, text: str) -> str:
        """`text` with the names in their places again, also where a small model copied an invented
        one badly: a part of it alone, or a word with one letter more, less or another.

        >>> Mask({"Ada Oskelly": "Epo Irbanko"}).lifted("I don't know Epo Irbnko, or Epo.")
        "I don't know Ada Oskelly, or Ada."
        """
        told = reduce(lambda told, rule: rule.replaced(told), self._backward, text)
        return _WORD.sub(lambda found: self._own_of(found.group()), told) if self._words else told

    def _own_of(self, word: str) -> str:
        """The word of a name for which a word of a text stands; any other word stays."""
        if not word[:1].isupper() or word in self._own:
            return word
        low = word.lower()
        own = self._words.get(low) or next(
            (own for invented, own in self._words.items() if _is_like(low, invented)), None
        )
        return word if own is None or rank(low) is not None else _cased(own, word)

    def stands_in(self, text: str) -> bool:
        """Whether one of the names stands in `text`."""
        return any(rule.pattern.search(text) for rule in self._forward)

    def joined(self, other: Mask) -> Mask:
        """A mask that knows the names of both."""
        return Mask({**other.names, **self.names})

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """The words of the names by those that were invented for them, as far as they are written
        in capitals and are no numbers."""
        pairs = (
            pair
            for name, invented in self.names.items()
            for pair in zip(_WORD.findall(invented), _WORD.findall(name), strict=True)
        )
        return {
            invented.lower(): own
            for invented, own in pairs
            if invented != own and len(own) > 1 and own[0].isupper() and own.isalpha()
        }

    @cached_property
    def _own(self) -> frozenset[str]:
        return frozenset(word for name in self.names for word in _WORD.findall(name))

    @cached_property
    def _forward(self) -> list[_Rule]:
        return _rules(self.names.items())

    @cached_property
    def _backward(self) -> list[_Rule]:
        return _rules((invented, name) for name, invented in self.names.items())


NO_MASK = Mask({})
"""The mask of a text that names no target."""


def mask_of(text: str, found: Iterable[Assessment]) -> Mask:
    """The mask for the names and identifiers that an assessment of `text` has found there.

    A lone word counts only where it is written as a name, and is the whole of one or no everyday
    word: "Castle" in a text about castles is nobody's name. A surname behind somebody else's given
    name stays theirs, unless more than that speaks for the target.
    """
    names: dict[str, str] = {}
    for assessment in found:
        for span in () if _is_of_others(assessment) else assessment.named:
            name = text[span.start : span.end]
            if not _WORD.search(name):
                continue  # a sign stands for itself
            if _is_name(name) or (assessment.kind is LeakKind.DIRECT and not name.islower()):
                names.setdefault(name, _invented(name, assessment.target_id, text))
    return Mask(names) if names else NO_MASK


def _is_of_others(assessment: Assessment) -> bool:
    signs = {e.name for e in assessment.evidence}
    return assessment.score < _LIKELY and bool(signs & _AMONG_OTHERS) and not signs & _BY_ITSELF


def _is_name(name: str) -> bool:
    words = _WORD.findall(name)
    if len(words) > 1:
        return True
    lone = "".join(words)
    if any(c.isdigit() for c in lone):
        return True
    return len(lone) > 1 and not lone.islower() and rank(lone.lower()) is None


def _invented(name: str, salt: str, text: str) -> str:
    taken = {word.lower() for word in _WORD.findall(text)}

    def instead(match: re.Match[str]) -> str:
        word = match.group()
        if word.lower() in _KEPT:
            return word
        tries = (invented_word(word.lower(), f"{salt}/{n}") for n in range(20))
        return _cased(next((w for w in tries if w not in taken), word[::-1]), word)

    return _WORD.sub(instead, name)


def _rules(pairs: Iterable[tuple[str, str]]) -> list[_Rule]:
    """Rules for whole names, however their words are joined, the longest first; then for what
    stands alone: the last word of a name that is telling by itself."""
    whole = [_Rule.of(*pair) for pair in sorted(pairs, key=lambda pair: -len(pair[0]))]
    return [*whole, *(rule.of_last for rule in whole if rule.is_told_by_last)]


@dataclass(frozen=True, slots=True)
class _Rule:
    """Words that stand for other words wherever they follow each other."""

    pattern: re.Pattern[str]
    words: tuple[str, ...]
    instead: tuple[str, ...]

    @classmethod
    def of(cls, name: str, instead: str) -> _Rule:
        return cls._of_words(tuple(_WORD.findall(name)), tuple(_WORD.findall(instead)))

    @classmethod
    def _of_words(cls, words: tuple[str, ...], instead: tuple[str, ...]) -> _Rule:
        exact = len(words) == 1 and rank(words[0].lower()) is not None
        body = r"[\W_]{0,3}".join(re.escape(word) for word in words)
        tail = "" if words[-1][-1].isdigit() else rf"[^\W_]{{0,{_TAIL}}}"
        pattern = rf"(?<![^\W_]){body}(?={tail}(?![^\W_]))"
        return cls(re.compile(pattern, 0 if exact else re.IGNORECASE), words, instead)

    @property
    def is_told_by_last(self) -> bool:
        last = self.words[-1]
        return len(self.words) > 1 and len(last) >= _TELLING_WORD and rank(last.lower()) is None

    @property
    def of_last(self) -> _Rule:
        return self._of_words(self.words[-1:], self.instead[-1:])

    def replaced(self, text: str) -> str:
        return self.pattern.sub(self._instead_of, text)

    def _instead_of(self, match: re.Match[str]) -> str:
        pairs = iter(zip(self.words, self.instead, strict=True))

        def one(found: re.Match[str]) -> str:
            word, instead = next(pairs, (found.group(),) * 2)
            return instead if found.group() == word else _cased(instead.lower(), found.group())

        return _WORD.sub(one, match.group())


def _is_like(word: str, invented: str) -> bool:
    """Whether a word is an invented one with one letter more, less or another; a short one is like
    too many.

    >>> [_is_like(word, "irbanko") for word in ("irbnko", "irbankoo", "irbenko", "irbano", "irno")]
    [True, True, True, True, False]
    """
    longer, shorter = sorted((word, invented), key=len, reverse=True)
    if len(invented) < _COPIED or len(longer) - len(shorter) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), None)
    if same is None:
        return True
    is_as_long = len(longer) == len(shorter)
    return longer[same + 1 :] == shorter[same + is_as_long :]


def _cased(word: str, like: str) -> str:
    if like.isupper() and len(like) > 1:
        return word.upper()
    return word[:1].upper() + word[1:] if like[:1].isupper() else word


def invented_word(word: str, salt: str) -> str:
    """A lower-case word of the same length and sound that means nothing; the same for the same
    salt. Scripts that it does not know stay.

    >>> len(invented_word("ilvasti", "t1")), invented_word("1984", "t1").isdigit()
    (7, True)
    """
    digest = blake2b(f"{salt}\n{word}".encode("utf-8", "surrogatepass"), digest_size=64).digest()
    letters = [_letter(char, digest[i % 64]) for i, char in enumerate(word.lower())]
    return "".join(letters)


def _letter(char: str, draw: int) -> str:
    number = _CLASS_OF.get(char)
    if number is None:
        number = 6 if "\u3400" <= char <= "\u9fff" else None
    if number is None:
        return char
    choices = _CLASSES[number].replace(char, "")
    return choices[draw % len(choices)]
