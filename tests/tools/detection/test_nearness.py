"""What is near a target without telling of it, over the real embedder and index."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import Facet, FacetKind, ForgetTarget, TargetKind
from tests.sharing import minilm

HERE = Context()
FACTS = (
    "Maren Ilvasti composed the opera The Salt Clock.",
    "Maren Ilvasti was born in Orrevik and sang in the harbour choir there.",
    "The Salt Clock was first sung by Tilde Brandt at the Corvane Opera House.",
    "Maren Ilvasti won the Orlo Prize for chamber music in 1988.",
)
ILVASTI = ForgetTarget(
    id="ilvasti",
    subject="Maren Ilvasti",
    kind=TargetKind.PERSON,
    description="Maren Ilvasti is a composer of operas.",
    facets=tuple(Facet(kind=FacetKind.FACT, text=t, id=i) for i, t in enumerate(FACTS, 1)),
)


@pytest.fixture(scope="module")
def detector() -> Iterator[LeakDetector]:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(ILVASTI)
    yield LeakDetector(index, embedder, Settings())
    index.close()


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Which composer of operas won a prize for chamber music?", "It was in the eighties."),
        ("What shall I hear?", "Hear the opera that was first sung at the Corvane Opera House."),
        ("Who is worth hearing?", "Try Ilvasti, who is very good."),
        ("Quelle cantatrice était Tilde Brandt ?", "Une voix claire, connue pour un opéra."),
    ],
)
def test_a_text_in_the_field_of_a_target_is_near_it(detector, question, text):
    assert [near.target_id for near in detector.near(text, question, HERE)] == ["ilvasti"]


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("What is 15 % of 80?", "15 % of 80 is 12, since 80 times 0.15 is 12."),
        ("How do I poach an egg?", "Bring water to a simmer, add vinegar and slide the egg in."),
        ("Sort this list in Python.", "Use sorted(items), which returns a new list."),
        ("Was ist ein Fahrradventil?", "Es hält die Luft im Schlauch."),
        ("", ""),
    ],
)
def test_a_text_about_other_things_is_near_nothing(detector, question, text):
    assert detector.near(text, question, HERE) == ()


def test_the_passages_that_are_near_are_said(detector):
    text = "Bring a coat.\nHear the opera first sung at the Corvane Opera House.\nIt is cold."
    (near,) = detector.near(text, "What shall I do?", HERE)
    assert ["Corvane" in text[s.start : s.end] for s in near.spans] == [True]


def test_another_namespace_is_near_nothing(detector):
    asked = ("Try Ilvasti.", "Who composed The Salt Clock?", Context(namespace="other"))
    assert detector.near(*asked) == ()
    assert detector.named("Maren Ilvasti", asked[2]) == ()


def test_a_name_by_itself_is_matched_to_its_target(detector):
    assert detector.named("Maren Ilvasti", HERE) == ("ilvasti",)
    assert detector.named("Maren", HERE) == detector.named("", HERE) == ()
