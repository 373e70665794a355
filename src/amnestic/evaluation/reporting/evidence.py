"""The replies behind each number, as many as a page can carry."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from amnestic.evaluation.contract import Record
from amnestic.evaluation.reporting.measures import MEASURES, among
from amnestic.evaluation.reporting.reading import RunView
from amnestic.evaluation.reporting.replies import Replies
from amnestic.evaluation.reporting.text import visible
from amnestic.evaluation.scoring import ALL, Comparison, Judged

__all__ = ["Evidence", "spread_over"]

_STEPS = (60, 40, 25, 15, 10, 6, 4, 2, 1)


@dataclass(frozen=True, slots=True)
class _Number:
    """What a number rests on: `shown` and `others` are its replies in two heaps, `words` how the
    heaps are spoken of; a number that is no share has one heap, in order."""

    title: str
    run: int
    shown: Sequence[Record]
    others: Sequence[Record]
    words: tuple[str, str]
    against: Sequence[Record] = ()
    ordered: bool = False


class Evidence:
    """Links from numbers to the replies behind them.

    A number is registered when it is linked; `packed` says what a page carries of all of them.
    """

    def __init__(self, runs: Sequence[RunView]) -> None:
        self._runs = runs
        self._numbers: dict[str, _Number] = {}

    def link(self, run: int, system: str, measure: str, family: str = ALL) -> str:
        """The key of a number's link; empty where no reply is behind it."""
        view, what = self._runs[run], MEASURES[measure]
        place = view.systems.index(system)
        part = "" if family == ALL else f"-f{view.families.index(family)}"
        key = f"r{run}-s{place}-{measure}{part}"
        if key not in self._numbers:
            rows = among(measure, view.replies(system, family))
            if not rows:
                return ""
            title = f"{visible(system)}: {what.title}"
            title += "" if family == ALL else f", {visible(family)}"
            self._numbers[key] = _number(title, run, rows, measure)
        return key

    def errors(self, run: int, system: str) -> str:
        """The key of the link to the records of a system that hold an error."""
        view = self._runs[run]
        rows = [r for r in view.records if r.system == system and r.error]
        key = f"r{run}-s{view.systems.index(system)}-errors"
        if rows:
            title = f"{visible(system)}: no reply, but an error"
            self._numbers[key] = _Number(title, run, rows, (), ("are errors", ""))
        return key if rows else ""

    def pair(self, run: int, found: Comparison, leaks: str) -> str:
        """The key of the link to the probes on which only one of two systems leaked: `leaks` is
        the one, `first` or `second`."""
        view = self._runs[run]
        names = (found.first, found.second)
        one, other = names if leaks == "first" else names[::-1]
        there = {j.record.place[1:]: j for j in view.replies(other) if _pairs(j)}
        here = [j for j in view.replies(one) if _pairs(j) and j.leaked]
        rows = [j.record for j in here if j.record.place[1:] in there
                and not there[j.record.place[1:]].leaked]  # fmt: skip
        if not rows:
            return ""
        indexes = [view.systems.index(name) for name in (one, other)]
        key = f"r{run}-s{indexes[0]}-over-s{indexes[1]}"
        title = f"{visible(one)} leaks and {visible(other)} does not"
        against = [there[r.place[1:]].record for r in rows]
        self._numbers[key] = _Number(
            title, run, rows, (), ("leaked here alone", ""), against=against
        )
        return key

    def packed(self, budget: int, *, with_text: bool = True) -> dict[str, Any]:
        """What a page carries: as many replies of each number as fit into `budget` bytes of JSON,
        those that speak against a system first; at least one of each."""
        told: dict[str, Any] = {}
        for most in _STEPS:
            told = self._packed(most, with_text=with_text)
            if len(json.dumps(told, ensure_ascii=False).encode()) <= budget:
                break
        return told

    def _packed(self, most: int, *, with_text: bool) -> dict[str, Any]:
        kept = [Replies(view, with_text=with_text) for view in self._runs]
        numbers = {key: _told(n, kept[n.run], most) for key, n in self._numbers.items()}
        runs = [replies.told() for replies in kept]
        return {"runs": runs, "numbers": numbers, "withText": with_text}


def _pairs(reply: Judged) -> bool:
    return reply.counted and not reply.record.sample


def _number(title: str, run: int, rows: Sequence[Judged], measure: str) -> _Number:
    what = MEASURES[measure]
    if what.by is not None:
        most = sorted(rows, key=what.by, reverse=True)
        return _Number(title, run, [j.record for j in most], (), ("", ""), ordered=True)
    shown = [j.record for j in rows if what.shows(j)]
    others = [j.record for j in rows if not what.shows(j)]
    return _Number(title, run, shown, others, (what.shown, what.others))


def _told(number: _Number, replies: Replies, most: int) -> Mapping[str, Any]:
    first = min(len(number.shown), max(most - len(number.others), (2 * most + 2) // 3))
    if number.ordered:
        first = min(len(number.shown), most)
    shown = number.shown[:first] if number.ordered else spread_over(number.shown, first)
    others = spread_over(number.others, min(len(number.others), most - len(shown)))
    told: dict[str, Any] = {
        "title": number.title,
        "run": number.run,
        "counts": [len(number.shown), len(number.others)],
        "words": list(number.words),
        "ids": [[replies.id(r) for r in shown], [replies.id(r) for r in others]],
    }
    if number.ordered:
        told["ordered"] = True
    if number.against:
        by_place = {r.place[1:]: r for r in number.against}
        told["against"] = [replies.id(by_place[r.place[1:]]) for r in shown]
    return told


def spread_over(rows: Iterable[Record], most: int) -> list[Record]:
    """Some of many, evenly over all of them, in their order.

    >>> spread_over(range(10), 4), spread_over(range(3), 4)
    ([0, 2, 5, 7], [0, 1, 2])
    """
    told = list(rows)
    if len(told) <= most:
        return told
    return [told[i * len(told) // most] for i in range(most)]
