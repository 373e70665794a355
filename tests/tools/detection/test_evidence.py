"""What the features of a text count: names, meanings and words, as they stand to a target."""

from __future__ import annotations

import pytest

from amnestic.tools.detection.evidence import ALONE, TOGETHER
from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context
from amnestic.types import Facet, FacetKind, ForgetTarget
from tests.sharing import minilm

FACTS = (
    "Mirela Osk won the Halvard Medal in 1994.",
    "Mirela Osk studied with the painter Tarn Veldt in Tavel.",
)


@pytest.fixture(scope="module")
def gauge() -> Gauge:
    embedder = minilm()
    index = FacetIndex(embedder)
    described = "Mirela Osk is a painter of harbours."
    texts = [(FacetKind.DESCRIPTION, described), *((FacetKind.FACT, fact) for fact in FACTS)]
    facets = tuple(Facet(kind=kind, text=text, id=i) for i, (kind, text) in enumerate(texts, 1))
    index.add(ForgetTarget(id="t", subject="Mirela Osk", description=described, facets=facets))
    roster = Roster(index, embedder)
    roster.refresh()
    return Gauge(roster, embedder)


def of_question(gauge: Gauge, text: str) -> dict[str, float]:
    (measure,) = gauge.question(text, Context())
    return dict(zip(ALONE, measure.features, strict=True))


def of_answer(gauge: Gauge, text: str, question: str) -> dict[str, float]:
    measures = gauge.answer(text, question, Context())
    (answer,) = (m for m in measures if m.kind == "answer")
    return dict(zip(TOGETHER, answer.features, strict=True))


def test_a_full_name_and_a_part_of_one_are_told_apart(gauge: Gauge) -> None:
    assert of_question(gauge, "Who is Mirela Osk?")["full"] == 1
    part = of_question(gauge, "Which medal did the painter Osk win?")
    assert (part["full"], part["surname"]) == (0, 1)


def test_a_name_that_is_known_with_the_target_is_no_name_of_somebody_else(gauge: Gauge) -> None:
    known = of_question(gauge, "Who studied with the painter Tarn Veldt?")
    assert (known["known_names"], known["other_names"]) == (1, 0)
    foreign = of_question(gauge, "Which painter won a medal with Ada Brook?")
    assert (foreign["known_names"], foreign["other_names"]) == (0, 1)


def test_the_words_of_one_fact_count_together(gauge: Gauge) -> None:
    whole = of_question(gauge, "Who won the Halvard Medal in 1994?")
    assert whole["words_best"] == 1
    spread = of_question(gauge, "Who won a medal in Tavel?")
    assert spread["words_best"] < spread["words_any"] == 1


def test_an_answer_counts_what_it_adds_to_its_question(gauge: Gauge) -> None:
    right = of_answer(gauge, "In 1994.", "When did the painter win the Halvard Medal?")
    assert right["a_numbers_known"] == 1
    assert right["joint_best"] > 0
    wrong = of_answer(gauge, "In 1887.", "When did the painter win the Halvard Medal?")
    assert (wrong["a_numbers_known"], wrong["joint_best"]) == (0, 0)
