"""What a text says of a list, made to agree with the list that is left: counts, totals, numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from amnestic.tools.prose.counted import counts_told, recounted
from amnestic.tools.prose.enumerations import trimmed
from amnestic.tools.prose.grammar import grammar_of
from amnestic.tools.prose.listings import Listing, bare, listings
from amnestic.tools.prose.totals import retotalled, tells_total
from amnestic.tools.reading import segments

__all__ = ["miscounts", "with_counts_of"]

_NUMBERED = re.compile(r"[ \t]*(?:[*_]{0,2})(?P<number>\d{1,3})[.)][ \t]+(?=\S)")
_WORDS = re.compile(r"[^\W\d_]+")
_MANY = 2_000


def with_counts_of(clean: str, text: str) -> str:
    """`clean`, which is `text` with items of lists and rows of tables taken out, in which the lines
    before and behind each say how many are left and what their total is, and what names an item by
    its number names it by the one that it has now, or goes with it.

    >>> with_counts_of("Found 3:\\n- a\\n- c\\n", "Found 3:\\n- a\\n- b\\n- c\\n")
    'Found 2:\\n- a\\n- c\\n'
    >>> text = "1. Hill\\n2. Osk\\n3. Tarn\\n\\nI would begin with Hill or number 2."
    >>> with_counts_of("1. Hill\\n2. Tarn\\n\\nI would begin with Hill or number 2.", text)
    '1. Hill\\n2. Tarn\\n\\nI would begin with Hill.'
    """
    if clean == text:
        return clean
    lines: list[str | None] = [*clean.split("\n")]
    left = Counter(bare(line) for line in clean.split("\n"))
    places = {line: i for i, line in reversed(list(enumerate(clean.split("\n"))))}
    for found in listings(text.split("\n")):
        wanted = Counter(bare(item) for item in found.rows)
        gone = sum((wanted - left).values())
        for line in (*found.around, *found.totals) if 0 < gone < found.many else ():
            if line in places:
                lines[places.pop(line)] = _agreeing(line, found, left, gone)
    agreed = "\n".join(line for line in lines if line is not None)
    return _with_new_numbers(agreed.lstrip("\n") if lines[0] is None else agreed, text)


def miscounts(text: str) -> bool:
    """Whether a line that leads to a list says one count, and the list has another.

    >>> miscounts("Two towns:\\n\\n- Sund\\n- Tavel\\n"), miscounts("Ten towns:\\n- Sund\\n- Tavel")
    (False, True)
    """
    told = (
        (found.many, counts_told(line))
        for found in listings(text.split("\n"))
        for line in found.around
        if line.rstrip(" *_").endswith(":") and found.is_list
    )
    return any(len(said) == 1 and many not in said for many, said in told)


def _agreeing(line: str, found: Listing, left: Mapping[str, int], gone: int) -> str | None:
    """A line that agrees with what is left of a list; `None` where none can."""
    kept = [row for row in found.rows if left.get(bare(row))]
    pieces = [segment.of(line) for segment in segments(line)]
    said = [retotalled(p, found.rows, kept) if tells_total(p) else _recounted(p, found, gone)
            for p in pieces]  # fmt: skip
    new = "".join(said)
    return line if new == line else new.rstrip() or None


def _recounted(piece: str, found: Listing, gone: int) -> str:
    for before in (found.many, *(() if found.headed else (found.many - 1,))):
        new = recounted(piece, before, before - gone) if before > gone else piece
        if new != piece:
            return new
        if before - gone == 1 and recounted(piece, before, before + 1) != piece:
            return ""  # "two poets" of one, in a language whose singulars are not known here
    return piece


# ── Items that are named by their number ─────────────────────────────────────────────────────────


def _with_new_numbers(clean: str, text: str) -> str:
    """A text in which "number 4" is "number 3" where an item before it went."""
    new = _new_numbers(clean, text)
    if not any(old != number for old, number in new.items()):
        return clean
    return "".join(_renumbered(segment.of(clean), new) for segment in segments(clean))


def _new_numbers(clean: str, text: str) -> Mapping[int, int | None]:
    """The numbers that the items of a text's only numbered list have now; `None` for what went."""
    before, after = _numbered(text), _numbered(clean)
    if len({n for n, _ in before}) != len(before) or len(before) > _MANY:
        return {}  # of two lists, nobody knows which is meant
    now = {item: number for number, item in after}
    return {number: now.get(item) for number, item in before}


def _numbered(text: str) -> list[tuple[int, str]]:
    found = ((_NUMBERED.match(line), line) for line in text.split("\n"))
    return [(int(m["number"]), line[m.end() :].strip()) for m, line in found if m]


def _renumbered(piece: str, new: Mapping[int, int | None]) -> str:
    if _NUMBERED.match(piece):
        return piece
    for match in reversed(list(_references(piece))):
        number = new.get(int(match["number"]), 0)
        if number is None:
            left = trimmed(piece, _holding(match.group()))
            return left or piece[len(piece.rstrip()) :]
        if number:
            piece = piece[: match.start("number")] + str(number) + piece[match.end("number") :]
    return piece


def _holding(words: str) -> Callable[[str], bool]:
    return lambda piece: words in piece


def _references(piece: str) -> Sequence[re.Match[str]]:
    """Where a sentence names items by their numbers: "number 3", but not "forklift number 3"."""
    grammar = grammar_of(piece)
    named = rf"(?<!\w)(?:{'|'.join(sorted(grammar.items))})\s+(?P<number>\d{{1,3}})(?![\w.,]\d|\w)"
    found = re.finditer(named, piece, re.IGNORECASE)
    before = ((m, _WORDS.findall(piece[: m.start()])) for m in found)
    small = grammar.small | grammar.helps
    return [m for m, words in before if not words or words[-1].lower() in small]
