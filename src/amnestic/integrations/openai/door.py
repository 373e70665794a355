"""A door: one of OpenAI's endpoints over the one review path, for a wrapped client or a server."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from amnestic.exceptions import InvalidRequestError, ModelError
from amnestic.integrations.openai.counts import recounted, spoken_to
from amnestic.integrations.openai.dialect import Dialect, Json
from amnestic.integrations.openai.errors import comeback, quotes, said, spoken, word
from amnestic.integrations.openai.event_stream import EventStream, Reviewed, Source, Whole
from amnestic.integrations.openai.forms import Form, filled, forced_tool
from amnestic.integrations.openai.headers import Arrival, Heads, given_down
from amnestic.integrations.openai.known_manners import Manners
from amnestic.integrations.openai.likelihoods import without_likelihoods
from amnestic.integrations.openai.manners import Manner, alike, hollowed
from amnestic.integrations.openai.telling import Telling
from amnestic.integrations.openai.upstream import (
    Asked,
    Upstream,
    UpstreamError,
    WireBackend,
)
from amnestic.integrations.openai.wire import Answer, dumps, error_body
from amnestic.models.values import strings_in
from amnestic.types import Conversation, Generation, Receipt, Usage

if TYPE_CHECKING:
    from amnestic.graphs.reviewer import Reviewer

__all__ = ["Door"]

_JSON = (("content-type", "application/json"),)
_NAMED = ("code", "param", "type")
_TOO_DEEP = "the fields of the request are nested too deeply to be read"


class Door:
    """One endpoint.

    Args:
        amnesia: the layer.
        dialect: the endpoint's words.
        note: is told the receipt of every request, for the operator.
    """

    def __init__(
        self, amnesia: Reviewer, dialect: Dialect, note: Callable[[Receipt], None] | None = None
    ) -> None:
        self._amnesia = amnesia
        self._dialect = dialect
        self._note = note or _unnoted
        self._manners = Manners(dialect.echoed)
        self._heads = Heads()

    async def answer(self, body: Json, upstream: Upstream | None) -> Answer:
        """A whole reply. One that nothing was withheld from is the upstream's own, byte for byte;
        without an upstream, the layer's own model answers.

        Raises `InvalidRequestError` and its kin, and `ModelError` where the model fails.
        """
        conversation = self._read(body)
        asked = await self._cleaned(body)
        arrival = Arrival(self._heads)
        backend = self._backend(asked, upstream, conversation, arrival)
        generation, far = await self._complete(asked, conversation, backend)
        first = backend.first if backend else None
        if first and isinstance(generation.raw, Answer):
            return self._own(body, first, far=far)
        before, manner = None, self._manners.of(body)
        if first and first.answer and first.reply and await self._is_clean_head(first.reply):
            before = self._as_asked(body, first, first.reply)
            manner = Manner.of(first.answer, first.reply)
        if backend is not None:  # what an upstream took would tell how much was withheld
            generation = replace(generation, usage=Usage())
        reply = alike(self._dialect.reply(generation, body, manner.reply, before), manner.reply)
        answer = manner.answer(reply)
        return replace(answer, headers=(*answer.headers, *arrival.headers))

    def stream(self, body: Json, upstream: Upstream | None) -> EventStream:
        """A streamed reply; raises `InvalidRequestError` and its kin at once."""
        conversation = self._read(body)
        arrival = Arrival(self._heads)

        async def opened() -> tuple[Source, WireBackend | None]:
            asked = await self._cleaned(body)
            backend = self._backend(asked, upstream, conversation, arrival)
            if self._form(asked) is not None:  # a form is whole or nothing
                return Whole(self._complete(asked, conversation, backend)), backend
            options = self._dialect.options(asked)
            reviewed = self._amnesia.astream(conversation, backend=backend, options=options)
            return Reviewed(reviewed, self._note), backend

        return EventStream(opened, lambda backend: self._telling(body, backend), arrival)

    def _telling(self, body: Json, backend: WireBackend | None) -> Telling:
        speaker = self._dialect.speaker(body, self._manners.of(body).reply)

        def retold(said: Json, first: Asked) -> Json:
            if isinstance(said.get("response"), dict):
                return {**said, "response": self._as_asked(body, first, said["response"])}
            return self._as_asked(body, first, said) if "choices" in said else said

        return Telling(speaker, backend, body, retold, self._manners, self._is_clean_head)

    async def _cleaned(self, body: Json) -> Json:
        """The request without what belongs to a target in the fields around its conversation.
        Raises `InvalidRequestError` for fields that nobody can read to their end."""
        around = self._dialect.around(body)
        try:
            cleaned = await self._amnesia.aclean_fields(around)
            if cleaned != around:  # for what they tell, or since they could not be read
                deque(strings_in(around, keys=True), maxlen=0)
        except ModelError:
            raise InvalidRequestError(_TOO_DEEP) from None
        return body if cleaned == around else self._dialect.within(body, cleaned)

    def _own(self, body: Json, first: Asked, *, far: bool) -> Answer:
        """The upstream's own reply, byte for byte. Near a target without what could have been said
        instead; and where something else was asked, it is told as if that had been the question."""
        assert first.answer is not None
        assert first.reply is not None
        told = self._as_asked(body, first, first.reply)
        self._manners.learn(body, first.answer, first.reply)
        if not far:
            told = without_likelihoods(told)
        if told == first.reply:
            return first.answer
        answer = Manner.of(first.answer, first.reply).answer(told)
        return replace(answer, headers=(*answer.headers, *given_down(first.answer.headers)))

    def _as_asked(self, body: Json, first: Asked, told: Json) -> Json:
        """What the upstream told as if what its caller sent had been the question: with those of
        its fields, and the tokens of that."""
        asked, given = spoken_to(first.body), spoken_to(body)
        if asked == given:
            return told
        echoed = [k for k in self._dialect.echoed if k in body and asked.get(k) != body[k]]
        told = told | {key: body[key] for key in echoed}
        if told.get("usage"):
            told["usage"] = recounted(told["usage"], given, asked)
        return told

    async def _is_clean_head(self, reply: Json) -> bool:
        """Whether what stands in a reply beside its answers, and the shape of these, tell nothing
        of a target: they are kept where the answers are not."""
        kept = {k: v for k, v in reply.items() if k not in ("choices", "output")}
        kept["shape of it"] = hollowed(reply)
        return await self._passes("\n".join(strings_in(kept, keys=True)) or "-")

    async def checked(self, error: UpstreamError, body: Json) -> Answer:
        """An upstream's error as the caller of `body` may see it: in OpenAI's shape, its words
        reviewed. One that quotes the request is told in the layer's own words whatever it quotes,
        or it would be told so for listed subjects only; so is one that quotes what was asked in
        its place, where other names stand for theirs."""
        told = said(error.answer)
        message = str(told.get("message") or "")[:2000]
        asked = {"sent": body, "asked": error.asked}
        clean = bool(message) and not quotes(message, asked) and await self._passes(message)
        named = await self._named(told, asked)
        body = error_body(message if clean else f"{error}", named.get("type") or "upstream_error")
        body["error"] |= {"code": named.get("code"), "param": named.get("param")}
        headers = (*_JSON, *comeback(error), *given_down(error.answer.headers))
        return Answer(error.answer.status, headers, dumps(body))

    async def _named(self, told: Json, asked: Json) -> dict[str, str]:
        """The code, the parameter and the type of an upstream's error, judged like its words, each
        alone and all together."""
        words = {key: value for key in _NAMED if (value := word(told, key))}
        named = {key: value for key, value in words.items() if not quotes(spoken(value), asked)}
        clean = not named or await self._passes(" ".join(map(spoken, named.values())))
        return named if clean else {}

    async def _passes(self, message: str) -> bool:
        """Whether an upstream's words tell nothing of a target. They are read without the question,
        or the same words would be told for every subject but the listed ones."""
        try:
            reply = await self._amnesia.areview("What went wrong?", message)
        except InvalidRequestError:
            return False
        return not reply.receipt.touched()

    def _read(self, body: Json) -> Conversation:
        return self._dialect.conversation(body, self._amnesia.settings.max_chars)

    def _backend(
        self, body: Json, upstream: Upstream | None, conversation: Conversation, arrival: Arrival
    ) -> WireBackend | None:
        if upstream is None:
            return None
        return WireBackend(self._dialect, upstream, body, conversation, arrival)

    async def _complete(
        self, body: Json, conversation: Conversation, backend: WireBackend | None
    ) -> tuple[Generation, bool]:
        """What may leave, and whether it may with all that came with it."""
        outcome = await self._amnesia.acomplete(
            conversation, backend=backend, options=self._dialect.options(body)
        )
        self._note(outcome.receipt)
        form, far = self._form(body), outcome.receipt.is_far()
        if form is None or not outcome.receipt.touched():
            return outcome.generation, far
        ending = backend.ending if backend is not None else None
        choices = [
            await filled(draft, form, conversation, self._may_fill, ending)
            for draft in outcome.generation.choices
        ]
        return Generation(tuple(choices), outcome.generation.usage), far

    def _form(self, body: Json) -> Form | None:
        """The form that a request asks for: where a tool must be called, that of its arguments."""
        schema = self._dialect.schema(body)
        forced = forced_tool(self._dialect.options(body))
        return Form(schema) if forced is None and schema is not None else forced

    async def _may_fill(self, text: str) -> bool:
        """Whether a form may be filled so: read without its question, or a question about a target
        would be answered for."""
        reply = await self._amnesia.areview("Fill in the form.", text)
        return not reply.receipt.touched()


def _unnoted(receipt: Receipt) -> None:
    """For a door whose operator asks for no receipts."""
