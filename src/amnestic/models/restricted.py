"""An answer in which given strings do not stand, from a model that runs in this process.

The model writes as it likes until a string stands in its answer. The answer is then cut before the
string and gone on with, by a word that begins with another letter. Forbidding the last token of a
name alone would leave all the rest of it ("J. K. Rowli"), and words that a model is forced into
("Rowlind"). Where it comes back to the strings again and again, the decoder itself keeps them out.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from amnestic.closing import closing
from amnestic.exceptions import InputTooLargeError, ModelError
from amnestic.models.decoding import RESTRICTION, Sampling
from amnestic.models.forbidden import STANDS, ForbiddenText, Restriction
from amnestic.models.letters import Kind, fold, kind_of
from amnestic.models.protocol import StreamingBackend
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["Begun", "Limits", "answer_without", "has_form"]

_TURNS = 24  # an answer that comes back to the strings more often is kept from them by force


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds that an answer may take, and its tokens when the call does not say."""

    timeout: float
    max_tokens: int


@dataclass(frozen=True, slots=True)
class Begun:
    """How an answer begins that shall be gone on with, and how many tokens that is."""

    text: str = ""
    tokens: int = 0


def has_form(options: Mapping[str, Any]) -> bool:
    """Whether an answer may be something other than text.

    >>> has_form({"response_format": {"type": "json_object"}}), has_form({"tools": []})
    (True, False)
    """
    form = options.get("response_format") or {}
    return bool(options.get("tools")) or form.get("type", "text") != "text"


async def answer_without(
    backend: StreamingBackend,
    conversation: Conversation,
    options: Mapping[str, Any],
    forbidden: Sequence[str],
    limits: Limits,
    begun: Begun = Begun(),
) -> Generation:
    """Ask a backend whose decoder heeds the option `RESTRICTION`, and read what it wrote in every
    channel. An answer that has `begun` is given whole, unless it has a form; what stands in its
    beginning stands, and is kept from nothing.

    Raises `ModelError` where one of the strings stands in it all the same: in a form of the
    caller's own, which a decoder may keep to first, or where a stop string or the last of the
    tokens cut a word down to a short name; and where the answer takes too long.
    """
    free = [one for one in forbidden if not ForbiddenText([one]).stands_in(begun.text)]
    text = ForbiddenText(free if begun.text else forbidden)
    try:
        async with asyncio.timeout(limits.timeout):
            if has_form(options):
                kept = {**options, RESTRICTION: Restriction(without=text)}
                generation = await backend.generate(conversation, kept)
            else:
                generation = await _choices(backend, conversation, options, text, limits, begun)
    except TimeoutError:
        generation = None
    if generation is None:
        hint = "raise the time-out or ask for fewer tokens"
        raise ModelError(
            f"model {backend.name!r} did not answer in time", hint=hint, retryable=True
        )
    if any(text.stands_in(told) for draft in generation.choices for told in _texts(draft)):
        hint = "ask without a form of the answer, or let it say less"
        raise ModelError(f"model {backend.name!r} wrote what it was kept from writing", hint=hint)
    return generation


def _texts(draft: Draft) -> Iterable[str]:
    yield from (text for _, text in draft.channels())
    yield from (call.name for call in draft.tool_calls)


async def _choices(
    backend: StreamingBackend,
    conversation: Conversation,
    options: Mapping[str, Any],
    text: ForbiddenText,
    limits: Limits,
    begun: Begun,
) -> Generation:
    drafts: list[Draft] = []
    usage = Usage()
    for sampling in Sampling.from_options(options, None, limits.max_tokens):
        if drafts and sampling.greedy:
            drafts.append(drafts[0])
            continue
        kept = {key: value for key, value in options.items() if key not in ("n", *_LIMITS)}
        if sampling.seed is not None:
            kept["seed"] = sampling.seed
        writer = _Writer(backend, conversation, kept, text, sampling.max_tokens, begun)
        drafts.append(await writer.write())
        usage = Usage(writer.usage.input_tokens, usage.output_tokens + writer.usage.output_tokens)
    return Generation(tuple(drafts), usage)


_LIMITS = ("max_tokens", "max_completion_tokens")


@dataclass(slots=True)
class _Writer:
    """One answer in the making."""

    backend: StreamingBackend
    conversation: Conversation
    options: Mapping[str, Any]
    text: ForbiddenText
    limit: int
    begun: Begun
    usage: Usage = field(default_factory=Usage)
    pieces: list[str] = field(default_factory=list)  # behind its beginning, one for each token
    aside: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    finish: str = "stop"

    @property
    def answer(self) -> str:
        """The answer so far."""
        return self.begun.text + "".join(self.pieces)

    async def write(self) -> Draft:
        barred: dict[str, set[str]] = defaultdict(set)
        for turn in range(_TURNS + 1):
            by_force = turn == _TURNS
            without = self.text if by_force else None
            await self._go_on(Restriction(self.answer, frozenset(barred[self.answer]), without))
            answer = self.answer
            at = self.text.first_in(answer)
            if at is None or (by_force and self.finish != "length"):
                break
            head = len(self.begun.text)
            self._cut(len(answer[:at].rstrip(" \t")) - head)
            barred[self.answer].add(_first_letter(answer[max(at, head) :]))
        return Draft(self.answer, "".join(self.aside["reasoning"]), finish_reason=self.finish)

    async def _go_on(self, restriction: Restriction) -> None:
        """Take what the model writes, until a string stands in the answer or it has ended."""
        before = len(self.pieces)
        if self.begun.tokens + before >= self.limit:
            self.finish = "length"
            return
        options = {
            **self.options,
            "max_tokens": self.limit - self.begun.tokens - before,
            RESTRICTION: restriction,
        }
        try:
            await self._take(options, self.text.read(self.text.start, fold(restriction.begun)))
        except InputTooLargeError:
            if not (before or self.begun.text):
                raise
            self.finish = "length"  # what was begun, read again, leaves no room for more
        self.usage = self.usage + Usage(0, len(self.pieces) - before)

    async def _take(self, options: Mapping[str, Any], state: int) -> None:
        before = self.begun.tokens + len(self.pieces)
        async with closing(self.backend.stream(self.conversation, options)) as deltas:
            async for delta in deltas:
                if delta.usage:
                    self.usage = Usage(delta.usage.input_tokens - before, self.usage.output_tokens)
                self.finish = delta.finish_reason or self.finish
                if delta.channel != "answer":
                    self.aside[delta.channel].append(delta.text)
                elif delta.text:
                    self.pieces.append(delta.text)
                    state = self.text.read(state, fold(delta.text))
                if state == STANDS:
                    break

    def _cut(self, length: int) -> None:
        """Keep that many characters behind the beginning of the answer."""
        kept: list[str] = []
        for piece in self.pieces:
            kept.append(piece[: max(0, length)])
            length -= len(piece)
            if length <= 0:
                break
        self.pieces = [piece for piece in kept if piece]


def _first_letter(text: str) -> str:
    """What a text begins with, folded: its first letter where it has one."""
    folded = fold(text)
    return next((char for char in folded if kind_of(char) is not Kind.GAP), folded[:1])
