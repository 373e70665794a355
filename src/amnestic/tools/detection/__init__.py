"""From a text to assessments: evidence, one calibrated score for each target, and the verifier.

In: a text with its context, and what the index keeps ready. Out: a `Detector`; the leaks of a text
that is about to be cut.
"""

from __future__ import annotations

from amnestic.tools.detection.cross_encoder import hand_down_verifier, shipped_verifier
from amnestic.tools.detection.detector import LeakDetector
from amnestic.tools.detection.fact_detector import FactDetector
from amnestic.tools.detection.primed import PrimedLeaks, prime

__all__ = [
    "FactDetector",
    "LeakDetector",
    "PrimedLeaks",
    "hand_down_verifier",
    "prime",
    "shipped_verifier",
]
