"""Whom the attributor is asked of, how often, and what its word does within the detector."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

import pytest

from amnestic.config import Settings
from amnestic.exceptions import ConfigurationError, RetrievalError
from amnestic.tools.detection.attribution import Passage, Word
from amnestic.tools.detection.calibration import Thresholds
from amnestic.tools.detection.detector import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context, Drafts, Told
from amnestic.types import Assessment, Band, Facet, FacetKind, ForgetTarget, Identifier, Policy
from tests.sharing import minilm

OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind="person",
    description="Mirela Osk is a novelist who writes about the sea.",
    aliases=("The Tarn Gull",),
    identifiers=(Identifier(type="email", value="osk@tavel.org"),),
    facets=(
        Facet(kind=FacetKind.FACT, text="Mirela Osk wrote The Glass Harbour.", id=1),
        Facet(kind=FacetKind.FACT, text="Osk lived in a lighthouse on the island of Brenn.", id=2),
        Facet(kind=FacetKind.FACT, text="Her novel Salt Winter won the Orlo Prize.", id=3),
        Facet(kind=FacetKind.FACT, text="She was born in the port of Tarn in 1954.", id=4),
    ),
)
ASKED = "Who came from the coast?"
VEY = "Tor Vey lived in a lighthouse on Brenn for years and won a prize."
BORN = "He was born in 1954 in the port of Tarn, they say."
REPLY = f"Two writers came from the coast. Mirela Osk was the elder. {VEY} {BORN}"
EGGS = "Boil the eggs for eight minutes. Then peel them under cold water."
REPLIED = Context(reply=True)
LIMITS = Thresholds(-1.0, 0.5, 3.0)


class Scripted:
    """An attributor that says so of each word, and keeps what it was asked."""

    def __init__(self, told: Callable[[Passage, int], bool] = lambda passage, at: False) -> None:
        self.told = told
        self.calls: list[Sequence[Passage]] = []
        self.limits = LIMITS

    def read(self, passages: Sequence[Passage]) -> list[list[Word]]:
        self.calls.append(passages)
        return [
            [
                Word(m.start(), m.end(), 6.0 if self.told(passage, m.start()) else -6.0)
                for m in re.finditer(r"\w+", passage.text)
            ]
            for passage in passages
        ]


class Broken(Scripted):
    """An attributor that fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def read(self, passages: Sequence[Passage]) -> list[list[Word]]:
        raise self.error


def born(passage: Passage, at: int) -> bool:
    return at >= passage.text.find(BORN)


@pytest.fixture(scope="module")
def index() -> Iterator[FacetIndex]:
    index = FacetIndex(minilm())
    index.add(OSK)
    yield index
    index.close()


def detector(
    index: FacetIndex, attributor: Scripted | None, settings: Settings | None = None
) -> LeakDetector:
    return LeakDetector(index, minilm(), settings or Settings(), attributor=attributor)


def cut_from(*texts: str) -> Context:
    """What a piece of a draft is judged in that has named the target."""
    osk = frozenset({"osk"})
    drafts = Drafts(tuple(Told(text, ASKED) for text in texts), osk)
    return Context(reply=True, told=osk, company=osk, drafts=drafts)


def quoted(found: Sequence[Assessment], text: str) -> set[str]:
    """What is found of a text, but for names."""
    return {text[s.start : s.end].strip() for a in found for s in a.spans if s not in a.named}


def test_a_piece_that_is_told_of_the_target_is_found_whatever_it_shows(index: FacetIndex) -> None:
    assert not quoted(detector(index, None).audit(REPLY, ASKED, REPLIED), REPLY)
    found = detector(index, Scripted(born)).audit(REPLY, ASKED, REPLIED)
    assert quoted(found, REPLY) == {BORN}
    assert any(e.name == "attributed" for a in found for e in a.evidence)


def test_a_piece_of_a_draft_is_told_of_whom_the_draft_tells_it_of(index: FacetIndex) -> None:
    context = cut_from(REPLY)
    alone, reader = detector(index, None), detector(index, Scripted(born))
    assert alone.audit(VEY, ASKED, context)
    assert not reader.audit(VEY, ASKED, context)
    assert any(a.band is Band.LEAK for a in reader.audit(BORN, ASKED, context))


def test_a_draft_is_read_once_for_all_its_pieces(index: FacetIndex) -> None:
    attributor = Scripted(born)
    reader = detector(index, attributor)
    reader.audit(REPLY, ASKED, REPLIED)
    context = cut_from(REPLY)
    for left in (VEY, BORN, f"{VEY} {BORN}", REPLY.replace("Mirela Osk was the elder. ", "")):
        reader.audit(left, ASKED, context)
        reader.audit(left, "", context)
    assert [len(passages) for passages in attributor.calls] == [1]


def test_all_targets_of_a_text_are_read_in_one_call(index: FacetIndex) -> None:
    both = FacetIndex(minilm())
    try:
        both.add(OSK)
        both.add(ForgetTarget(id="dahl", subject="Runa Dahl", kind="person"))
        attributor = Scripted()
        detector(both, attributor).audit(f"{REPLY} Runa Dahl was there.", ASKED, REPLIED)
        assert [{p.target.id for p in passages} for passages in attributor.calls] == [
            {"osk", "dahl"}
        ]
    finally:
        both.close()


