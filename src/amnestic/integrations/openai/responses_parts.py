"""The parts of which the items of a response consist, and the item that is being said."""

from __future__ import annotations

from dataclasses import dataclass, field

from amnestic.integrations.openai.wire import Json

__all__ = ["PARTS", "THOUGHTS", "OpenItem", "PartKind", "part_saying"]


@dataclass(frozen=True, slots=True)
class PartKind:
    """How a part of an item is told: what it is, where its text stands, and in which events."""

    part: str
    key: str
    events: str
    delta: str
    index: str = "content_index"
    holder: str = "content"


PARTS = {
    "answer": PartKind("output_text", "text", "content_part", "response.output_text.delta"),
    "refusal": PartKind("refusal", "refusal", "content_part", "response.refusal.delta"),
    "reasoning": PartKind(
        "summary_text", "text", "reasoning_summary_part", "response.reasoning_summary_text.delta",
        "summary_index", "summary",
    ),
    "reasoning_text": PartKind(
        "reasoning_text", "text", "content_part", "response.reasoning_text.delta"
    ),
}  # fmt: skip
THOUGHTS = ("reasoning", "reasoning_text")


@dataclass(slots=True)
class OpenItem:
    """The item that is being said: which channel, its finished parts, and the part that is not."""

    channel: str
    item: Json
    at: int
    parts: list[Json] = field(default_factory=list)
    text: str = ""
    in_part: bool = False
    ended: bool = False  # whether all of the part's text has been told, and that it is all

    def place(self) -> Json:
        """Where a piece of it belongs."""
        place: Json = {"item_id": self.item.get("id"), "output_index": self.at}
        if kind := PARTS.get(self.channel):
            place[kind.index] = len(self.parts)
        return place


def part_saying(kind: PartKind, text: str) -> Json:
    """A part that says `text`."""
    part: Json = {"type": kind.part, kind.key: text}
    return part | ({"annotations": []} if kind.part == "output_text" else {})
