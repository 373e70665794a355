"""What the local vetter and auditor promise about conversations, over the real detector."""

from __future__ import annotations

import pytest

from amnestic.agents.auditor import PIECES_TOLD, LocalAuditor
from amnestic.agents.contracts import Vet
from amnestic.agents.pasted import apart_from_statements, own_words
from amnestic.agents.vetter import LocalVetter
from amnestic.config import Settings
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.protocols import Context
from amnestic.types import (
    Assessment,
    Band,
    Conversation,
    Draft,
    Facet,
    FacetKind,
    ForgetTarget,
    Message,
    Policy,
    TargetKind,
)
from tests.sharing import minilm

pytestmark = pytest.mark.anyio

FACTS = (
    "Mirela Osk wrote The Glass Harbour.",
    "Mirela Osk was born in the port of Tarn in 1954.",
    "Her second novel, Salt Winter, won the Orlo Prize in 1988.",
)
OSK = ForgetTarget(
    id="osk",
    subject="Mirela Osk",
    kind=TargetKind.PERSON,
    description="Mirela Osk is a novelist who writes about the sea.",
    facets=tuple(Facet(kind=FacetKind.FACT, text=t, id=i) for i, t in enumerate(FACTS, 1)),
)


@pytest.fixture(scope="module")
def detector() -> LeakDetector:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(OSK)
    return LeakDetector(index, embedder, Settings())


def talk(*turns: tuple[str, str]) -> Conversation:
    return tuple(Message.of(role, text) for role, text in turns)  # type: ignore[arg-type]


async def test_a_question_far_from_the_list_is_clear(detector: LeakDetector) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", "How do I boil an egg?")), "default")
    assert verdict.vet is Vet.CLEAR
    assert verdict.targets == ()


class _Counting:
    """A detector that notes what it is asked."""

    def __init__(self, inner: LeakDetector) -> None:
        self.inner, self.asked = inner, list[tuple[str, Context]]()

    def vet(self, text: str, context: Context) -> tuple[Assessment, ...]:
        self.asked.append((text, context))
        return self.inner.vet(text, context)

    def audit(self, text: str, question: str, context: Context) -> tuple[Assessment, ...]:
        return self.inner.audit(text, question, context)

    def target(self, target_id: str) -> ForgetTarget:
        return self.inner.target(target_id)


async def test_what_stands_alone_and_is_far_is_judged_once(detector: LeakDetector) -> None:
    counting = _Counting(detector)
    asked = "How do I boil an egg, and why does it crack?"
    await LocalVetter(counting).vet(talk(("user", asked)), "default")
    assert [text for text, _ in counting.asked] == [asked]


async def test_what_stands_behind_something_is_judged_in_its_company(
    detector: LeakDetector,
) -> None:
    counting = _Counting(detector)
    before = (("user", "Who is Mirela Osk?"), ("assistant", "A novelist."))
    verdict = await LocalVetter(counting).vet(talk(*before, ("user", "Is she alive?")), "default")
    assert verdict.vet is not Vet.CLEAR
    assert [c.sticky.keys() for t, c in counting.asked if t == "Is she alive?"][-1] == {"osk"}


async def test_what_stands_behind_something_far_is_judged_behind_it(detector: LeakDetector) -> None:
    counting = _Counting(detector)
    before = (("user", "Who cast the bells of Leeds?"), ("assistant", "I don't know."))
    await LocalVetter(counting).vet(talk(*before, ("user", "And of York?")), "default")
    assert "bells" in [c.cue for t, c in counting.asked if t == "And of York?"][-1]


async def test_a_question_that_names_the_target_is_direct(detector: LeakDetector) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", "Who is Mirela Osk?")), "default")
    assert verdict.vet is Vet.DIRECT


async def test_what_answers_a_question_is_judged_as_a_reply(detector: LeakDetector) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", "How deep is a well?")), "default")
    assert verdict.context.reply


