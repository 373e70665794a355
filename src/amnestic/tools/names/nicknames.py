"""Names that a conversation gives to somebody: "call X Bob", "'the Fox' stands for X"."""

from __future__ import annotations

import re
from collections.abc import Iterable

from amnestic.tools.reading import fold_word
from amnestic.types import Span

__all__ = ["nicknames_in", "says_one_of"]

_NAME = "\0"
_RENAMES = re.compile(
    r"\b(?:call|calling|rename|renaming|nam(?:e|ing)|refer(?:ring)? to|replac\w+|substitut\w+"
    r"|alias\w*|code ?nam\w+|nicknam\w+|pseudonym\w*|dub(?:bed)?)\b",
    re.IGNORECASE,
)
_STANDS_FOR = re.compile(
    rf"[\"'“‘]?(?P<word>[^\W\d_][\w-]*)[\"'”’]?\s*(?:=|:=|stands? for|means?|refers? to)\s*{_NAME}"
)
_CALLED = re.compile(
    r"(?:[\"'“‘](?P<quoted>[\w][\w -]{1,30})[\"'”’]|(?P<capital>(?-i:[A-Z])[\w-]+))"
)
_SENTENCE = re.compile(r"[^.!?\n]+")


def nicknames_in(text: str, names: Iterable[Span]) -> tuple[str, ...]:
    """What a text calls somebody else whose name stands at `names`, folded.

    >>> nicknames_in("Let's call Mirela Osk Bob.", [Span(11, 21)])
    ('bob',)
    >>> nicknames_in("Who is Mirela Osk?", [Span(7, 17)])
    ()
    """
    found = []
    masked = _masked(text, names)
    for sentence in _SENTENCE.findall(masked):
        if _NAME not in sentence:
            continue
        found += [match["word"] for match in _STANDS_FOR.finditer(sentence)]
        renames = _RENAMES.search(sentence)
        if renames:
            rest = sentence[renames.end() :]
            found += [m["quoted"] or m["capital"] for m in _CALLED.finditer(rest)]
    return tuple(dict.fromkeys(fold_word(name) for name in found))


def says_one_of(text: str, nicknames: Iterable[str]) -> bool:
    """Whether one of the folded `nicknames` stands in a text, as words of its own.

    >>> says_one_of("What did Bob win?", ["bob"]), says_one_of("A bobsleigh race.", ["bob"])
    (True, False)
    """
    folded = fold_word(text)
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", folded) for name in nicknames)


def _masked(text: str, names: Iterable[Span]) -> str:
    for span in sorted(names, key=lambda s: -s.start):
        text = f"{text[: span.start]}{_NAME}{text[span.end :]}"
    return text
