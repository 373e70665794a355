"""What only a piece that went has told of: a title, a product, a first name that comes again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from amnestic.tools.names import is_often_small
from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.reading import SegmentKind, rarity, segments

__all__ = ["dangling"]

_MARKED = re.compile(  # a title as it is set apart: emphasised once, or quoted
    r"(?<![\w*_])[*_](?![*_\s])(?P<a>[^*_\n]{2,80})(?<!\s)[*_](?![\w*_])"
    r"|[\"“„«‹](?P<b>[^\"“”„«»‹›\n]{2,80})[\"”“»›]"
)
_OPEN, _SHUT = r"[*_\"“„«‹]", r"[*_\"”“»›]"
_BEGINS = re.compile(r"[\s>#]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?[*_\[]*")
_GOES_ON = re.compile(  # what follows a maker's name up to the end of what heads an item
    r"(?P<more>(?:\s+[^\W\d_a-zß-ÿ][\w'’-]+|\s+\d*[^\W_]{0,3})+?)\s*(?=[*_]{2}|[(:–—,]|\s[-–—]\s|$)"
)
_YEAR_OR_MAKER = re.compile(r"\s*\(|\s+(?:by|von|de|di|van|par|del|från|av)\s+[*_]*[^\W\d_a-zß-ÿ]")
_OWNED = re.compile(  # whose it is, or that it is named here
    r"(?:['’]s?|\b(?:called|titled|named|entitled|namens|genannt|titre|intitulée?|llamad[oa]"
    r"|titulad[oa]))\s+$"
)
_MAKER_BEFORE = re.compile(  # "Tarn, *Salt*", "the Tarn film *Salt*"
    r"(?P<maker>[^\W\d_a-zß-ÿ][\w'’-]+)(?P<joint>,|\s[–—-])?(?:\s[^\W\d_A-ZÀ-Þ]\w+)?\s+$"
)
_OPENS_LINE = re.compile(r"(?:^|\n)[\s>#]*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?[*_]{0,2}$")
_CAPITAL = re.compile(r"[^\W\d_a-zß-ÿ]")
_FAR = 40
_RARE = 0.75
_SHORTEST, _SHORTEST_LAST = 3, 2
_MOST = 64

Leaks = Callable[[str], bool]


def dangling(
    text: str, left: str, names: Sequence[str], people: Sequence[str], known: str
) -> Leaks | None:
    """Whether a piece speaks, as of something known, of what only a piece that went has told of,
    beside the name of a target; `None` where nothing that is left does.

    A title that is emphasised or quoted, what follows a maker's name in a heading or at the head of
    an item, and the first or last name of a target who is a person. What is said of it where it
    comes again (whose it is, from when) introduces it anew: then it stays, as it does where
    something kept, or `known`, has told of it before.

    Args:
        text: the whole text.
        left: what stays of it.
        names: the targets' names as they stand in the text.
        people: those of them that are of people.
        known: what was said before the text.

    >>> text = "**Osk – *Salt* (1976).** Loud.\\n\\nBegin with *Salt*."
    >>> told = dangling(text, "Begin with *Salt*.", ["Osk"], [], "")
    >>> told is not None and told("Begin with *Salt*."), told is not None and told("Use salt.")
    (True, False)
    """
    known = known.lower()
    told = (
        (words, again, end, text[start:end].lstrip().startswith("|"))
        for start, end in _gone(text, left, names)
        for words, again in _told(text[start:end], names, people)
    )
    found = [
        again
        for words, again, end, row in islice(told, _MOST)
        if words.lower() not in known
        and not (row and re.search(rf"\|[^|\n]*{again.pattern}", left))  # another cell went
        and not _is_told(again, left, text[end:])
    ]
    if not found:
        return None
    return lambda piece: any(again.search(piece) for again in found)


def _gone(text: str, left: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the sentences and lines stand that name a target and went."""
    for piece in segments(text):
        said = piece.of(text)
        if piece.kind is SegmentKind.CODE:
            continue
        if said.strip() not in left and any(name in said for name in names):
            yield piece.start, piece.end


