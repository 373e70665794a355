"""Bare answers, each asked for once in a run.

Most systems ask the wrapped model what the bare model was asked. Such a question is answered from
what was said before, and its time is what it took then. While a system is prepared, a local model
is asked nothing twice either: several systems ask it what it knows of the same subjects. Where
replies are told by their time, a local model is asked anew: a time from when the machine had less
to do would tell what was asked from what was at hand. Every other call (an agent's, a second ask, a
question under a note) goes through, so that no system's cost is hidden. A file keeps the answers
for a run that is gone on with.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from amnestic.evaluation.running.lines import LineFile, read_lines
from amnestic.exceptions import RunError
from amnestic.models.protocol import BatchingBackend, ChatBackend, LocalBackend, RestrictedBackend
from amnestic.types import Conversation, Draft, Generation, Usage

__all__ = ["BareAnswers", "cached", "saved_seconds"]

_BATCH = 64
_saved: ContextVar[list[float] | None] = ContextVar("amnestic_saved_seconds", default=None)


@contextmanager
def saved_seconds() -> Iterator[list[float]]:
    """Within the block, the seconds that answers at hand would have taken are put into the list."""
    seconds: list[float] = []
    token = _saved.set(seconds)
    try:
        yield seconds
    finally:
        _saved.reset(token)


@dataclass(frozen=True, slots=True)
class _Kept:
    generation: Generation
    seconds: float


def _kept_in(row: Mapping[str, Any]) -> _Kept:
    """The answer of a line. Raises `KeyError`, `TypeError` or `ValueError` where it is none."""
    texts = row["key"], row["text"], row.get("reasoning", ""), row.get("finish_reason", "stop")
    if not all(isinstance(text, str) for text in texts):
        raise TypeError("a text is none")
    draft = Draft(row["text"], texts[2], finish_reason=texts[3])
    usage = Usage(int(row.get("in", 0)), int(row.get("out", 0)))
    return _Kept(Generation((draft,), usage), float(row.get("seconds", 0)))


@dataclass(slots=True)
class BareAnswers:
    """The answers to the conversations of `asked`, by model, conversation and options; those of
    `timed` are asked of a local model each time.

    Answers that hold more than text and reasoning are not kept.
    """

    asked: frozenset[str]
    file: LineFile | None = None
    timed: frozenset[str] = frozenset()
    saved: float = 0.0
    _preparing: bool = False
    _kept: dict[str, _Kept] = field(default_factory=dict)
    _pending: list[dict[str, Any]] = field(default_factory=list)

    @classmethod
    def of(
        cls,
        conversations: Sequence[Conversation],
        file: LineFile | None = None,
        timed: Sequence[Conversation] = (),
    ) -> BareAnswers:
        """Answers to some conversations, with those that a file holds."""
        asked, anew = (frozenset(_hash(c) for c in each) for each in (conversations, timed))
        answers = cls(asked, file, anew)
        if file is None:
            return answers
        for number, row in read_lines(file.file):
            try:
                answers._kept[row["key"]] = _kept_in(row)
            except (KeyError, TypeError, ValueError):
                raise RunError(
                    f"`{file.file}` is damaged: line {number} is no answer; without that file its "
                    "answers are asked for again"
                ) from None
        return answers

    @contextmanager
    def preparing(self) -> Iterator[None]:
        """Within the block, whoever asks prepares a system: the seconds that answers at hand would
        have taken are counted in `saved`."""
        self._preparing, self.saved = True, 0.0
        try:
            yield
        finally:
            self._preparing = False

    def _keeps(
        self, backend: ChatBackend, conversation: Conversation, options: Mapping[str, Any]
    ) -> bool:
        """Whether an answer is kept: to what the bare model is asked, and to what a local one is
        asked, without chance, to prepare a system."""
        certain = isinstance(backend, LocalBackend) and _is_certain(options)
        asked = _hash(conversation)
        if asked in self.asked:
            return self._preparing or asked not in self.timed or not certain
        return self._preparing and certain

    async def answer(
        self, backend: ChatBackend, conversation: Conversation, options: Mapping[str, Any]
    ) -> Generation:
        """The answer at hand, or the model's."""
        if not self._keeps(backend, conversation, options):
            return await backend.generate(conversation, options)
        key = _hash(conversation, backend.name, dict(options))
        kept = self._kept.get(key)
        if kept is not None:
            self.saved += kept.seconds
            if (seconds := _saved.get()) is not None:
                seconds.append(kept.seconds)
            return kept.generation
        begun = time.perf_counter()
        generation = await backend.generate(conversation, options)
        self._keep(key, generation, time.perf_counter() - begun)
        return generation

    def _keep(self, key: str, generation: Generation, seconds: float) -> None:
        if len(generation.choices) != 1:
            return
        draft, usage = generation.choices[0], generation.usage
        if draft != Draft(draft.text, draft.reasoning, finish_reason=draft.finish_reason):
            return
        self._kept[key] = _Kept(generation, seconds)
        if self.file is not None:
            row: dict[str, Any] = {"key": key, "text": draft.text, "seconds": seconds}
            if draft.reasoning:
                row["reasoning"] = draft.reasoning
            if draft.finish_reason != "stop":
                row["finish_reason"] = draft.finish_reason
            self._pending.append({**row, "in": usage.input_tokens, "out": usage.output_tokens})
            if len(self._pending) >= _BATCH:
                self.flush()

    def flush(self) -> None:
        """Write what is not written yet. Raises `RunError`."""
        if self.file is not None:
            pending, self._pending = self._pending, []
            self.file.add(pending)


def _is_certain(options: Mapping[str, Any]) -> bool:
    """Whether a local model has no choice: they are greedy unless told otherwise."""
    return not options.get("temperature") and "top_p" not in options


def _hash(conversation: Conversation, *rest: Any) -> str:
    shown = [
        [m.role, m.text, m.name, m.tool_call_id, [[c.name, c.arguments] for c in m.tool_calls]]
        for m in conversation
    ]
    raw = json.dumps([shown, *rest], sort_keys=True, default=str)
    return hashlib.sha256(raw.encode()).hexdigest()[:24]


def cached(backend: ChatBackend, answers: BareAnswers) -> ChatBackend:
    """A backend of the same kind that gives bare answers from those at hand."""
    if isinstance(backend, RestrictedBackend) and isinstance(backend, LocalBackend):
        batches = isinstance(backend, BatchingBackend)
        return (_Batching if batches else _Restricted)(backend, answers)
    return (
        _Local(backend, answers) if isinstance(backend, LocalBackend) else _Cached(backend, answers)
    )


class _Cached:
    def __init__(self, backend: Any, answers: BareAnswers) -> None:
        self._backend = backend
        self._answers = answers

    @property
    def name(self) -> str:
        return str(self._backend.name)

    async def generate(self, conversation: Conversation, options: Mapping[str, Any]) -> Generation:
        return await self._answers.answer(self._backend, conversation, options)


class _Local(_Cached):
    def load(self) -> None:
        self._backend.load()


class _Restricted(_Local):
    async def generate_without(
        self,
        conversation: Conversation,
        options: Mapping[str, Any],
        forbidden: Sequence[str],
        begun: str = "",
    ) -> Generation:
        answer = self._backend.generate_without(conversation, options, forbidden, begun)
        given: Generation = await answer
        return given


class _Batching(_Restricted):
    """What is asked at once is an agent's, and goes through."""

    async def generate_all(
        self, asked: Sequence[tuple[Conversation, Mapping[str, Any]]]
    ) -> Sequence[Generation]:
        given: Sequence[Generation] = await self._backend.generate_all(asked)
        return given