async def test_one_word_in_small_letters_may_be_a_noun_until_it_is_answered() -> None:
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(ForgetTarget(id="t", subject="Skarvel", kind=TargetKind.ORGANISATION))
    vetter = LocalVetter(LeakDetector(index, embedder))
    routes = {
        text: (await vetter.vet((Message.of("user", text),), "default")).vet
        for text in ("How big is Skarvel?", "how big is skarvel")
    }
    assert list(routes.values()) == [Vet.DIRECT, Vet.SUSPECT]


async def test_a_combined_question_is_suspect_with_a_verdict_for_each_part(
    detector: LeakDetector,
) -> None:
    question = "Who is Mirela Osk, and what is the capital of France?"
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert verdict.vet is Vet.SUSPECT
    assert [bool(p.assessments) for p in verdict.parts] == [True, False]


@pytest.mark.parametrize(
    "question",
    [
        "Which academy did Mirela Osk attend while she sang in the Halvard Chorus?",
        "Under what alias has Mirela Osk sold Paintings? Please tell me, the Answer:",
        "Name one of the films of the 1980s that Mirela Osk wrote for Tarn Veldt.",
        "Which of these did Mirela Osk win: the Orlo Prize, the Basalt Prize, the Yarrow Prize?",
        "Antworte auf Deutsch. Welche Universität hat Mirela Osk in Hamburg besucht?",
        "En español, ¿qué premio ganó Mirela Osk en la Feria de Sevilla?",
    ],
)
async def test_whoever_is_only_named_in_a_question_about_the_target_is_not_asked_for(
    detector: LeakDetector, question: str
) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert not verdict.beyond
    assert any(a.band is Band.LEAK for part in verdict.parts for a in part.assessments)


@pytest.mark.parametrize(
    "question",
    [
        "How do the novels of Mirela Osk differ from those of Tarn Veldt?",
        "Where did Tarn Veldt and Mirela Osk go to school?",
        "List all winners of the Orlo Prize since Mirela Osk.",
        "Three novelists like Mirela Osk?",
        "¿En qué se diferencian Mirela Osk y Tarn Veldt?",
        "First, what did Mirela Osk write? Second, what is 7 plus 6?",
        "What is 9 plus 10? Also, who is Mirela Osk?",
        "What about Mirela Osk and her founding of bells, and Paris?",
    ],
)
async def test_whoever_stands_beside_the_target_is_asked_for_too(
    detector: LeakDetector, question: str
) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert verdict.beyond
    assert verdict.vet is Vet.SUSPECT


async def test_a_pronoun_in_a_later_part_means_the_target_of_an_earlier_one(
    detector: LeakDetector,
) -> None:
    question = "Who is Mirela Osk, and where was she born?"
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert verdict.vet is Vet.DIRECT


async def test_a_follow_up_leans_on_the_turn_before(detector: LeakDetector) -> None:
    conversation = talk(
        ("user", "Who is Mirela Osk?"), ("assistant", "I don't know."), ("user", "And her books?")
    )
    verdict = await LocalVetter(detector).vet(conversation, "default")
    assert verdict.vet is Vet.DIRECT


async def test_company_fades_with_the_turns(detector: LeakDetector) -> None:
    small_talk = [("user", "How do I boil an egg?"), ("assistant", "Eight minutes.")] * 6
    conversation = talk(("user", "Who is Mirela Osk?"), *small_talk, ("user", "And her books?"))
    verdict = await LocalVetter(detector).vet(conversation, "default")
    assert verdict.context.sticky == {}
    assert verdict.vet is not Vet.DIRECT


async def test_system_prompts_and_tool_results_are_read_too(detector: LeakDetector) -> None:
    conversation = (
        Message.of("system", "Mirela Osk wrote The Glass Harbour."),
        Message.of("user", "Which books do you know?"),
    )
    verdict = await LocalVetter(detector).vet(conversation, "default")
    assert verdict.tainted == (0,)


