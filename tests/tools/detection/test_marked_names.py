"""Declared names that are plain words but for their marks, as texts and questions use them."""

from __future__ import annotations

import pytest

from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Band, ForgetTarget, TargetKind
from tests.sharing import minilm


@pytest.fixture(scope="module")
def detector() -> LeakDetector:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(ForgetTarget(id="m", subject="Ivo Tarnek", kind=TargetKind.PERSON, aliases=("Mané",)))
    index.add(ForgetTarget(id="b", subject="Bata", kind=TargetKind.ORGANISATION, aliases=("Baťa",)))
    return LeakDetector(index, embedder)


def leaks(found: tuple[Assessment, ...]) -> set[str]:
    return {a.target_id for a in found if a.band is Band.LEAK}


@pytest.mark.parametrize(
    ("asked", "target"),
    [
        ("And how did Mané do?", "m"),
        ("Wann wurde die Schuhfirma Baťa gegründet?", "b"),
        ("Où travaillait Mané ?", "m"),
    ],
)
def test_a_question_for_it_is_found(detector: LeakDetector, asked: str, target: str) -> None:
    assert leaks(detector.vet(asked, Context())) == {target}


@pytest.mark.parametrize(
    ("told", "target"),
    [
        ("Die Schuhfirma Baťa hat eine ganze Stadt gebaut.", "b"),
        ("Later Mané moved to Sund and opened a bakery.", "m"),
    ],
)
def test_a_text_that_tells_of_it_is_found(detector: LeakDetector, told: str, target: str) -> None:
    assert leaks(detector.audit(told, "What happened?", Context())) == {target}


@pytest.mark.parametrize(
    "told",
    [
        "The horse has a mane.",
        "La doctora lleva una bata blanca.",
        "La bata y la mane son palabras.",
    ],
)
def test_the_word_without_its_marks_is_left(detector: LeakDetector, told: str) -> None:
    assert not leaks(detector.audit(told, "What is it?", Context()))
