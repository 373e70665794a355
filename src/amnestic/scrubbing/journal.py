"""What a run has done, a line a file, so that it goes on where it was stopped."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from amnestic.exceptions import CorpusError
from amnestic.scrubbing.formats import Place

__all__ = ["JOURNAL", "Entry", "Journal"]

JOURNAL = ".amnestic-scrub.jsonl"
"""The name of the journal, in the folder of the run."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What became of a file.

    Attributes:
        file: under which name it goes out.
        state: `unchanged`, `changed`, `skipped` or `failed`, or `removed` where an earlier run
            wrote it and the last one did not.
        stamp: of the file that was read; another one means that it is to be read again.
        position: a mark of what it was judged by: the registry's state, targets and settings.
        corpus: a mark of the corpus that it is of.
        left: whether a file of an earlier run may still stand under the name.
        places: what went where.
        reason: why it was skipped, or failed.
    """

    file: str
    state: str
    stamp: str = ""
    position: str = ""
    records: int = 0
    broken: int = 0
    bytes: int = 0
    places: tuple[Place, ...] = ()
    reason: str = ""
    corpus: str = ""
    left: bool = False

    @property
    def is_done(self) -> bool:
        """Whether the file stands where it shall."""
        return self.state in ("unchanged", "changed")

    @property
    def wrote(self) -> bool:
        """Whether a file of a run may stand under the name."""
        return self.is_done or self.left


@dataclass(slots=True)
class Journal:
    """The entries of a run by file, and where they are kept; without a place they are only held."""

    place: Path | None
    entries: dict[str, Entry] = field(default_factory=dict)

    @classmethod
    def open(cls, folder: Path | None) -> Journal:
        """The journal of a folder, begun or gone on with; a line that a stop has cut in two is
        taken away. Raises `CorpusError` where it is no journal or cannot be written."""
        if folder is None:
            return cls(None)
        place = folder / JOURNAL
        journal = cls(place)
        try:
            raw = place.read_bytes() if place.exists() else b""
            whole = raw[: raw.rfind(b"\n") + 1]
            if whole != raw:
                with place.open("r+b") as stream:
                    stream.truncate(len(whole))
            for line in whole.splitlines():
                entry = _entry(json.loads(line))
                journal.entries[entry.file] = entry
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise CorpusError(
                f"`{place}` is no journal of a run ({type(error).__name__}): give a new folder"
            ) from None
        return journal

    def add(self, entry: Entry) -> None:
        """Write an entry down; it is on the disk when this returns."""
        self.entries[entry.file] = entry
        if self.place is None:
            return
        line = json.dumps(asdict(entry)) + "\n"
        with self.place.open("ab") as stream:
            stream.write(line.encode("ascii"))
            stream.flush()
            os.fsync(stream.fileno())

    def rows(self) -> Iterator[Mapping[str, Any]]:
        """What went where, a row a place, and a row for each file that was left out or failed."""
        for entry in sorted(self.entries.values(), key=lambda e: e.file):
            if entry.reason:
                yield {"file": entry.file, "state": entry.state, "reason": entry.reason}
            for place in entry.places:
                yield {"file": entry.file, **asdict(place)}


def _entry(told: Mapping[str, Any]) -> Entry:
    places = tuple(
        Place(p["record"], p["field"], tuple(p["targets"]), p["emptied"]) for p in told["places"]
    )
    return Entry(**{**told, "places": places})
