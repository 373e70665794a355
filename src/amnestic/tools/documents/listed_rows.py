"""Lists whose items have equal parts ("KD-12 – Hill – €30.00"): they are read as rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from amnestic.tools.documents.figures import is_total
from amnestic.tools.documents.lost_rows import Lost, Row
from amnestic.tools.documents.written_numbers import NUMBER

__all__ = ["amounts_listed", "has_total", "rows_listed", "telling"]

_JOINT = re.compile(r"[ \t]+[–—-][ \t]+|[:;,|][*_]*[ \t]+|[ \t]*[()]+[ \t]*|\t+")
_FEWEST_ITEMS, _FEWEST_PARTS, _MOST_PARTS = 2, 2, 12
_MOST_WORDS = 2  # beside the number in a part that tells an amount
_WORD = re.compile(r"[^\W\d_]+")
_CODE = re.compile(r"[^\W\d_]{1,6}[-_]?\d[\w-]+")
_DIGIT, _FEWEST_DIGITS = re.compile(r"\d"), 5
_CURRENCY = re.compile(r"[A-Z]{3}")
_MARKS = " \t*_`.;"


def has_total(items: Sequence[str]) -> bool:
    """Whether the last item of a list sums the others up.

    >>> has_total(["a – €10", "b – €20", "**Total:** €30"]), has_total(["a – €10", "b – €20"])
    (True, False)
    """
    return len(items) > _FEWEST_ITEMS and is_total(items[-1])


def rows_listed(items: Sequence[str], left: Sequence[str]) -> Lost | None:
    """The items of a list as rows of the amounts and the codes in them, and what stays of each
    (`left`); `None` where they lost none, or have no equal parts, nor an amount of money each.

    >>> lost = rows_listed(["KD-12 – Osk – €30.00", "KD-13 – Hill – €20.00"], ["", "KD-13 – Hill"])
    >>> [row.cells for row in lost.before], [row.cells for row in lost.left]
    ([('KD-12', '', '€30.00'), ('KD-13', '', '€20.00')], [('KD-13', '', '')])
    """
    parts = _equal_parts(items)
    if not parts:
        return None
    before = [Row((), tuple(map(_exact, told))) for told in parts]
    now = [
        Row(
            (),
            tuple(cell if part in text else "" for cell, part in zip(row.cells, told, strict=True)),
        )
        for row, told, text in zip(before, parts, left, strict=True)
    ]
    stays = tuple(row == new for row, new in zip(before, now, strict=True))
    if all(stays):
        return None
    return Lost(before, stays, [row for row, text in zip(now, left, strict=True) if text])


def amounts_listed(items: Sequence[str]) -> list[list[str]]:
    """The amounts and the codes in the items of a list, item by item; nothing where these have no
    equal parts.

    >>> amounts_listed(["Osk: €30", "Hill: €20"]), amounts_listed(["Rain", "Snow: 2"])
    ([['', '€30'], ['', '€20']], [])
    """
    return [[_exact(part) for part in parts] for parts in _equal_parts(items)]


def telling(lost: Lost) -> Lost:
    """Such rows with no more than the cells by which a sentence means one of them: codes, and
    amounts that no other thing is likely to have.

    >>> items = ["KD-12 – Osk – €1,230.00", "KD-13 – Hill – €20.00"]
    >>> lost = rows_listed(items, ["", items[1]])
    >>> [row.cells for row in telling(lost).gone]
    [('KD-12', '', '€1,230.00')]
    """
    before, left = (
        [Row((), tuple(cell if _tells(cell) else "" for cell in row.cells)) for row in rows]
        for rows in (lost.before, lost.left)
    )
    return Lost(before, lost.stays, left)


def _equal_parts(items: Sequence[str]) -> list[list[str]]:
    if len(items) < _FEWEST_ITEMS:
        return []
    parts = [_parts(item) for item in items]
    many = len(parts[0])
    if not _FEWEST_PARTS <= many <= _MOST_PARTS or any(len(p) != many for p in parts):
        parts = [[part for part in p if _is_money(part)] for p in parts]
        if any(len(p) != 1 for p in parts):
            return []
    return parts


def _tells(cell: str) -> bool:
    return _CODE.fullmatch(cell) is not None or len(_DIGIT.findall(cell)) >= _FEWEST_DIGITS


def _parts(item: str) -> list[str]:
    parts = (part.strip(_MARKS) for part in _JOINT.split(item.partition("\n")[0]))
    return [part for part in parts if part]


def _exact(part: str) -> str:
    """An amount without its unit, unless that is money or percent, or a code; nothing where a part
    is neither."""
    if _CODE.fullmatch(part) and any(map(str.isalpha, part)):
        return part
    numbers = NUMBER.findall(part)
    if len(numbers) != 1 or len(_WORD.findall(part)) > _MOST_WORDS:
        return ""
    share = "%" if "%" in part else ""
    return part if _is_money(part) else numbers[0] + share


def _is_money(part: str) -> bool:
    """Whether a part is a number beside a sign or a code of a currency."""
    numbers = list(NUMBER.finditer(part))
    if len(numbers) != 1:
        return False
    rest = part[: numbers[0].start()] + part[numbers[0].end() :]
    signs = any(unicodedata.category(sign) == "Sc" for sign in rest)
    return len(rest) <= 2 * _MOST_WORDS + 2 and (signs or bool(_CURRENCY.fullmatch(rest.strip())))
