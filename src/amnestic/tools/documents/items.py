"""Items of a list: their numbers, and lists whose items are the fields of one record."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, islice

from amnestic.tools.documents.nodes import Edit, Node
from amnestic.tools.documents.records import Field, Leaks, judge_record, says_what
from amnestic.tools.prose import Mark, Numbers, marks_in
from amnestic.types import Span

__all__ = ["are_fields", "is_record", "marks_of", "numbered", "shortened"]

_FIELD = re.compile(
    r"[*_`]{0,2}(?P<key>[^\W\d_][\w /()'-]{0,40}?)[*_`]{0,2}:[*_`]{0,2}[ \t]+(?P<value>\S.*)"
)
_JOINT = re.compile(r"[,;，；、]|[ \t][–—][ \t]")
_MARKER = 24
_MOST_PARTS, _FEWEST_WORDS = 24, 3


def marks_of(text: str, starts: Sequence[int]) -> list[Mark | None]:
    """The numbers of the items that begin at these places: digits, or letters that follow one
    another.

    >>> [mark and mark.number for mark in marks_of("a) Osk\\nb) Tarn\\n- Hill", [0, 7, 15])]
    [1, 2, None]
    """
    lines = [text[at : at + _MARKER].partition("\n")[0] + " x" for at in starts]
    found = marks_in("\n".join(lines))
    places = accumulate((len(line) + 1 for line in lines), initial=0)
    return [found.get(at) for at, _ in zip(places, lines, strict=False)]


def numbered(
    text: str, at: int, mark: Mark | None, numbers: Numbers, level: int, *, stays: bool
) -> list[Edit]:
    """The edit that numbers an item or a heading anew, whose number stands at `at`."""
    if mark is None:
        return []
    mark = replace(mark, indent=level)
    if not stays:
        numbers.skip(mark)
        return []
    line = text[at : at + _MARKER].partition("\n")[0] + " x"
    new = numbers.renumbered(mark, line)
    if new == line:
        return []
    kept = len(line) - next(i for i in range(len(line)) if line[-i - 1 :] != new[-i - 1 :])
    return [(Span(at, at + kept), new[: len(new) - len(line) + kept])]


def are_fields(text: str, node: Node) -> bool:
    """Whether the items of a list are all of the form "Key: value"."""
    return bool(_fields(text, node))


def is_record(text: str, node: Node, leaks: Leaks) -> bool:
    """Whether the items of a list are the fields of one record, and that is about a target."""
    fields = _fields(text, node)
    return any(says_what(f.key) for f in fields) and judge_record(fields, leaks).about


def _fields(text: str, node: Node) -> list[Field]:
    """The items of a list as fields; nothing where one is none, or they are fewer than two."""
    found = [_FIELD.fullmatch(text[item.inner : item.end]) for item in node.children]
    fields = [Field(match["key"], match["value"].strip("*_ ")) for match in found if match]
    return fields if len(fields) == len(found) > 1 else []


def shortened(said: str, leaks: Leaks) -> str:
    """What is said of an item, up to the last comma before what leaks; nothing where that leaks too
    or is no more than a word or two.

    >>> shortened("on an island in a lake, where Osk lived", lambda s: "Osk" in s)
    'on an island in a lake'
    """
    clean = ""
    for joint in islice(_JOINT.finditer(said), _MOST_PARTS):
        before = said[: joint.start()]
        if leaks(before):
            break
        told = len(before.split()) >= _FEWEST_WORDS or (before > "\u2e80" and len(before) > 1)
        if told and before.count("(") == before.count(")"):
            clean = before.rstrip()
    stop = said.rstrip()[-1:]
    return clean + stop if clean and stop in (".", "。") else clean
