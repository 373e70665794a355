"""Corpora without what belongs to a target: records in Python, files and folders.

In: records, or files of them, and a layer. Out: the same without what belongs to a target, byte for
byte where nothing does, and a report of what went where, which holds no text.
"""

from __future__ import annotations

from amnestic.scrubbing.judging import Judge
from amnestic.scrubbing.on_ray import scrub_dataset
from amnestic.scrubbing.running import ScrubOptions, ScrubSummary, scrub_files
from amnestic.scrubbing.snapshot import Snapshot
from amnestic.scrubbing.stage import ScrubStage
from amnestic.scrubbing.values import scrub, scrubbed
from amnestic.scrubbing.wrapped import Wrapped

__all__ = [
    "Judge",
    "ScrubOptions",
    "ScrubStage",
    "ScrubSummary",
    "Snapshot",
    "Wrapped",
    "scrub",
    "scrub_dataset",
    "scrub_files",
    "scrubbed",
]
