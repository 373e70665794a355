"""Rows that each say what shall become of them: "Ana Morel: forget", "Jens Krug: keep"."""

from __future__ import annotations

import re

from amnestic.agents.requests.once import segments
from amnestic.agents.requests.wishes import wish_in

__all__ = ["is_verdict", "with_verdicts_done"]

_GO = (
    r"(?:to\s+(?:be\s+)?)?(?:forget|forgotten|delete[d]?|erase[d]?|remove[d]?|drop(?:ped)?|purge[d]?|wipe[d]?|unlearn(?:ed)?)|go(?:es)?|out|gone|"
    r"(?:zu\s+)?(?:vergessen|löschen|entfernen)|weg|raus|(?:à\s+)?(?:oublier|effacer|supprimer)|"
    r"olvidar|borrar|eliminar|dimenticare|cancellare|eliminare|vergeten|verwijderen|wissen|esquecer|apagar"
)
_STAY = (
    r"(?:to\s+(?:be\s+)?)?(?:keep|kept|stays?|remains?|retain(?:ed)?|leave|left\s+alone|untouched|unchanged|spare[d]?)|(?:do\s+not|don['’]?t)\s+"
    r"(?:forget|delete|erase|remove|drop)|may\s+stay|(?:nicht\s+(?:vergessen|löschen|entfernen))|behalten|bleibt|bleiben|"
    r"(?:à\s+)?(?:garder|conserver)|reste|ne\s+pas\s+(?:oublier|effacer|supprimer)|mantener|conservar|(?:se\s+)?queda|no\s+(?:olvidar|borrar|eliminar)|"
    r"tenere|resta|rimane|non\s+(?:dimenticare|cancellare)|houden|blijft|niet\s+(?:vergeten|verwijderen|wissen)|manter|fica"
)
_ROW = re.compile(
    r"^[ \t]*(?P<mark>(?:[-*•–·]|\(?(?:\d{1,3}[.)]|[A-Za-z]\)))[ \t]+|\|[ \t]*)?"
    r"(?P<name>[^\W\d_a-zß-ÿ][^\n:=|\t]{0,80}?)"
    r"(?:[ \t]*(?:[:=|;,\t]|[-–—=]>|→)[ \t]*|[ \t]+[-–—][ \t]+|[ \t]*\()"
    rf"(?i:(?P<go>{_GO})|(?P<stay>{_STAY}))(?i:[ \t]+please|[ \t]+bitte)?[.!;)| \t]*$",
    re.M,
)
_HEAD = "Please forget"
_STATE = re.compile(  # tells how something is as well: "out", "deleted"
    r"go(?:es)?|out|gone|weg|raus|(?:delete|erase|remove|purge|wipe)d|dropped|wissen", re.I
)
_MARKED = re.compile(r"[ \t]*(?:[-*•–·]|\(?(?:\d{1,3}[.)]|[A-Za-z]\)))[ \t]+\S")


def with_verdicts_done(text: str) -> str:
    """A text without the rows that say of a name that it stays, and with those that say that it
    goes as a list of what shall be forgotten. One row by itself is a sentence.

    >>> print(with_verdicts_done("Our list:\\nAna Morel: forget\\nJens Krug: keep"))
    Our list:
    Please forget Ana Morel.
    >>> with_verdicts_done("Forget these:\\n- Ana Morel\\n- Jens Krug: keep")
    'Forget these:\\n- Ana Morel'
    """
    rows = {m.start(): m for m in _ROW.finditer(text)}
    if not rows or text.count("\n") == 0:
        return text
    rest = _ROW.sub("", text)
    going = [m for m in rows.values() if m["go"]]
    if not _wishes(rest) and any(_STATE.fullmatch(m["go"]) for m in going):
        return text
    if len(rows) == 1 and not going and not _wishes(rest):
        return text
    head = "" if _wishes(rest) else _HEAD
    marked = any(_MARKED.match(line) for line in rest.split("\n"))
    first = going[0].start() if going else -1
    lines, at = [], 0
    for line in text.split("\n"):
        row = rows.get(at)
        if row is None:
            lines.append(line)
        elif row["go"] and (head or not marked):
            if at == first:
                lines.append(_asked([m["name"].strip() for m in going]))
        elif row["go"]:
            lines.append(f"- {row['name'].strip()}")
        at += len(line) + 1
    return "\n".join(lines)


def is_verdict(cell: str) -> bool:
    """Whether a cell says what becomes of its row.

    >>> is_verdict("keep"), is_verdict("C-10021")
    (True, False)
    """
    return re.fullmatch(f"{_GO}|{_STAY}", cell.strip(), re.I) is not None


def _asked(names: list[str]) -> str:
    *ahead, last = names
    return f"{_HEAD} {', '.join(ahead)} and {last}." if ahead else f"{_HEAD} {last}."


def _wishes(text: str) -> bool:
    """Whether something is asked for beside the rows."""
    return any(wish_in(s.of(text).strip()) is not None for s in segments(text))
