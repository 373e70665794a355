"""Data sets of an evaluation: what is to be forgotten, and the probes that tell whether it was.

In: a name or a path. Out: a `DataSet` of the contract (`load_data_set`), the list of the sets that
can be read (`DATA_SETS`), and what attacks need to keep a probe's judgement fair: whether a string
`stands` in a text, which `names_beside` a question would tell, how a question calls its subject
(`called`), the forms of an answer (`forms_of`) and `lettered` options.
"""

from __future__ import annotations

from amnestic.evaluation.datasets.choices import lettered
from amnestic.evaluation.datasets.registry import DATA_SETS, load_data_set
from amnestic.evaluation.datasets.strings import called, forms_of, names_beside, stands

__all__ = [
    "DATA_SETS",
    "called",
    "forms_of",
    "lettered",
    "load_data_set",
    "names_beside",
    "stands",
]
