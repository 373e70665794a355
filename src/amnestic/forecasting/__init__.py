"""What a target would match, said before it is in force.

In: targets that are not stored, and the index of those that are. Out: a `Preview`: the other
targets, the common knowledge and the given texts that would be taken for the new targets.
"""

from __future__ import annotations

from amnestic.forecasting.forecast import Forecast, Match, Preview, common_knowledge

__all__ = ["Forecast", "Match", "Preview", "common_knowledge"]
