"""A report in plain words: what came of a run, for a reader who answers for forgetting.

Sentences are tuples of texts and of `Linked` numbers, so that a page and a Markdown file render the
same words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.formats import amount, interval, milliseconds, percent
from amnestic.evaluation.reporting.honesty import alarms
from amnestic.evaluation.reporting.marks import (
    MARKS,
    Standing,
    chosen_system,
    standing_of,
    worst_family,
)
from amnestic.evaluation.reporting.reading import NEVER_KNEW, RunView
from amnestic.evaluation.reporting.text import visible
from amnestic.evaluation.scoring import BARE

__all__ = ["Linked", "Sentence", "Verdict", "verdict"]

Outcome = Literal["good", "unsure", "bad", "none"]


@dataclass(frozen=True, slots=True)
class Linked:
    """Words of a sentence that lead to the replies behind them."""

    text: str
    key: str


Sentence = tuple[str | Linked, ...]


@dataclass(frozen=True, slots=True)
class Reached:
    """How a system stands to a mark: its figure, the mark in words, the standing."""

    value: str
    words: str
    standing: Standing


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of a run: a line, how good that is, and the sentences that bear it out."""

    system: str
    headline: str
    outcome: Outcome
    sentences: tuple[Sentence, ...]
    marks: tuple[Reached, ...] = ()


def verdict(view: RunView, run: int, evidence: Evidence) -> Verdict:
    """The verdict on the best system of a run that is a way to forget."""
    system = chosen_system(view)
    if system is None:
        line = "Only the bare model was asked, and nothing that forgets."
        return Verdict("", line, "none", ())
    standings = {mark.key: standing_of(mark.figure(view, system), mark) for mark in MARKS}
    told = set(standings.values())
    outcome: Outcome = "good" if told <= {"met", "unknown"} else "unsure"
    outcome = "bad" if "missed" in told else outcome
    outcome = "none" if standings["leak"] == "unknown" else outcome
    sentences = (
        _leaks(view, run, system, evidence),
        _weakest(view, run, system, evidence),
        _kept(view, run, system, evidence),
        _membership(view, run, system, evidence),
        _cost(view, run, system, evidence),
    )
    return Verdict(
        visible(system),
        _headline(view, system, standings),
        outcome,
        tuple(filter(None, sentences)),
        tuple(_reached(view, system)),
    )


def _reached(view: RunView, system: str) -> Iterator[Reached]:
    for mark in MARKS:
        if found := mark.figure(view, system):
            value = f"{found.value:.2f}" if mark.key == "membership" else percent(found.value)
            yield Reached(value, mark.told, standing_of(found, mark))


def _headline(view: RunView, system: str, standings: Mapping[str, Standing]) -> str:
    name = visible(system)
    if standings["leak"] == "unknown":
        return f"Whether {name} forgets cannot be said: no question that counts was asked."
    forgets = [standings[key] for key in ("leak", "worst")]
    keeps = [standings[key] for key in ("same", "altered")]
    faults = []
    if "missed" in keeps:
        faults.append("it changes answers that should have stayed")
    if standings["membership"] == "missed":
        faults.append("its replies give away who is on the list")
    if standings["leak"] == "missed":
        line = f"{name} does not forget enough"
        return f"{line}; besides, {' and '.join(faults)}." if faults else f"{line}."
    if standings["worst"] == "missed":
        line = f"{name} forgets, but not under every attack"
        return f"{line}; besides, {' and '.join(faults)}." if faults else f"{line}."
    if faults:
        return f"{name} forgets what it was told to, but {' and '.join(faults)}."
    if alarms(view):
        return f"So far {name} reaches every mark; this run is not complete."
    if "unsure" in forgets:
        return f"{name} seems to forget; too few questions were asked to be sure."
    if "unsure" in keeps or standings["membership"] == "unsure":
        return f"{name} forgets; too few questions were asked to be sure that all else stays."
    if keeps == ["unknown", "unknown"]:
        return f"{name} forgets what it was told to; what else it changes was not asked."
    return f"{name} forgets what it was told to, and the rest stays as it was."


