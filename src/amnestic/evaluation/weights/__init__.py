"""Weight unlearning: methods that train a copy of the model until it no longer answers.

In: rows of questions and answers, of the subjects and of others, and the name of a model in this
process. Out: systems behind the contract's `System`: each of `WEIGHT_METHODS` plain, rounded to
four bits, and relearned on a few rows. They are what an inference-time layer is measured against.
"""

from __future__ import annotations

from amnestic.evaluation.weights.losses import WEIGHT_METHODS
from amnestic.evaluation.weights.rows import rows_from_data_set
from amnestic.evaluation.weights.system import make_weight_system
from amnestic.evaluation.weights.world_rows import rows_from_world

__all__ = ["WEIGHT_METHODS", "make_weight_system", "rows_from_data_set", "rows_from_world"]
