"""The truth on disk: targets, what is known of them, the trail of changes, and what agents spent.

In: targets and changes, and the keys of sealed targets. Out: a `Registry` whose every acknowledged
change survives a crash, and a `UsageStore`. Migrations bring older databases along.
"""

from __future__ import annotations

from amnestic.tools.registry.backup import restore_backup, write_backup
from amnestic.tools.registry.position import Position
from amnestic.tools.registry.registry import Registry
from amnestic.tools.registry.schema import clean as storable_text
from amnestic.tools.registry.seal_keys import add_key, make_key, read_seals
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.trail import TrailEntry, digest_of
from amnestic.tools.registry.usage import Spent, UsageStore, today, usage_path

__all__ = [
    "Position",
    "Registry",
    "Seals",
    "Spent",
    "TrailEntry",
    "UsageStore",
    "add_key",
    "digest_of",
    "make_key",
    "read_seals",
    "restore_backup",
    "storable_text",
    "today",
    "usage_path",
    "write_backup",
]
