"""What earlier runs wrote into a folder, and the last one does not."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Container
from pathlib import Path

from amnestic.scrubbing.journal import Entry, Journal

__all__ = ["mark_of", "remove", "remove_others"]


def mark_of(corpus: Path) -> str:
    """Which corpus it is, without its name, which may tell of a target."""
    return hashlib.sha256(os.fsencode(corpus.resolve())).hexdigest()[:16]


def remove(file: str, folder: Path | None, journal: Journal) -> str:
    """Remove what an earlier run wrote under a name, and say why that could not be done."""
    entry = journal.entries.get(file)
    if os.path.isabs(file) or ".." in Path(file).parts:
        return ""  # no run has written that
    if folder is None or entry is None or not entry.wrote:
        return ""
    try:
        (folder / file).unlink(missing_ok=True)
    except OSError as error:
        return f"what an earlier run wrote cannot be removed: {error.strerror}"
    return ""


def remove_others(own: Container[str], corpus: str, folder: Path | None, journal: Journal) -> None:
    """Remove what earlier runs over the same corpus wrote under names that are not its `own`."""
    for entry in list(journal.entries.values()):
        if entry.file in own or entry.corpus != corpus or entry.state == "removed":
            continue
        trouble = remove(entry.file, folder, journal)
        state = "failed" if trouble else "removed"
        journal.add(Entry(entry.file, state, reason=trouble, corpus=corpus, left=bool(trouble)))
