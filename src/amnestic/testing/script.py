"""What a scripted model says: by rule, from a queue, late, or not at all."""

from __future__ import annotations

import asyncio
import re
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias

from amnestic.models.deltas import deltas_of_generation
from amnestic.models.protocol import Delta
from amnestic.models.purpose import ANSWER, current_purpose
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["Answer", "Call", "Gate", "HTTPFailure", "Late", "MalformedAnswer", "Pieces", "Script"]


@dataclass(frozen=True, slots=True)
class Pieces:
    """An answer that is streamed in exactly these pieces."""

    texts: tuple[str, ...]

    @classmethod
    def of(cls, *texts: str) -> Pieces:
        """The pieces, given one by one."""
        return cls(texts)


@dataclass(frozen=True, slots=True)
class Call:
    """One call that a scripted model received, and why it was made (`amnestic.models.purpose`)."""

    conversation: Conversation
    options: Mapping[str, Any] = field(default_factory=dict)
    purpose: str = ANSWER

    @property
    def text(self) -> str:
        """All that the model was sent, as one text."""
        return "\n".join(message.text for message in self.conversation)


class HTTPFailure(Exception):
    """Scripted: the server answers with this HTTP status, body and headers."""

    def __init__(
        self, status_code: int, body: str = "", headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(f"HTTP {status_code}")
        self.status_code = status_code
        self.body = body
        self.headers = dict(headers or {})


class MalformedAnswer(Exception):
    """Scripted: the server answers with something that is not an answer.

    `kind` is `"html"` (a page with status 200), `"cut"` (the connection ends in the middle),
    `"endless"` (pieces that never end), `"empty"` (`{}`), `"no_choices"` (an empty list of
    choices) or `"silence"` (the connection stays open and nothing comes).
    """

    status_code = 200

    def __init__(self, kind: str) -> None:
        super().__init__(kind)
        self.kind = kind


class Gate(Protocol):
    """Anything with `is_set`, such as `threading.Event` or `asyncio.Event`."""

    def is_set(self) -> bool:
        """Whether answers may be given."""
        ...


@dataclass(frozen=True, slots=True)
class Late:
    """An answer that comes once `gate` is set; without a gate it never comes."""

    answer: Answer = ""
    gate: Gate | None = None

    def is_due(self) -> bool:
        """Whether the answer may be given."""
        return self.gate is not None and self.gate.is_set()


Answer: TypeAlias = (
    "str | Draft | Pieces | Late | Sequence[Draft] | BaseException"
    " | Callable[[Conversation], Answer]"
)

_POLL = 0.002  # seconds between looks at a gate: it may be set from any thread or loop


class Script:
    """Chooses the answer to each call, and records what was asked.

    Answers are looked for in this order: the first rule that matches, the queue, the default.

    Args:
        replies: a queue, each used once.
        rules: pairs of a pattern (searched in the last message) or a predicate on the
            conversation, and an answer.
        default: the answer when nothing else is left.
        delay: seconds before each answer.
        gate: no answer is given before it is set.

    >>> script = Script("first", rules=[("capital", "Paris.")], default="?")
    >>> from amnestic.types import Message
    >>> ask = lambda text: script.answer((Message.of("user", text),), {}).choices[0].text
    >>> ask("The capital?"), ask("Hello"), ask("Hello")
    ('Paris.', 'first', '?')
    """

    def __init__(
        self,
        *replies: Answer,
        rules: Iterable[tuple[str | re.Pattern[str] | Callable[[Conversation], bool], Answer]] = (),
        default: Answer = "I don't know.",
        delay: float = 0.0,
        gate: Gate | None = None,
    ) -> None:
        self._queue = deque(replies)
        self._rules = list(rules)
        self._default = default
        self._delay = delay
        self._gate = gate
        self._lock = threading.Lock()
        self.calls: list[Call] = []

    def answer(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The answer to a call, blocking while it is held back; raises what is scripted."""
        picked = self._pick(conversation, options)
        if self._delay:
            time.sleep(self._delay)
        while not self._is_due(picked):
            time.sleep(_POLL)
        return self._generation(picked, conversation, options)

    async def aanswer(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        """The same without blocking the event loop."""
        picked = self._pick(conversation, options)
        if self._delay:
            await asyncio.sleep(self._delay)
        # Polled, since a gate may belong to another loop or thread.
        while not self._is_due(picked):  # noqa: ASYNC110
            await asyncio.sleep(_POLL)
        return self._generation(picked, conversation, options)

    def pieces(self, draft: Draft) -> tuple[str, ...]:
        """The pieces in which an answer's text is streamed."""
        marked = getattr(draft.text, "pieces", None)
        return marked or tuple(re.findall(r"\s*\S+\s*$|\s*\S+", draft.text)) or (draft.text,)

    def deltas(self, generation: Generation) -> Iterator[Delta]:
        """An answer as it is streamed."""
        for delta in deltas_of_generation(generation):
            if delta.channel != "answer" or not delta.text:
                yield delta
                continue
            for piece in self.pieces(generation.choices[delta.choice]):
                yield Delta(delta.choice, "answer", piece)

    def _pick(self, conversation: Conversation, options: Mapping[str, Any]) -> Answer:
        with self._lock:
            self.calls.append(Call(conversation, dict(options), current_purpose()))
            answer = self._first(conversation)
        while callable(answer) and not isinstance(answer, type):
            answer = answer(conversation)
        return answer

    def _first(self, conversation: Conversation) -> Answer:
        for condition, answer in self._rules:
            if _matches(condition, conversation):
                return answer
        return self._queue.popleft() if self._queue else self._default

    def _is_due(self, answer: Answer) -> bool:
        if self._gate is not None and not self._gate.is_set():
            return False
        return not isinstance(answer, Late) or answer.is_due()

    def _generation(
        self, answer: Answer, conversation: Conversation, options: Mapping[str, Any]
    ) -> Generation:
        answer = answer.answer if isinstance(answer, Late) else answer
        if isinstance(answer, BaseException | type):
            raise answer
        choices = _drafts(answer)
        if len(choices) == 1:
            choices = choices * int(options.get("n") or 1)
        read = sum(count_tokens(message.text) for message in conversation)
        written = sum(count_tokens(text) for d in choices for _, text in d.channels())
        return Generation(choices, Usage(read, written))


class _Text(str):
    """A text that knows in which pieces it is to be streamed."""

    pieces: tuple[str, ...] = ()


def _drafts(answer: Any) -> tuple[Draft, ...]:
    if isinstance(answer, str):
        return (Draft(answer),)
    if isinstance(answer, Draft):
        return (answer,)
    if isinstance(answer, Pieces):
        text = _Text("".join(answer.texts))
        text.pieces = answer.texts
        return (Draft(text),)
    return tuple(answer)


def _matches(condition: Any, conversation: Conversation) -> bool:
    if isinstance(condition, str | re.Pattern):
        return re.search(condition, conversation[-1].text if conversation else "") is not None
    return bool(condition(conversation))


def count_tokens(text: str) -> int:
    """How many tokens a scripted model counts: words and marks.

    >>> count_tokens("Who wrote it?")
    4
    """
    return len(re.findall(r"\w+|[^\w\s]", text))