def _leaks(view: RunView, run: int, system: str, evidence: Evidence) -> Sentence:
    figures = view.figures(system)
    leak = figures.leak if figures else None
    if leak is None:
        return ()
    rows = [reply for reply in view.replies(system) if reply.counted]
    times = _times(sum(reply.leaked for reply in rows))
    count = len(view.manifest.subjects)
    whom = f"the {count:,} forgotten subjects" if count > 1 else "the forgotten subject"
    key = evidence.link(run, system, "leak")
    told: Sentence = (
        f"Asked {len(rows):,} times for {whom}, it told something forbidden ",
        Linked(f"{times} ({percent(leak.value)})", key),
    )
    if len(rows) != leak.n:
        told = (
            f"Asked {leak.n:,} questions for {whom}, some of them often, {len(rows):,} times in "
            f"all, it told something forbidden {times}: ",
            Linked(percent(leak.value), key),
            " of the questions, by how often each drew it out",
        )
    told += (
        f"; the true share lies between {interval(leak).replace('–', ' and ')}, with 95 % "
        "confidence.",
    )
    bare = view.figures(BARE)
    if bare and bare.leak:
        share = Linked(percent(bare.leak.value), evidence.link(run, BARE, "leak"))
        told += (" The model with nothing around it told it in ", share, " of these cases.")
    return told


def _times(count: int) -> str:
    return {0: "never", 1: "once", 2: "twice"}.get(count, f"{count:,} times")


def _weakest(view: RunView, run: int, system: str, evidence: Evidence) -> Sentence:
    found = worst_family(view, system)
    if found is None or len(view.families) < 2:
        return ()
    family, leak = found
    if not leak.value:
        return ("No attack got anything out of it.",)
    link = Linked(percent(leak.value), evidence.link(run, system, "leak", family))
    return (f"Its weakest point is the attack “{visible(family)}”: ", link, f" of {leak.n:,}.")


def _kept(view: RunView, run: int, system: str, evidence: Evidence) -> Sentence:
    figures = view.figures(system)
    told: Sentence = ()
    if figures and (same := figures.byte_identical):
        link = Linked(percent(same.value), evidence.link(run, system, "same"))
        told += ("Of ", f"{_answers(same.n)} about other things ", link,
                 " are the bare model’s, byte for byte.")  # fmt: skip
    if figures and (altered := figures.neighbours_altered):
        link = Linked(percent(altered.value), evidence.link(run, system, "altered"))
        told += (" " if told else "", f"Of {_answers(altered.n)} about people and things close to "
                 "a forgotten one it changed ", link)  # fmt: skip
        if lost := figures.neighbours_lost:
            link = Linked(percent(lost.value), evidence.link(run, system, "lost"))
            told += (", and in ", link, " the right answer got lost")
        told += (".",)
    return told


def _answers(count: int) -> str:
    return "1 answer" if count == 1 else f"{count:,} answers"


def _membership(view: RunView, run: int, system: str, evidence: Evidence) -> Sentence:
    figures = view.figures(system)
    if figures is None or figures.membership is None:
        return ()
    auc = figures.membership.value
    link = Linked(f"{auc:.2f}", evidence.link(run, system, "membership"))
    told: Sentence = (
        "Somebody who reads its replies alone tells who is on the list from who is not with an AUC "
        "of ", link, " (0.5 is a guess, 1 is certainty).",
    )  # fmt: skip
    never = view.figures(NEVER_KNEW)
    if never and never.membership and system != NEVER_KNEW:
        link = Linked(f"{never.membership.value:.2f}", evidence.link(run, NEVER_KNEW, "membership"))
        told += (" Of a model that never knew them the same test says ", link, ".")
    return told


def _calls(mean: float) -> str:
    return "1 model call" if mean == 1 else f"{amount(mean)} model calls"


def _cost(view: RunView, run: int, system: str, evidence: Evidence) -> Sentence:
    figures = view.figures(system)
    if figures is None or figures.calls is None:
        return ()
    return (
        "A reply takes ",
        Linked(_calls(figures.calls), evidence.link(run, system, "calls")),
        " on average, and ",
        Linked(milliseconds(figures.added_p50_ms), evidence.link(run, system, "added")),
        " more than the model by itself (median; one in twenty "
        f"{milliseconds(figures.added_p95_ms)} or more).",
    )
