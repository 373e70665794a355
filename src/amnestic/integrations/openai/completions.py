"""The old completions endpoint: a text channel like any other, so it is guarded like one."""

from __future__ import annotations

import time
from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from amnestic.conversation import parse_conversation
from amnestic.exceptions import InvalidRequestError, ModelError, UnsupportedContentError
from amnestic.integrations.openai.chat_speaker import usage_of
from amnestic.integrations.openai.chunks import (
    Beside,
    choice_count,
    chunks,
    finish_in,
    generation_in,
    likelihoods_in,
    logprobs_in,
    place_in,
    take_options,
)
from amnestic.integrations.openai.counts import counted_in
from amnestic.integrations.openai.dialect import (
    Counted,
    Head,
    Json,
    fields_around,
    head_told,
    in_front,
    put_around,
)
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import DONE, Event, event_bytes, like_id
from amnestic.models.protocol import Delta
from amnestic.models.values import likelihood_texts, likelihoods_of, strings_in, words_beside
from amnestic.types import Conversation, Draft, Generation, Message

__all__ = ["CompletionsDialect"]

_HEAD = ("id", "created", "model", "system_fingerprint")
_TALK = ("prompt", "suffix")
_OPTIONS = "frequency_penalty max_tokens n presence_penalty seed stop temperature top_p".split()


class CompletionsDialect:
    """`POST /completions`, with one prompt that is text."""

    path = "/completions"
    echoed = ()

    def conversation(self, body: Json, max_chars: int) -> Conversation:
        """The prompt, and the suffix where there is one, as what a user says."""
        choice_count(body)
        prompt = _prompt(body)
        suffix = body.get("suffix")
        if suffix is not None and not isinstance(suffix, str):
            raise InvalidRequestError("'suffix' must be a string")
        if body.get("echo"):
            raise UnsupportedContentError("'echo' cannot be served; put the prompt first yourself")
        if body.get("best_of") not in (None, 1):
            raise UnsupportedContentError("'best_of' cannot be served; use 'n'")
        told = [Message.of("user", prompt), *([Message.of("system", suffix)] if suffix else [])]
        return parse_conversation(told, max_chars=max_chars)

    def options(self, body: Json) -> Json:
        """The sampling parameters of a request."""
        return take_options(body, _OPTIONS)

    def edited(self, body: Json, before: Conversation, after: Conversation) -> Json:
        """The request with the prompt that the scrubber left."""
        head = in_front(before, after)
        if head is None:
            alone = {key: value for key, value in body.items() if key != "suffix"}
            return {**alone, "prompt": "\n\n".join(message.text for message in after)}
        prompt, *suffix = after[len(head) :]
        edited = {**body, "prompt": "\n\n".join(m.text for m in (*head, prompt))}
        return {**edited, "suffix": suffix[0].text} if suffix else edited

    def around(self, body: Json) -> Json:
        """The fields of a request around its conversation."""
        return fields_around(body, _TALK)

    def within(self, body: Json, around: Json) -> Json:
        """The request with other fields around its conversation."""
        return put_around(body, around, _TALK)

    def schema(self, body: Json) -> Json | None:
        """None: this endpoint knows no structured output."""
        return None

    def generation(self, reply: Json, asked: Json | None = None) -> Generation:
        """The choices of a reply."""
        return generation_in(reply, _draft)

    async def deltas(
        self, events: AsyncIterable[Event], seen: dict[str, Any], asked: Json | None = None
    ) -> AsyncIterator[Delta]:
        """The chunks of a streamed reply."""
        beside = Beside()
        async for chunk in chunks(events, seen, _HEAD):
            head = strings_in({k: chunk[k] for k in chunk if k != "choices"}, keys=True)
            for delta in beside.told(0, head):
                yield delta
            for choice in chunk.get("choices") or ():
                draft, n = _draft({**choice, "logprobs": None}), place_in(choice)
                for delta in beside.told(n, draft.beside.splitlines()):
                    yield delta
                rest = {key: value for key, value in choice.items() if key != "logprobs"}
                for delta in beside.sliced(n, rest, {draft.text}):
                    yield delta
                yield Delta(n, "answer", draft.text)
                if choice.get("finish_reason"):
                    yield Delta(n, finish_reason=draft.finish_reason)
        for delta in beside.joined():
            yield delta
        for n, pieces in likelihoods_in(seen):
            for delta in beside.told(n, likelihoods_of(pieces)):
                yield delta

    def reply(self, generation: Generation, body: Json, like: Json, before: Json | None) -> Json:
        """A completion."""
        choices = [
            {"index": i, "text": d.text, "logprobs": None, "finish_reason": d.finish_reason}
            for i, d in enumerate(generation.choices)
        ]
        own = {key: before[key] for key in _HEAD if key in before} if before else {}
        usage = usage_of(generation.choices, body, counted_in(generation, before))
        return {**_manner(like, body), **own, "choices": choices, "usage": usage}

    def speaker(self, body: Json, like: Json) -> CompletionsSpeaker:
        """What says a streamed completion."""
        return CompletionsSpeaker(body, like)


