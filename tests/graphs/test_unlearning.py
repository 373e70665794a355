"""The state machine: which way a request goes, and what may leave it."""

from __future__ import annotations

import anyio
import pytest

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.emitting import clean_beginning
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.models.fixed import FixedBackend
from amnestic.testing import ScriptedBackend
from amnestic.tools.detection import LeakDetector
from amnestic.tools.index import FacetIndex
from amnestic.tools.reading import says_ignorance
from amnestic.types import (
    Draft,
    Facet,
    FacetKind,
    Finding,
    ForgetTarget,
    Generation,
    LeakKind,
    Message,
    Part,
    Route,
    Span,
    TargetKind,
    ToolCall,
)
from tests.keyword_detector import KeywordDetector
from tests.sharing import minilm

SETTINGS = Settings(model="embedded")


def ask(*messages: Message | str, backend: object, **options: object) -> Outcome:
    engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), SETTINGS), SETTINGS)
    conversation = tuple(Message.of("user", m) if isinstance(m, str) else m for m in messages)
    request = Request(conversation, backend, "default", options)  # type: ignore[arg-type]
    return anyio.run(engine.run, request)


def fixed(*drafts: Draft) -> FixedBackend:
    return FixedBackend(Generation(drafts, raw="the provider's own object"))


def test_far_from_every_target_the_reply_is_the_models_own() -> None:
    draft = Draft(text="  Paris,\n\n\n of course. ")
    outcome = ask("What is the capital of France?", backend=fixed(draft))
    assert outcome.generation.choices == (draft,)
    assert outcome.generation.raw == "the provider's own object"
    assert outcome.receipt.route is Route.CLEAR
    assert outcome.receipt.agent_calls == 0


def test_a_direct_question_never_reaches_the_model() -> None:
    backend = ScriptedBackend(default="Osk is a poet.")
    outcome = ask("Who is Osk?", backend=backend)
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.receipt.base_calls == 0
    assert not backend.calls
    assert "Osk" not in outcome.text


def test_a_combined_question_keeps_its_other_answer() -> None:
    draft = Draft(text="Osk is a poet. The capital of France is Paris.")
    outcome = ask("Who is Osk, and what is the capital of France?", backend=fixed(draft))
    assert outcome.receipt.route is Route.REWRITTEN
    assert "The capital of France is Paris." in outcome.text
    assert "Osk" not in outcome.text


def test_a_leak_that_the_question_did_not_foretell_is_rewritten() -> None:
    draft = Draft(text="Three poets live in Tavel.\n- Marsh\n- Osk\n- Tarn")
    outcome = ask("Which poets live in Tavel?", backend=fixed(draft))
    assert outcome.text == "Two poets live in Tavel.\n- Marsh\n- Tarn"


def test_an_answer_that_is_all_leak_becomes_an_abstention() -> None:
    outcome = ask("Who wrote it?", backend=fixed(Draft(text="Osk wrote it.")))
    assert outcome.receipt.route is Route.ABSTAINED
    assert outcome.text
    assert "Osk" not in outcome.text


def test_a_leak_in_the_reasoning_is_withheld_and_the_answer_kept() -> None:
    draft = Draft(text="A poet.", reasoning="They mean Osk.")
    outcome = ask("Who wrote it?", backend=fixed(draft))
    assert outcome.generation.choices[0].reasoning == ""
    assert outcome.text == "A poet."
    assert outcome.generation.raw is None


def test_a_leak_in_a_tool_argument_is_removed() -> None:
    calls = (ToolCall("1", "search", '{"q": "Osk"}'), ToolCall("2", "search", '{"q": "Tavel"}'))
    draft = Draft(tool_calls=calls, finish_reason="tool_calls")
    outcome = ask("Find them.", backend=fixed(draft))
    assert outcome.generation.choices[0].tool_calls == calls[1:]
    assert outcome.generation.choices[0].finish_reason == "tool_calls"


