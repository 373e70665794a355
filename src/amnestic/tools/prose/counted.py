"""What a text says of how many there are in a list: "three poets", "(3 rows)"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

__all__ = ["recounted", "with_counts_of"]

_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_NO_COUNT = re.compile(  # a number behind these is a name, a place in a row or a time
    r"\b(?:page|pages|chapter|section|version|no\.?|nr\.?|part|step|day|level|volume|vol\.?|year"
    r"|figure|table|in|since|by|until|at|of the)\s+$",
    re.IGNORECASE,
)
_UNIT = re.compile(
    r"\s*(?:%|[-–]\s*\w|(?:sec|second|minute|min|hour|day|week|month|year|decade|centur|times?\b|km|m\b"
    r"|kg|ms|mile|per\b|p\.?m|a\.?m|o'clock|euro|dollar|pound|point|star))",
    re.IGNORECASE,
)
_ONE = {"people": "person", "children": "child", "men": "man", "women": "woman", "wives": "wife"}
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|(?:\d{1,3}|[A-Za-z]|[ivxIVX]{2,5})[.)])[ \t]+(?=\S)")
_RULE = re.compile(r"(?=[^-=\n]*[-=]{2})[-+=|: \t]+$")
_CELLS = re.compile(r"\S[ \t]*\|[ \t]*\S|\S\t\S|\S {2,}\S|^[^,;]+(?:[,;]\S[^,;]*)+$")
_TALLY = re.compile(rf"[ \t]*\(?(?:\d+|{'|'.join(_WORDS[2:])}) [a-z]+", re.IGNORECASE)


def recounted(text: str, before: int, left: int) -> str:
    """`text` with `left` where it says that there are `before`, and with one thing not many.

    >>> recounted("Here are three poets:", 3, 2), recounted("(3 rows)", 3, 1)
    ('Here are two poets:', '(1 row)')
    >>> recounted("Since 3 May 3 poets have won.", 3, 2)
    'Since 3 May 2 poets have won.'
    """
    word = f"|{_WORDS[before]}" if before < len(_WORDS) else ""
    number = rf"(?<![\w.,:/#$€£-])(?:{before}{word})(?!\w|[.,:/]\d)"
    for match in re.finditer(number, text, re.IGNORECASE):
        if _NO_COUNT.search(text[max(0, match.start() - 24) : match.start()]) or _UNIT.match(
            text, match.end()
        ):
            continue
        if re.match(r"\s+[A-Z]", text[match.end() :]):  # "3 May"
            continue
        new = _like(match.group(), left)
        lead, rest = text[: match.start()], text[match.end() :]
        return lead + new + rest if left != 1 else f"{_of_one(lead)}{new}{_one_of(rest)}"
    return text


def _like(number: str, left: int) -> str:
    if number.isdigit() or left >= len(_WORDS):
        return str(left)
    word = "no" if left == 0 else _WORDS[left]
    return word.capitalize() if number[0].isupper() else word


def _of_one(lead: str) -> str:
    """ "There are" before one thing."""
    found = re.search(r"\b(are|were)(?=\s+(?:\w+\s+)?$)", lead)
    if found is None:
        return lead
    return lead[: found.start()] + {"are": "is", "were": "was"}[found[1]] + lead[found.end() :]


def _one_of(rest: str) -> str:
    """The noun behind a number, of one thing."""
    match = re.match(r"(\s+)([a-z]+)", rest)
    if match is None:
        return rest
    noun = match[2]
    one = _ONE.get(noun) or re.sub(r"(?<=[^aeiou])ies$", "y", noun)
    if one == noun and not noun.endswith("ss"):
        one = re.sub(r"(?<=x|s|ch|sh)es$|s$" if noun.endswith("es") else r"s$", "", noun, count=1)
    verb = re.sub(r"^(\s+)(are|were|have)\b", _singular_verb, rest[match.end() :])
    return match[1] + one + verb


def _singular_verb(match: re.Match[str]) -> str:
    return match[1] + {"are": "is", "were": "was", "have": "has"}[match[2]]


@dataclass(frozen=True, slots=True)
class _List:
    """The items of a list or the rows of a table, and the lines before and behind it."""

    items: tuple[str, ...]
    around: tuple[str, ...]
    headed: bool = True

    @property
    def many(self) -> int:
        """How many items there were, those before this part of a longer list included."""
        number = re.match(r"[ \t]*(\d{1,3})[.)]", self.items[-1])
        return max(len(self.items), int(number[1]) if number else 0)


def with_counts_of(clean: str, text: str) -> str:
    """`clean`, which is `text` with lines of lists and tables taken out, in which the lines before
    and behind each list say how many are left.

    >>> with_counts_of("Found 3:\\n- a\\n- c\\n", "Found 3:\\n- a\\n- b\\n- c\\n")
    'Found 2:\\n- a\\n- c\\n'
    """
    if clean == text:
        return clean
    lines = clean.split("\n")
    left = Counter(_bare(line) for line in lines)
    places = {line: i for i, line in reversed(list(enumerate(lines)))}
    for found in _lists(text.split("\n")):
        wanted = Counter(_bare(item) for item in found.items)
        gone = sum((wanted - left).values())
        for line in found.around if 0 < gone < found.many else ():
            if line in places:
                lines[places.pop(line)] = _recounted_line(line, found, gone)
    return "\n".join(lines)


def _recounted_line(line: str, found: _List, gone: int) -> str:
    for before in (found.many, *(() if found.headed else (found.many - 1,))):
        new = recounted(line, before, before - gone) if before > gone else line
        if new != line:
            return new
    return line


def _bare(line: str) -> str:
    match = _ITEM.match(line)
    return line[match.end() if match else 0 :].strip()


def _lists(lines: Sequence[str]) -> Iterator[_List]:
    at = 0
    while at < len(lines):
        end = _end_of_items(lines, at) or _end_of_table(lines, at)
        if not end:
            at += 1
            continue
        around = tuple(x for x in (_before(lines, at), _behind(lines, end)) if x)
        yield _items(lines[at:end], around)
        at = end


def _items(lines: Sequence[str], around: tuple[str, ...]) -> _List:
    if _ITEM.match(lines[0]):
        return _List(tuple(x for x in lines if _ITEM.match(x) and _indent(x) <= _indent(lines[0])),
                     around)  # fmt: skip
    rules = [i for i, line in enumerate(lines) if _RULE.match(line)]
    begin = next((i + 1 for i in rules if i), 0)
    return _List(tuple(x for x in lines[begin:] if not _RULE.match(x)), around, bool(rules))


def _end_of_items(lines: Sequence[str], at: int) -> int:
    """Where a list ends that begins at a line, what is indented under its items included."""
    if not _ITEM.match(lines[at]):
        return 0
    end = at
    for i in range(at, len(lines)):
        inside = _ITEM.match(lines[i]) or _indent(lines[i]) > _indent(lines[at])
        if lines[i].strip() and not inside:
            break
        end = i + 1 if lines[i].strip() else end
    return end


def _end_of_table(lines: Sequence[str], at: int) -> int:
    end = at
    while end < len(lines) and (_CELLS.search(lines[end]) or _RULE.match(lines[end])):
        end += 1
    return end if end - at > 1 else 0


def _before(lines: Sequence[str], at: int) -> str:
    return next((x for x in reversed(lines[max(0, at - 3) : at]) if x.strip()), "")


def _behind(lines: Sequence[str], end: int) -> str:
    line = next((x for x in lines[end : end + 3] if x.strip()), "")
    return (
        line if _TALLY.match(line) or re.match(r"\s*(?:in total|total|all)\b", line, re.I) else ""
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())
