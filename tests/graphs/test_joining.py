"""A name that is cut in two by a limit, a stop word or a prefill is read whole."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from amnestic import Amnesia
from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.graphs.joining import joined_findings
from amnestic.integrations.openai.chat import ChatDialect
from amnestic.integrations.openai.completions import CompletionsDialect
from amnestic.testing import ScriptedBackend
from amnestic.types import Draft, Evidence, Finding, LeakKind, Span
from tests.integrations.openai.upstreams import (
    Saying,
    answered,
    chat_chunk,
    chat_reply,
    streamed,
)

BEGUN = "The ceiling was painted by Ana Mor"
REST = "el. It is large. It is blue."
ASKED = {"role": "user", "content": "Go on, please."}


@pytest.fixture(scope="module")
def layer(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Amnesia]:
    db = tmp_path_factory.mktemp("joining") / "r.db"
    with Amnesia(ScriptedBackend(default=REST), db=db, elicit=False) as amnesia:
        amnesia.forget("Please forget Ana Morel. Ana Morel is a painter.")
        yield amnesia


@pytest.mark.parametrize(
    "messages",
    [
        [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": BEGUN}],
        [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": BEGUN}, ASKED],
        [{"role": "user", "content": f"Complete the sentence: {BEGUN}"}],
    ],
)
def test_an_answer_is_read_with_what_it_goes_on_from(layer: Amnesia, messages: Any) -> None:
    assert not layer.chat(messages).text.startswith("el")
    with layer.stream(messages) as stream:
        assert not "".join(d.text for d in stream).startswith("el")
    body = {"model": "m", "messages": messages}
    chunks = [chat_chunk({"content": p}) for p in ("el. ", "It is large. ", "It is blue.")]
    upstream = Saying(
        lambda b: [*chunks, chat_chunk({}, "stop")] if b.get("stream") else chat_reply(REST)
    )
    assert b'"el' not in answered(layer, ChatDialect(), body, upstream)
    assert b'"el' not in streamed(layer, ChatDialect(), body, upstream)


@pytest.mark.parametrize(("begun", "rest"), [("It was Ana", "Morel."), ("It was Ana ", "Morel.")])
def test_a_name_that_is_cut_between_its_words_is_read_whole(
    layer: Amnesia, begun: str, rest: str
) -> None:
    reply = {"id": "c", "choices": [{"text": rest, "finish_reason": "stop"}]}
    body = {"model": "m", "prompt": begun}
    assert b"Morel" not in answered(layer, CompletionsDialect(), body, Saying(reply))


def test_what_goes_on_from_something_else_is_left_alone(layer: Amnesia) -> None:
    for begun in ("The ceiling was painted by Rapha", "The ceiling of Ana's house was pan"):
        messages = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": begun}]
        assert layer.chat(messages).text == REST


class _Auditing:
    """An auditor that finds what it is told to, over the whole of a text."""

    def __init__(self, kind: LeakKind, *evidence: Evidence) -> None:
        self.kind, self.evidence = kind, evidence

    async def audit(self, choices: Any, verdict: Any) -> tuple[Finding, ...]:
        assert verdict.context.bulk  # nothing is embedded for a joint far from every target
        return tuple(
            Finding("t-1", i, "text", self.kind, 0.9, (Span(0, len(draft.text)),), self.evidence)
            for i, draft in enumerate(choices)
        )


@pytest.mark.parametrize(
    ("kind", "evidence", "counts"),
    [
        (LeakKind.DIRECT, (), True),
        (LeakKind.INDIRECT, (Evidence("exact_facts", 1.0),), True),
        (LeakKind.INDIRECT, (Evidence("cos_max", 0.6),), False),
        (LeakKind.ENTANGLED, (Evidence("cos_max", 0.6),), False),
    ],
)
def test_what_only_means_a_target_is_not_joined(
    kind: LeakKind, evidence: tuple[Evidence, ...], counts: bool
) -> None:
    """The end of a question that is no sentence is near what it asks for, and the answer that
    begins behind it is another's."""
    verdict = VetVerdict(Vet.CLEAR, "", begun=("five great painters of that city please",))
    auditor: Any = _Auditing(kind, *evidence)
    found = asyncio.run(joined_findings(auditor, (Draft(text="Here they are"),), verdict))
    assert bool(found) is counts
