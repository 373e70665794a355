"""Drawings: a few shapes with their coordinates, and axes. Colours are classes, which the page's
style fills, so that a drawing follows the light and the dark and needs no style of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from math import log10

from markupsafe import Markup

__all__ = ["Drawing", "Scale", "linear", "logarithmic", "square_root"]


@dataclass(slots=True)
class Drawing:
    """Shapes, in the order in which they are drawn."""

    width: float
    height: float
    label: str
    shapes: list[Markup] = field(default_factory=list)

    def line(self, x1: float, y1: float, x2: float, y2: float, kind: str) -> None:
        """A line of a class."""
        told = Markup('<line x1="{:.1f}" y1="{:.1f}" x2="{:.1f}" y2="{:.1f}" class="{}"/>')
        self.shapes.append(told.format(x1, y1, x2, y2, kind))

    def box(self, x: float, y: float, width: float, height: float, kind: str) -> None:
        """A rectangle of a class."""
        told = Markup('<rect x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" class="{}"/>')
        self.shapes.append(told.format(x, y, max(width, 0.5), height, kind))

    def text(self, x: float, y: float, words: str, kind: str = "", anchor: str = "start") -> None:
        """Words, that a reader of screens is told elsewhere."""
        told = Markup('<text x="{:.1f}" y="{:.1f}" class="{}" text-anchor="{}" aria-hidden="true">')
        self.shapes.append(told.format(x, y, kind, anchor) + Markup("{}</text>").format(words))

    def path(self, points: Sequence[tuple[float, float]], kind: str) -> None:
        """A line through points."""
        way = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.shapes.append(Markup('<polyline points="{}" class="{}"/>').format(way, kind))

    def mark(self, x: float, y: float, shape: str, kind: str, label: str, key: str) -> None:
        """A point that leads to the replies behind it; `shape` is `circle`, `square` or
        `diamond`."""
        told = {
            "circle": Markup('<circle cx="{0:.1f}" cy="{1:.1f}" r="6" class="{2}"/>'),
            "square": Markup('<path d="M{0:.1f} {1:.1f}m-5.5-5.5h11v11h-11z" class="{2}"/>'),
            "diamond": Markup('<path d="M{0:.1f} {1:.1f}m0-7l7 7l-7 7l-7-7z" class="{2}"/>'),
        }[shape].format(x, y, kind)
        if not key:
            self.shapes.append(told)
            return
        link = Markup(
            '<a href="#{}" aria-label="{}" aria-haspopup="dialog"><title>{}</title>{}</a>'
        )
        self.shapes.append(link.format(key, label, label, told))

    def rendered(self) -> Markup:
        """The drawing as an element of a page."""
        head = Markup(
            '<svg viewBox="0 0 {:.0f} {:.0f}" role="group" aria-label="{}" class="plot">'
        ).format(self.width, self.height, self.label)
        return head + Markup("\n").join(self.shapes) + Markup("</svg>")


@dataclass(frozen=True, slots=True)
class Scale:
    """Where on an axis a value stands, and the values that are written on it."""

    low: float
    high: float
    ticks: tuple[float, ...]
    start: float
    end: float
    bent: Callable[[float], float]

    def at(self, value: float) -> float:
        """The place of a value; one outside stands at the end."""
        low, high = self.bent(self.low), self.bent(self.high)
        share = (self.bent(min(max(value, self.low), self.high)) - low) / (high - low)
        return self.start + share * (self.end - self.start)


def linear(high: float, start: float, end: float) -> Scale:
    """An axis from 0 to a round number that is at least `high`.

    >>> linear(3.2, 0, 100).ticks
    (0.0, 1.0, 2.0, 3.0, 4.0)
    """
    high = high or 1.0
    size = 10 ** int(log10(high) if high >= 1 else log10(high) - 1)
    step = next((s * size for s in (0.2, 0.5, 1, 2, 5) if high / (s * size) <= 5), 10 * size)
    count = -int(-high // step) if high % step else int(high / step)
    ticks = tuple(round(float(i * step), 10) for i in range(count + 1))
    return Scale(0.0, ticks[-1], ticks, start, end, float)


def square_root(start: float, end: float) -> Scale:
    """An axis of shares that spreads the small ones."""
    ticks = (0.0, 0.01, 0.05, 0.1, 0.25, 0.5, 0.75, 1.0)
    return Scale(0.0, 1.0, ticks, start, end, lambda value: value**0.5)


def logarithmic(low: float, high: float, start: float, end: float) -> Scale:
    """An axis of powers of ten that holds both values.

    >>> logarithmic(0.4, 80, 0, 1).ticks
    (0.1, 1.0, 10.0, 100.0)
    """
    below = int(log10(low) // 1)
    above = max(int(-(-log10(high) // 1)), below + 1)
    ticks = tuple(round(10.0**i, 12) for i in range(below, above + 1))
    return Scale(ticks[0], ticks[-1], ticks, start, end, log10)