@pytest.mark.parametrize(
    ("text", "context"),
    [
        (EGGS, REPLIED),
        (
            "Boil the eggs for eight minutes. Then peel them.",
            replace(REPLIED, named=frozenset(["osk"])),
        ),
        ("Boil the eggs for eight minutes. Then peel them.", replace(REPLIED, sticky={"osk": 0.9})),
        (f"{VEY} {BORN}", REPLIED),
        (REPLY, Context()),
        (REPLY, replace(REPLIED, bulk=True)),
    ],
    ids=["far", "far, named before", "far, talked of", "unnamed", "no reply", "bulk"],
)
def test_what_names_no_target_costs_no_reading(
    index: FacetIndex, text: str, context: Context
) -> None:
    attributor = Scripted()
    reader = detector(index, attributor)
    found = reader.audit(text, ASKED, context)
    assert not attributor.calls
    assert found == detector(index, None).audit(text, ASKED, context)


def test_of_whom_the_talk_just_was_is_read_where_something_is_found(index: FacetIndex) -> None:
    attributor = Scripted()
    context = replace(REPLIED, sticky={"osk": 0.7}, named=frozenset({"osk"}), cue="Mirela Osk?")
    detector(index, attributor).audit(f"She came late. {BORN}", "And then?", context)
    ((passage,),) = attributor.calls
    assert passage.before == "Mirela Osk?\nAnd then?"
    assert passage.mentions_before


def test_names_and_identifiers_are_never_cleared(index: FacetIndex) -> None:
    reader = detector(index, Scripted())
    for text in (
        "It was warm in May that year. Mirela Osk lived on Brenn.",
        "It was warm in May that year. The Tarn Gull lived on Brenn.",
        "Mirela Osk came. You can write to osk@tavel.org if you like.",
    ):
        for context in (REPLIED, cut_from(text)):
            before = detector(index, None).audit(text, ASKED, context)
            assert {a.named for a in before} <= {
                a.named for a in reader.audit(text, ASKED, context)
            }
            assert any(a.band is Band.LEAK for a in reader.audit(text, ASKED, context))


HIDDEN = {
    "spelt out": "It is by M i r e l a O s k, who lived in a lighthouse on Brenn.",
    "leet": "L1ghth0use on Br3nn: th3 n0velist w4s b0rn in th3 p0rt of T4rn in 1954.",
    "other letters": "Тhe novelist wаs born in the роrt of Tarn in 1954, they say here.",
    "unseen": "The nov\u200belist was born in the p\u200bort of Tarn in 1954, they say here.",
    "rot13": "Gur abiryvfg jnf obea va gur cbeg bs Gnea va gur lrne 1954, gurl fnl.",
    "German": "Sie wurde 1954 im Hafen von Tarn geboren und lebte in einem Leuchtturm auf Brenn.",
    "Russian": "Она родилась в порту Тарн в 1954 году и жила на маяке острова Бренн.",
    "a word a line": "\n".join("born in the port of Tarn in 1954".split()),
}


@pytest.mark.parametrize("attack", HIDDEN)
def test_what_is_hidden_or_in_another_tongue_is_never_cleared(
    index: FacetIndex, attack: str
) -> None:
    text = HIDDEN[attack]
    context = cut_from(f"Mirela Osk was there. {text}")
    alone, reader = detector(index, None), detector(index, Scripted())
    for asked in ("", "Where was the novelist born?"):
        before = alone.audit(text, asked, context)
        assert {*before} <= {*reader.audit(text, asked, context)}


@pytest.mark.parametrize(
    "text",
    [
        "Мирела Оск (Mirela Osk) была старшей. Её книги продавались во многих странах.",
        "ミレラ・オスクは年上でした。彼女の本は多くの国で売れました。Mirela Osk です。",
    ],
)
def test_what_is_in_a_script_that_it_has_no_words_of_is_not_read(
    index: FacetIndex, text: str
) -> None:
    attributor = Scripted(lambda passage, at: True)
    found = detector(index, attributor).audit(text, ASKED, REPLIED)
    assert found == detector(index, None).audit(text, ASKED, REPLIED) != ()
    assert not attributor.calls


@pytest.mark.parametrize("field", ["persona", "speakers", "called"])
def test_nothing_is_cleared_of_those_whom_a_conversation_calls_otherwise(
    index: FacetIndex, field: str
) -> None:
    context = replace(cut_from(REPLY), **{field: frozenset({"osk"})})
    assert detector(index, None).audit(VEY, ASKED, context)
    assert detector(index, Scripted()).audit(VEY, ASKED, context)
    renamed = replace(cut_from(REPLY), nicknames={"osk": ("Bluebird",)})
    assert detector(index, Scripted()).audit(VEY, ASKED, renamed)


