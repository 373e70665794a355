"""Texts in other languages, which reach the judge though detectors find nothing in them.

Detectors score what they know of a target in English, and other languages lower. A judge who reads
them all is asked where such a text is merely near a target; without a verdict it is as clean as the
detectors say.
"""

from __future__ import annotations

from amnestic.tools.protocols import Context, Detector, Surveyor
from amnestic.tools.reading import language_of
from amnestic.types import Assessment, Band, LeakKind

__all__ = ["near_in_another_language"]

_READ = 2_000  # characters by which a language is told
_MOST = 2  # targets of one text
_OWN = "en"  # the language in which the scorers were fitted


def near_in_another_language(
    detector: Detector, text: str, question: str, context: Context
) -> tuple[Assessment, ...]:
    """The targets that a text in another language than English is near, with the clean band that
    the detector gives it; none of a detector that does not say."""
    if not isinstance(detector, Surveyor) or language_of(text[:_READ]) == _OWN:
        return ()
    near = detector.near(text, question, context)[:_MOST]
    return tuple(Assessment(n.target_id, 0.0, Band.CLEAN, LeakKind.INDIRECT, n.spans) for n in near)