class CompletionsSpeaker:
    """Says a verified answer in chunks."""

    said = "say"

    def __init__(self, body: Json, like: Json) -> None:
        self._body = body
        self._head = _manner(like, body)
        self._said: list[str] = []
        self._manner = StreamManner()

    def kind(self, event: Json) -> str:
        """What a chunk does: says a piece of a choice, ends it, or tells the usage."""
        choice = next(iter(event.get("choices") or ()), None)
        if not isinstance(choice, Mapping):
            return "usage" if event.get("usage") else ""
        return "end" if choice.get("finish_reason") else "say" if choice.get("text") else ""

    def begin(self, head: Head, manner: StreamManner) -> Iterator[bytes]:
        """Nothing but the head to remember."""
        self._manner = manner
        self._head |= {k: head[k] for k in _HEAD if k in head}
        yield from ()

    def take_up(self, passed: Sequence[Event], manner: StreamManner) -> None:
        """Go on from the upstream's own chunks."""
        list(self.begin(head_told(passed), manner))
        for event in passed:
            for choice in event.value().get("choices") or ():
                self._said += strings_in(choice.get("text"))

    def say(self, delta: Delta) -> Iterator[bytes]:
        """The chunks of one delta."""
        if delta.channel != "answer":
            return
        self._said.append(delta.text)
        for piece in self._manner.pieces(delta.text) if delta.text else ():
            yield self._chunk(delta.choice, piece, "say")

    def likelihoods(self, own: Head) -> Iterator[bytes]:
        """One chunk for each choice that has logprobs."""
        for index, logprobs in logprobs_in(own):
            yield self._chunk(index, "", "", logprobs=logprobs)

    def end(self, endings: Sequence[Delta], own: Head | None, counted: Counted) -> Iterator[bytes]:
        """The endings, the usage, where it was asked for or is always told, and the mark."""
        for delta in endings:
            yield self._chunk(delta.choice, "", "end", delta.finish_reason)
        options, known = self._body.get("stream_options"), self._manner.examples
        asked = isinstance(options, Mapping) and bool(options.get("include_usage"))
        if "usage" in known or (asked and "end" not in known):
            told = (own or {}).get("usage") or self._manner.counted(
                usage_of((Draft(text="".join(self._said)),), self._body, counted),
                "completion_tokens",
                self._said,
            )
            yield self._manner.write("usage", {**self._head, "choices": [], "usage": told})
        yield event_bytes(DONE)

    def _chunk(
        self,
        index: int,
        text: str,
        kind: str,
        finish: str | None = None,
        logprobs: Json | None = None,
    ) -> bytes:
        choice = {"index": index, "text": text, "logprobs": logprobs, "finish_reason": finish}
        return self._manner.write(kind, {**self._head, "choices": [choice]})


def _prompt(body: Json) -> str:
    prompt = body.get("prompt")
    if isinstance(prompt, list) and len(prompt) == 1:
        prompt = prompt[0]
    if not isinstance(prompt, str):
        raise InvalidRequestError(
            "'prompt' must be one string; tokens and several prompts cannot be read: "
            "send one request for each prompt"
        )
    return prompt


def _draft(choice: Any) -> Draft:
    text = choice.get("text") if isinstance(choice, Mapping) else None
    if not isinstance(text, str):
        raise ModelError("the upstream gave a choice without a text")
    rest = {key: value for key, value in choice.items() if key != "logprobs"}
    beside = [*words_beside(rest, {text}), *likelihood_texts(choice.get("logprobs"))]
    return Draft(text, finish_reason=finish_in(choice), beside="\n".join(beside))


def _manner(like: Json, body: Json) -> Json:
    head = {key: value for key, value in like.items() if key in _HEAD}
    return {
        **head,
        "id": like_id(like.get("id"), "cmpl-"),
        "object": "text_completion",
        "created": int(time.time()),
        "model": like.get("model") or body.get("model") or "model",
    }
