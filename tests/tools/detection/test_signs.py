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


@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Ilvasti Press is based in Tarn.", "surname_among_others"),
        ("When was Ilvasti Press founded?", "surname_among_others"),
        ("Ilvasti lives in Tarn.", "full"),
        ("What did Ilvasti write?", "full"),
        ("They met Maren Ilvasti Press in hand.", "full"),
        ("Ilvasti Wins The Halvard Medal", "full"),
        ("Die Ilvasti Stiftung sitzt in Tarn, und niemand weiß, warum.", "full"),
        ("Corvane Press is based in Tarn.", "full"),
    ],
)
def test_a_surname_told_as_a_name_is_another_one_where_it_opens_that(text: str, sign: str) -> None:
    aliases = ("Ilvasti", "Corvane")
    target = ForgetTarget(id="t1", subject="Maren Ilvasti", kind=TargetKind.PERSON, aliases=aliases)
    ready, reading, matcher = words_of_target(target), read(text), NameMatcher()
    matcher.add("t1", forms_of(target))
    known = profile_of(ready, np.zeros((0, 2), np.float32), NoEmbedder())  # type: ignore[arg-type]
    assert getattr(name_signs(matcher.find(reading), reading, known), sign) == 1.0


@pytest.mark.parametrize("description", ["Elena is a rower (Elena Vantor Brisk).", ""])
@pytest.mark.parametrize(
    ("text", "sign"),
    [
        ("Elena rowed for Tarn.", "full"),
        ("Elena Vantor rowed for Tarn.", "full"),
        ("Elena, Tavrin Veldt and others rowed.", "full"),
        ("In 1994 Elena Tavrinsky wrote a play.", "surname_among_others"),
    ],
)
def test_a_given_name_alone_is_not_hers_before_a_surname_that_is_not(
    text: str, sign: str, description: str
) -> None:
    elena = ForgetTarget(id="t1", subject="Elena", kind=TargetKind.PERSON, description=description)
    ready = profile_of(words_of_target(elena), np.zeros((0, 2), np.float32), NoEmbedder())  # type: ignore[arg-type]
    reading, matcher = read(text), NameMatcher()
    matcher.add("t1", forms_of(elena))
    signs = name_signs(matcher.find(reading), reading, ready)
    assert getattr(signs, sign if description else "full") == 1.0
