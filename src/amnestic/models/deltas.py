"""Streamed answers: LangChain's chunks to deltas, and deltas put together again."""

from __future__ import annotations

from collections.abc import AsyncIterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from amnestic.models.convert import draft_of, finish_reason_of, reasoning_in
from amnestic.models.protocol import Delta
from amnestic.types import Draft, Generation, ToolCall, Usage

if TYPE_CHECKING:
    from langchain_core.outputs import ChatGenerationChunk

__all__ = ["Places", "Read", "collect", "deltas_of_chunk", "deltas_of_generation"]


class Places:
    """Which call of a streamed answer a piece belongs to, as LangChain's chunks tell it.

    Some models number none of their calls, or all of them alike: a named piece begins another call
    where its id is another one, or where it has no number, and it or what stands there has no id.

    >>> places = Places()
    >>> [places.of(0, {"name": name, "id": name, "index": None}) for name in ("find", "note")]
    [0, 1]
    >>> places.of(0, {"name": None, "id": None, "index": None})
    1
    """

    def __init__(self) -> None:
        self._last: dict[tuple[Any, int], tuple[int, str]] = {}
        self._count = 0

    def of(self, order: int, piece: Mapping[str, Any]) -> int:
        """The place of a call among all, by one of its pieces; `order` is the piece's place among
        those of its chunk."""
        number, given = piece.get("index"), piece.get("id") or ""
        key = (number, order if number is None else 0)
        place, known = self._last.get(key, (None, ""))
        is_other = given != known if given and known else number is None
        if place is None or (piece.get("name") and is_other):
            place, known, self._count = self._count, "", self._count + 1
        self._last[key] = (place, known or given)
        return place


def deltas_of_chunk(chunk: ChatGenerationChunk, places: Places) -> Iterator[Delta]:
    """The deltas that one LangChain chunk holds; `places` is that of its whole stream."""
    message: Any = chunk.message
    info: Mapping[str, Any] = chunk.generation_info or {}
    # A piece of a call is not JSON yet: calls are read from `tool_call_chunks` instead.
    bare = message.model_copy(update={"tool_calls": [], "invalid_tool_calls": []})
    draft = draft_of(bare, info)
    if reasoning := reasoning_in(message):
        yield Delta(channel="reasoning", text=reasoning)
    if draft.text:
        yield Delta(text=draft.text)
    if draft.refusal:
        yield Delta(channel="refusal", text=draft.refusal)
    for order, call in enumerate(message.tool_call_chunks):
        yield Delta(
            channel=f"tool_call:{places.of(order, call)}",
            text=call.get("args") or "",
            tool_call_id=call.get("id"),
            tool_name=call.get("name"),
        )
    finish, used = finish_reason_of(message, info), message.usage_metadata
    if finish or used:
        usage = Usage(used["input_tokens"], used["output_tokens"]) if used else None
        yield Delta(finish_reason=finish, usage=usage)


def deltas_of_generation(generation: Generation) -> Iterator[Delta]:
    """A whole answer as deltas: one for each channel that is said, and one that ends each choice.

    >>> [d.text for d in deltas_of_generation(Generation((Draft("Paris."),)))]
    ['Paris.', '']
    """
    last = len(generation.choices) - 1
    for n, draft in enumerate(generation.choices):
        for channel, text in replace(draft, beside="").channels():
            call = _call_of(draft, channel)
            yield Delta(
                n,
                channel,
                text,
                tool_call_id=call.id if call else None,
                tool_name=call.name if call else None,
            )
        usage = generation.usage if n == last else None
        yield Delta(n, finish_reason=draft.finish_reason, usage=usage)


def _call_of(draft: Draft, channel: str) -> ToolCall | None:
    if not channel.startswith("tool_call:"):
        return None
    return draft.tool_calls[int(channel.partition(":")[2])]


@dataclass(slots=True)
class Read:
    """What of one choice's stream has been read: in which channels something was said, and whether
    it has ended, for which reason.

    >>> read = Read()
    >>> read.take(Delta(finish_reason="stop"))
    >>> read.ended, read.is_empty()
    (True, True)
    """

    channels: set[str] = field(default_factory=set)
    finish: str | None = None
    ended: bool = False

    def take(self, delta: Delta) -> None:
        """Take note of a delta."""
        if delta.text or delta.channel.startswith("tool_call:"):
            self.channels.add(delta.channel)
        self.finish = delta.finish_reason or self.finish
        self.ended = self.ended or delta.finish_reason is not None

    def is_empty(self) -> bool:
        """Whether nothing was said, and no reason given why."""
        return self.channels <= {"reasoning", "beside"} and self.finish in (None, "stop")


@dataclass(slots=True)
class _Choice:
    texts: dict[str, list[str]] = field(default_factory=dict)
    calls: dict[str, tuple[str, str]] = field(default_factory=dict)
    finish: str = "stop"

    def take(self, delta: Delta) -> None:
        self.texts.setdefault(delta.channel, []).append(delta.text)
        if delta.channel.startswith("tool_call:"):
            call_id, name = self.calls.get(delta.channel, ("", ""))
            given = (delta.tool_call_id or "", delta.tool_name or "")
            self.calls[delta.channel] = (call_id or given[0], name or given[1])
        self.finish = delta.finish_reason or self.finish

    def text(self, channel: str) -> str:
        return "".join(self.texts.get(channel, ()))

    def draft(self) -> Draft:
        calls = tuple(
            ToolCall(call_id, name, self.text(channel))
            for channel, (call_id, name) in self.calls.items()
        )
        answer, reasoning, refusal = map(self.text, ("answer", "reasoning", "refusal"))
        return Draft(answer, reasoning, refusal, calls, self.finish, self.text("beside"))


def _counted(before: Usage, more: Usage) -> Usage:
    """The tokens of a stream so far. The question's are counted once: a piece that tells them again
    tells a running total, and any other what came with it.

    >>> _counted(Usage(20, 1), Usage(20, 5)), _counted(Usage(20, 1), Usage(0, 5))
    (Usage(input_tokens=20, output_tokens=5), Usage(input_tokens=20, output_tokens=6))
    """
    if not (before.input_tokens and more.input_tokens):
        return before + more
    return Usage(
        max(before.input_tokens, more.input_tokens), max(before.output_tokens, more.output_tokens)
    )


async def collect(deltas: AsyncIterable[Delta]) -> Generation:
    """Put a streamed answer together; what `generate` would have given for the same answer."""
    choices: dict[int, _Choice] = {}
    usage = Usage()
    async for delta in deltas:
        choices.setdefault(delta.choice, _Choice()).take(delta)
        usage = _counted(usage, delta.usage) if delta.usage else usage
    return Generation(tuple(choices[n].draft() for n in sorted(choices)) or (Draft(),), usage)
