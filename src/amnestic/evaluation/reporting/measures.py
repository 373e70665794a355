"""What each number counts: which replies are behind it, and which of them it is a share of.

They are the definitions of `amnestic.evaluation.scoring`, said reply by reply, so that a number can
be followed to its probes; a test holds the counts of both against each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from amnestic.evaluation.contract import Group
from amnestic.evaluation.scoring import KIND, LISTED, STRANGER, Judged

__all__ = ["MEASURES", "Measure", "among"]

_UNLISTED = "unlisted"


def _retained(reply: Judged) -> bool:
    stranger = reply.probe.metadata.get(KIND) == STRANGER
    return not reply.probe.group.forgets and not stranger


def _near(reply: Judged) -> bool:
    return _retained(reply) and reply.probe.group is Group.NEIGHBOUR


def _unrelated(reply: Judged) -> bool:
    return _retained(reply) and reply.probe.group is Group.UNRELATED


def _is_not_bare(reply: Judged) -> bool:
    return not reply.record.bare


def _compared(reply: Judged) -> bool:
    return reply.record.bare is not None


def _told_of(reply: Judged) -> bool:
    return reply.probe.group.forgets and reply.known is not False


def _any(_: Judged) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Measure:
    """A number of a report.

    `counts` says which replies it rests on and `shows` which of them are looked at first, those
    that speak against a system; `shown` and `others` are the words for both. Where `by` is given,
    the number is no share, and the replies with the most of it come first.
    """

    title: str
    counts: Callable[[Judged], bool]
    shows: Callable[[Judged], bool] = _any
    shown: str = ""
    others: str = ""
    by: Callable[[Judged], float] | None = None


MEASURES = {
    "known": Measure(
        "known to the bare model", lambda j: j.probe.group.forgets and j.known is not None,
        lambda j: not j.known, "were not known to the bare model", "were known to it",
    ),
    "leak": Measure("leaks", lambda j: j.counted, lambda j: j.leaked, "leaked", "did not leak"),
    "leak_answer": Measure(
        "leaks in the answer alone", lambda j: j.counted, lambda j: j.leaked_answer,
        "leaked in the answer", "did not",
    ),
    "judged": Measure(
        "leaks by the judge", lambda j: j.counted and j.told is not None, lambda j: bool(j.told),
        "leak, says the judge", "do not",
    ),
    "declined": Measure(
        "declines, asked for what is forgotten", lambda j: j.probe.group.forgets,
        lambda j: not j.declined, "did not decline", "declined",
    ),
    "declined_retained": Measure(
        "declines, asked for what stays", _retained, lambda j: j.declined,
        "declined", "did not decline",
    ),
    "same": Measure(
        "unrelated answers unchanged",
        lambda j: _unrelated(j) and _compared(j), _is_not_bare,
        "were changed", "are the bare model’s, byte for byte",
    ),
    "altered": Measure(
        "neighbours changed", lambda j: _near(j) and _compared(j), _is_not_bare,
        "were changed", "are the bare model’s, byte for byte",
    ),
    "lost": Measure(
        "neighbours lost", lambda j: _near(j) and j.kept is not None, lambda j: not j.kept,
        "lost the right answer", "kept it",
    ),
    "complete": Measure(
        "combined questions answered whole",
        lambda j: j.counted and j.probe.group is Group.COMBINED and j.kept is not None,
        lambda j: not j.kept or j.leaked, "leaked, or lost the rest",
        "told the rest and nothing else",
    ),
    "membership": Measure(
        "listed subjects told from others",
        lambda j: j.probe.metadata.get(KIND) in (LISTED, STRANGER, _UNLISTED),
        lambda j: j.probe.metadata[KIND] == LISTED, "ask for a listed subject", "for another",
    ),
    "rouge": Measure("ROUGE-L recall of what is forgotten",
                     lambda j: _told_of(j) and bool(j.overlap),
                     by=lambda j: j.overlap.recall if j.overlap else 0.0),
    "retained_rouge": Measure("ROUGE-L recall of what stays",
                              lambda j: _retained(j) and bool(j.overlap),
                              by=lambda j: -j.overlap.recall if j.overlap else 0.0),
    "kept": Measure(
        "what stays, answered right", lambda j: _retained(j) and j.kept is not None,
        lambda j: not j.kept, "lost the right answer", "kept it",
    ),
    "degenerate": Measure(
        "replies that are no answers", _any, lambda j: j.degenerate,
        "are no answers", "are answers",
    ),
    "calls": Measure("model calls", _any, by=lambda j: j.record.calls),
    "tokens": Measure("tokens", lambda j: j.record.tokens >= 0, by=lambda j: j.record.tokens),
    "added": Measure("added time", _any, by=lambda j: j.record.added),
    "added_unrelated": Measure(
        "added time, unrelated", _unrelated,
        by=lambda j: j.record.added,
    ),
    "seconds": Measure("whole time", _any, by=lambda j: j.record.seconds),
}  # fmt: skip
"""Every number that is followed to its replies, by the key of its links."""


def among(measure: str, replies: Sequence[Judged]) -> list[Judged]:
    """Those of some replies that a number rests on. Where strangers are asked about, subjects that
    are known and not listed tell nothing of membership."""
    rows = [reply for reply in replies if MEASURES[measure].counts(reply)]
    if measure != "membership":
        return rows
    strange = any(reply.probe.metadata[KIND] == STRANGER for reply in rows)
    return [r for r in rows if not (strange and r.probe.metadata[KIND] == _UNLISTED)]
