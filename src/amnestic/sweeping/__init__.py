"""Stores without what belongs to a target: vector stores, memories, checkpoints, caches, logs.

In: a store and a layer. Out: the store without what belongs to a target, a report of what its own
search finds afterwards, lines in the trail, and tombstones by which what went is known when it is
back. It holds no text.
"""

from __future__ import annotations

from amnestic.sweeping.connectors import SCHEMES, connector_of, register
from amnestic.sweeping.connectors.embedding import LocalEmbedder
from amnestic.sweeping.guarding import Guard
from amnestic.sweeping.protocol import Connector, Embed, Record, Unread
from amnestic.sweeping.report import SweepReport
from amnestic.sweeping.running import sweep
from amnestic.sweeping.trail import SweepEntry, sweeps_of

__all__ = [
    "SCHEMES",
    "Connector",
    "Embed",
    "Guard",
    "LocalEmbedder",
    "Record",
    "SweepEntry",
    "SweepReport",
    "Unread",
    "connector_of",
    "register",
    "sweep",
    "sweeps_of",
]