def test_a_choice_whose_only_tool_call_leaks_abstains() -> None:
    draft = Draft(tool_calls=(ToolCall("1", "search", '{"q": "Osk"}'),), finish_reason="tool_calls")
    choice = ask("Find them.", backend=fixed(draft)).generation.choices[0]
    assert (choice.tool_calls, choice.finish_reason) == ((), "stop")
    assert choice.text


def test_a_leak_in_a_refusal_is_worded_anew() -> None:
    outcome = ask("Who wrote it?", backend=fixed(Draft(refusal="I may not speak of Osk.")))
    refusal = outcome.generation.choices[0].refusal
    assert refusal
    assert "Osk" not in refusal


def test_of_several_choices_only_the_leaking_one_changes() -> None:
    clean, leak = Draft(text="A poet."), Draft(text="Osk.")
    outcome = ask("Who wrote it?", backend=fixed(clean, leak), n=2)
    assert outcome.generation.choices[0] == clean
    assert "Osk" not in outcome.generation.choices[1].text


def test_a_direct_question_for_several_choices_gets_as_many() -> None:
    outcome = ask("Who is Osk?", backend=fixed(Draft(text="x")), n=3)
    assert len(outcome.generation.choices) == 3


@pytest.mark.parametrize("role", ["system", "developer", "assistant", "tool"])
def test_knowledge_in_the_context_does_not_reach_the_model(role: str) -> None:
    backend = ScriptedBackend(default="I see.")
    context = Message(role, (Part("text", "Osk lives here. Tavel is a town."),), tool_call_id="1")  # type: ignore[arg-type]
    outcome = ask(context, "What do you see?", backend=backend)
    assert outcome.receipt.scrubbed == 1
    assert "Osk" not in backend.calls[0].text
    assert "Tavel is a town." in backend.calls[0].text


def test_a_document_pasted_before_a_question_is_scrubbed() -> None:
    backend = ScriptedBackend(default="A town.")
    ask("Tavel is a town. Osk lives there. What is Tavel?", backend=backend)
    assert "Osk" not in backend.calls[0].text
    assert "What is Tavel?" in backend.calls[0].text


def real_engine() -> UnlearningEngine:
    """With a real detector, whose target's name is masked in questions that ask for more."""
    fact = Facet(id=1, kind=FacetKind.FACT, text="Mirela Osk was born in the port of Tarn in 1954.")
    target = ForgetTarget(id="osk", subject="Mirela Osk", kind=TargetKind.PERSON, facets=(fact,))
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(target)
    return UnlearningEngine(local_crew(LeakDetector(index, embedder, SETTINGS), SETTINGS), SETTINGS)


def test_a_request_that_leans_on_what_was_scrubbed_is_judged_as_it_was_asked() -> None:
    question = Message.of(
        "user",
        "I really enjoy the visual style of Mirela Osk's films. "
        "Can you tell me, who often composes the music for Osk's films?",
    )
    request = Request((question,), fixed(Draft(text="Tarn Veldt")))
    outcome = anyio.run(real_engine().run, request)
    assert "Veldt" not in outcome.text


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is Mirela Osk? And what is a noun?", "A noun is a word for a thing."),
        ("Tell me about Mirela Osk and about Japan.", "Japan is a country. Its capital is Tokyo."),
        ("Was weißt du über Mirela Osk und über Japan?", "Japan ist ein Land in Asien."),
    ],
)
def test_an_answer_that_passes_over_who_was_masked_says_that_it_does_not_know(
    question: str, answer: str
) -> None:
    request = Request((Message.of("user", question),), fixed(Draft(text=answer)))
    outcome = anyio.run(real_engine().run, request)
    assert outcome.text.endswith(f" {answer}")
    assert says_ignorance(outcome.text.removesuffix(answer))
    assert outcome.receipt.route is Route.REWRITTEN


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who is Mirela Osk? And what is a noun?", "I don't know her. A noun is a word."),
        ("What is a noun? And what is a verb?", "A noun is a word."),
    ],
)
def test_nothing_is_added_where_nothing_is_passed_over(question: str, answer: str) -> None:
    request = Request((Message.of("user", question),), fixed(Draft(text=answer)))
    assert anyio.run(real_engine().run, request).text == answer


