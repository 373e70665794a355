"""What an identifier in a text is worth: as much as a full name, or evidence beside other signs."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from amnestic.tools.detection import FactDetector, LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.names import identifier_of
from amnestic.tools.protocols import Context
from amnestic.types import Assessment, Band, Facet, FacetKind, ForgetTarget, LeakKind, TargetKind
from tests.sharing import minilm

HERE = Context()
IDENTIFIERS = (
    ("48213-K", "customer no."),
    ("osk@tavel.org", "e-mail"),
    ("+44 20 7946 0018", "phone"),
    ("sk_live_9fQ2xLm47Zp", "API key"),
    ("4711", "PIN"),
    ("12 March 1961", "born"),
)
OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    identifiers=tuple(identifier_of(*each) for each in IDENTIFIERS),
    facets=(Facet(kind=FacetKind.FACT, text="Mirela Osk paints lighthouses.", id=1),),
)
RECORD = ForgetTarget(
    id="record",
    subject="INV/2023/0815",
    kind=TargetKind.RECORD,
    identifiers=(identifier_of("INV/2023/0815", "invoice"),),
    facets=(Facet(kind=FacetKind.FACT, text="INV/2023/0815 is an invoice.", id=2),),
)
Audit = Callable[..., tuple[Assessment, ...]]


@pytest.fixture(scope="module")
def index() -> Iterator[FacetIndex]:
    embedder = minilm()
    index = FacetIndex(embedder)
    for target in (OSK, RECORD):
        index.add(target, embedder.embed([facet.text for facet in target.facets]))
    yield index
    index.close()


@pytest.fixture(scope="module")
def detector(index: FacetIndex) -> LeakDetector:
    return LeakDetector(index, minilm())


def leaks(found: tuple[Assessment, ...]) -> list[str]:
    return [a.target_id for a in found if a.band is Band.LEAK]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("The parcel for 48213-K is late.", "48213-K"),
        ("Please write to OSK+shop@tavel.org.", "OSK+shop@tavel.org"),
        ("Reach them on 020 7946 0018 after six.", "020 7946 0018"),
        ("Authorization: Bearer sk_live_9fQ2xLm47Zp", "sk_live_9fQ2xLm47Zp"),
        ("Die Kundin 48213 K hat noch nicht gezahlt.", "48213 K"),
    ],
)
def test_a_strong_identifier_is_a_direct_leak_where_it_stands(
    detector: LeakDetector, text: str, written: str
) -> None:
    for found in (detector.audit(text, "", HERE), detector.vet(text, HERE)):
        (assessment,) = found
        assert (assessment.target_id, assessment.kind) == ("osk", LeakKind.DIRECT)
        assert assessment.band is Band.LEAK
        assert written in [text[s.start : s.end] for s in assessment.named]


def test_a_long_text_is_cut_where_the_identifier_stands(detector: LeakDetector) -> None:
    before, after = "The harbour was quiet all morning. " * 30, " The boats came back at noon." * 30
    text = f"{before}They asked for 48213-K twice.{after}"
    (assessment,) = detector.audit(text, "", HERE)
    assert [text[s.start : s.end] for s in assessment.spans] == ["48213-K"]


def test_an_identifier_over_two_lines_is_found_in_both(detector: LeakDetector) -> None:
    text = "The key is sk_live_9fQ2x\nLm47Zp, they say. It works well enough for the time being."
    (assessment,) = detector.audit(text, "", HERE)
    assert [text[s.start : s.end] for s in assessment.named] == ["sk_live_9fQ2x\nLm47Zp"]


@pytest.mark.parametrize(
    "text",
    [
        "The invoice of 148213-K is late.",
        "Please write to osk@tavel.org.uk.",
        "Reach them on 020 7946 0019 after six.",
        "There were 4711 visitors at the museum on that day.",
        "The lighthouse was lit for the first time on 12 March 1961, in fog and rain, by night.",
    ],
)
def test_a_neighbour_is_no_leak(detector: LeakDetector, text: str) -> None:
    assert leaks(detector.audit(text, "", HERE)) == []


@pytest.mark.parametrize(
    ("text", "question", "context"),
    [
        ("The PIN is 4711.", "", HERE),
        ("Osk uses 4711 for everything.", "", HERE),
        ("Osk, 1961-03-12", "", HERE),
        ("It is 4711, and no other.", "What does Mirela Osk type at the door?", HERE),
        ("It is 4711, and no other.", "", Context(company=frozenset({"osk"}))),
        ("It is 4711, and no other.", "", Context(sticky={"osk": 0.7})),
    ],
)
def test_a_weak_identifier_counts_beside_its_label_or_its_target(
    detector: LeakDetector, text: str, question: str, context: Context
) -> None:
    assert leaks(detector.audit(text, question, context)) == ["osk"]


def test_a_weak_identifier_far_from_its_target_is_let_be(detector: LeakDetector) -> None:
    between = "The museum shows ships of all ages. It is open on most days. Entry is free. "
    text = f"Osk lives there. {between}There were 4711 visitors on that day."
    assert "4711" not in [
        text[s.start : s.end] for a in detector.audit(text, "", HERE) for s in a.named
    ]
    near = "Osk lives there. On the door one types 4711, as far as I know. " + between
    assert "4711" in [
        near[s.start : s.end] for a in detector.audit(near, "", HERE) for s in a.named
    ]


def test_company_is_part_of_what_a_verdict_is_kept_by(detector: LeakDetector) -> None:
    text = "It is 4711 then."
    assert leaks(detector.audit(text, "", HERE)) == []
    assert leaks(detector.audit(text, "", Context(company=frozenset({"osk"})))) == ["osk"]
    assert leaks(detector.audit(text, "", HERE)) == []


def test_a_record_is_found_by_its_identifier_in_every_form_and_by_no_words_of_it(
    detector: LeakDetector,
) -> None:
    assert leaks(detector.audit("See inv-2023-0815 for it.", "", HERE)) == ["record"]
    assert (
        leaks(detector.audit("In 2023 there were 0815 jokes about the inv. team.", "", HERE)) == []
    )
    assert detector.named("INV 2023 0815", HERE) == ("record",)


def test_another_namespace_does_not_know_it(detector: LeakDetector) -> None:
    assert detector.audit("48213-K", "", Context("another")) == ()


def test_what_is_typed_is_matched_as_its_type_by_the_facts_too(
    index: FacetIndex, detector: LeakDetector
) -> None:
    told = "Mirela Osk, phone: +44 20 7946 0018."
    target = OSK.model_copy(update={"description": told})
    both = FactDetector(detector, _Held((target,)))
    assert leaks(both.audit("Call +1 207 946 0018.", "", HERE)) == []
    assert leaks(both.audit("Call +44 20 7946 0018.", "", HERE)) == ["osk"]


class _Held:
    """Targets in force, in a test."""

    generation = 1

    def __init__(self, held: tuple[ForgetTarget, ...]) -> None:
        self._held = held

    def targets(self, namespace: str | None = None) -> tuple[ForgetTarget, ...]:
        return self._held


def test_a_question_in_one_conversation_says_nothing_of_the_same_words_in_another(
    index: FacetIndex,
) -> None:
    detector = LeakDetector(index, minilm())
    question, about = "Does 4711 open it?", Context(sticky={"osk": 1.0})
    for _ in range(2):  # whichever is read first
        assert leaks(detector.vet(question, HERE)) == []
        assert leaks(detector.vet(question, about)) == ["osk"]
    beside = LeakDetector(index, minilm())
    assert leaks(beside.vet(question, about)) == ["osk"]
    assert leaks(beside.vet(question, HERE)) == []
