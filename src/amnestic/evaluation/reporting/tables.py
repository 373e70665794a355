"""The tables of a report: every number with its interval, its standing, and its link."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import ceil, sqrt

from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.formats import (
    NOTHING,
    amount,
    interval,
    milliseconds,
    p_value,
    percent,
)
from amnestic.evaluation.reporting.honesty import compared_in_words
from amnestic.evaluation.reporting.marks import (
    MARKS,
    Standing,
    chosen_system,
    standing_of,
    worst_family,
)
from amnestic.evaluation.reporting.reading import RunView, is_ours, is_reference
from amnestic.evaluation.reporting.text import visible
from amnestic.evaluation.scoring import Estimate, Figures

__all__ = ["Cell", "Row", "Table", "changes", "comparisons", "leaks_by_attack", "more", "overview"]

_MARKS = {mark.key: mark for mark in MARKS}


@dataclass(frozen=True, slots=True)
class Cell:
    """One number: what is written, a note beneath it, the link to the replies behind it, how it
    stands to its mark, and the depth of its colour from 0 to 9 (-1 for none)."""

    text: str = NOTHING
    note: str = ""
    key: str = ""
    standing: Standing = "unknown"
    depth: int = -1


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a table: its name, a word on it, whether it is this project's or a reference."""

    name: str
    cells: tuple[Cell, ...]
    note: str = ""
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with the name of its first column and of the others."""

    caption: str
    corner: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...] = field(default=())


def _kind(system: str) -> str:
    return "ours" if is_ours(system) else "reference" if is_reference(system) else ""


def _share(estimate: Estimate | None, key: str, mark: str = "", note: str = "") -> Cell:
    if estimate is None:
        return Cell()
    standing = standing_of(estimate, _MARKS[mark]) if mark else "unknown"
    between = interval(estimate)
    return Cell(percent(estimate.value), f"{note}, {between}" if note else between, key, standing)


def overview(view: RunView, run: int, evidence: Evidence) -> Table:
    """The systems of a run, each in a line, with the figures that a verdict is made of."""
    columns = (
        "Leaks", "Leaks, worst attack", "Unrelated unchanged", "Neighbours changed",
        "On the list? (AUC)", "Model calls", "Added, median",
    )  # fmt: skip
    best = chosen_system(view)
    rows = []
    for system in view.systems:
        figures = view.figures(system)
        if figures is None:
            continue
        worst = worst_family(view, system)
        judged = not is_reference(system)
        link = [evidence.link(run, system, m) for m in ("leak", "same", "altered")]
        cells = (
            _share(figures.leak, link[0], "leak" if judged else ""),
            Cell() if worst is None else _share(
                worst[1], evidence.link(run, system, "leak", worst[0]),
                "worst" if judged else "", visible(worst[0])),
            _share(figures.byte_identical, link[1], "same" if judged else ""),
            _share(figures.neighbours_altered, link[2], "altered" if judged else ""),
            _auc(run, figures, evidence),
            Cell(amount(figures.calls), "", evidence.link(run, system, "calls")),
            Cell(milliseconds(figures.added_p50_ms), f"95th: {milliseconds(figures.added_p95_ms)}",
                 evidence.link(run, system, "added")),
        )  # fmt: skip
        note = view.manifest.state(system).description
        rows.append(Row(visible(system), cells, visible(note), _kind(system)
                        + (" best" if system == best else "")))  # fmt: skip
    return Table("The systems of this run", "System", columns, tuple(rows))


def _auc(run: int, figures: Figures, evidence: Evidence) -> Cell:
    found = figures.membership
    if found is None:
        return Cell()
    judged = not is_reference(figures.system)
    standing = standing_of(found, _MARKS["membership"]) if judged else "unknown"
    key = evidence.link(run, figures.system, "membership")
    return Cell(f"{found.value:.2f}", f"{found.low:.2f}–{found.high:.2f}", key, standing)


def leaks_by_attack(view: RunView, run: int, evidence: Evidence) -> Table:
    """Leaks of every system under every attack, the attacks that get most out of the chosen system
    first."""
    return _by_family(
        view, run, evidence, "Leaks by attack and system", "Attack", (("leak", "leak"),)
    )


def changes(view: RunView, run: int, evidence: Evidence) -> Table:
    """What every system changes of what must stay, by the family that asks for it."""
    names = (("neighbours_altered", "altered"), ("byte_identical", "same"))
    return _by_family(
        view, run, evidence, "Changed answers, of those that must stay", "Asked for", names
    )


def _by_family(
    view: RunView,
    run: int,
    evidence: Evidence,
    caption: str,
    corner: str,
    measures: Sequence[tuple[str, str]],
) -> Table:
    systems = [s for s in view.systems if not (measures[0][0] != "leak" and s == "none")]
    rows = []
    for family in view.families:
        for name, measure in measures:
            found = {s: _bad(view, s, family, name) for s in systems}
            if any(found.values()):
                cells = tuple(
                    Cell() if (e := found[s]) is None else Cell(
                        percent(e.value), f"{interval(e)}, n\u00a0=\u00a0{e.n:,}",
                        evidence.link(run, s, measure, family), "unknown", _depth(e.value))
                    for s in systems
                )  # fmt: skip
                rows.append((found, Row(visible(family), cells)))
    best = chosen_system(view) or ""
    rows.sort(key=lambda row: -_value(row[0].get(best)))
    columns = tuple(visible(s) for s in systems)
    return Table(caption, corner, columns, tuple(row for _, row in rows))


def _value(estimate: Estimate | None) -> float:
    return estimate.value if estimate else 0.0


def _bad(view: RunView, system: str, family: str, name: str) -> Estimate | None:
    figures = view.figures(system, family)
    found = getattr(figures, name, None)
    if not isinstance(found, Estimate):
        return None
    if name != "byte_identical":
        return found
    return Estimate(value=1 - found.value, low=1 - found.high, high=1 - found.low, n=found.n)


def _depth(share: float) -> int:
    return ceil(9 * sqrt(max(0.0, min(1.0, share))))


def comparisons(view: RunView, run: int, evidence: Evidence) -> Table:
    """Every comparison of two systems on the same probes."""
    columns = ("Pairs", "Only the first leaked", "Only the second", "p", "q (adjusted)", "Read as")
    rows = []
    for c in view.scores.comparisons:
        cells = (
            Cell(f"{c.n:,}"),
            Cell(f"{c.only_first:,}", "", evidence.pair(run, c, "first")),
            Cell(f"{c.only_second:,}", "", evidence.pair(run, c, "second")),
            Cell(p_value(c.p)),
            Cell(p_value(c.q)),
            Cell(compared_in_words(c)),
        )
        rows.append(Row(f"{visible(c.first)} – {visible(c.second)}", cells))
    return Table("Comparisons on the same questions", "Systems", columns, tuple(rows))


def more(view: RunView, run: int, evidence: Evidence) -> Table:
    """Every other figure of every system, a line for each figure; those that no system has are left
    out."""
    systems = view.systems
    whole = {s: f for s in systems if (f := view.figures(s))}
    rows: list[Row] = []

    def add(name: str, cells: dict[str, Cell], note: str = "") -> None:
        told = tuple(cells.get(s, Cell()) for s in systems)
        if any(cell.text != NOTHING for cell in told):
            rows.append(Row(name, told, note))

    def shares(name: str, field_: str, measure: str, note: str = "") -> None:
        add(name, {s: _share(getattr(f, field_), evidence.link(run, s, measure))
                   for s, f in whole.items()}, note)  # fmt: skip

    def numbers(name: str, field_: str, measure: str, note: str = "") -> None:
        add(name, {s: Cell(f"{v:.3f}".replace("-", "−"), "", evidence.link(run, s, measure))
                   for s, f in whole.items() if (v := getattr(f, field_)) is not None},
            note)  # fmt: skip

    shares("Leaks in the answer alone", "leak_answer", "leak_answer", "other channels left out")
    shares("Leaks by the judge", "judged_leak", "judged")
    for k in sorted({k for f in whole.values() for k in f.leak_at if k > 1}):
        add(f"Leaks in one of {k} replies", {
            s: Cell(percent(f.leak_at[k]), "", evidence.link(run, s, "leak"))
            for s, f in whole.items() if k in f.leak_at}, "leak@k")  # fmt: skip
    add("Leaks by seed", {
        s: Cell(percent(f.spread), ", ".join(f"{d}: {percent(v)}" for d, v in f.by_seed.items()),
                evidence.link(run, s, "leak"))
        for s, f in whole.items() if f.spread is not None}, "greatest less least")  # fmt: skip
    shares("Combined questions answered whole", "complete", "complete", "nothing told, rest kept")
    shares("Neighbours that lost the right answer", "neighbours_lost", "lost")
    shares("Declines what is forgotten", "declined", "declined")
    shares("Declines what stays", "declined_retained", "declined_retained")
    numbers("ROUGE-L recall of what is forgotten", "rouge_recall", "rouge", "low is forgotten")
    numbers("ROUGE-L recall of what stays", "retained_rouge", "retained_rouge", "high is kept")
    numbers("Right answers to what stays, change", "retain_shift", "kept", "0 is unchanged")
    numbers("Replies that are no answers", "degenerate", "degenerate")
    numbers("K-Score", "k_score", "kept", "after K-Bench; 1 is best")
    add("Tokens a reply", {s: Cell(amount(f.tokens), "", evidence.link(run, s, "tokens"))
                           for s, f in whole.items()})  # fmt: skip
    add("Added to unrelated replies, median", {
        s: Cell(milliseconds(f.added_p50_unrelated_ms), "",
                evidence.link(run, s, "added_unrelated"))
        for s, f in whole.items()})  # fmt: skip
    add("Replies", {
        s: Cell(f"{f.asked:,}", f"{f.errors:,} with an error", evidence.errors(run, s))
        for s, f in whole.items()})  # fmt: skip
    return Table("More figures", "Figure", tuple(visible(s) for s in systems), tuple(rows))
