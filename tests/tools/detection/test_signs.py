"""How a text names a target: in full, by a part, or as somebody else's namesake."""

from __future__ import annotations

import numpy as np
import pytest

from amnestic.tools.detection.signs import name_signs
from amnestic.tools.index import TargetProfile
from amnestic.tools.index.profile import profile_of, words_of_target
from amnestic.tools.names import NameMatcher, forms_of
from amnestic.tools.reading import read
from amnestic.types import ForgetTarget, TargetKind

TARGET = ForgetTarget(id="t1", subject="M. R. Ilvasti", kind=TargetKind.PERSON)


class NoEmbedder:
    """Nothing is embedded here: the target has no facts."""

    identity, dimension = "none", 2

    def embed(self, texts: object) -> np.ndarray:
        return np.zeros((0, 2), np.float32)


def profile() -> TargetProfile:
    return profile_of(words_of_target(TARGET), np.zeros((0, 2), np.float32), NoEmbedder())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Maren Ilvasti wrote it.", "full"),
        ("Tavrin Ilvasti wrote it.", "surname_among_others"),
        ("M.R. Ilvasti wrote it.", "full"),
        ("Frau Ilvasti hat geklagt.", "surname"),
        ("Señora Ilvasti y Tarn Veldt.", "surname"),
    ],
)
def test_an_initial_may_stand_for_a_given_name(text: str, sign: str) -> None:
    reading, matcher = read(text), NameMatcher()
    matcher.add("t1", forms_of(TARGET))
    signs = name_signs(matcher.find(reading), reading, profile())
    assert getattr(signs, sign) == 1.0
