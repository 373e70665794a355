"""The truth on disk: targets, what is known of them, the trail of changes, who may use
a server and how often, and what agents spent.

In: targets and changes, the keys of sealed targets, and what users' keys shall open. Out: a
`Registry` whose every acknowledged change survives a crash, its `AccessKeys` and `AccessRates`, and
a `UsageStore`. Migrations bring older databases along.
"""

from __future__ import annotations

from amnestic.tools.registry.access_keys import AccessKeys
from amnestic.tools.registry.access_rates import LONGEST_DEBT, WINDOW, AccessRates, Used
from amnestic.tools.registry.access_records import AccessKey, KeyGrant, is_access_key
from amnestic.tools.registry.backup import restore_backup, write_backup
from amnestic.tools.registry.board import Board
from amnestic.tools.registry.encryption import decrypted, derived, encrypted
from amnestic.tools.registry.lengths import check_lengths
from amnestic.tools.registry.notices import notices
from amnestic.tools.registry.pages import TargetPage, TargetQuery
from amnestic.tools.registry.position import Position
from amnestic.tools.registry.registry import Registry
from amnestic.tools.registry.schema import clean as storable_text
from amnestic.tools.registry.seal_keys import add_key, make_key, read_seals
from amnestic.tools.registry.seals import Seals
from amnestic.tools.registry.tombstones import Tombstone, TombstoneKind, tombstone_hash
from amnestic.tools.registry.trail import TrailEntry, digest_of
from amnestic.tools.registry.usage import Spent, UsageStore, today, usage_path
from amnestic.tools.registry.vector_rows import Packed, VectorRows

__all__ = [
    "LONGEST_DEBT",
    "WINDOW",
    "AccessKey",
    "AccessKeys",
    "AccessRates",
    "Board",
    "KeyGrant",
    "Packed",
    "Position",
    "Registry",
    "Seals",
    "Spent",
    "TargetPage",
    "TargetQuery",
    "Tombstone",
    "TombstoneKind",
    "TrailEntry",
    "UsageStore",
    "Used",
    "VectorRows",
    "add_key",
    "check_lengths",
    "decrypted",
    "derived",
    "digest_of",
    "encrypted",
    "is_access_key",
    "make_key",
    "notices",
    "read_seals",
    "restore_backup",
    "storable_text",
    "today",
    "tombstone_hash",
    "usage_path",
    "write_backup",
]
