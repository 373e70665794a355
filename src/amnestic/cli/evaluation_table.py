"""The tables of an evaluation, and the lines below them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.table import Table

if TYPE_CHECKING:
    from amnestic.evaluation.running import Run
    from amnestic.evaluation.scoring import Estimate, Figures, Scores

__all__ = ["lines_below", "tables"]

_FORGOTTEN = (
    "leak", "worst\nfamily", "combined\ncomplete", "unrelated\nidentical", "neighbours\naltered",
)  # fmt: skip
_REST = "not every reply came; --resume asks for the rest"
_COSTS = ("membership\nAUC", "K-Score", "calls", "added ms\np50 / p95")


def tables(scores: Scores) -> tuple[Table, Table]:
    """What each system forgot and left as it was, and what it costs: a row for each, narrow enough
    for a terminal of 80 columns. Shares are in per cent, with their 95 % intervals and the number
    of replies that they rest on."""
    figures = [scores.of(system) for system in scores.systems]
    worst = {s.system: (s.worst_family, s.worst_family_name) for s in scores.summary()}
    forgotten = [
        (
            f.system,
            _share(f.leak),
            _worst(*worst[f.system]),
            _share(f.complete),
            _share(f.byte_identical),
            _share(f.neighbours_altered),
        )
        for f in figures
    ]
    costs = [
        (
            f.system,
            _auc(f.membership),
            "–" if f.k_score is None else f"{f.k_score:.2f}",
            "–" if f.calls is None else f"{f.calls:.1f}",
            _times(f),
        )
        for f in figures
    ]
    return _table(_FORGOTTEN, forgotten), _table(_COSTS, costs)


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    shown = Table(show_lines=any("\n" in cell for row in rows for cell in row))
    shown.add_column("system")
    for heading in headings:
        shown.add_column(heading, justify="right")
    for row in rows:
        shown.add_row(*row)
    return shown


def _worst(share: float | None, name: str) -> str:
    if share is None:
        return "–"
    return f"{100 * share:.1f} %\n{name}" if share else "0.0 %"


def _share(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    interval = f"{100 * estimate.low:.0f}–{100 * estimate.high:.0f}"
    return f"{100 * estimate.value:.1f} %\n{interval}\nn={estimate.n}"


def _auc(estimate: Estimate | None) -> str:
    if estimate is None:
        return "–"
    return f"{estimate.value:.2f} [{estimate.low:.2f}–{estimate.high:.2f}] n={estimate.n}"


def _times(figures: Figures) -> str:
    if figures.added_p50_ms is None or figures.added_p95_ms is None:
        return "–"
    return f"{figures.added_p50_ms:.1f} / {figures.added_p95_ms:.1f}"


def lines_below(run: Run, scores: Scores) -> list[str]:
    """What must be known to read the tables: what the model did not know, what failed, what was not
    judged, the spread over seeds, and where this project is not the best."""
    from amnestic.evaluation.scoring import BARE, is_ours, shortfalls

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
    lines += [f"{s.name}: {s.status}: {s.error or _REST}" for s in run.manifest.systems
              if s.status != "complete"]  # fmt: skip
    if run.manifest.judge_error:
        lines.append(f"the judge failed on {run.manifest.judge_error}")
    lines += [*scores.notes, *run.manifest.notes]
    below = shortfalls(scores)
    lines += [f"not best, {line}" for line in below]
    ours = any(map(is_ours, scores.systems))
    if ours and not below and len(scores.systems) > 2 and BARE in scores.systems:
        lines.append("no other system was better on any measure, as far as both were asked")
    return lines


def _whole(scores: Scores) -> list[Figures]:
    return [scores.of(system) for system in scores.systems]
