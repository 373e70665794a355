"""From a text to assessments: evidence, one calibrated score for each target, and two readers.

In: a text with its context, and what the index keeps ready. Out: a `Detector`; the leaks of a text
that is about to be cut.
"""

from __future__ import annotations

from amnestic.tools.detection.attribution import Passage
from amnestic.tools.detection.attributor import hand_down_attributor, shipped_attributor
from amnestic.tools.detection.cross_encoder import hand_down_verifier, shipped_verifier
from amnestic.tools.detection.detector import LeakDetector
from amnestic.tools.detection.fact_detector import FactDetector
from amnestic.tools.detection.primed import PrimedLeaks, prime
from amnestic.tools.detection.whose import is_by_place

__all__ = [
    "FactDetector",
    "LeakDetector",
    "Passage",
    "PrimedLeaks",
    "hand_down_attributor",
    "hand_down_verifier",
    "is_by_place",
    "prime",
    "shipped_attributor",
    "shipped_verifier",
]
