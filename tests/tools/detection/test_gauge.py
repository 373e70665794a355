"""What of a text is embedded: all of it near a target, nothing that shares no word with any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.weights import TextKind
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.types import Facet, FacetKind, ForgetTarget
from tests.sharing import minilm

FAR = "How do I keep tomatoes fresh for a week?"
NEAR = "Which painter of harbours worked in Tavel?"
PLAIN = "Leave them on the table, out of the sun. A cool shelf is better than a cold box."
TELLING = "Leave them on the table. The Halvard medal of 1994 went to someone else."


class Counting:
    """An embedder that keeps the texts that it was given."""

    def __init__(self, inner: Embedder) -> None:
        self._inner = inner
        self.texts: list[str] = []

    @property
    def identity(self) -> str:
        return self._inner.identity

    @property
    def dimension(self) -> int:
        return self._inner.dimension

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += texts
        return self._inner.embed(texts)


@pytest.fixture(scope="module")
def embedder() -> Counting:
    return Counting(minilm())


def gauge_of(embedder: Counting, *targets: ForgetTarget) -> tuple[Gauge, Roster]:
    index = FacetIndex(embedder)
    for target in targets:
        index.add(target)
    roster = Roster(index, embedder)
    roster.refresh()
    return Gauge(roster, embedder), roster


def osk() -> ForgetTarget:
    facts = ("Osk won the Halvard medal in 1994.", "Osk painted the old harbour of Tavel.")
    described = "Mirela Osk is a painter."
    texts = [(FacetKind.DESCRIPTION, described), *((FacetKind.FACT, fact) for fact in facts)]
    facets = tuple(Facet(kind=kind, text=text, id=i) for i, (kind, text) in enumerate(texts, 1))
    return ForgetTarget(id="t", subject="Mirela Osk", description=described, facets=facets)


@pytest.fixture(scope="module")
def gauge(embedder: Counting) -> Gauge:
    return gauge_of(embedder, osk())[0]


def embedded(gauge: Gauge, embedder: Counting, asked: str, answer: str, context: Context) -> int:
    """How many pieces of an answer are embedded."""
    gauge.question(asked, context)
    before = len(embedder.texts)
    if asked:
        gauge.answer(answer, asked, context)  # the question is not embedded again
    else:
        gauge.statement(answer, context)
    return len(embedder.texts) - before


@pytest.mark.parametrize("asked", [FAR, ""], ids=["as an answer", "by itself"])
def test_what_is_far_from_every_target_is_not_embedded(
    gauge: Gauge, embedder: Counting, asked: str
) -> None:
    assert embedded(gauge, embedder, asked, PLAIN, Context()) == 0


@pytest.mark.parametrize(
    ("question", "answer", "context", "pieces"),
    [
        (NEAR, PLAIN, Context(), 2),
        (FAR, TELLING, Context(), 1),
        ("", TELLING, Context(), 1),
        (FAR, "Mirela Osk knows. " + PLAIN, Context(), 1),
        (FAR, PLAIN, Context(sticky={"t": 0.9}), 2),
    ],
    ids=["near question", "telling words", "no question", "a name", "company"],
)
def test_what_may_tell_of_a_target_is_embedded(
    gauge: Gauge, embedder: Counting, question: str, answer: str, context: Context, pieces: int
) -> None:
    assert embedded(gauge, embedder, question, answer, context) == pieces


def test_a_target_that_is_taken_out_makes_no_answer_telling(embedder: Counting) -> None:
    baker = ForgetTarget(id="b", subject="Tarn Veldt", description="Tarn Veldt is a baker.")
    gauge, roster = gauge_of(embedder, osk(), baker)
    assert embedded(gauge, embedder, FAR, TELLING, Context()) == 1
    roster.index.remove("t")
    roster.refresh()
    assert embedded(gauge, embedder, FAR, TELLING, Context()) == 0


@pytest.mark.parametrize("head", ["harbour", "medal", "Harbour"])
def test_the_head_of_a_column_tells_nothing_by_itself(gauge: Gauge, head: str) -> None:
    assert gauge.statement(head, Context()) == []
    assert gauge.statement("the old harbour of Tavel", Context()) != []


@pytest.mark.parametrize("number", ["120", "1874"])
def test_a_short_number_by_itself_tells_of_nobody(embedder: Counting, number: str) -> None:
    fact = Facet(kind=FacetKind.FACT, text=f"Osk sold {number} pictures of Tavel.", id=9)
    target = ForgetTarget(id="t", subject="Mirela Osk", facets=(fact,))
    gauge = gauge_of(embedder, target)[0]
    told = gauge.answer(f"The paint is dry by noon. The answer is {number}.", NEAR, Context())
    alone = [m for m in told if m.kind is TextKind.STATEMENT and number in m.window]
    assert bool(alone) is (number == "1874")


@pytest.mark.parametrize(
    ("named", "pieces"), [("Paul", 0), ("Paul Veldrin", 2), ("Veldrin", 2)], ids=str
)
def test_a_given_name_brings_no_question_near(embedder: Counting, named: str, pieces: int) -> None:
    described = "Paul Veldrin is a painter."
    facets = (Facet(kind=FacetKind.DESCRIPTION, text=described, id=8),)
    target = ForgetTarget(id="t", subject="Paul Veldrin", description=described, facets=facets)
    gauge = gauge_of(embedder, target)[0]
    asked = f"How many bird cages does {named} brush in three hours, at four a minute?"
    assert embedded(gauge, embedder, asked, PLAIN, Context()) == pieces


def test_a_reader_is_shown_what_was_asked_and_said_before_a_window(embedder: Counting) -> None:
    gauge, _ = gauge_of(embedder, osk())
    first = "The gallery shows Ruben Veld this spring."
    second = "He won the Halvard medal for his old harbour of Tavel in 1994."
    measures = gauge.answer(f"{first} {second}", "What is on at the gallery?", Context())
    pairs = {m.kind: gauge.pair(m) for m in measures if m.window == second}
    alone, answer = pairs[TextKind.STATEMENT], pairs[TextKind.ANSWER]
    assert alone is not None
    assert answer is not None
    assert (alone.text, alone.before) == (second, f"What is on at the gallery?\n{first}")
    assert answer.text.endswith(second)
    assert answer.before == first
