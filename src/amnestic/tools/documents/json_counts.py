"""Numbers that say how long a list beside them is: they tell of what was cut out of it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from amnestic.tools.documents.json_records import ENVELOPE
from amnestic.tools.documents.json_tree import (
    JsonArray,
    JsonMember,
    JsonNode,
    JsonObject,
    JsonScalar,
)
from amnestic.types import Span

__all__ = ["Gone", "is_counter", "recounts"]

Gone = Mapping[tuple[int, int], Sequence[bool]]
"""Of each list or mapping of which something was cut, by its place: which items went."""

_Listed = tuple[str, JsonArray | JsonObject]

_WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_COUNTS = frozenset(
    "count counts total totals length len size num number n nb found returned matched matches hits "
    "cardinality anzahl nombre".split()
)
_OF_SOMETHING_ELSE = frozenset(
    "page pages per limit max min offset skip index price cost amount score points time ms seconds "
    "year years age bytes kb mb version id rank weight height".split()
)
_JOINED = re.compile(
    r"(?!ac|dis|vis)[a-z]+counts?|(?:num|total|n(?=hits|found|rows))[a-z]+"
)  # "rowcount"
_ABOUT_ALL = frozenset("meta metadata pagination paging page info summary stats pageinfo".split())


def recounts(text: str, tree: JsonNode, gone: Gone) -> Iterator[tuple[Span, str]]:
    """The edits that set each counter to what is left of the list whose length it was.

    A counter is a number under such a key as `total`, `count` or `poet_count`, in the object in
    which the list stands or in one that describes it; one that was no list's length stays.
    """
    if isinstance(tree, JsonArray):
        for item in tree.items:
            yield from recounts(text, item, gone)
    elif isinstance(tree, JsonObject):
        listed = [pair for member in tree.members for pair in _lists(member)]
        for member in tree.members:
            yield from _recounted(text, member, listed, gone)
            yield from recounts(text, member.value, gone)


def _lists(member: JsonMember) -> Iterator[_Listed]:
    """What may be counted: the lists and mappings of an object, and those of its envelopes."""
    if isinstance(member.value, JsonArray | JsonObject):
        yield member.key, member.value
    if isinstance(member.value, JsonObject) and member.key.lower() in ENVELOPE:
        for inner in member.value.members:
            if isinstance(inner.value, JsonArray | JsonObject):
                yield inner.key, inner.value


def _recounted(
    text: str, member: JsonMember, listed: Sequence[_Listed], gone: Gone
) -> Iterator[tuple[Span, str]]:
    value = member.value
    if isinstance(value, JsonObject) and _words(member.key) & (_ABOUT_ALL | _COUNTS):
        flat = all(isinstance(m.value, JsonScalar) for m in value.members)
        for inner in value.members if flat else ():
            key = f"{member.key}_{inner.key}" if inner.key == "value" else inner.key
            told = JsonMember(inner.start, key, inner.value)
            yield from _recounted(text, told, listed, gone)
    number = _number(value)
    if number is None or not isinstance(value, JsonScalar) or not is_counter(member.key):
        return
    lists = [(key, node) for key, node in listed if _length(node) == number]
    named = [pair for pair in lists if _stems(pair[0]) & (_stems(member.key) - _COUNTS)]
    for _, node in named or lists:
        cut = gone.get((node.start, node.end))
        if cut is not None:
            left = str(len(cut) - sum(cut))
            written = text[value.start : value.end]
            yield Span(value.start, value.end), written.replace(str(number), left)
            return


def is_counter(key: str) -> bool:
    """Whether a number under this key may say how many there are of something.

    >>> is_counter("totalResults"), is_counter("total_pages"), is_counter("year")
    (True, False, False)
    """
    words = _words(key)
    told = bool(words & _COUNTS) or any(map(_JOINED.fullmatch, words))
    return told and not words & _OF_SOMETHING_ELSE


def _words(key: str) -> set[str]:
    return {word.lower() for word in _WORDS.findall(key)}


def _stems(key: str) -> set[str]:
    return {re.sub(r"(?:ies|y|es|s)$", "", word) for word in _words(key)}


def _length(node: JsonArray | JsonObject) -> int:
    return len(node.items if isinstance(node, JsonArray) else node.members)


def _number(node: JsonNode) -> int | None:
    value = node.value if isinstance(node, JsonScalar) else None
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and re.fullmatch(r"\d{1,9}", value) else None
