"""The plots of a report: leak against over-forgetting, added time, and cost against targets."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from amnestic.evaluation.reporting.evidence import Evidence
from amnestic.evaluation.reporting.formats import amount, interval, milliseconds, percent
from amnestic.evaluation.reporting.labels import Placed, without_overlap
from amnestic.evaluation.reporting.reading import RunView, is_ours, is_reference
from amnestic.evaluation.reporting.svg import Drawing, Scale, linear, logarithmic, square_root
from amnestic.evaluation.reporting.text import clipped, visible
from amnestic.evaluation.scoring import Estimate

__all__ = ["Times", "cost_plots", "shape_of", "times_of", "times_plot", "trade_plot"]

_LEAST_MS = 0.1
_NAMED = 8
"""Up to how many systems are named in a drawing; more are numbered."""


def shape_of(system: str) -> tuple[str, str]:
    """The form and the class by which a system is drawn: this project's, a reference, another."""
    if is_ours(system):
        return "circle", "ours"
    return ("diamond", "reference") if is_reference(system) else ("square", "other")


def _short(system: str) -> str:
    return clipped(visible(system), 28) if len(system) > 32 else visible(system)


def trade_plot(
    view: RunView, run: int, evidence: Evidence, over: str
) -> tuple[Markup, tuple[str, ...]] | None:
    """Leak against over-forgetting, each with its interval; `over` is `altered` (neighbours that
    were changed) or `lost` (that lost the right answer). Where there are many systems, they are
    numbered, and their names come with the drawing in the order of the numbers. None where fewer
    than two systems have both."""
    points = [(s, *found) for s in view.systems if (found := _trade(view, s, over))]
    if len(points) < 2:
        return None
    words = {"altered": "neighbours changed", "lost": "neighbours that lost the right answer"}[over]
    drawing = Drawing(560, 440, f"Leaks against {words}, a point for each system")
    x, y = square_root(64, 540), square_root(382, 34)
    _axes(drawing, x, y, words, "leaks")
    shown = [(system, x.at(o.value), y.at(leak.value)) for system, leak, o in points]
    bars: list[tuple[float, float, float, float]] = []
    for system, leak, other in points:
        kind = f"bar {shape_of(system)[1]}"
        px, py = x.at(other.value), y.at(leak.value)
        left, right, top, bottom = (
            x.at(other.low),
            x.at(other.high),
            y.at(leak.high),
            y.at(leak.low),
        )
        drawing.line(left, py, right, py, kind)
        drawing.line(px, top, px, bottom, kind)
        bars += [(left, py - 1, right, py + 1), (px - 1, top, px + 1, bottom)]
    legend = tuple(visible(system) for system, _, _ in shown) if len(shown) > _NAMED else ()
    names = [
        Placed(px, py, str(i) if legend else _short(system))
        for i, (system, px, py) in enumerate(shown, start=1)
    ]
    for placed in without_overlap(names, width=560, height=382, around=bars, left=64):
        if placed.far:
            drawing.line(placed.x, placed.y, placed.text_x, placed.text_y - 4, "leader")
        drawing.text(placed.text_x, placed.text_y, placed.text, "name", placed.anchor)
    for (system, px, py), (_, leak, other) in zip(shown, points, strict=True):
        told = (
            f"{visible(system)}: leaks {percent(leak.value)} ({interval(leak)}), {words} "
            f"{percent(other.value)} ({interval(other)})"
        )
        shape, kind = shape_of(system)
        drawing.mark(px, py, shape, f"dot {kind}", told, evidence.link(run, system, "leak"))
    return drawing.rendered(), legend


def _trade(view: RunView, system: str, over: str) -> tuple[Estimate, Estimate] | None:
    figures = view.figures(system)
    if figures is None:
        return None
    other = figures.neighbours_altered if over == "altered" else figures.neighbours_lost
    return (figures.leak, other) if figures.leak and other else None


def _axes(drawing: Drawing, x: Scale, y: Scale, x_words: str, y_words: str) -> None:
    for tick in y.ticks:
        drawing.line(x.start, y.at(tick), x.end, y.at(tick), "grid")
        drawing.text(x.start - 8, y.at(tick) + 4, f"{100 * tick:g} %", "tick", "end")
    for tick in x.ticks:
        drawing.line(x.at(tick), y.start, x.at(tick), y.end, "grid")
        drawing.text(x.at(tick), y.start + 18, f"{100 * tick:g} %", "tick", "middle")
    drawing.text(x.end, y.start + 40, f"{x_words} →", "axis", "end")
    drawing.text(x.start, y.end - 18, f"↑ {y_words}", "axis", "start")


@dataclass(frozen=True, slots=True)
class Times:
    """The added time of one system: its 5th, 25th, 50th, 75th, 95th and 99th percentile, in
    milliseconds, of `n` replies."""

    system: str
    percentiles: tuple[float, float, float, float, float, float]
    n: int


def times_of(view: RunView) -> tuple[Times, ...]:
    """The added times of every system that is a way to forget."""
    found = []
    for system in view.systems:
        times = [1000 * j.record.added for j in view.replies(system)]
        if times and not is_reference(system):
            p5, p25, p50, p75, p95, p99 = (float(v) for v in np.percentile(
                times, (5, 25, 50, 75, 95, 99)))  # fmt: skip
            found.append(Times(system, (p5, p25, p50, p75, p95, p99), len(times)))
    return tuple(found)


