"""An answer that is passed over unread is one in which reading would find nothing worth a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.glance import Glance
from amnestic.tools.detection.window import names_one
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context, Embedder
from amnestic.tools.reading import answer_windows, read, words_in
from amnestic.types import (
    Facet,
    FacetKind,
    ForgetTarget,
    Identifier,
    IdentifierType,
    TargetKind,
)
from tests.sharing import minilm
from tests.thoroughness import examples
from tests.tools.detection.test_sieve_glance import NAMES, TEXTS, WORDS

FACTS = {
    "Mirela Osk": "Osk painted the weather of May at the bakery in 1874.",
    "Bo Chan": "Chan won the Halvard medal in Tavel.",
}
PIECES = st.lists(
    st.tuples(
        st.sampled_from(
            (*WORDS, *"weather May bakery 1874 Halvard medal Tavel Osk".split(), "e.g.")
        ),
        st.sampled_from((" ", " ", ". ", ".\n", "\n")),
    ),
    max_size=16,
).map(lambda told: "".join(word + space for word, space in told))
QUESTION = "How do I keep tomatoes fresh for a week?"


def target(name: str, **more: Any) -> ForgetTarget:
    facts = (
        (Facet(id=list(FACTS).index(name) + 1, kind=FacetKind.FACT, text=FACTS[name]),)
        if name in FACTS
        else ()
    )
    return ForgetTarget(id=name, subject=name, kind=TargetKind.PERSON, facets=facts, **more)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return minilm()


@pytest.fixture(scope="module")
def roster_of(embedder: Embedder) -> Callable[..., Roster]:
    def made(*targets: ForgetTarget) -> Roster:
        index = FacetIndex(embedder)
        for one in targets:
            index.add(one)
        roster = Roster(index, embedder)
        roster.refresh()
        return roster

    return made


@pytest.fixture(scope="module")
def roster(roster_of: Callable[..., Roster]) -> Roster:
    return roster_of(*map(target, NAMES))


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(TEXTS, PIECES))
def test_nothing_is_passed_over_that_is_worth_a_look(roster: Roster, text: str) -> None:
    if not Glance(roster).is_far_answer(text):
        return
    reading = read(text)
    for span in answer_windows(reading):
        window = read(reading.text[span.start : span.end])
        hits: dict[str, list[object]] = {}
        for hit in roster.matcher.find(window):
            hits.setdefault(hit.target_id, []).append(hit)
        assert not roster.tells(words_in(window))
        assert not names_one(window, hits)  # type: ignore[arg-type]


def test_most_answers_are_passed_over(roster: Roster) -> None:
    glance = Glance(roster)
    assert glance.is_far_answer("Leave them on the table, out of the sun. A cool shelf is better.")
    assert not glance.is_far_answer("Leave them on the table. Mirela Osk came.")
    assert not glance.is_far_answer("Leave them there. The Halvard medal went to Tavel.")


def test_where_targets_have_identifiers_all_is_read(roster_of: Callable[..., Roster]) -> None:
    mail = Identifier(type=IdentifierType.EMAIL, value="bo.chan@example.org")
    roster = roster_of(target("Bo Chan", identifiers=(mail,)))
    assert not Glance(roster).is_far_answer("Leave them on the table, out of the sun.")


@pytest.mark.parametrize(
    "context",
    [
        Context(sticky={"Bo Chan": 0.5}),
        Context(told=frozenset({"Bo Chan"})),
        Context(named=frozenset({"Bo Chan"})),
    ],
)
def test_what_stands_beside_a_target_is_read(
    embedder: Embedder, roster: Roster, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    def looked(text: str) -> bool:
        raise AssertionError("it looks at the words alone")

    gauge = Gauge(roster, embedder)
    monkeypatch.setattr(gauge.glance, "is_far_answer", looked)
    gauge.answer("Leave them there.", QUESTION, context)
    gauge.answer("Leave them there.", "Who is Bo Chan?", Context())
    with pytest.raises(AssertionError, match="words alone"):
        gauge.answer("Leave them there.", QUESTION, Context())
