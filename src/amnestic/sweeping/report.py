"""What a sweep of a store has found and done."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from amnestic.sweeping.protocol import Unread
from amnestic.sweeping.trail import Counts

__all__ = ["SweepReport"]


@dataclass(slots=True)
class SweepReport:
    """What a sweep of a store has found and done, without any text.

    Attributes:
        store: the store's address, without a password.
        revision: the registry's revision whose targets the sweep held to.
        changed_since: whether the registry has changed while the store was read.
        dry_run: whether nothing was changed: the counts tell what would go.
        records: how many records were read.
        removed: how many were removed.
        rewritten: how many lost something.
        without_vector: how many of the removed ones could have been rewritten, had there been
            something to embed them with.
        returned: how many had been taken out before, and were back.
        gone: the ids of what was removed or rewritten, or would be.
        left: the ids of records that a target still stands in.
        unread: records that could not be read.
        searches: how many times the store's own search was asked for a target.
        found: how many of these found it.
        targets: by target id, what became of its records.
        error: why the sweep stopped; what was done before stands.
    """

    store: str
    revision: int
    dry_run: bool = False
    changed_since: bool = False
    records: int = 0
    removed: int = 0
    rewritten: int = 0
    without_vector: int = 0
    returned: int = 0
    gone: list[tuple[str, str]] = field(default_factory=list)
    left: list[str] = field(default_factory=list)
    unread: list[Unread] = field(default_factory=list)
    searches: int = 0
    found: int = 0
    targets: dict[str, Counts] = field(default_factory=dict)
    error: str = ""
    seconds: float = 0.0

    @property
    def is_clean(self) -> bool:
        """Whether the store was read as a whole and holds nothing of a target any more; of a dry
        run, whether it was read as a whole."""
        return not (self.error or self.unread or self.left or self.found)

    def as_dict(self) -> dict[str, Any]:
        """The report for JSON."""
        plain = (
            *("store", "revision", "changed_since", "dry_run", "records", "removed", "rewritten"),
            *("without_vector", "returned", "searches", "found", "error"),
        )
        return {
            **{name: getattr(self, name) for name in plain},
            "clean": self.is_clean,
            "seconds": round(self.seconds, 3),
            "gone": [{"id": name, "action": action} for name, action in self.gone],
            "left": self.left,
            "unread": [{"id": u.id, "reason": u.reason} for u in self.unread],
            "targets": {
                t: {"removed": c.removed, "rewritten": c.rewritten, "left": c.left}
                for t, c in self.targets.items()
            },
        }

    def lines(self, most: int = 20) -> Iterator[str]:
        """The report for people; of long lists of ids the first `most`."""
        verb = "would be " if self.dry_run else ""
        yield (
            f"{self.store}: {self.records:,} records read (registry revision {self.revision}); "
            f"{self.removed:,} {verb}removed, {self.rewritten:,} {verb}rewritten"
        )
        if self.returned:
            yield f"  {self.returned:,} of them had been taken out before, and were back"
        if self.without_vector:
            yield (
                f"  {self.without_vector:,} could have been rewritten, had there been an embedder "
                "to embed them again with (--embedder)"
            )
        if self.dry_run:
            yield from _listed(
                [f"{action}  {name}" for name, action in self.gone], most, "would go"
            )
        if self.searches:
            yield f"  searched {self.searches:,} times for what went: found {self.found:,} times"
        yield from _listed(self.left, most, "still tells of a target")
        yield from _listed([f"{u.id}: {u.reason}" for u in self.unread], most, "cannot be read")
        if self.changed_since:
            yield "  the targets have changed meanwhile: sweep again for those of now"
        if self.error:
            yield f"  stopped: {self.error}; what was done stands, and a new sweep goes on"


def _listed(told: list[str], most: int, what: str) -> Iterator[str]:
    yield from (f"  {what}: {one}" for one in told[:most])
    if len(told) > most:
        yield f"  {what}: {len(told) - most:,} more"
