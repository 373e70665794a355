"""A stream says what a plain request says, piece by piece, and no piece before its audit."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from typing import Any

import anyio
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amnestic.agents.contracts import VetVerdict
from amnestic.assembly import local_crew
from amnestic.config import Settings
from amnestic.exceptions import ModelError
from amnestic.graphs.engine import Request, UnlearningEngine
from amnestic.graphs.outcome import Outcome
from amnestic.graphs.streaming import ReviewedStream
from amnestic.models.deltas import collect, deltas_of_generation
from amnestic.models.protocol import Delta
from amnestic.tools.reading import SettledEnds, settled_ends
from amnestic.types import Conversation, Draft, Finding, Generation, Message, Route, ToolCall
from tests.keyword_detector import KeywordDetector
from tests.thoroughness import examples

SETTINGS = Settings(model="embedded")
ENGINE = UnlearningEngine(local_crew(KeywordDetector("Osk", "Tavel"), SETTINGS), SETTINGS)


class Pieced:
    """A model that streams given deltas, and says whether its stream was closed."""

    name = "pieced"

    def __init__(self, deltas: Iterable[Delta], error: Exception | None = None) -> None:
        self.deltas = tuple(deltas)
        self.error = error
        self.closed = False
        self.hold: asyncio.Event | None = None
        self.turns: asyncio.Semaphore | None = None

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        return await collect(self.stream(conversation, options))

    async def stream(
        self, conversation: Conversation, options: Mapping[str, Any]
    ) -> AsyncIterator[Delta]:
        try:
            for delta in self.deltas:
                if self.turns is not None:
                    await self.turns.acquire()
                yield delta
                await asyncio.sleep(0)
            if self.hold is not None:
                await self.hold.wait()
            if self.error is not None:
                raise self.error
        finally:
            self.closed = True


def cut(text: str, sizes: Sequence[int]) -> list[str]:
    pieces, at = [], 0
    for size in sizes:
        pieces.append(text[at : at + size])
        at += size
    return [piece for piece in [*pieces, text[at:]] if piece]


def said(text: str, sizes: Sequence[int] = (), choice: int = 0) -> list[Delta]:
    end = Delta(choice, finish_reason="stop")
    return [*(Delta(choice, "answer", piece) for piece in cut(text, sizes)), end]


def stream_of(question: str, backend: Any, engine: UnlearningEngine = ENGINE) -> ReviewedStream:
    conversation = (Message.of("user", question),)
    return ReviewedStream(lambda emit: engine.run(Request(conversation, backend, emit=emit)))


async def read(stream: ReviewedStream) -> tuple[list[Delta], Outcome]:
    return [delta async for delta in stream], stream.outcome


def streamed(question: str, backend: Any) -> tuple[list[Delta], Outcome]:
    return anyio.run(lambda: read(stream_of(question, backend)))


def plain(question: str, backend: Any) -> Outcome:
    return anyio.run(ENGINE.run, Request((Message.of("user", question),), backend))


def answer_in(deltas: Iterable[Delta], choice: int = 0) -> str:
    return "".join(d.text for d in deltas if d.choice == choice and d.channel == "answer")


SENTENCES = (
    "Paris is in France. ", "Osk wrote it. ", "She also lives in Tavel.\n", "Dr. Marsh agrees! ",
    "- one\n", "- Osk\n", "| a | b |\n", "```py\n", "x = 1\n", "```\n", "Well, e.g. this",
    "\n\n", "1. first\n", '{"a": 1}', "何ですか。", "Q: Who? It is late.\n",
    "A: Marsh. He is\n", "```yaml\n", "<p>\n", "a,b\n", "No stop here ",
    "Osk, Marsh and Tarn sing. ",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=8).map("".join)
SIZES = st.lists(st.integers(1, 12), max_size=30)


@settings(max_examples=examples(60), deadline=None)
@given(TEXTS, SIZES, st.sampled_from(["Who wrote it?", "Who is Osk, and what is Paris?"]))
def test_a_stream_tells_no_more_than_the_plain_reply(
    text: str, sizes: list[int], question: str
) -> None:
    """Of a clean answer both are the answer; of a leaking one the stream ends or goes on from what
    was out, and the plain reply is mended as a whole."""
    deltas, outcome = streamed(question, Pieced(said(text, sizes)))
    unstreamed = plain(question, Pieced(said(text)))
    assert answer_in(deltas) == outcome.text
    if not unstreamed.receipt.touched():
        assert answer_in(deltas) == unstreamed.text == text
    assert outcome.receipt.touched() is unstreamed.receipt.touched()
    assert all(word not in answer_in(deltas) + unstreamed.text for word in ("Osk", "Tavel"))


@settings(max_examples=examples(200), deadline=None)
@given(TEXTS, SIZES)
def test_the_settled_ends_do_not_depend_on_how_a_text_arrives(text: str, sizes: list[int]) -> None:
    ends = SettledEnds()
    assert [e for piece in cut(text, sizes) for e in ends.feed(piece)] == settled_ends(text)


def test_a_far_conversation_streams_sentence_by_sentence() -> None:
    arriving = (
        "Paris is in France. I",
        "t is large.\n-",
        " one\n",
        "```\nx. y\n",
        "z\n",
        "```\nDone",
    )
    released = ["Paris is in France.", " It is large.", "\n- one", "\n```\nx. y", "\nz", "\n```"]

    async def go() -> None:
        backend = Pieced([*(Delta(text=piece) for piece in arriving), Delta(finish_reason="stop")])
        backend.turns = asyncio.Semaphore(1)
        stream = stream_of("Where is Paris?", backend)
        for piece in released:  # the model goes on only when what it said before is out
            backend.turns.release()
            assert (await anext(stream)).text == piece
        backend.turns.release()
        rest, outcome = await read(stream)
        assert [delta.text for delta in rest] == ["\nDone", ""]
        assert outcome.receipt.route is Route.CLEAR

    anyio.run(go)


def test_every_piece_was_audited_before_it_was_given() -> None:
    passed: list[str] = []

    class Noting(KeywordDetector):
        def audit(self, text: str, question: str, context: Any) -> Any:
            passed.append(text)
            return super().audit(text, question, context)

    async def go() -> None:
        engine = UnlearningEngine(local_crew(Noting("Osk"), SETTINGS), SETTINGS)
        out = ""
        text = "Paris is in France. It is large. It is old. Yes"
        async for delta in stream_of("Where?", Pieced(said(text, [3] * 20)), engine):
            out += delta.text
            assert out in passed

    anyio.run(go)


def test_a_conversation_near_a_target_is_held_until_the_whole_has_passed() -> None:
    text = "Paris is in France. It is large."
    question = "Who is Osk, and where is Paris?"
    deltas, outcome = streamed(question, Pieced(said(text, [4] * 20)))
    assert [d.text for d in deltas if d.text] == [text]
    assert outcome.receipt.route is Route.PASSED


def test_json_is_held_whole() -> None:
    text = '{\n"a": "Paris. It is large.",\n"b": "Osk"\n}'
    deltas, outcome = streamed("Where?", Pieced(said(text, [4] * 20)))
    assert [d.text for d in deltas if d.text] == [outcome.text]
    assert "Osk" not in json.dumps(json.loads(outcome.text))


def test_a_tool_call_is_held_until_it_is_whole_and_a_leaking_one_never_comes() -> None:
    calls = [
        Delta(channel="tool_call:0", text='{"q": ', tool_call_id="a", tool_name="find"),
        Delta(channel="tool_call:0", text='"Osk"}'),
        Delta(channel="tool_call:1", text='{"q": "Pa', tool_call_id="b", tool_name="find"),
        Delta(channel="tool_call:1", text='ris"}'),
        Delta(finish_reason="tool_calls"),
    ]
    deltas, outcome = streamed("Find both.", Pieced(calls))
    assert [(d.text, d.tool_call_id) for d in deltas if d.text] == [('{"q": "Paris"}', "b")]
    assert outcome.generation.choices[0].tool_calls == (ToolCall("b", "find", '{"q": "Paris"}'),)


def test_what_is_thought_is_told_before_the_answer_where_it_passes() -> None:
    thought = [Delta(channel="reasoning", text=text) for text in ("Let me think. ", "It is one")]
    deltas, _ = streamed("Who?", Pieced([*thought, *said("It is one. Osk did it. Yes")]))
    told = [d.channel for d in deltas if d.text]
    assert told == sorted(told, reverse=True)  # thoughts first
    assert "".join(d.text for d in deltas if d.channel == "reasoning") == "Let me think. It is one"
    assert answer_in(deltas) == "It is one. Yes"


def test_a_thought_that_leaks_goes_from_there_on() -> None:
    thought = [Delta(channel="reasoning", text=text) for text in ("Let me think. ", "It is Osk. ")]
    deltas, _ = streamed("Who?", Pieced([*thought, *said("It is one. Yes")]))
    assert "".join(d.text for d in deltas if d.channel == "reasoning") == "Let me think."
    assert answer_in(deltas) == "It is one. Yes"


def test_choices_that_arrive_mixed_are_each_given_right() -> None:
    one, two = (
        said("It is one. It is two. Yes", [5] * 9),
        said("It is three. Osk. No", [4] * 9, choice=1),
    )
    longest = max(len(one), len(two))
    mixed = [d for i in range(longest) for deltas in (one, two) for d in deltas[i : i + 1]]
    deltas, outcome = streamed("Who?", Pieced(mixed))
    assert [answer_in(deltas, n) for n in (0, 1)] == [
        "It is one. It is two. Yes",
        "It is three. No",
    ]
    assert [d.text for d in outcome.generation.choices] == [
        "It is one. It is two. Yes",
        "It is three. No",
    ]


def test_of_several_choices_one_that_cannot_be_mended_leaves_the_others_alone() -> None:
    leak = Draft("Osk.", reasoning="Osk!")
    drafts = (Draft("It is one.", reasoning="Osk?"), leak, Draft("It is three. Osk did it"))
    outcome = plain("Who?", Pieced(deltas_of_generation(Generation(drafts))))
    texts = [d.text for d in outcome.generation.choices]
    assert (texts[0], texts[2]) == ("It is one.", "It is three.")
    assert outcome.generation.choices[0].reasoning == ""
    assert "Osk" not in texts[1]
    assert outcome.receipt.route is Route.ABSTAINED


def test_an_error_of_the_model_in_the_middle_ends_the_stream_with_it() -> None:
    async def go() -> list[Delta]:
        stream = stream_of("Who?", Pieced(said("It is one. Osk"), ModelError("gone")))
        got: list[Delta] = []

        async def gather() -> None:
            async for delta in stream:
                got.append(delta)

        with pytest.raises(ModelError, match="gone"):
            await gather()
        return got

    assert "Osk" not in answer_in(anyio.run(go))


def test_an_auditor_that_fails_in_the_middle_releases_nothing_more() -> None:
    class Failing:
        def __init__(self) -> None:
            self.audits = 0

        async def audit(self, choices: Sequence[Draft], verdict: VetVerdict) -> tuple[Finding, ...]:
            if "Osk" in choices[0].text:
                raise RuntimeError("Osk")
            return ()

    async def go() -> None:
        import dataclasses

        crew = dataclasses.replace(local_crew(KeywordDetector("Osk"), SETTINGS), auditor=Failing())
        engine = UnlearningEngine(crew, SETTINGS)
        deltas, outcome = await read(
            stream_of("Who?", Pieced(said("It is one. It is Osk. It is three.", [3] * 20)), engine)
        )
        assert answer_in(deltas) in ("", "It is one.")
        assert outcome.receipt.route is Route.FAILED

    anyio.run(go)


def test_leaving_early_closes_the_models_stream() -> None:
    async def go() -> None:
        backend = Pieced(said("It is one. It is two. "))
        backend.hold = asyncio.Event()
        async with stream_of("Who?", backend) as stream:
            assert (await anext(stream)).text == "It is one."
        assert backend.closed
        with pytest.raises(asyncio.CancelledError):
            _ = stream.outcome

    anyio.run(go)


def test_an_answer_that_never_ends_is_broken_off() -> None:
    async def go() -> None:
        tight = Settings(model="embedded", max_chars=1_000)
        engine = UnlearningEngine(local_crew(KeywordDetector("Osk"), tight), tight)
        with pytest.raises(ModelError, match="passed 1,000 characters"):
            await read(stream_of("Who?", Pieced(said("word " * 500, [5] * 500)), engine))

    anyio.run(go)


def test_the_outcome_is_not_there_before_the_end() -> None:
    with pytest.raises(RuntimeError, match="has not ended"):
        _ = stream_of("Who?", Pieced(said("A."))).outcome


def test_streams_of_several_threads_do_not_mix() -> None:
    found: dict[int, str] = {}

    def go(i: int) -> None:
        found[i] = answer_in(streamed("Who?", Pieced(said(f"It is {i}. Osk. Yes", [2] * 20)))[0])

    threads = [threading.Thread(target=go, args=(i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {i: f"It is {i}. Yes" for i in range(8)}
