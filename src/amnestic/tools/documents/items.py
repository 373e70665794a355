"""Items of a list: their numbers, and lists whose items are the fields of one record."""

from __future__ import annotations

import re
from dataclasses import replace

from amnestic.tools.documents.nodes import Edit, Node
from amnestic.tools.documents.records import Field, Leaks, judge_record, says_what
from amnestic.tools.prose import Numbers, marks_in
from amnestic.types import Span

__all__ = ["is_record", "numbered"]

_FIELD = re.compile(
    r"[*_`]{0,2}(?P<key>[^\W\d_][\w /()'-]{0,40}?)[*_`]{0,2}:[*_`]{0,2}[ \t]+(?P<value>\S.*)"
)
_MARKER = 24


def numbered(text: str, at: int, numbers: Numbers, level: int, *, stays: bool) -> list[Edit]:
    """The edit that numbers an item or a heading anew, whose number stands at `at`."""
    line = text[at : at + _MARKER].partition("\n")[0] + " x"
    marks = marks_in(line) or marks_in(f"{line}\n{line}")
    mark = marks.get(0)
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