def times_plot(view: RunView, run: int, evidence: Evidence) -> Markup | None:
    """The distribution of added times, a row for each system: a line from the 5th to the 95th
    percentile, a box over the middle half, a mark at the median. None where nobody adds any."""
    found = times_of(view)
    highest = max((t.percentiles[4] for t in found), default=0.0)
    if highest <= _LEAST_MS:
        return None
    lowest = min(max(t.percentiles[0], _LEAST_MS) for t in found)
    left = 30 + 6.6 * max(len(_short(t.system)) for t in found)
    drawing = Drawing(760, 60 + 30 * len(found), "Added time of each system")
    bottom = 16 + 30 * len(found)
    x = logarithmic(lowest, highest, left, 680)
    for tick in x.ticks:
        drawing.line(x.at(tick), 10, x.at(tick), bottom, "grid")
        drawing.text(x.at(tick), bottom + 18, milliseconds(tick), "tick", "middle")
    drawing.text(680, bottom + 38, "added time of a reply →", "axis", "end")
    for row, times in enumerate(found):
        y = 30 + 30 * row
        shape, kind = shape_of(times.system)
        p5, p25, p50, p75, p95, _ = times.percentiles
        drawing.text(left - 14, y + 4, _short(times.system), "name", "end")
        drawing.line(x.at(p5), y, x.at(p95), y, f"bar {kind}")
        drawing.box(x.at(p25), y - 7, x.at(p75) - x.at(p25), 14, f"box {kind}")
        told = (
            f"{visible(times.system)}: median {milliseconds(p50)}, 5th to 95th percentile "
            f"{milliseconds(p5)} to {milliseconds(p95)}, {times.n:,} replies"
        )
        key = evidence.link(run, times.system, "added")
        drawing.mark(x.at(p50), y, shape, f"dot {kind}", told, key)
        drawing.text(x.at(p95) + 10, y + 4, milliseconds(p50), "value")
    return drawing.rendered()


_COSTS = (
    ("calls", "model calls a reply"),
    ("tokens", "tokens a reply"),
    ("seconds", "seconds a reply"),
)


def cost_plots(
    views: Sequence[RunView], evidence: Evidence
) -> list[tuple[str, Markup, list[tuple[str, list[tuple[int, str, str]]]]]]:
    """Cost against the number of targets, where runs of the same data and model differ in it: for
    each cost its title, the drawing, and the same as rows: system, and targets, value and link."""
    told = []
    for what, words in _COSTS:
        series = _series(views, what)
        if not series:
            continue
        drawing = Drawing(520, 330, f"{words.capitalize()} against the number of targets")
        counts = [n for points in series.values() for n, _, _ in points]
        x = logarithmic(min(counts), max(counts), 56, 390)
        y = linear(max(v for points in series.values() for _, v, _ in points), 276, 20)
        for tick in y.ticks:
            drawing.line(x.start, y.at(tick), x.end, y.at(tick), "grid")
            drawing.text(x.start - 8, y.at(tick) + 4, amount(tick), "tick", "end")
        for tick in x.ticks:
            drawing.text(x.at(tick), 294, f"{tick:,.0f}", "tick", "middle")
        drawing.text(390, 318, "targets →", "axis", "end")
        ends = [Placed(x.at(points[-1][0]), y.at(points[-1][1]), _short(name))
                for name, points in series.items()]  # fmt: skip
        for placed in without_overlap(ends, width=520, height=276, right_only=True):
            if placed.far:
                drawing.line(placed.x, placed.y, placed.text_x, placed.text_y - 4, "leader")
            drawing.text(placed.text_x, placed.text_y, placed.text, "name", placed.anchor)
        rows = []
        for name, points in series.items():
            shape, kind = shape_of(name)
            drawing.path([(x.at(n), y.at(v)) for n, v, _ in points], f"way {kind}")
            row = []
            for n, value, run in points:
                key = evidence.link(run, _system_of(name, views[run]), what)
                label = f"{visible(name)}, {n:,} targets: {amount(value)} {words}"
                drawing.mark(x.at(n), y.at(value), shape, f"dot {kind}", label, key)
                row.append((n, amount(value), key))
            rows.append((visible(name), row))
        told.append((words, drawing.rendered(), rows))
    return told


def _system_of(name: str, view: RunView) -> str:
    return next(s for s in view.systems if name == s or name.startswith(f"{s} ("))


def _series(views: Sequence[RunView], what: str) -> dict[str, list[tuple[int, float, int]]]:
    """By system (and data and model, where these differ): targets, value, and the run's place."""
    kinds = {(v.manifest.data_name, v.manifest.request.model) for v in views}
    found: defaultdict[str, dict[int, tuple[float, int]]] = defaultdict(dict)
    for run, view in enumerate(views):
        kind = f" ({view.manifest.data_name}, {view.manifest.request.model})"
        for system in view.systems:
            value = _cost(view, system, what)
            if value is not None:
                name = system + (kind if len(kinds) > 1 else "")
                found[name][len(view.manifest.subjects)] = (value, run)
    return {
        name: sorted((n, v, run) for n, (v, run) in points.items())
        for name, points in found.items()
        if len(points) > 1
    }


def _cost(view: RunView, system: str, what: str) -> float | None:
    figures = view.figures(system)
    if what == "seconds":
        times = [j.record.seconds for j in view.replies(system)]
        return float(np.mean(times)) if times else None
    return getattr(figures, what) if figures else None
