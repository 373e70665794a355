"""What a report says of each run, before it is a page or a Markdown file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from amnestic.evaluation.contract import Record
from amnestic.evaluation.reporting import honesty, plots, tables
from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.formats import milliseconds
from amnestic.evaluation.reporting.marks import MARKS, chosen_system
from amnestic.evaluation.reporting.reading import RunView
from amnestic.evaluation.reporting.sentences import Verdict, verdict
from amnestic.evaluation.reporting.text import clipped, visible

__all__ = ["Contents", "Example", "Section", "contents_of"]

_EXAMPLES, _LENGTH = 6, 400


@dataclass(frozen=True, slots=True)
class Example:
    """A leak of the system that a verdict speaks of."""

    family: str
    question: str
    reply: str
    forbidden: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One run."""

    label: str
    alarms: tuple[str, ...]
    warnings: tuple[str, ...]
    verdict: Verdict
    overview: tables.Table
    better: tuple[str, ...]
    leaks: tables.Table
    changes: tables.Table
    trades: tuple[tuple[str, Markup, tuple[str, ...]], ...]
    times: Markup | None
    times_table: tables.Table
    comparisons: tables.Table
    more: tables.Table
    examples: tuple[Example, ...]
    facts: tuple[tuple[str, str], ...]
    notes: tuple[str, ...]
    has_ours: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """All of a report but the replies behind its numbers."""

    title: str
    sections: tuple[Section, ...]
    marks: tuple[str, ...]
    differences: tuple[str, ...]
    costs: tuple[tuple[str, Markup, tables.Table], ...]
    with_text: bool


def contents_of(views: Sequence[RunView], evidence: Evidence, *, with_text: bool) -> Contents:
    """What a report says; numbers are linked in `evidence` on the way."""
    title = views[0].label if len(views) == 1 else f"{len(views)} runs"
    return Contents(
        title=title,
        sections=tuple(
            _section(view, run, evidence, with_text=with_text) for run, view in enumerate(views)
        ),
        marks=tuple(mark.told for mark in MARKS),
        differences=honesty.differences(views),
        costs=tuple(_cost(*found) for found in plots.cost_plots(views, evidence)),
        with_text=with_text,
    )


def _section(view: RunView, run: int, evidence: Evidence, *, with_text: bool) -> Section:
    trades = [
        (words, *drawn)
        for over, words in (("altered", "against neighbours changed"),
                            ("lost", "against neighbours lost"))
        if (drawn := plots.trade_plot(view, run, evidence, over))
    ]  # fmt: skip
    return Section(
        label=view.label,
        alarms=honesty.alarms(view),
        warnings=honesty.warnings(view),
        verdict=verdict(view, run, evidence),
        overview=tables.overview(view, run, evidence),
        better=honesty.where_others_are_better(view),
        leaks=tables.leaks_by_attack(view, run, evidence),
        changes=tables.changes(view, run, evidence),
        trades=tuple(trades),
        times=plots.times_plot(view, run, evidence),
        times_table=_times_table(view),
        comparisons=tables.comparisons(view, run, evidence),
        more=tables.more(view, run, evidence),
        examples=_examples(view) if with_text else (),
        facts=honesty.facts(view, with_text=with_text),
        notes=tuple(visible(note) for note in (*view.manifest.notes, *view.scores.notes)),
        has_ours=any(s.casefold().startswith("amnestic") for s in view.systems),
    )


def _times_table(view: RunView) -> tables.Table:
    rows = []
    for times in plots.times_of(view):
        told = tuple(tables.Cell(milliseconds(value)) for value in times.percentiles)
        rows.append(tables.Row(visible(times.system), (*told, tables.Cell(f"{times.n:,}"))))
    columns = ("5th", "25th", "Median", "75th", "95th", "99th", "Replies")
    return tables.Table("Added time of a reply, percentiles", "System", columns, tuple(rows))


def _cost(
    words: str, drawn: Markup, found: list[tuple[str, list[tuple[int, str, str]]]]
) -> tuple[str, Markup, tables.Table]:
    counts = sorted({n for _, points in found for n, _, _ in points})
    rows = []
    for name, points in found:
        known = {n: tables.Cell(value, "", key) for n, value, key in points}
        rows.append(tables.Row(name, tuple(known.get(n, tables.Cell()) for n in counts)))
    columns = tuple(f"{n:,} targets" for n in counts)
    return words, drawn, tables.Table(words.capitalize(), "System", columns, tuple(rows))


def _examples(view: RunView) -> tuple[Example, ...]:
    """Leaks of the chosen system, of as many families as there are."""
    system = chosen_system(view)
    leaked = [j for j in view.replies(system) if j.counted and j.leaked] if system else []
    first: dict[str, list[int]] = {}
    for i, reply in enumerate(leaked):
        first.setdefault(reply.probe.family, []).append(i)
    rounds = sorted((n, i) for places in first.values() for n, i in enumerate(places))
    return tuple(
        Example(
            visible(leaked[i].probe.family),
            clipped(visible(leaked[i].probe.question), _LENGTH),
            clipped(visible(_read_of(leaked[i].record)), _LENGTH),
            tuple(clipped(visible(f), 120) for f in leaked[i].probe.forbidden[:6]),
        )
        for _, i in rounds[:_EXAMPLES]
    )  # fmt: skip


def _read_of(record: Record) -> str:
    return "\n".join([record.text, *record.channels.values()])
