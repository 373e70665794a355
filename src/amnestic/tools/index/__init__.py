"""What is kept ready about targets: their facets in FAISS, their profiles and their words.

In: the targets of a `Registry`. Out: the `TargetStore`, which keeps registry and index together;
the facets nearest to a text; a `Roster` of profiles.
"""

from __future__ import annotations

from amnestic.tools.index.cache import kept_vectors_removed
from amnestic.tools.index.facet_index import FacetIndex
from amnestic.tools.index.profile import TargetProfile, known_words
from amnestic.tools.index.roster import Roster
from amnestic.tools.index.target_store import TargetStore

__all__ = [
    "FacetIndex",
    "Roster",
    "TargetProfile",
    "TargetStore",
    "kept_vectors_removed",
    "known_words",
]
