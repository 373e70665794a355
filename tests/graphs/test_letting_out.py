"""What a caller has said is let out of a first sentence before it is whole, and nothing else is."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import anyio
import pytest

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.fitness import Fitness
from amnestic.agents.second_ask import SecondAsk
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.choices import withdrawn
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.state import State
from amnestic.graphs.streaming import ReviewedStream
from amnestic.models.protocol import Delta
from amnestic.prompts.loader import load_prompts
from amnestic.tools.reading import says_ignorance
from amnestic.types import Conversation, Draft, Generation, Message, Route
from tests.graphs.test_streaming import Pieced
from tests.keyword_detector import KeywordDetector

QUESTION = "What is the highest hill of Tavel?"
_TURNS = 50  # of the event loop, in which an audit that is due has begun
BEGUN = "The highest hill of Tavel is"
LEAKING = f"{BEGUN} Mount Osk. It is 812 m high."
CLEAN = f"{BEGUN} Mount Marsh. It is 812 m high."


class Elsewhere(Pieced):
    """A model behind an API, which says so much, gives everybody else a turn, and fails."""

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        async for delta in super().stream(conversation, options):
            yield delta
        if not self.deltas[-1].finish_reason:
            for _ in range(_TURNS):
                await asyncio.sleep(0)
            raise ModelError("gone")


class Local(Elsewhere):
    """A model that decodes under restriction, and goes on from any beginning in one way."""

    def __init__(self, deltas: Iterable[Delta], goes_on: str | Exception = " Mount Tarn.") -> None:
        super().__init__(deltas)
        self.goes_on = goes_on
        self.begun: list[str] = []

    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        self.begun.append(begun)
        if isinstance(self.goes_on, Exception):
            raise self.goes_on
        return Generation((Draft(text=begun + self.goes_on),))


class Noting:
    """An auditor that notes what it is asked about."""

    def __init__(self, auditor: Any) -> None:
        self.auditor = auditor
        self.texts: list[str] = []

    async def audit(self, choices: Sequence[Draft], verdict: Any) -> Any:
        self.texts.append(choices[0].text)
        return await self.auditor.audit(choices, verdict)


def tokens(text: str) -> list[Delta]:
    """A text as models stream it: a word and what stands before it at a time."""
    pieces = [word if not i else f" {word}" for i, word in enumerate(text.split(" "))]
    return [*(Delta(text=piece) for piece in pieces), Delta(finish_reason="stop")]


def engine_for(detector: KeywordDetector, **settings: Any) -> UnlearningEngine:
    chosen = Settings(model="gguf:any", **settings)
    second = SecondAsk(detector, load_prompts, Fitness())
    return UnlearningEngine(replace(local_crew(detector, chosen), second_ask=second), chosen)


def stream_of(
    model: Any,
    question: str | Conversation = QUESTION,
    engine: UnlearningEngine | None = None,
    **options: Any,
) -> ReviewedStream:
    asked = (Message.of("user", question),) if isinstance(question, str) else question
    used = engine or engine_for(KeywordDetector("Osk"))
    return ReviewedStream(lambda emit: used.run(Request(asked, model, "default", options, emit)))


def read(stream: ReviewedStream) -> tuple[str, Outcome]:
    async def go() -> tuple[str, Outcome]:
        told = [delta.text async for delta in stream if delta.channel == "answer"]
        return "".join(told), stream.outcome

    return anyio.run(go)


def read_behind(begun: str, model: Pieced, **request: Any) -> tuple[str, Outcome]:
    """The whole of a stream whose model says the next word of a beginning when the last is out."""

    async def go() -> tuple[str, Outcome]:
        model.turns = asyncio.Semaphore(0)
        stream, told = stream_of(model, **request), ""
        for _ in begun.split():
            model.turns.release()
            told += (await anext(stream)).text
        assert told == begun
        for _ in model.deltas:
            model.turns.release()
        told += "".join([delta.text async for delta in stream if delta.channel == "answer"])
        return told, stream.outcome

    return anyio.run(go)


def looked_at_before_its_sentence(
    model: Any, question: str | Conversation = QUESTION, **options: Any
) -> str:
    """The most of an answer that an audit was asked about, to let it out, before the sentence was
    whole; it is asked about joints with the question as well."""
    engine = engine_for(KeywordDetector("Osk"))
    noting = Noting(engine.crew.screen)
    noted = UnlearningEngine(replace(engine.crew, screener=noting), Settings(model="gguf:any"))
    with pytest.raises(ModelError, match="gone"):
        read(stream_of(model, question, noted, **options))
    said = "".join(delta.text for delta in model.deltas if delta.channel == "answer")
    return max((text for text in noting.texts if said.startswith(text)), key=len, default="")


def test_each_word_that_was_said_is_out_before_the_next_one_comes() -> None:
    model = Local(tokens(CLEAN))
    text, outcome = read_behind(BEGUN, model)
    assert text == outcome.text == CLEAN
    assert outcome.receipt.route is Route.CLEAR
    assert not model.begun


@pytest.mark.parametrize(
    ("question", "said", "out"),
    [
        (QUESTION, f"{BEGUN} Mount", BEGUN),
        (QUESTION, "Mount Osk", ""),
        ("Give me three hills of Tavel.", "Here are", "Here"),
        ("Give me three hills of Tavel.", "Three hills", ""),
        ("Is there a hill in Tavel?", "Yes there", ""),
        (QUESTION, "Yes", ""),
        ("Is the highest hill of Tavel Mount Marsh?", "Mount Marsh is the highest", ""),
        ("Which is higher, Mount Marsh or Mount Tarn?", "Mount Marsh is", ""),
    ],
)
def test_nothing_that_nobody_said_is_out_before_its_sentence(question, said, out) -> None:
    found = looked_at_before_its_sentence(Local(tokens(said)[:-1]), question)
    assert out.startswith(found)
    assert bool(found) is bool(out)


@pytest.mark.parametrize(
    "options",
    [{"tools": [{}]}, {"response_format": {"type": "json_object"}}, {"n": 2}, {"logprobs": True}],
)
def test_an_answer_of_another_form_is_given_whole_sentences(options) -> None:
    assert looked_at_before_its_sentence(Local(tokens(BEGUN)[:-1]), **options) == ""


def test_nothing_is_begun_that_its_model_cannot_go_on_with() -> None:
    assert looked_at_before_its_sentence(Elsewhere(tokens(BEGUN)[:-1])) == ""


def test_nothing_is_begun_behind_thoughts_or_behind_a_beginning_of_the_callers() -> None:
    thought = Delta(channel="reasoning", text="Hm")
    assert looked_at_before_its_sentence(Local([thought, *tokens(BEGUN)[:-1]])) == ""
    begun = (Message.of("user", QUESTION), Message.of("assistant", "Well,"))
    assert looked_at_before_its_sentence(Local(tokens(BEGUN)[:-1]), begun) == ""


def test_near_a_target_nothing_is_out() -> None:
    said = ("user", "Who is Osk?"), ("assistant", "A poet."), ("user", QUESTION)
    asked = tuple(Message.of(role, text) for role, text in said)
    assert looked_at_before_its_sentence(Local(tokens(BEGUN)[:-1]), asked) == ""


def test_words_that_were_said_apart_do_not_make_a_name() -> None:
    class Joined(KeywordDetector):
        """Finds the two words one behind the other alone."""

    async def go() -> str:
        engine = engine_for(Joined("hill Tavel"))
        text, outcome = "", None
        async with stream_of(Local(tokens("The hill Tavel is. Yes")), engine=engine) as stream:
            async for delta in stream:
                text += delta.text
            outcome = stream.outcome
        assert outcome.text == text
        return text

    assert "hill Tavel" not in anyio.run(go)


def test_a_sentence_that_tells_of_a_target_is_gone_on_with_from_what_is_out() -> None:
    model = Local(tokens(LEAKING))
    text, outcome = read_behind(BEGUN, model)
    assert text == outcome.text == f"{BEGUN} Mount Tarn."
    assert model.begun == [BEGUN]
    assert outcome.receipt.tried == ("again: accepted",)


@pytest.mark.parametrize(
    ("question", "draft", "begun"),
    [
        (QUESTION, f"{BEGUN} Osk.", BEGUN),
        ("Wie heißt der höchste Berg von Tavel?", "Der höchste Berg von Tavel heißt Osk.",
         "Der höchste Berg von Tavel heißt"),
        ("Quelle est la plus haute colline de Tavel ?", "La plus haute colline de Tavel est Osk.",
         "La plus haute colline de Tavel est"),
        ("¿Cuál es la colina de Tavel?", "La colina de Tavel es Osk.", "La colina de Tavel es"),
        ("Как называется гора Тавеля?", "Гора Тавеля Osk.", "Гора Тавеля"),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "goes_on",
    ["", " Osk.", " the hill of Osk.", ModelError("gone")],
    ids=["nothing", "the name", "the name later", "an error"],
)
def test_a_sentence_that_cannot_be_gone_on_with_says_that_it_is_not_known(
    question, draft, begun, goes_on
) -> None:
    text, outcome = read_behind(begun, Local(tokens(draft), goes_on), question=question)
    assert text == outcome.text
    assert text.startswith(f"{begun}… ")
    assert says_ignorance(text.removeprefix(f"{begun}… "))
    assert "Osk" not in text


def test_what_else_the_draft_says_stays_behind_a_sentence_that_was_broken_off() -> None:
    draft = f"{BEGUN} Osk. Rain falls in Tavel in May."
    text, _ = read_behind(BEGUN, Local(tokens(draft), ""))
    assert text.startswith(f"{BEGUN}… ")
    assert text.endswith("Rain falls in Tavel in May.")


def test_an_agent_that_fails_leaves_no_sentence_without_an_end() -> None:
    class Failing:
        async def audit(self, choices: Sequence[Draft], verdict: Any) -> Any:
            if "Osk" in choices[0].text:
                raise RuntimeError("Osk")
            return ()

    detector = KeywordDetector("Osk")
    engine = engine_for(detector)
    crew = replace(engine.crew, auditor=Failing())
    failing = UnlearningEngine(crew, Settings(model="gguf:any"))
    text, outcome = read_behind(BEGUN, Local(tokens(LEAKING)), engine=failing)
    assert outcome.receipt.route is Route.FAILED
    assert text == outcome.text
    assert text.startswith(f"{BEGUN}… ")
    assert says_ignorance(text)


def test_a_graph_that_fails_leaves_no_sentence_without_an_end(monkeypatch) -> None:
    class Failing:
        async def ainvoke(self, *args: Any, **kwargs: Any) -> Any:
            raise RuntimeError("Osk")

    engine = engine_for(KeywordDetector("Osk"))
    monkeypatch.setattr(engine, "_graph", Failing())
    text, outcome = read_behind(BEGUN, Local(tokens(LEAKING)), engine=engine)
    assert outcome.receipt.route is Route.FAILED
    assert text == outcome.text
    assert text.startswith(f"{BEGUN}… ")
    assert says_ignorance(text)


def test_an_answer_that_nobody_mended_is_broken_off_where_it_is_out() -> None:
    state = State(verdict=VetVerdict(Vet.CLEAR, QUESTION), broken_in=BEGUN)
    (told,) = withdrawn((Draft(text=LEAKING),), {0}, state, Draft(text="Who knows?"), {})
    assert told.text.startswith(f"{BEGUN}… ")
    assert says_ignorance(told.text.removeprefix(f"{BEGUN}… "))


def test_what_an_agent_composes_goes_on_from_what_is_out() -> None:
    """A composer that begins anew is not followed: the best candidate is taken as it is."""

    async def compose(*args: Any) -> str:
        return "Nobody knows which hill is the highest."

    async def rewrite(*args: Any) -> tuple[str, ...]:
        return f"{BEGUN} Mount Tarn.", f"{BEGUN} Mount Marsh."

    engine = engine_for(KeywordDetector("Osk"), compose=2, candidates=2)
    crew = replace(
        engine.crew,
        rewriter=SimpleNamespace(rewrite=rewrite),
        composer=SimpleNamespace(compose=compose),
    )
    used = UnlearningEngine(crew, Settings(model="gguf:any", compose=2, candidates=2))
    text, outcome = read_behind(BEGUN, Local(tokens(LEAKING), ""), engine=used)
    assert text == outcome.text
    assert text in (f"{BEGUN} Mount Tarn.", f"{BEGUN} Mount Marsh.")


def test_a_caller_who_left_no_room_gets_what_there_was_room_for() -> None:
    text, outcome = read_behind(BEGUN, Local(tokens(f"{BEGUN} Osk."), ""), max_tokens=6)
    assert text == BEGUN
    assert outcome.generation.choices[0].finish_reason == "length"


def test_a_plain_reply_is_what_it_was() -> None:
    model = Local(tokens(LEAKING), " Mount Tarn.")
    request = Request((Message.of("user", QUESTION),), model)
    model.goes_on = "The highest hill of Tavel is Mount Tarn."
    outcome = asyncio.run(engine_for(KeywordDetector("Osk")).run(request))
    assert outcome.text == "The highest hill of Tavel is Mount Tarn."
    assert model.begun == [""]


@pytest.mark.parametrize("goes_on", ["", " is a song.", " There again."])
def test_a_title_made_of_opening_words_is_not_out_whole(goes_on: str) -> None:
    draft = "There There is a song. Rain falls."
    engine = engine_for(KeywordDetector("There There"))
    model = Local(tokens(draft), goes_on)
    text, outcome = read(stream_of(model, "Name a song of that band.", engine))
    assert text == outcome.text
    assert text.startswith("There")
    assert "There There" not in text
