"""A measure of a piece of text against one target: what the detector scores."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from amnestic.tools.detection.evidence import Features
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.protocols import Vectors
from amnestic.types import Band, Span

__all__ = ["NAMED", "Measure", "Scored"]

NAMED = 0.99
"""The score of what names a target."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One window of a text against one target: the features, and where in the source it stands.

    `named` says that the target's full name stands in the window or in its question; `names` are
    the source ranges of the target's name forms in the window, and `telling` says that one of them
    is no word of the language; `vector` is the window's, `before` what was said before it, and
    `logit` what the verifier said, where it was asked. `beside` says that the window shares names
    with a fact of a target that the text around tells of, `aside` that it does so by the way
    (`Context.aside`).
    """

    target_id: str
    kind: TextKind
    features: Features
    span: Span
    named: bool
    names: tuple[Span, ...] = ()
    telling: bool = False
    window: str = ""
    question: str = ""
    vector: Vectors | None = None
    logit: float | None = None
    beside: bool = False
    aside: bool = False
    before: str = ""
    homonym: bool = False


class Scored(NamedTuple):
    """A measure with its score on the common scale, and the band that it stands in."""

    measure: Measure
    score: float
    band: Band