def test_of_what_may_still_be_told_of_a_target_it_knows_nothing() -> None:
    index = FacetIndex(minilm())
    try:
        index.add(OSK.model_copy(update={"exceptions": ("where she was born",)}))
        reader = detector(index, Scripted(born))
        assert not quoted(reader.audit(REPLY, ASKED, REPLIED), REPLY)
        assert not reader.audit(VEY, ASKED, cut_from(REPLY))
    finally:
        index.close()


def test_what_may_be_told_of_others_keeps_nothing_of_a_target() -> None:
    index = FacetIndex(minilm())
    try:
        index.add(OSK.model_copy(update={"exceptions": ("the other painters",)}))
        reader = detector(index, Scripted(born))
        assert quoted(reader.audit(REPLY, ASKED, REPLIED), REPLY)
    finally:
        index.close()


def test_a_name_that_stands_everywhere_takes_no_longer_for_each_piece(index: FacetIndex) -> None:
    attributor = Scripted(lambda passage, at: True)
    text = "Mirela Osk left. He came back in May then. " * 4_600
    found = detector(index, attributor).audit(text, ASKED, REPLIED)
    assert any(a.named for a in found)
    assert sum(len(p.text) for passages in attributor.calls for p in passages) <= 6_000


def test_under_strict_nothing_is_cleared(index: FacetIndex) -> None:
    strict = Settings(policy=Policy.STRICT)
    context = cut_from(REPLY)
    found = detector(index, Scripted(), strict).audit(VEY, ASKED, context)
    assert found == detector(index, None, strict).audit(VEY, ASKED, context) != ()


def test_records_of_json_are_no_sentences(index: FacetIndex) -> None:
    osk = {"name": "Mirela Osk", "told": "She came. She left."}
    vey = {"name": "Tor Vey", "told": "He came. He left."}
    rows, left = json.dumps([osk, vey]), json.dumps([vey])
    attributor = Scripted(lambda passage, at: True)
    reader = detector(index, attributor)
    assert reader.audit(rows, ASKED, REPLIED) == detector(index, None).audit(rows, ASKED, REPLIED)
    for text in (left, "Tor Vey", "name"):
        assert not reader.audit(text, ASKED, cut_from(rows))
    assert not attributor.calls
    assert reader.audit(f"Here: {rows}", ASKED, REPLIED)
    assert attributor.calls


def test_where_a_session_may_be_told_nothing_more_nothing_is_cleared(index: FacetIndex) -> None:
    reader = detector(index, Scripted())
    context = cut_from(REPLY)
    assert not reader.audit(VEY, ASKED, replace(context, sticky={"osk": 0.9}))
    assert reader.audit(VEY, ASKED, replace(context, sticky={"osk": 1.0}))


def test_one_that_fails_leaves_what_is_found_without_it(
    index: FacetIndex, caplog: pytest.LogCaptureFixture
) -> None:
    broken = detector(index, Broken(RetrievalError("the attributor failed to run")))
    with caplog.at_level(logging.WARNING, "amnestic"):
        for text, context in ((REPLY, REPLIED), (VEY, cut_from(REPLY))):
            assert broken.audit(text, ASKED, context) == detector(index, None).audit(
                text, ASKED, context
            )
    assert "attributor failed" in caplog.text
    assert "Osk" not in caplog.text


def test_a_damaged_one_lets_nothing_pass(index: FacetIndex) -> None:
    damaged = detector(index, Broken(ConfigurationError("no attributor; install Amnestic again")))
    with pytest.raises(ConfigurationError):
        damaged.audit(REPLY, ASKED, REPLIED)


def test_of_a_very_long_text_what_stands_about_the_names_is_read(index: FacetIndex) -> None:
    attributor = Scripted(lambda passage, at: True)
    filler = "The weather on the coast was mild that year. " * 2_200
    text = f"{filler}{REPLY} {filler}"
    assert len(text) > 190_000
    found = detector(index, attributor).audit(text, ASKED, REPLIED)
    assert sum(len(p.text) for passages in attributor.calls for p in passages) <= 6_000
    assert BORN in quoted(found, text)


def test_a_rewritten_piece_that_no_draft_holds_is_judged_by_itself(index: FacetIndex) -> None:
    attributor = Scripted()
    context = cut_from("Mirela Osk was there. Nobody else came.")
    found = detector(index, attributor).audit(VEY, ASKED, context)
    assert found == detector(index, None).audit(VEY, ASKED, context) != ()


def test_beside_drafts_that_were_no_replies_each_text_is_read_by_itself(index: FacetIndex) -> None:
    attributor = Scripted(born)
    reader, context = detector(index, attributor), cut_from()
    for text in (REPLY.replace(VEY, "The town has a school."), REPLY):
        assert quoted(reader.audit(text, ASKED, context), text) == {BORN}
    assert len(attributor.calls) == 2


def test_nothing_of_what_was_read_is_kept_but_numbers(index: FacetIndex) -> None:
    reader = detector(index, Scripted())
    reader.audit(REPLY, ASKED, REPLIED)
    assert reader._attributing is not None
    kept = list(reader._attributing._known.items())
    assert kept
    assert "Vey" not in repr(kept)
    context = cut_from(REPLY)
    reader.audit(VEY, ASKED, context)
    assert "Vey" not in repr(context)
