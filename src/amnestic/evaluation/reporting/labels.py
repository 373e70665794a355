"""Names beside points, so that none stands over another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

__all__ = ["Placed", "without_overlap"]

_CHARACTER, _STEP, _GAP = 6.5, 7.0, 11.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A point, the name of it, and where the name stands; `far` is whether a line has to lead
    there."""

    x: float
    y: float
    text: str
    text_x: float = 0.0
    text_y: float = 0.0
    anchor: str = "start"
    far: bool = False

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom of the name."""
        width = _CHARACTER * len(self.text)
        left = self.text_x - (width if self.anchor == "end" else 0.0)
        return left, self.text_y - 11, left + width, self.text_y + 3


def without_overlap(
    points: Sequence[Placed],
    width: float,
    height: float,
    *,
    around: Sequence[tuple[float, float, float, float]] = (),
    left: float = 0.0,
    right_only: bool = False,
) -> list[Placed]:
    """Every name at the nearest free place beside its point, within the drawing, right of
    `left`, and off the boxes of `around`.

    >>> a, b = without_overlap([Placed(50, 50, "one"), Placed(50, 52, "two")], 200, 100)
    >>> a.box != b.box
    True
    """
    taken = [*around, *((p.x - 7, p.y - 7, p.x + 7, p.y + 7) for p in points)]
    placed = []
    for point in sorted(points, key=lambda p: (p.y, p.x)):
        tries = [
            t for t in _tries(point, right_only=right_only) if _inside(t.box, left, width, height)
        ]
        free = (t for t in tries if not any(_touch(t.box, box) for box in taken))
        chosen = next(free, tries[0] if tries else _tries(point, right_only=right_only)[0])
        taken.append(chosen.box)
        placed.append(chosen)
    return placed


def _tries(point: Placed, *, right_only: bool) -> list[Placed]:
    found = []
    for step in range(40):
        for sign in (1, -1) if step else (1,):
            for anchor in ("start",) if right_only else ("start", "end"):
                side = _GAP if anchor == "start" else -_GAP
                found.append(
                    replace(
                        point,
                        text_x=point.x + side,
                        text_y=point.y + 4 + sign * step * _STEP,
                        anchor=anchor,
                        far=step > 2,
                    )
                )
    return found


def _inside(
    box: tuple[float, float, float, float], left: float, width: float, height: float
) -> bool:
    return box[0] >= left and box[1] >= 0 and box[2] <= width and box[3] <= height


def _touch(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
