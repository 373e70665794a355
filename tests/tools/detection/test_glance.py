"""An answer that is passed over unread is one in which reading would find nothing worth a look."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from amnestic.tools.detection.gauge import Gauge
from amnestic.tools.detection.glance import Glance, Seen
from amnestic.tools.detection.pieces import Sentences
from amnestic.tools.detection.sieve import Sieve
from amnestic.tools.detection.window import Window, names_one
from amnestic.tools.detection.windows import WindowReader
from amnestic.tools.detection.worth import Worth
from amnestic.tools.index import FacetIndex, Roster
from amnestic.tools.protocols import Context, Embedder, Vectors
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
    "Ana de Rho": "She has a young brother and a dog and a white horse.",
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
PLAIN = "It was cold in there today, and nobody had a good day then. "
SENTENCES = (
    *(
        PLAIN,
        "They left soon. ",
        "Who knows? ",
        "He met Dr. J. K. Marsh in St. Ives. ",
        "- M.\n",
        "1.\n",
    ),
    *("The Halvard medal went to Tavel. ", "Osk painted weather e.g. May. ", "In 1874. ", "so\n"),
)
TURNED = tuple(
    turn(f"The glass of {name} was in the house. ")
    for name in NAMES
    for turn in (str, lambda t: codecs.encode(t, "rot13"), lambda t: t[::-1], str.swapcase)
)
AMONG_PLAIN = st.lists(st.sampled_from((*SENTENCES, *SENTENCES, *TURNED)), max_size=8).map("".join)
EVERYDAY = "a young brother and a dog and a white horse."
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


BULK = Context(bulk=True)


@settings(max_examples=examples(300), deadline=None)
@given(st.one_of(TEXTS, PIECES))
def test_a_text_that_is_far_at_a_glance_has_nothing_to_measure(
    roster: Roster, embedder: Embedder, text: str
) -> None:
    gauge = Gauge(roster, embedder)
    if text.strip() and gauge.is_far(text, BULK):
        assert gauge.statement(text, BULK) == []


def test_a_text_of_which_is_known_what_tells_is_not_looked_at_again(
    roster: Roster, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    text, context = "It was cold. The Halvard medal went to Tavel. ", _arriving()
    gauge = Gauge(roster, embedder)
    assert _unsettled(gauge.glance, text, context) is not None
    monkeypatch.setattr(gauge.glance, "is_far_answer", lambda text: True)
    assert not gauge.is_far(text, context)


@pytest.mark.parametrize(
    "context",
    [
        Context(),
        Context(bulk=True, sticky={"Bo Chan": 0.5}),
        Context(bulk=True, told=frozenset({"Bo Chan"})),
        Context(bulk=True, named=frozenset({"Bo Chan"})),
        Context(bulk=True, company=frozenset({"Bo Chan"})),
    ],
)
def test_no_text_is_far_at_a_glance_beside_a_target(
    roster: Roster, embedder: Embedder, context: Context
) -> None:
    text = "Leave them on the table, out of the sun."
    gauge = Gauge(roster, embedder)
    assert gauge.is_far(text, BULK)
    assert not gauge.is_far(text, context)


class NoVectors:
    """An embedder that notes what it is asked for."""

    identity, dimension = "none", 1

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        return np.zeros((len(texts), 1), np.float32)


def sifted(roster: Roster, text: str) -> tuple[bool, list[str]]:
    """Whether a text may tell of a target, and the sentences for which it may."""
    embedder = NoVectors()
    sieve = Sieve(roster, WindowReader(roster, embedder), Glance(roster), embedder)
    return sieve.sift([text], BULK)[0], embedder.asked


def read_whole(roster: Roster, text: str) -> list[str]:
    """The same sentences, found by reading all of the text."""
    reader = WindowReader(roster, NoVectors())
    return reader.worth(read(text), answer_windows, BULK, Worth(roster).seldom(BULK))


@settings(max_examples=examples(500), deadline=None)
@given(st.one_of(TEXTS, PIECES, AMONG_PLAIN))
@example("M.\ne.g. M.\nthe weather May bakery 1874.\nOsk ")  # hidden in a sentence alone
@example("The Halvard medal went to Tavel. It was cold. Chan won the medal in Tavel again. ")
@example("hello! Wnl-M\xa0Nan qr Eub ")
@example("tneC 05\nthe the the book ")
@example("weather. Книга. bakery ")
def test_reading_the_whole_finds_no_sentence_that_the_sieve_has_not(
    roster: Roster, text: str
) -> None:
    if text.strip():
        worth, asked = sifted(roster, text)
        whole = read_whole(roster, text)
        assert set(whole) <= set(asked)
        assert worth or not whole


@pytest.mark.parametrize(
    "hidden",
    [
        codecs.encode("The glass of Mirela Osk was there.", "rot13"),
        "The glass of Mirela Osk was there."[::-1],
        "Th3 gl4ss 0f M1r3l4 0sk w4s th3r3.",
        "A  B o  C h a n  w a s  h e r e.",
        "77 105 114 101 108 97 32 79 115 107\n1 2 3 4 5 6",
        "oscar sierra kilo lima. bravo oscar charlie hotel alpha november.",
    ],
)
def test_a_sentence_that_hides_by_itself_is_sifted_out_among_plain_ones(
    roster: Roster, hidden: str
) -> None:
    text = f"{PLAIN * 6}\n{hidden}\n{PLAIN * 6}"
    assert read_whole(roster, text) or roster.matcher.hidden(text)
    assert sifted(roster, text)[0]


def test_a_sentence_is_far_that_shares_no_words_with_a_fact_though_its_neighbour_does(
    roster: Roster,
) -> None:
    apart = "Nobody saw the Halvard. Nobody went to Tavel again. "
    assert _looked(Glance(roster), apart).is_far
    assert _looked(Glance(roster), apart.replace(". ", " e.g. ", 1)) == Seen([0])


def test_of_a_text_that_shares_words_only_what_shares_them_is_read(roster: Roster) -> None:
    far = "Leave them on the table, out of the sun. A cool shelf is better than a warm one. "
    near = "The Halvard medal went to Tavel. "
    glance = Glance(roster)
    assert _looked(glance, far).is_far
    text = far + near + far
    assert not _looked(glance, text).is_far
    some = _unsettled(glance, text, Context())
    assert some is not None
    assert ([text[s.start : s.end] for s in some.spans], some.of) == ([near], 5)
    assert not _looked(glance, f"{far}Bo Chan came.").is_far
    assert glance.read(f"{far}VGhlIGJha2VyeSBpcyBjbG9zZWQgdG9kYXk=") is None
    assert sifted(roster, far + near + far) == (True, [near])


def test_beside_letters_that_stand_together_only_the_sentences_that_may_tell_are_read(
    roster: Roster, monkeypatch: pytest.MonkeyPatch
) -> None:
    far, near = "Leave them on the table, a.k.a. the board. ", "The Halvard medal went to Tavel. "
    name = "It is M.i.r.e.l.a. O.s.k. there. "
    assert sifted(roster, far + name + far)[0]

    def whole(*told: object) -> list[str]:
        raise AssertionError("it reads the whole text")

    monkeypatch.setattr(WindowReader, "worth", whole)
    assert sifted(roster, far + near + far) == (True, [near])
    assert sifted(roster, far * 2) == (False, [])
    with pytest.raises(AssertionError, match="the whole text"):  # whose letters hold the name
        sifted(roster, far + name + far)


@settings(max_examples=examples(300), deadline=None)
@given(
    st.builds(
        str.__add__,
        st.sampled_from(("", " ", "\n\n", "\r\n")),
        st.one_of(PIECES, TEXTS, AMONG_PLAIN),
    )
)
@example("M.\ne.g. M.\nthe weather May bakery 1874.\n")
@example("The weather. It was cold. A bakery opened in May 1874. They say so.")
@example(f"{EVERYDAY} It was cold in there today. They had a good day then. ")
@example(f"\n\n{EVERYDAY} It was cold in there today. They had a good day then. ")
@example(f"\n\n{EVERYDAY} It was cold in Lisbon today. They had a good day then. ")
@example(f"They had a good day then. {EVERYDAY} It was cold in there today. ")
def test_the_sentences_that_are_left_are_read_as_in_the_whole_text(
    roster: Roster, embedder: Embedder, text: str
) -> None:
    context, glance, reader = _arriving(), Glance(roster), WindowReader(roster, embedder)
    if not text.strip() or glance.read(text) is None or _looked(glance, text).is_far:
        return
    some = _unsettled(glance, text, context)
    assert glance.noted(text, context) is some
    if some is None:
        return
    is_worth = Worth(roster).seldom(context)
    part = reader.of_sentences(text, some, context, is_worth)
    whole = reader.windows(text, answer_windows, context, None, is_worth)
    assert [_seen(window) for window in part] == [_seen(window) for window in whole]


@pytest.mark.parametrize("before", ["", "\n\n"])
def test_everyday_words_of_a_fact_are_read_in_the_first_sentence(
    roster: Roster, embedder: Embedder, before: str
) -> None:
    context, text = _arriving(), f"{before}{EVERYDAY} It was cold in there. They left soon then. "
    some = _unsettled(Glance(roster), text, context)
    assert some is not None
    is_worth = Worth(roster).seldom(context)
    found = WindowReader(roster, embedder).of_sentences(text, some, context, is_worth)
    assert [window.text.strip() for window in found] == [EVERYDAY]


def _arriving(**more: Any) -> Context:
    return Context(bulk=True, arrived={}, **more)


def _looked(glance: Glance, text: str) -> Seen:
    plain = glance.read(text)
    assert plain is not None
    return glance.look(plain)


def _unsettled(glance: Glance, text: str, context: Context) -> Sentences | None:
    plain = glance.read(text)
    assert plain is not None
    return glance.unsettled(plain, glance.look(plain), context)


def _seen(window: Window) -> tuple[object, ...]:
    return window.text, window.span, window.hits, window.names, window.partial, window.before


def test_what_is_noted_of_a_text_holds_for_it_alone_and_while_no_target_comes(
    roster_of: Callable[..., Roster],
) -> None:
    roster, context = roster_of(target("Bo Chan")), _arriving()
    glance = Glance(roster)
    text = "It was cold in the hall. The Halvard medal went to Tavel. Nobody said a word of it. "
    assert _unsettled(glance, text, context) == glance.noted(text, context)
    assert glance.noted(text, context) is not None
    assert glance.noted(text[:-1], context) is None
    for beside in (
        {"sticky": {"Bo Chan": 0.5}},
        {"told": frozenset({"Bo Chan"})},
        {"named": frozenset({"Bo Chan"})},
        {"bulk": False},
    ):
        assert glance.noted(text, replace(context, **beside)) is None
    roster.index.add(target("Mirela Osk"))
    roster.refresh()
    assert glance.noted(text, context) is None


def test_what_was_told_before_a_target_came_is_not_noted_as_told_beside_it(
    roster_of: Callable[..., Roster], monkeypatch: pytest.MonkeyPatch
) -> None:
    roster, context = roster_of(target("Bo Chan")), _arriving()
    telling = roster.telling

    def overtaken(texts: Sequence[Mapping[str, float]]) -> list[bool]:
        told = telling(texts)
        roster.index.add(target("Mirela Osk"))
        roster.refresh()
        return told

    monkeypatch.setattr(roster, "telling", overtaken)
    glance, text = Glance(roster), "The Halvard medal went to Tavel. May was painted in 1874. "
    assert _unsettled(glance, text, context) is not None
    assert glance.noted(text, context) is None


@pytest.mark.parametrize("hidden", ["", " VGhlIGJha2VyeSBpcyBjbG9zZWQgdG9kYXk="])
def test_doing_what_a_skill_is_is_sifted_out(roster_of: Callable[..., Roster], hidden: str) -> None:
    skill = ForgetTarget(id="s", subject="picking locks", kind=TargetKind.SKILL)
    roster = roster_of(skill)
    done = "To pick a lock you need a tension wrench. "
    assert sifted(roster, f"It was cold. {done}Nobody went out.{hidden}") == (True, [done])
    assert sifted(roster, f"It was cold. The lock was new. Nobody went out.{hidden}") == (False, [])


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