def _told(
    piece: str, names: Sequence[str], people: Sequence[str]
) -> Iterator[tuple[str, re.Pattern[str]]]:
    """What a piece tells of, and how it can come again."""
    for match in _MARKED.finditer(piece):
        title = (match["a"] or match["b"]).strip()
        if _is_title(title) and not any(name in title for name in names):
            yield title, _again(title) if " " in title else _set_apart(title)
    for name in names:
        yield from ((word, _again(word)) for word in _behind(piece, name, people))
        if name in people and " " in name and name in piece:
            yield from _halves(name, piece)


def _halves(name: str, piece: str) -> Iterator[tuple[str, re.Pattern[str]]]:
    """A person's first name and last name, by themselves."""
    first, *_, last = name.split()
    if _is_rare(first, piece):
        yield first, re.compile(rf"{_again(first).pattern}(?!\s+[^\W\d_a-zß-ÿ])")
    if _is_rare(last, piece, _SHORTEST_LAST):
        yield last, _again(last)


def _is_title(title: str) -> bool:
    words = [w for w in re.findall(r"[^\W\d_]+", title) if len(w) >= _SHORTEST]
    capital = [w for w in words if _CAPITAL.match(w)]
    return (
        bool(capital) and bool(_CAPITAL.match(title)) and not title.endswith((":", ".", "?", "!"))
    )


def _behind(piece: str, name: str, people: Sequence[str]) -> Iterator[str]:
    """The rare words behind a maker's name with which a heading or an item begins."""
    begins = _BEGINS.match(piece)
    at = begins.end() if begins else 0
    if name in people or not piece.startswith(name, at):
        return
    more = _GOES_ON.match(piece.rstrip(), at + len(name))
    for word in more["more"].split() if more else ():
        if _is_rare(word, piece) and word[0].isupper() and word not in name:
            yield word


def _is_rare(word: str, piece: str, shortest: int = _SHORTEST) -> bool:
    known = grammar_of(piece).code != "en" and is_often_small(word.lower())
    return len(word) >= shortest and not known and rarity(word.lower()) >= _RARE


def _again(words: str) -> re.Pattern[str]:
    told = r"\s+".join(map(re.escape, words.split()))
    return re.compile(rf"(?<![\w-]){told}(?![\w-])")


def _set_apart(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<={_OPEN}){re.escape(word)}(?={_SHUT})")


def _is_told(again: re.Pattern[str], left: str, behind: str) -> bool:
    """Whether something that stays needs nothing that went to say what comes again, or nothing
    comes again."""
    places = list(again.finditer(left))
    if not places or len(places) > len(again.findall(behind)):
        return True
    return any(_introduces(left, place.start(), place.end()) for place in places)


def _introduces(left: str, start: int, end: int) -> bool:
    before = left[max(0, start - _FAR) : start]
    after = re.sub(rf"^{_SHUT}+", "", left[end : end + _FAR])
    before = re.sub(rf"{_OPEN}+$", "", before)
    if _YEAR_OR_MAKER.match(after) or _OPENS_LINE.search(before):
        return True
    if _OWNED.search(before):
        return True
    maker = _MAKER_BEFORE.search(before)
    grammar = grammar_of(left[max(0, start - 4 * _FAR) : end])
    if maker is None or maker["maker"].lower() in grammar.small:
        return False
    opens = not re.search(r"[\w,)][*_\"”’]*\s+[*_\"“„«]*$", before[: maker.start()])
    beside = maker.group().strip() == maker["maker"] and _is_rare(maker["maker"], before)
    named = maker["joint"] is not None or beside  # "Tarn, *Salt*", "Una Tarn"
    return named or not (opens or grammar.nouns_are_capital)
