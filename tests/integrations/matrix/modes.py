"""How a caller asks, and how the model's answer ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

__all__ = ["FORM", "MODES", "Ending", "Manner", "Mode", "Shape"]

Manner = Literal["plain", "streaming", "async", "async streaming"]
Shape = Literal["usual", "n=2", "tool call", "structured", "error", "cancel", "time-out"]
Ending = Literal["whole", "breaks", "hangs"]

MANNERS: tuple[Manner, ...] = ("plain", "streaming", "async", "async streaming")
SHAPES: tuple[Shape, ...] = (
    "usual",
    "n=2",
    "tool call",
    "structured",
    "error",
    "cancel",
    "time-out",
)

FORM: Mapping[str, Any] = {
    "type": "json_schema",
    "json_schema": {
        "name": "note",
        "schema": {
            "title": "note",
            "description": "A note.",
            "type": "object",
            "properties": {"name": {"type": "string"}, "note": {"type": "string"}},
            "required": ["name", "note"],
        },
    },
}


@dataclass(frozen=True, slots=True)
class Mode:
    """One way to ask: how the caller waits, and what is particular about the request."""

    manner: Manner
    shape: Shape

    @property
    def waits(self) -> bool:
        """Whether the caller's thread is blocked."""
        return "async" not in self.manner

    @property
    def streams(self) -> bool:
        """Whether the answer is asked for piece by piece."""
        return "streaming" in self.manner

    @property
    def ending(self) -> Ending:
        """How the model's answer ends: whole; said and then broken off; or said in part, and then
        never going on. A caller that is blocked in a stream leaves of itself, at the first piece
        after the model was asked."""
        if self.shape == "error":
            return "breaks"
        if self.shape == "time-out" or (self.shape == "cancel" and not self.waits):
            return "hangs"
        return "whole"

    def __str__(self) -> str:
        return f"{self.manner}, {self.shape}"


MODES = tuple(Mode(manner, shape) for manner, shape in product(MANNERS, SHAPES))
