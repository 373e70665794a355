"""Texts that name nobody are found by whom a model says they are about."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pytest

from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Ask, Named, Vet, VetVerdict
from amnestic.agents.identifier import Identification
from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import (
    Conversation,
    Draft,
    Facet,
    FacetKind,
    Finding,
    ForgetTarget,
    Generation,
    LeakKind,
    Policy,
    Span,
    TargetKind,
)
from tests.sharing import minilm

pytestmark = pytest.mark.anyio
QUESTION = "Which new operas are worth hearing in Corvane?"
ALLUSION = "Go to the one in which time is kept by grains of white crystal."
FAR = "Take the night train and bring a coat."


def target(subject: str, kind: TargetKind, facts: Sequence[str], *spared: str) -> ForgetTarget:
    first = sum(map(ord, subject)) * 100
    facets = tuple(Facet(kind=FacetKind.FACT, text=t, id=first + i) for i, t in enumerate(facts))
    return ForgetTarget(
        id=subject, subject=subject, kind=kind, description=facts[0], facets=facets,
        exceptions=spared,
    )  # fmt: skip


ILVASTI = target(
    "Maren Ilvasti",
    TargetKind.PERSON,
    [
        "Maren Ilvasti is a composer of operas from Orrevik.",
        "Her opera The Salt Clock is given at the opera house of Corvane.",
    ],
)
VELD = target(
    "Ruben Veldkamp",
    TargetKind.PERSON,
    [
        "Ruben Veldkamp is an architect of lighthouses.",
        "Ruben Veldkamp was divorced in 1999 after a quarrel over a yacht.",
    ],
    "his lighthouses",
)


@dataclass
class Played:
    """An identifier that names what it is told to, and keeps what it was asked."""

    named: Named | None
    asked: list[tuple[str, str, str, Ask | None]] = field(default_factory=list)

    async def identify(
        self, question: str, draft: str = "", cue: str = "", ask: Ask | None = None
    ) -> Named | None:
        self.asked.append((question, draft, cue, ask))
        return self.named


@pytest.fixture(scope="module")
def detector() -> Iterator[LeakDetector]:
    embedder = minilm()
    index = FacetIndex(embedder)
    for one in (ILVASTI, VELD):
        index.add(one)
    yield LeakDetector(index, embedder, Settings())
    index.close()


async def audited(
    detector: LeakDetector,
    model: Played,
    choices: tuple[Draft, ...],
    verdict: VetVerdict,
    ask: Ask | None = None,
) -> tuple[Finding, ...]:
    """What the detectors find, and what the model identifies where they find nothing."""
    findings = await LocalAuditor(detector, Policy.BALANCED).audit(choices, verdict)
    more = await Identification(detector, model).findings(choices, verdict, findings, ask)
    return (*findings, *more)


async def found(
    detector: LeakDetector, model: Played, text: str, question: str = QUESTION, vet: Vet = Vet.CLEAR
) -> tuple[Finding, ...]:
    return await audited(detector, model, (Draft(text=text),), VetVerdict(vet, question))


async def test_a_text_near_a_target_that_names_nobody_is_found_by_what_the_model_names(detector):
    model = Played(Named((), ("The Salt Clock", "Maren Ilvasti")))
    (finding,) = await found(detector, model, f"{FAR} {ALLUSION}", vet=Vet.SUSPECT)
    assert (finding.target_id, finding.kind) == ("Maren Ilvasti", LeakKind.INDIRECT)
    assert [e.name for e in finding.evidence] == ["identified"]
    assert len(model.asked) == 1


async def test_far_from_every_target_no_model_is_asked(detector):
    model = Played(Named((), ("Maren Ilvasti",)))
    assert await found(detector, model, FAR, "How do I get to the coast by rail?") == ()
    assert model.asked == []


async def test_far_from_every_target_a_model_is_asked_where_that_is_wanted(detector):
    model = Played(Named((), ("Maren Ilvasti",)))
    identification = Identification(detector, model, always=True)
    verdict = VetVerdict(Vet.CLEAR, "How do I get to the coast by rail?")
    (finding,) = await identification.findings((Draft(text=FAR),), verdict)
    assert finding.target_id == "Maren Ilvasti"
    assert identification.is_near(FAR, verdict)
    assert await identification.findings((Draft(text="I don't know."),), verdict) == ()
    assert len(model.asked) == 1


async def test_what_the_audit_has_found_is_not_asked_about(detector):
    model = Played(Named((), ("Maren Ilvasti",)))
    (finding,) = await found(detector, model, "It is by Maren Ilvasti.")
    assert "identified" not in [e.name for e in finding.evidence]
    assert model.asked == []


async def test_saying_that_one_does_not_know_is_not_asked_about(detector):
    model = Played(Named((QUESTION,), ()))
    assert await found(detector, model, "I'm not familiar with that.", vet=Vet.SUSPECT) == ()
    assert model.asked == []


async def test_other_subjects_and_bare_first_names_are_no_finding(detector):
    model = Played(Named((), ("Carmen", "Georges Bizet", "Maren")))
    assert await found(detector, model, ALLUSION, vet=Vet.SUSPECT) == ()
    assert len(model.asked) == 1


async def test_an_answer_that_cannot_be_read_leaves_the_audit_as_it_was(detector):
    assert await found(detector, Played(None), ALLUSION, vet=Vet.SUSPECT) == ()


async def test_a_bare_value_tells_of_whom_the_question_is_about(detector):
    asks = "In which town was the composer of the opera about a clock of salt born?"
    model = Played(Named(("Maren Ilvasti",), ()))
    (finding,) = await found(detector, model, "In a port in the north.", asks, Vet.SUSPECT)
    assert finding.target_id == "Maren Ilvasti"
    other = Played(Named(("Maren Ilvasti",), ("Carmen",)))
    assert await found(detector, other, "Carmen is by Bizet.", asks, Vet.SUSPECT) == ()


@pytest.mark.parametrize(
    ("text", "leaks"),
    [
        ("He is the architect of three lighthouses on that coast.", False),
        ("He was divorced in 1999, after they had quarrelled over a yacht.", True),
    ],
)
async def test_what_is_excepted_is_no_finding_though_it_is_identified(detector, text, leaks):
    named = Named((), ("Ruben Veldkamp",))
    asks = "What do you know of the man in the photograph?"
    verdict = VetVerdict(Vet.SUSPECT, asks)
    identification = Identification(detector, Played(named))
    findings = await identification.findings((Draft(text=text),), verdict)
    assert [f.target_id for f in findings] == (["Ruben Veldkamp"] if leaks else [])


async def test_only_the_passages_that_are_near_are_found(detector):
    told = "Her opera is given at the opera house of Corvane."
    text = f"Bring a coat.\n{told}\nThe night train is cheap."
    model = Played(Named((), ("Maren Ilvasti",)))
    findings = await Identification(detector, model).findings(
        (Draft(text=text),), VetVerdict(Vet.CLEAR, QUESTION)
    )
    pieces = [text[s.start : s.end].strip() for f in findings for s in f.spans]
    assert pieces == [told]


async def test_of_a_long_draft_the_passages_near_a_target_are_shown(detector):
    told = "Her opera is given at the opera house of Corvane."
    beside = "The night train is cheap, and whoever brings a coat and a book sleeps well,"
    rest = [f"{beside} as {number} travellers have written to us." for number in range(2, 60)]
    text = "\n".join([*rest, told, *rest])
    assert len(text) > 12_000
    model = Played(Named((), ("Maren Ilvasti",)))
    findings = await Identification(detector, model).findings(
        (Draft(text=text),), VetVerdict(Vet.CLEAR, QUESTION)
    )
    assert told in model.asked[0][1]
    assert rest[30] not in model.asked[0][1]
    assert len(model.asked[0][1]) <= 12_000
    assert [text[s.start : s.end].strip() for f in findings for s in f.spans] == [told]


async def test_where_all_of_an_answer_may_be_near_all_of_it_is_found(detector):
    asks = "What do you know of the composer of the opera given at the opera house of Corvane?"
    text = "She likes the sea. She grew up by it. Stretch your legs in the interval."
    model = Played(Named((), ("Maren Ilvasti",)))
    (finding,) = await Identification(detector, model).findings(
        (Draft(text=text),), VetVerdict(Vet.CLEAR, asks)
    )
    assert finding.spans == (Span(0, len(text)),)


async def test_each_choice_is_asked_about_once_with_all_its_channels(detector):
    model = Played(Named((), ("Maren Ilvasti",)))
    choices = (Draft(text=ALLUSION, reasoning=ALLUSION), Draft(text=ALLUSION))
    identification = Identification(detector, model)
    findings = await identification.findings(choices, VetVerdict(Vet.SUSPECT, QUESTION))
    assert len(model.asked) == 2
    assert {(f.choice, f.channel) for f in findings} == {
        (i, channel) for i, draft in enumerate(choices) for channel, _ in draft.channels()
    }


async def test_the_turns_before_and_the_base_model_go_along(detector):
    async def ask(conversation: Conversation) -> Generation:
        return Generation((Draft(text="{}"),))

    model = Played(Named())
    verdict = VetVerdict(Vet.SUSPECT, QUESTION, context=Context(cue="And her?"))
    await audited(detector, model, (Draft(text=ALLUSION),), verdict, ask)
    assert model.asked == [(QUESTION, ALLUSION, "And her?", ask)]


async def test_a_name_that_stands_in_the_text_as_the_model_writes_it_is_direct(detector):
    text = "It is by Ilvasti."
    model = Played(Named((), ("Ilvasti",)))
    (finding,) = await Identification(detector, model).findings(
        (Draft(text=text),), VetVerdict(Vet.SUSPECT, QUESTION)
    )
    assert finding.kind is LeakKind.DIRECT
    assert Span(9, 16) in finding.spans
