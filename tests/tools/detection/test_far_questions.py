"""A question that has little to do with any target by its words is not read for what it means."""

from __future__ import annotations

import pytest

from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import Facet, FacetKind, ForgetTarget, Policy, TargetKind
from tests.sharing import minilm
from tests.tools.detection.test_gauge import FAR, PLAIN, Counting, osk

FAR_AND_LONG = (
    "I have been wondering for a week about one thing and I hope you can help me. Tell me please "
    "in plain words how a hash table resolves collisions, and tell me what beginners get wrong?"
)
MANY = tuple(
    Facet(
        kind=FacetKind.FACT, text=f"Osk sold {n} etchings in the winter of {1900 + n}.", id=n + 10
    )
    for n in range(30)
)


def detector(
    *others: ForgetTarget, known: tuple[Facet, ...] = MANY, settings: Settings | None = None
) -> tuple[Counting, LeakDetector]:
    embedder = Counting(minilm())
    index = FacetIndex(embedder)
    facets = (*osk().facets, *known)
    person = osk().model_copy(update={"facets": facets, "kind": TargetKind.PERSON})
    for one in (person, *others):
        index.add(one)
    found = LeakDetector(index, embedder, settings)
    found.refresh()
    embedder.texts.clear()
    return embedder, found


@pytest.mark.parametrize("question", [FAR, FAR_AND_LONG])
def test_a_far_question_and_its_answer_are_not_embedded(question: str) -> None:
    embedder, found = detector()
    assert found.vet(question, Context()) == ()
    assert found.audit(PLAIN, question, Context()) == ()
    assert embedder.texts == []


@pytest.mark.parametrize(
    ("question", "context"),
    [
        ("Which painter of harbours worked in Tavel?", Context()),
        ("Who got the Halvard medal?", Context()),
        ("Did Osk keep tomatoes fresh for a week?", Context()),
        ("Did M i r e l a keep tomatoes fresh?", Context()),
        (FAR, Context(sticky={"t": 0.9})),
        (FAR, Context(named=frozenset({"t"}))),
        (FAR, Context(persona=frozenset({"t"}))),
    ],
    ids=["meant", "a fact", "a name", "hidden", "told before", "named around", "spoken as"],
)
def test_what_may_mean_a_target_is(question: str, context: Context) -> None:
    embedder, found = detector()
    found.vet(question, context)
    assert embedder.texts


def test_an_answer_that_may_tell_of_a_target_is_read_with_its_far_question() -> None:
    embedder, found = detector()
    assert found.audit("Mirela Osk won the Halvard medal in 1994.", FAR, Context())
    assert embedder.texts


def test_of_whom_little_is_known_what_a_question_means_is_looked_at() -> None:
    skill = ForgetTarget(id="s", subject="picking locks", kind=TargetKind.SKILL)
    strict = Settings(policy=Policy.STRICT)
    for given in (detector(settings=strict), detector(skill), detector(known=())):
        embedder, found = given
        found.vet(FAR, Context())
        assert embedder.texts


def test_how_near_a_far_question_is_can_still_be_asked() -> None:
    embedder, found = detector()
    found.near(PLAIN, FAR, Context())
    assert embedder.texts
