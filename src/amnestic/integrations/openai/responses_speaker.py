"""Saying a response in the events in which it is streamed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from amnestic.integrations.openai.dialect import Counted, Head, Json, head_told
from amnestic.integrations.openai.responses_items import (
    call_item,
    custom_names,
    message_item,
    response_head,
    responses_usage,
)
from amnestic.integrations.openai.responses_parts import PARTS, THOUGHTS, OpenItem, part_saying
from amnestic.integrations.openai.stream_manners import StreamManner
from amnestic.integrations.openai.wire import Event, like_id
from amnestic.models.protocol import Delta
from amnestic.models.values import strings_in
from amnestic.types import Draft, ToolCall

__all__ = ["ResponsesSpeaker"]


class ResponsesSpeaker:
    """Says a verified answer in events; its items come one after the other."""

    said = "response.output_text.delta"

    def __init__(self, body: Json, like: Json) -> None:
        self._body = body
        self._custom = custom_names(body)
        self._response = response_head(body, like, fresh=True)
        self._number = 0
        self._output: list[Json] = []
        self._open: OpenItem | None = None
        self._call = ToolCall("", "", "")
        self._begun = False
        self._finish = "stop"
        self._logprobs: list[list[Any]] = []
        self._manner = StreamManner()

    def kind(self, event: Json) -> str:
        """An event's type, with that of the item or the part that it tells of."""
        inner = [event[key].get("type") for key in ("item", "part") if _is_object(event.get(key))]
        return " ".join(map(str, (event.get("type"), *inner)))

    def begin(self, head: Head, manner: StreamManner) -> Iterator[bytes]:
        """The response, without its output yet."""
        self._begun, self._manner = True, manner
        if head:
            self._response = response_head(self._body, head, fresh=False)
        for kind in ("response.created", "response.in_progress"):
            yield self._event(kind, response=self._whole("in_progress", None))

    def take_up(self, passed: Sequence[Event], manner: StreamManner) -> None:
        """Go on from the upstream's own events: with their numbers, in the item that is open."""
        list(self.begin(head_told(passed), manner))
        self._number = 0
        for event in passed:
            data = event.value()
            number = data.get("sequence_number")
            self._number = max(self._number, number + 1 if isinstance(number, int) else 0)
            self._follow(str(data.get("type") or event.name), data)

    def say(self, delta: Delta) -> Iterator[bytes]:
        """The events of one delta."""
        if not delta.text and not delta.channel.startswith("tool_call:"):
            return
        channel = self._goes_on(delta.channel)
        if channel is None:
            yield from self._close_item()
            channel = delta.channel
            yield from self._open_item(delta)
        assert self._open is not None
        self._open.channel = channel
        if channel in PARTS and not self._open.in_part:
            yield from self._open_part(self._open)
        self._open.text += delta.text
        told = PARTS[channel].delta if channel in PARTS else f"{self._call_events()}.delta"
        for piece in self._manner.pieces(delta.text) if channel in PARTS else (delta.text,):
            yield self._event(told, **self._open.place(), delta=piece)

    def likelihoods(self, own: Head) -> Iterator[bytes]:
        """Nothing yet: the logprobs stand in the items that are still to be said whole."""
        self._logprobs = [part["logprobs"] for part in _text_parts(own) if part.get("logprobs")]
        yield from ()

    def end(self, endings: Sequence[Delta], own: Head | None, counted: Counted) -> Iterator[bytes]:
        """The whole response."""
        self._finish = next((d.finish_reason for d in endings if d.finish_reason), self._finish)
        if not self._begun:
            yield from self.begin({}, self._manner)
        yield from self._close_item()
        if not any(item.get("type") not in ("reasoning",) for item in self._output):
            yield from self._open_item(Delta(text=""))
            assert self._open is not None
            yield from self._open_part(self._open)
            yield from self._close_item()
        cut = self._finish == "length"
        draft = Draft(text="".join(strings_in(self._output, but=("id", "type", "role"))))
        told = (own or {}).get("usage") or self._manner.counted(
            responses_usage((draft,), self._body, counted),
            "output_tokens",
            [str(part.get("text")) for part in _text_parts({"output": self._output})],
        )
        whole = self._whole("incomplete" if cut else "completed", told)
        if cut:
            whole["incomplete_details"] = {"reason": "max_output_tokens"}
        yield self._event("response.incomplete" if cut else "response.completed", response=whole)

    # ── The upstream's own events ────────────────────────────────────────────────────────────────

    def _follow(self, kind: str, data: Json) -> None:
        """What one of them begins, says or ends."""
        if kind == "response.output_item.added":
            self._open = OpenItem("", dict(data.get("item") or {}), len(self._output))
        elif kind == "response.output_item.done":
            self._output.append(dict(data.get("item") or {}))
            self._open = None
        elif self._open is not None:
            self._follow_part(self._open, kind, data)

    def _follow_part(self, item: OpenItem, kind: str, data: Json) -> None:
        if kind.endswith("_part.added"):
            part = data.get("part") or {}
            named = (c for c, k in PARTS.items() if k.part == part.get("type"))
            item.channel, item.text = next(named, ""), ""
            item.in_part, item.ended = True, False
        elif kind.endswith("_part.done"):
            item.parts.append(dict(data.get("part") or {}))
            item.in_part, item.ended, item.text = False, False, ""
        elif isinstance(data.get("delta"), str):
            item.text += data["delta"]
        elif kind.endswith("_text.done"):
            item.ended = True

    def _goes_on(self, channel: str) -> str | None:
        """The channel of the open item in which a delta goes on; `None` where it cannot."""
        if self._open is None or self._open.ended:
            return None
        if channel == "reasoning" and self._open.channel in THOUGHTS:
            return self._open.channel
        begins = self._open.channel == "" and self._open.item.get("type") == "message"
        return (
            channel if self._open.channel == channel or (begins and channel == "answer") else None
        )

    # ── The layer's own events ───────────────────────────────────────────────────────────────────

    def _open_item(self, delta: Delta) -> Iterator[bytes]:
        self._call = ToolCall(delta.tool_call_id or "", delta.tool_name or "", "")
        item = self._item(delta.channel)
        self._open = OpenItem(delta.channel, item, len(self._output))
        yield self._event("response.output_item.added", output_index=self._open.at, item=item)

    def _item(self, channel: str) -> Json:
        """An item that nothing is said of yet."""
        if channel in ("answer", "refusal"):
            example = self._manner.examples.get("response.output_item.added message") or {}
            known = (example.get("item") or {}).get("id")
            item = message_item(Draft(), like_id(known, "msg_")) | {"content": []}
        elif channel in THOUGHTS:
            item = {"id": like_id(None, "rs_"), "type": "reasoning", "summary": []}
        else:
            item = call_item(self._call, None, self._custom)
        return {**item, "status": "in_progress"}

    def _open_part(self, item: OpenItem) -> Iterator[bytes]:
        kind = PARTS[item.channel]
        item.in_part, item.text = True, ""
        yield self._event(
            f"response.{kind.events}.added", **item.place(), part=part_saying(kind, "")
        )

    def _close_item(self) -> Iterator[bytes]:
        item = self._open
        if item is None:
            return
        if item.in_part:
            yield from self._close_part(item)
        elif item.channel.startswith("tool_call:"):
            key = "input" if self._call.name in self._custom else "arguments"
            told = {key: item.text} | ({"name": self._call.name} if key == "arguments" else {})
            yield self._event(f"{self._call_events()}.done", **item.place(), **told)
            item.item[key] = item.text
        cut = self._finish == "length" and item.item.get("type") == "message"
        whole = {**item.item, "status": "incomplete" if cut else "completed"}
        for holder in {kind.holder for kind in PARTS.values()} & item.item.keys():
            found = [k.part for k in PARTS.values() if k.holder == holder]
            whole[holder] = [p for p in item.parts if p.get("type") in found] or whole[holder]
        if whole.get("type") == "reasoning":
            whole.pop("status")
        yield self._event("response.output_item.done", output_index=item.at, item=whole)
        self._output.append(whole)
        self._open = None

    def _close_part(self, item: OpenItem) -> Iterator[bytes]:
        kind = PARTS[item.channel]
        logprobs = self._logprobs.pop(0) if item.channel == "answer" and self._logprobs else []
        extra: Json = {"logprobs": logprobs} if kind.part == "output_text" else {}
        if not item.ended:
            done = kind.delta.removesuffix(".delta") + ".done"
            yield self._event(done, **item.place(), **{kind.key: item.text}, **extra)
        part = part_saying(kind, item.text) | ({"logprobs": logprobs} if logprobs else {})
        yield self._event(f"response.{kind.events}.done", **item.place(), part=part)
        item.parts.append(part)
        item.in_part = False
        if kind.holder not in item.item:
            item.item[kind.holder] = []

    def _call_events(self) -> str:
        free = self._call.name in self._custom
        return "response.custom_tool_call_input" if free else "response.function_call_arguments"

    def _whole(self, status: str, usage: Json | None) -> Json:
        return {**self._response, "status": status, "output": list(self._output), "usage": usage}

    def _event(self, kind: str, **data: Any) -> bytes:
        if kind == self.said:
            data["logprobs"] = []
        told = {"type": kind, **data, "sequence_number": self._number}
        key, known = self.kind(told), self._manner.examples
        if key in _OF_AN_ANSWER and key not in known and _begins_empty(known):
            return b""  # this upstream tells answers without it
        self._number += 1
        return self._manner.write(key, told, kind)


_OF_AN_ANSWER = (
    "response.in_progress",
    "response.content_part.added output_text",
    "response.output_text.done",
    "response.content_part.done output_text",
)


def _begins_empty(known: Mapping[str, Json]) -> bool:
    """Whether this upstream's answers begin without a part: who makes the parts there, if no event
    does?"""
    begun = (known.get("response.output_item.added message") or {}).get("item") or {}
    return bool(begun.get("content") == [])


def _is_object(value: Any) -> bool:
    return isinstance(value, Mapping)


def _text_parts(own: Head) -> Iterator[Mapping[str, Any]]:
    for item in own.get("output") or ():
        if isinstance(item, dict) and item.get("type") == "message":
            for part in item.get("content") or ():
                if isinstance(part, dict) and part.get("type") == "output_text":
                    yield part
