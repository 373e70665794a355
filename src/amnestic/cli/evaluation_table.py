"""The table of an evaluation, and the lines below it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from amnestic.evaluation.running import Run
    from amnestic.evaluation.scoring import Estimate, Figures, Scores

__all__ = ["lines_below", "table"]

_HEADINGS = (
    "system", "leak", "worst family", "combined complete", "unrelated identical",
    "neighbours altered", "membership AUC", "K-Score", "calls", "added ms p50 / p95",
)  # fmt: skip


def table(scores: Scores) -> Table:
    """A row for each system: shares in per cent with their 95 % intervals and the number of replies
    that they rest on."""
    shown = Table()
    for heading in _HEADINGS:
        shown.add_column(
            heading, overflow="fold", justify="left" if heading == "system" else "right"
        )
    for row in rows(scores):
        shown.add_row(*row)
    return shown


def rows(scores: Scores) -> list[tuple[str, ...]]:
    """The cells of the table."""
    found: list[tuple[str, ...]] = []
    for summary in scores.summary():
        figures = scores.of(summary.system)
        worst, name = summary.worst_family, summary.worst_family_name
        found.append(
            (
                figures.system,
                _share(figures.leak),
                "–" if worst is None else f"{100 * worst:.1f} % {name if worst else ''}".strip(),
                _share(figures.complete),
                _share(figures.byte_identical),
                _share(figures.neighbours_altered),
                _auc(figures.membership),
                "–" if figures.k_score is None else f"{figures.k_score:.2f}",
                "–" if figures.calls is None else f"{figures.calls:.1f}",
                _times(figures),
            )
        )
    return found


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    interval = f"{100 * estimate.low:.1f}–{100 * estimate.high:.1f}"
    return f"{100 * estimate.value:.1f} % [{interval}] n={estimate.n}"


def _auc(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return f"{estimate.value:.2f} [{estimate.low:.2f}–{estimate.high:.2f}] n={estimate.n}"


def _times(figures: Figures) -> str:
    if figures.added_p50_ms is None or figures.added_p95_ms is None:
        return "–"
    return f"{figures.added_p50_ms:.1f} / {figures.added_p95_ms:.1f}"


def lines_below(run: Run, scores: Scores) -> list[str]:
    """What must be known to read the table: what the model did not know, what failed, what was not
    judged, the spread over seeds, and where this project is not the best."""
    from amnestic.evaluation.scoring import BARE, shortfalls

    lines = []
    if scores.known is not None:
        missed = round((1 - scores.known.value) * scores.known.n)
        lines.append(
            f"the bare model does not answer {missed} of {scores.known.n} probes about what "
            "is to be forgotten; they count for no leak"
        )
    spreads = [(f.spread, f.system) for f in _whole(scores) if f.spread]
    if spreads:
        most, system = max(spreads)
        lines.append(f"leaks of single seeds lie up to {100 * most:.1f} points apart ({system})")
    lines += [
        f"{f.system}: {f.errors} of {f.asked} replies failed and are not counted"
        for f in _whole(scores)
        if f.errors
    ]
    lines += [
        f"{f.system}: {f.unjudged} answers of the judge could not be read"
        for f in _whole(scores)
        if f.unjudged
    ]
    lines += [f"{s.name}: {s.status}: {s.error or 'stopped'}" for s in run.manifest.systems
              if s.status != "complete"]  # fmt: skip
    if run.manifest.judge_error:
        lines.append(f"the judge was given up: {run.manifest.judge_error}")
    lines += [*scores.notes, *run.manifest.notes]
    below = shortfalls(scores)
    lines += [f"not best, {line}" for line in below]
    if not below and len(scores.systems) > 1 and BARE in scores.systems:
        lines.append("no other system was better on any measure, as far as both were asked")
    return lines


def _whole(scores: Scores) -> list[Figures]:
    return [scores.of(system) for system in scores.systems]
