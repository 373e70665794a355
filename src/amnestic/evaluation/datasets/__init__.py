"""Data sets of an evaluation: what is to be forgotten, and the probes that tell whether it was.

In: a name or a path. Out: a `DataSet` of the contract (`load_data_set`; `registry` lists the sets
that can be read), and what attacks need to keep a probe's judgement fair: whether a string
`stands` in a text, which `names_beside` a question would tell, how a question calls its subject
(`called`) and `lettered` options.
"""

from __future__ import annotations

from amnestic.evaluation.datasets.choices import lettered
from amnestic.evaluation.datasets.registry import load_data_set
from amnestic.evaluation.datasets.strings import called, names_beside, stands

__all__ = [
    "called",
    "lettered",
    "load_data_set",
    "names_beside",
    "stands",
]
