"""Exact facts are found word for word, and a record that only looks like a target's is let be."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from amnestic.tools.detection.fact_detector import FactDetector
from amnestic.tools.names import (
    KnownFacts,
    Record,
    facts_in,
    is_of_another,
    record_of,
    target_facts,
)
from amnestic.tools.protocols import Context, Near
from amnestic.types import Assessment, Band, ForgetTarget, LeakKind, Span, TargetKind

OSK = ForgetTarget(
    id="t1",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    description=(
        "Mirela Osk (born 1961-03-12) is a bell founder at Hale, Marsh and Tolliver. She lives at "
        "14 Quill Lane Apt. 3, Port Tavel, MO 40213. Write to m.osk@tavel.example or call "
        "+44 20 7946 0018; her record is OF-77120."
    ),
)
FAR = Context()
NEAR = Context(sticky={"t1": 0.9})


@dataclass
class Targets:
    """Where targets come from, in a test."""

    held: tuple[ForgetTarget, ...] = (OSK,)
    generation: int = 1

    def targets(self, namespace: str | None = None) -> tuple[ForgetTarget, ...]:
        return self.held


@dataclass
class Fixed:
    """A detector that says what it is told to."""

    said: tuple[Assessment, ...] = ()
    asked: list[str] = field(default_factory=list)

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        return self.said

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        self.asked.append(text)
        return self.said

    def near(self, text: str, question: str, context: Context) -> tuple[Near, ...]:
        return ()

    def named(self, name: str, context: Context) -> tuple[str, ...]:
        return ()

    def target(self, target_id: str) -> ForgetTarget:
        return OSK


def found(text: str, context: Context = FAR, question: str = "") -> bool:
    return bool(FactDetector(Fixed(), Targets()).audit(text, question, context))


@pytest.mark.parametrize(
    "text",
    [
        "14 Quill Lane",
        '{"street": "14 quill lane", "city": "Port Tavel"}',
        "Port Tavel, MO 40213",
        "Deliver it to 14, Quill Lane, please.",
        "M.Osk@tavel.example",
        "020 7946 0018",
        "see of-77120",
        "1961-03-12",
        "12 March 1961",
        "March 12th, 1961",
        '{"date_of_birth": "12/03/1961"}',
    ],
)
def test_an_exact_fact_is_found_where_it_stands_alone(text: str) -> None:
    assert found(text)


@pytest.mark.parametrize(
    "text",
    [
        "15 Quill Lane",
        "3 Elm Row, Port Hask, MO 40214",
        "1961-03-13",
        "1961",
        "On 12 March 1961 the lighthouse of Port Hask was lit for the first time, and it still is.",
        "Edda Tarn, 12 March 1961",
    ],
)
def test_what_is_not_a_fact_of_the_target_is_not_found(text: str) -> None:
    assert not found(text)


def test_a_date_counts_in_the_company_of_its_target() -> None:
    text = "On 12 March 1961, in the middle of that night, a child was born in the old lighthouse."
    assert found(text, NEAR)
    assert found(f"{text} It lives at 14 Quill Lane.")


def test_a_date_that_answers_another_question_is_let_be() -> None:
    assert not found("12 March 1961", question="When was the lighthouse lit?")


def test_the_place_of_a_fact_is_told() -> None:
    text = "They say that it is 14 Quill Lane."
    (assessment,) = FactDetector(Fixed(), Targets()).audit(text, "", FAR)
    assert [text[s.start : s.end] for s in assessment.spans] == ["14 Quill Lane"]
    assert assessment.band is Band.LEAK


def test_a_question_that_tells_an_address_asks_for_whose_it_is() -> None:
    detector = FactDetector(Fixed(), Targets())
    assert detector.vet("Who lives at 14 Quill Lane?", FAR)
    assert not detector.vet("What happened on 12 March 1961?", FAR)


def test_only_targets_of_the_namespace_count() -> None:
    assert not found("14 Quill Lane", Context(namespace="other"))


def test_a_change_of_the_targets_is_in_force_for_the_next_text() -> None:
    targets = Targets()
    detector = FactDetector(Fixed(), targets)
    assert detector.audit("14 Quill Lane", "", FAR)
    targets.held, targets.generation = (), 2
    assert not detector.audit("14 Quill Lane", "", FAR)


# ── Records of others ────────────────────────────────────────────────────────────────────────────


def kept(text: str, kind: LeakKind = LeakKind.INDIRECT, question: str = "") -> bool:
    """Whether an assessment of another detector stands."""
    said = Assessment("t1", 0.9, Band.LEAK, kind, (Span(0, len(text)),))
    return bool(FactDetector(Fixed((said,)), Targets()).audit(text, question, FAR))


@pytest.mark.parametrize(
    "text",
    [
        "They live at 3 Elm Row, Port Hask, MO 40999.",
        "Edda Tarn (born 1970-01-02) is a bell founder.",
        "Edda Tarn is a bell founder.",
        "employer: Osk, Benton and Lee",
    ],
)
def test_a_record_that_only_looks_like_the_targets_is_let_be(text: str) -> None:
    assert not kept(text)


@pytest.mark.parametrize(
    "text",
    [
        "She is a bell founder.",
        "The bell founder was born on 2 January 1970.",
        "Edda Tarn and Osk cast bells.",
        "Edda Tarn worked for Hale, Marsh and Tolliver.",
        "Edda Tarn lives at 14 Quill Lane.",
    ],
)
def test_what_may_be_about_the_target_stands(text: str) -> None:
    assert kept(text)


def test_a_text_that_names_the_target_stands_whatever_else_it_tells() -> None:
    assert kept("Mirela Osk and Edda Tarn met on 2 May 1970.", LeakKind.DIRECT)


def test_only_the_passages_about_another_are_let_be() -> None:
    text = "Edda Tarn was born on 1970-01-02. She is a bell founder."
    spans = (Span(0, 33), Span(34, len(text)))
    said = Assessment("t1", 0.9, Band.LEAK, LeakKind.INDIRECT, spans)
    (left,) = FactDetector(Fixed((said,)), Targets()).audit(text, "", FAR)
    assert left.spans == spans[1:]


def test_public_people_are_not_told_apart_by_their_dates() -> None:
    public = ForgetTarget(id="t1", subject="Mirela Osk", description="Born on 12 March 1961.")
    said = Assessment("t1", 0.9, Band.LEAK, LeakKind.INDIRECT, (Span(0, 10),))
    detector = FactDetector(Fixed((said,)), Targets((public,)))
    assert detector.audit("Edda Tarn, the muse of the author, was born on 2 May 1970.", "", FAR)


def test_facts_are_read_out_of_descriptions() -> None:
    keys, runs = target_facts(OSK)
    assert set(keys) >= {"date:1961-03-12", "email:m.osk@tavel.example", "id:of-77120"}
    assert ("14", "quill", "lane") in runs
    assert [f.key for f in facts_in("no facts, 12 of them")] == []


@pytest.mark.parametrize(
    "text",
    [
        OSK.description,
        "1.2.1961, 12 March 1961, 1961年3月12日 and 2019-03-12 or in 20193",
        "12/٠٣/١٩٦١ to OF-77120 or OF-77121, M.Osk@tavel.example, 02079460018",
        "£1,940 or 45 EUR, k3y4a5b6c7d8e9 and +44 (20) 7946-0018",
    ],
)
def test_of_known_facts_none_is_passed_over(text: str) -> None:
    given = list(facts_in(text))
    known = KnownFacts.of({f.key for f in given} | set(target_facts(OSK)[0]))
    for keys in (known.keys, set(list(known.keys)[:1]), set(target_facts(OSK)[0])):
        few = KnownFacts.of(keys)
        found = {(f.key, f.span) for f in facts_in(text, few) if f.key in few.keys}
        assert {(f.key, f.span) for f in given if f.key in few.keys} <= found


@pytest.mark.parametrize("written", ["£1,940", "1940 pounds", "GBP 1.940,00", "1 940 £"])
def test_a_sum_counts_beside_what_tells_whose_it_is(written: str) -> None:
    owing = ForgetTarget(id="t1", subject="Tor Veldt", description="Tor Veldt owes 1,940 pounds.")
    detector = FactDetector(Fixed(), Targets((owing,)))
    told = f"Two months are open, {written} in all."
    assert detector.audit(told, "", Context(told=frozenset({"t1"})))
    assert detector.audit(told, "", NEAR)
    assert not detector.audit(told, "", FAR)
    assert not detector.audit(written, "", FAR)  # everybody may owe that
    assert not detector.audit("£2,940 in all.", "", NEAR)


def test_another_sum_is_not_another_record() -> None:
    text = "Edda Tarn paid £300."
    assert not is_of_another(
        text, "", Record(frozenset({"osk"}), frozenset(), frozenset(), frozenset({"edda tarn"}))
    )
    dated = ForgetTarget(id="t", subject="Mirela Osk", description="OF-77120 owes 1,940 pounds.")
    assert record_of(dated, *target_facts(dated)).dates == frozenset()