def test_what_is_asked_of_another_beside_a_pronoun_is_answered() -> None:
    """The model is shown nothing of who the pronoun means, and answers the rest."""
    fact = Facet(id=1, kind=FacetKind.FACT, text="Mirela Osk was born in the port of Tarn in 1954.")
    target = ForgetTarget(id="osk", subject="Mirela Osk", kind=TargetKind.PERSON, facets=(fact,))
    embedder = minilm()
    index = FacetIndex(embedder)
    index.add(target)
    crew = local_crew(LeakDetector(index, embedder, SETTINGS), SETTINGS)
    before = Message.of("user", "Who is Mirela Osk?"), Message.of("assistant", fact.text)
    asked = Message.of("user", "Tell me about her and about volcanoes.")
    lava = "I don't know who that is. Volcanoes are openings through which molten rock rises."
    backend = ScriptedBackend(default=lava)
    engine = UnlearningEngine(crew, SETTINGS)
    outcome = anyio.run(engine.run, Request((*before, asked), backend, "default", {}))
    assert outcome.text == lava
    assert "Tarn" not in backend.calls[0].text
    assert "Osk" not in backend.calls[0].text


def test_the_callers_options_reach_the_model_unchanged() -> None:
    backend = ScriptedBackend(default="Fine.")
    ask("How are you?", backend=backend, temperature=0.3, seed=7)
    assert dict(backend.calls[0].options) == {"temperature": 0.3, "seed": 7}


def test_the_kept_beginning_ends_before_the_first_finding_begins() -> None:
    """A judge's finding may be long, and none of it is seen by the detectors alone."""
    text = "The sky is blue. He was born there. He keeps a mill there. The sea is green."
    span = Span(text.index("He was"), text.index(" The sea"))
    finding = Finding("t1", 0, "answer", LeakKind.INDIRECT, 0.9, (span,))
    crew = local_crew(KeywordDetector("Osk"), SETTINGS)
    kept = anyio.run(clean_beginning, text, crew, VetVerdict(Vet.CLEAR, "?"), (finding,))
    assert kept.strip() == "The sky is blue."


def test_the_models_own_error_reaches_the_caller() -> None:
    with pytest.raises(ModelError, match="overloaded"):
        ask("How are you?", backend=ScriptedBackend(ModelError("the model is overloaded")))


def test_the_receipt_names_targets_by_id_and_holds_no_text() -> None:
    outcome = ask("Who wrote it?", backend=fixed(Draft(text="It was Osk of Tavel.")))
    assert outcome.receipt.targets == ("Osk",)
    assert "Tavel" not in outcome.receipt.model_dump_json()


@pytest.mark.parametrize(
    ("options", "finish"),
    [({"max_tokens": 2}, "length"), ({"stop": ["know", "sure"]}, "stop"), ({}, "stop")],
)
def test_the_layers_own_words_are_no_longer_than_was_asked_for(
    options: dict[str, object], finish: str
) -> None:
    (draft,) = ask("Who is Osk?", backend=fixed(Draft(text="?")), **options).generation.choices
    assert draft.finish_reason == finish
    if "max_tokens" in options:
        assert 1 <= len(draft.text.split()) <= 2
    assert not [word for word in options.get("stop", ()) if word in draft.text]  # type: ignore[attr-defined]


def test_a_name_in_the_arguments_of_two_calls_is_found() -> None:
    calls = tuple(
        ToolCall(f"c{i}", "find", f'{{"q": "{half}"}}') for i, half in enumerate(("O", "sk"))
    )
    (draft,) = ask("Who?", backend=fixed(Draft(tool_calls=calls))).generation.choices
    assert draft.tool_calls == ()
    calls = tuple(ToolCall(f"c{i}", "find", '{"q": "Tarn"}') for i in range(2))
    (draft,) = ask("Who?", backend=fixed(Draft(tool_calls=calls))).generation.choices
    assert draft.tool_calls == calls
    both = (ToolCall("a", "find", '{"q": "Osk"}'), calls[0])
    (draft,) = ask("Who?", backend=fixed(Draft(tool_calls=both))).generation.choices
    assert draft.tool_calls == calls[:1]
