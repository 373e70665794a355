"""Targets as records: made of what was read, given or said, checked, and changed.

In: an `Interpretation`, details that a caller gives, fields of a file, what a model said. Out: a
`ForgetTarget` with its facets, that can be stored.
"""

from __future__ import annotations

from amnestic.agents.records.changes import GivenChanges, edited
from amnestic.agents.records.checking import (
    checked,
    keeps_itself,
    without_further_names_kept,
)
from amnestic.agents.records.details import Details, GivenDetails, given
from amnestic.agents.records.facets import completed, with_elicited
from amnestic.agents.records.making import interpreted, recorded, recorded_once

__all__ = [
    "Details",
    "GivenChanges",
    "GivenDetails",
    "checked",
    "completed",
    "edited",
    "given",
    "interpreted",
    "keeps_itself",
    "recorded",
    "recorded_once",
    "with_elicited",
    "without_further_names_kept",
]
