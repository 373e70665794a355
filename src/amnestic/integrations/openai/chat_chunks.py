"""What the chunks of a chat completion say, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from amnestic.exceptions import ModelError
from amnestic.integrations.openai.chat_replies import SIGNS, beside_choice, is_text
from amnestic.integrations.openai.chat_speaker import THOUGHTS
from amnestic.integrations.openai.chunks import Beside, finish_in, place_in
from amnestic.integrations.openai.dialect import Json
from amnestic.models.protocol import Delta
from amnestic.models.values import strings_in

__all__ = ["ChunkReader"]


class ChunkReader:
    """Reads the chunks of one stream.

    >>> chunk = {"choices": [{"index": 0, "delta": {"content": "Hi."}}]}
    >>> [delta.text for delta in ChunkReader().deltas(chunk)]
    ['Hi.']
    """

    def __init__(self) -> None:
        self._beside = Beside()
        self._calls: dict[tuple[int, int], tuple[str | None, int]] = {}
        self._names: dict[tuple[int, str], str] = {}

    def deltas(self, chunk: Json) -> Iterator[Delta]:
        """The deltas of a chunk; raises `ModelError` where it cannot be read."""
        head = {key: value for key, value in chunk.items() if key != "choices"}
        yield from self._beside.told(0, strings_in(head, keys=True))
        yield from self._beside.sliced(0, head, ())
        for choice in chunk.get("choices") or ():
            if not isinstance(choice, Mapping):
                raise ModelError("the upstream sent a chunk that cannot be read")
            yield from self._choice(choice)

    def joined(self) -> Iterator[Delta]:
        """What stood beside the answers in slices, once all have come."""
        return self._beside.joined()

    def told(self, choice: int, texts: Iterable[str]) -> Iterator[Delta]:
        """A delta for each text beside a choice that is new."""
        return self._beside.told(choice, texts)

    def _choice(self, choice: Mapping[str, Any]) -> Iterator[Delta]:
        delta = choice.get("delta")
        delta = {} if delta is None else delta  # what a filter sends that looks on from afar
        if not isinstance(delta, Mapping):
            raise ModelError("the upstream sent a chunk that cannot be read")
        n = place_in(choice)
        said = list(self._said(n, delta))
        read = {text for d in said for text in (d.text, self._name_of(d)) if text}
        around = {key: value for key, value in choice.items() if key != "logprobs"}
        yield from self.told(n, beside_choice(around, read))
        yield from self._beside.sliced(n, around, read)
        yield from said
        if choice.get("finish_reason"):
            yield Delta(n, finish_reason=finish_in(choice))

    def _name_of(self, said: Delta) -> str | None:
        """The name of a call, where it is the one that is read: the first."""
        if not said.tool_name:
            return None
        first = self._names.setdefault((said.choice, said.channel), said.tool_name)
        return said.tool_name if said.tool_name == first else None

    def _said(self, n: int, delta: Mapping[str, Any]) -> Iterator[Delta]:
        for key in THOUGHTS:
            yield from (Delta(n, "reasoning", text) for text in _thoughts(delta.get(key)))
        yield from self._content(n, delta.get("content"))
        if isinstance(delta.get("refusal"), str) and delta["refusal"]:
            yield Delta(n, "refusal", delta["refusal"])
        yield from self._called(n, delta.get("tool_calls") or ())
        if isinstance(delta.get("function_call"), Mapping):
            yield _call_delta(n, 0, {"function": delta["function_call"]})

    def _content(self, n: int, content: Any) -> Iterator[Delta]:
        """What a piece of content says, which some models send in parts."""
        if isinstance(content, str) and content:
            yield Delta(n, "answer", content)
        for part in content if isinstance(content, list) else ():
            if isinstance(part, Mapping) and is_text(part):
                yield Delta(n, "answer", part["text"])
            elif isinstance(part, Mapping) and part.get("type") in ("thinking", "reasoning"):
                thoughts = {key: value for key, value in part.items() if key != "type"}
                yield from (Delta(n, "reasoning", text) for text in _thoughts(thoughts))

    def _called(self, n: int, calls: Any) -> Iterator[Delta]:
        """The calls of a chunk. Another id at the same place is another call: some APIs send whole
        calls, all of them at place 0."""
        for call in calls:
            place, given = (n, place_in(call)), call.get("id") or None
            known, slot = self._calls.get(place, (None, -1))
            if slot < 0 or (given and known and given != known):
                taken = (s for (choice, _), (_, s) in self._calls.items() if choice == n)
                slot, known = 1 + max(taken, default=-1), None
            self._calls[place] = (known or given, slot)
            yield _call_delta(n, slot, call)


def _call_delta(n: int, slot: int, call: Mapping[str, Any]) -> Delta:
    body = call.get("function") or call.get("custom") or {}
    text, name = body.get("arguments") or body.get("input") or "", body.get("name")
    if not isinstance(text, str) or not isinstance(name, str | None):
        raise ModelError("the upstream made a tool call that cannot be read")
    return Delta(n, f"tool_call:{slot}", text, tool_call_id=call.get("id"), tool_name=name)


def _thoughts(value: Any) -> Iterator[str]:
    """The pieces of a thought; one may be nothing but the blank between two words."""
    if isinstance(value, str):
        yield from (value,) if value else ()
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            if key not in SIGNS:
                yield from _thoughts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _thoughts(inner)
