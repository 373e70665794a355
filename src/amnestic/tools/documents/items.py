"""Items of a list: their numbers, and lists whose items are the fields of one record."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import islice

from amnestic.tools.documents.nodes import Edit, Node
from amnestic.tools.documents.records import Field, Leaks, judge_record, says_what
from amnestic.tools.prose import Mark, Numbers, marks_in
from amnestic.types import Span

__all__ = ["is_record", "number_of", "numbered", "shortened"]

_FIELD = re.compile(
    r"[*_`]{0,2}(?P<key>[^\W\d_][\w /()'-]{0,40}?)[*_`]{0,2}:[*_`]{0,2}[ \t]+(?P<value>\S.*)"
)
_JOINT = re.compile(r"[,;]|[ \t][–—][ \t]")
_MARKER = 24
_MOST_PARTS, _FEWEST_WORDS = 24, 3


def numbered(text: str, at: int, numbers: Numbers, level: int, *, stays: bool) -> list[Edit]:
    """The edit that numbers an item or a heading anew, whose number stands at `at`."""
    line = _line(text, at)
    mark = _mark(line)
    if mark is None:
        return []
    mark = replace(mark, indent=level)
    if not stays:
        numbers.skip(mark)
        return []
    new = numbers.renumbered(mark, line)
    if new == line:
        return []
    kept = len(line) - next(i for i in range(len(line)) if line[-i - 1 :] != new[-i - 1 :])
    return [(Span(at, at + kept), new[: len(new) - len(line) + kept])]


def is_record(text: str, node: Node, leaks: Leaks) -> bool:
    """Whether the items of a list are the fields of one record, and that is about a target."""
    found = [_FIELD.fullmatch(text[item.inner : item.end]) for item in node.children]
    fields = [Field(match["key"], match["value"].strip("*_ ")) for match in found if match]
    if len(fields) < 2 or len(fields) != len(found) or not any(says_what(f.key) for f in fields):
        return False
    return judge_record(fields, leaks).about


def number_of(text: str, at: int) -> int:
    """The number of an item that begins at `at`; 0 where it has none.

    >>> number_of("3. Tarn", 0), number_of("- Tarn", 0)
    (3, 0)
    """
    mark = _mark(_line(text, at))
    return mark.number if mark else 0


def _line(text: str, at: int) -> str:
    return text[at : at + _MARKER].partition("\n")[0] + " x"


def _mark(line: str) -> Mark | None:
    marks = marks_in(line) or marks_in(f"{line}\n{line}")
    return marks.get(0)


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
        if len(before.split()) >= _FEWEST_WORDS and before.count("(") == before.count(")"):
            clean = before.rstrip()
    return clean + "." * (bool(clean) and said.rstrip().endswith("."))