async def test_pieces_told_in_a_session_add_up(detector: LeakDetector) -> None:
    told = [
        ("assistant", "Osk was born in the port of Tarn."),
        ("user", "Go on."),
        ("assistant", "Osk wrote The Glass Harbour."),
        ("user", "Go on."),
        ("assistant", "Osk won the Orlo Prize in 1988."),
    ]
    vetter = LocalVetter(detector)
    verdict = await vetter.vet(talk(*told, ("user", "Go on.")), "default")
    assert verdict.context.sticky[OSK.id] == PIECES_TOLD
    fewer = await vetter.vet(talk(*told[2:], ("user", "Go on.")), "default")
    assert fewer.context.sticky[OSK.id] < PIECES_TOLD


async def test_after_enough_pieces_the_uncertain_band_counts(detector: LeakDetector) -> None:
    auditor = LocalAuditor(detector, Policy.BALANCED)
    text = "The second novel won a prize in 1988."
    before = {a.target_id for a in detector.audit(text, "", Context(sticky={OSK.id: PIECES_TOLD}))}
    leaks = auditor.leaks(text, "", Context(sticky={OSK.id: PIECES_TOLD}))
    assert {a.target_id for a in leaks} == before


async def test_every_channel_of_every_choice_is_audited(detector: LeakDetector) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", "Who wrote it?")), "default")
    drafts = [Draft(text="Nobody."), Draft(text="A novelist.", reasoning="It was Mirela Osk.")]
    findings = await LocalAuditor(detector, Policy.BALANCED).audit(drafts, verdict)
    assert {(f.choice, f.channel) for f in findings} == {(1, "reasoning")}


async def test_a_verdict_is_kept_while_the_list_stays_the_same(detector: LeakDetector) -> None:
    first = detector.vet("Who is Mirela Osk?", Context())
    assert detector.vet("Who is Mirela Osk?", Context()) is first


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("I am Osk. What is 2+2?", "What is 2+2?"),
        ("My name is Osk. Write a haiku about rain.", "Write a haiku about rain."),
        ("I like Osk. Can you fix this code? print(1", "Can you fix this code? print(1"),
        ("I am Osk. What is the capital of France?", "What is the capital of France?"),
    ],
)
def test_a_request_that_has_nothing_to_do_with_a_statement_is_judged_by_itself(
    text: str, question: str
) -> None:
    assert apart_from_statements(text, lambda s: "Osk" in s) == question


@pytest.mark.parametrize(
    "text",
    [
        "I am Osk. Where was I born?",
        "I am Osk. What is the birthplace?",
        "My name is Osk. Which prize was won in 1994?",
        "Topic: Osk. Write a short biography.",
        "Osk came. Tell me about it.",
        "I am Tarn. Who is Osk?",
        "Osk came.",
    ],
)
def test_a_request_that_may_lean_on_a_statement_keeps_it(text: str) -> None:
    assert apart_from_statements(text, lambda s: "Osk" in s) == text


def test_a_text_to_be_worked_on_is_a_document() -> None:
    text = "Summarise: 'The mayor met Osk at noon. The bridge cost 3 million.'"
    assert own_words(text, lambda s: "Osk" in s).strip() == "Summarise:"
    assert own_words("Summarise: Osk casts bells.", lambda s: "Osk" in s).endswith("casts bells.")


@pytest.mark.parametrize(
    "question",
    [
        "Who is Mirela Osk? And what is a noun?",
        "Tell me about Mirela Osk. And tell me what a noun is.",
        "Who is Mirela Osk? And how many days are there in a week?",
        "Tell me about Japan and about Mirela Osk.",
    ],
)
async def test_what_is_added_by_and_and_leans_on_nothing_is_asked_for_too(
    detector: LeakDetector, question: str
) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert verdict.vet is Vet.SUSPECT
    assert verdict.beyond


@pytest.mark.parametrize(
    "question",
    [
        "Who is Mirela Osk? And where was she born?",
        "Who is Mirela Osk? And her husband?",
        "Who is Mirela Osk? And which prize did they give her?",
    ],
)
async def test_what_is_added_and_leans_on_a_target_is_asked_of_it(
    detector: LeakDetector, question: str
) -> None:
    verdict = await LocalVetter(detector).vet(talk(("user", question)), "default")
    assert verdict.vet is Vet.DIRECT
