"""What every part of an evaluation speaks of: what is asked, who answers, and what came of it.

In: nothing; these are words. Out: `Probe` and `DataSet` (what is asked), `System` (who answers),
`Answer` and `Record` (what came of it). Data sets make probes, attacks make other probes of them,
systems answer, runs keep records, and scores and reports read records alone.
"""

from __future__ import annotations

from amnestic.evaluation.contract.probes import DataSet, Group, Probe, Subject
from amnestic.evaluation.contract.records import Record
from amnestic.evaluation.contract.systems import Answer, Preparation, System

__all__ = [
    "Answer",
    "DataSet",
    "Group",
    "Preparation",
    "Probe",
    "Record",
    "Subject",
    "System",
]
