"""What of an answer is embedded: all of it near a target, nothing that shares no word with any."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from amnestic.config import default_cache_dir
from amnestic.tools.embedder import load_embedder
from amnestic.tools.facet_index import FacetIndex
from amnestic.tools.passages import answer_windows, question_windows
from amnestic.tools.protocols import Context, Embedder, Vectors
from amnestic.tools.roster import Roster
from amnestic.tools.windows import WindowReader
from amnestic.types import Facet, FacetKind, ForgetTarget

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
    return Counting(load_embedder("minilm", default_cache_dir()))


@pytest.fixture(scope="module")
def reader(embedder: Counting) -> WindowReader:
    index = FacetIndex(embedder)
    facts = ("Osk won the Halvard medal in 1994.", "Osk painted the old harbour of Tavel.")
    facets = tuple(Facet(kind=FacetKind.FACT, text=t, id=i) for i, t in enumerate(facts, 1))
    index.add(
        ForgetTarget(
            id="t", subject="Mirela Osk", description="Mirela Osk is a painter.", facets=facets
        )
    )
    roster = Roster(index, embedder)
    roster.refresh()
    return WindowReader(roster, embedder)


def embedded(
    reader: WindowReader, embedder: Counting, question: str, answer: str, context: Context
) -> int:
    asked = reader.windows(question, question_windows, context)[0]
    before = len(embedder.texts)
    reader.windows(answer, answer_windows, context, asked)
    return len(embedder.texts) - before


def test_an_answer_far_from_every_target_is_not_embedded(
    reader: WindowReader, embedder: Counting
) -> None:
    assert embedded(reader, embedder, FAR, PLAIN, Context()) == 0


@pytest.mark.parametrize(
    ("question", "answer", "context", "pieces"),
    [
        (NEAR, PLAIN, Context(), 2),
        (FAR, TELLING, Context(), 1),
        (FAR, "Mirela Osk knows. " + PLAIN, Context(), 1),
        (FAR, PLAIN, Context(sticky={"t": 0.9}), 2),
    ],
    ids=["near question", "telling words", "a name", "a conversation about a target"],
)
def test_what_may_tell_of_a_target_is_embedded(
    reader: WindowReader,
    embedder: Counting,
    question: str,
    answer: str,
    context: Context,
    pieces: int,
) -> None:
    assert embedded(reader, embedder, question, answer, context) == pieces


def test_a_target_that_is_taken_out_makes_no_answer_telling(embedder: Counting) -> None:
    index = FacetIndex(embedder)
    fact = Facet(kind=FacetKind.FACT, text="Osk won the Halvard medal in 1994.", id=1)
    index.add(ForgetTarget(id="a", subject="Mirela Osk", facets=(fact,)))
    index.add(ForgetTarget(id="b", subject="Tarn Veldt", description="Tarn Veldt is a baker."))
    roster = Roster(index, embedder)
    roster.refresh()
    reader = WindowReader(roster, embedder)
    assert embedded(reader, embedder, FAR, TELLING, Context()) == 1
    index.remove("a")
    roster.refresh()
    assert embedded(reader, embedder, FAR, TELLING, Context()) == 0
