"""Saying a response: its items, and the events in which it is streamed."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from amnestic.graphs.usage import tokens_of
from amnestic.integrations.openai.dialect import Head, Json
from amnestic.integrations.openai.wire import event_bytes, like_id
from amnestic.models.protocol import Delta
from amnestic.models.values import strings_in
from amnestic.types import Draft, ToolCall

__all__ = [
    "ECHOED",
    "RESPONSE_HEAD",
    "ResponsesSpeaker",
    "call_item",
    "message_item",
    "response_head",
    "responses_usage",
]

ECHOED = (
    "instructions max_output_tokens metadata parallel_tool_calls store temperature text "
    "tool_choice tools top_p truncation user"
).split()
_DEFAULTS: Json = {
    "parallel_tool_calls": True, "tool_choice": "auto", "tools": [], "metadata": {},
    "temperature": 1.0, "top_p": 1.0, "instructions": None, "text": {"format": {"type": "text"}},
    "truncation": "disabled",
}  # fmt: skip
RESPONSE_HEAD = (
    *ECHOED,
    *"background billing frequency_penalty id max_tool_calls model object presence_penalty".split(),
    *"prompt_cache_key prompt_cache_retention provider safety_identifier service_tier".split(),
    "top_logprobs",
)
"""What is kept of an upstream's reply: what the server says of itself and of the request."""


def response_head(body: Json, like: Head, *, fresh: bool) -> Json:
    """The fields of a response around its output. `like` is this reply's own head, or an earlier
    reply's, whose manner a `fresh` id takes."""
    echoed = {key: body[key] for key in ECHOED if body.get(key) is not None}
    own = [key for key in RESPONSE_HEAD if not fresh or key not in ECHOED]
    known = {key: like[key] for key in own if key in like}
    return {
        **_DEFAULTS,
        **known,
        **echoed,
        "id": like_id(like.get("id"), "resp_") if fresh or "id" not in like else like["id"],
        "object": "response",
        "created_at": int(time.time()),
        "model": like.get("model") or body.get("model") or "model",
        "error": None,
        "incomplete_details": None,
    }


def message_item(draft: Draft, item_id: str | None = None) -> Json:
    """The item that holds an answer."""
    content: Json = {"type": "output_text", "text": draft.text, "annotations": []}
    if draft.refusal and not draft.text:
        content = {"type": "refusal", "refusal": draft.refusal}
    return {
        "id": item_id or like_id(None, "msg_"),
        "type": "message",
        "status": "completed",
        "role": "assistant",
        "content": [content],
    }


def call_item(call: ToolCall, item_id: str | None = None) -> Json:
    """The item that holds a tool call."""
    return {
        "id": item_id or like_id(None, "fc_"),
        "type": "function_call",
        "status": "completed",
        "call_id": call.id,
        "name": call.name,
        "arguments": call.arguments,
    }


def responses_usage(choices: tuple[Draft, ...], body: Json, asked: Mapping[str, Any]) -> Json:
    """What a reply took; the answer's tokens are estimated from what is said."""
    read = asked.get("input_tokens")
    if not isinstance(read, int):
        texts = strings_in([body.get("instructions"), body.get("input")], but=("role", "type"))
        read = max(1, sum(len(text) for text in texts) // 4)
    written = tokens_of(*choices)
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": 0},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": 0},
        "total_tokens": read + written,
    }


class ResponsesSpeaker:
    """Says a verified answer in events; its items come one after the other."""

    def __init__(self, body: Json, like: Json) -> None:
        self._body = body
        self._response = response_head(body, like, fresh=True)
        self._number = 0
        self._output: list[Json] = []
        self._open: tuple[str, str] | None = None  # the channel that is being said, and its item
        self._text = ""
        self._call = ToolCall("", "", "")
        self._begun = False
        self._finish = "stop"
        self._logprobs: list[list[Any]] = []

    def begin(self, head: Head) -> Iterator[bytes]:
        """The response, without its output yet."""
        self._begun = True
        if head:
            self._response = response_head(self._body, head, fresh=False)
        for kind in ("response.created", "response.in_progress"):
            yield self._event(kind, response=self._whole("in_progress", None))

    def say(self, delta: Delta) -> Iterator[bytes]:
        """The events of one delta."""
        self._finish = delta.finish_reason or self._finish
        if not delta.text and not delta.channel.startswith("tool_call:"):
            return
        if self._open is None or self._open[0] != delta.channel:
            yield from self._close_item()
            yield from self._open_item(delta)
        self._text += delta.text
        kind = _DELTAS.get(delta.channel, "response.function_call_arguments.delta")
        yield self._event(kind, **self._place(), delta=delta.text)

    def likelihoods(self, own: Head) -> Iterator[bytes]:
        """Nothing yet: the logprobs stand in the items that are still to be said whole."""
        self._logprobs = [part["logprobs"] for part in _text_parts(own) if part.get("logprobs")]
        yield from ()

    def end(self, own: Head | None, read: int | None) -> Iterator[bytes]:
        """The whole response."""
        if not self._begun:
            yield from self.begin({})
        yield from self._close_item()
        if not self._output:
            yield from self._open_item(Delta(text=""))
            yield from self._close_item()
        cut = self._finish == "length"
        draft = Draft(text="".join(strings_in(self._output, but=("id", "type", "role"))))
        told = (own or {}).get("usage") or responses_usage(
            (draft,), self._body, {"input_tokens": read}
        )
        whole = self._whole("incomplete" if cut else "completed", told)
        if cut:
            whole["incomplete_details"] = {"reason": "max_output_tokens"}
        yield self._event("response.incomplete" if cut else "response.completed", response=whole)

    def _open_item(self, delta: Delta) -> Iterator[bytes]:
        prefix = _PREFIXES.get(delta.channel, "fc_")
        self._open, self._text = (delta.channel, like_id(None, prefix)), ""
        self._call = ToolCall(delta.tool_call_id or "", delta.tool_name or "", "")
        empty = {**self._item(""), "status": "in_progress"}
        if delta.channel in ("answer", "refusal"):
            empty["content"] = []
        at = len(self._output)
        yield self._event("response.output_item.added", output_index=at, item=empty)
        if part := _PARTS.get(delta.channel):
            kind, key, kinds = part
            content: Json = {"type": kind, key: ""}
            if kind == "output_text":
                content["annotations"] = []
            yield self._event(f"response.{kinds}.added", **self._place(), part=content)

    def _close_item(self) -> Iterator[bytes]:
        if self._open is None:
            return
        channel, _ = self._open
        item = self._item(self._text)
        logprobs = self._logprobs.pop(0) if channel == "answer" and self._logprobs else []
        if part := _PARTS.get(channel):
            kind, key, kinds = part
            done = _DELTAS[channel].removesuffix(".delta") + ".done"
            content: Json = {"type": kind, key: self._text}
            extra: Json = {}
            if kind == "output_text":
                content["annotations"], extra = [], {"logprobs": logprobs}
                if logprobs:
                    item["content"][0]["logprobs"] = content["logprobs"] = logprobs
            yield self._event(done, **self._place(), **{key: self._text}, **extra)
            yield self._event(f"response.{kinds}.done", **self._place(), part=content)
        else:
            told = {"arguments": self._text, "name": self._call.name}
            yield self._event("response.function_call_arguments.done", **self._place(), **told)
        at = len(self._output)
        yield self._event("response.output_item.done", output_index=at, item=item)
        self._output.append(item)
        self._open = None

    def _item(self, text: str) -> Json:
        channel, item_id = self._open or ("answer", "")
        match channel:
            case "answer":
                return message_item(Draft(text=text), item_id)
            case "refusal":
                return message_item(Draft(refusal=text or " "), item_id)
            case "reasoning":
                summary = [{"type": "summary_text", "text": text}] if text else []
                return {"id": item_id, "type": "reasoning", "summary": summary}
        call = self._call
        return call_item(ToolCall(call.id, call.name, text), item_id)

    def _place(self) -> Json:
        channel, item_id = self._open or ("answer", "")
        place: Json = {"item_id": item_id, "output_index": len(self._output)}
        if channel in ("answer", "refusal"):
            place["content_index"] = 0
        if channel == "reasoning":
            place["summary_index"] = 0
        return place

    def _whole(self, status: str, usage: Json | None) -> Json:
        return {**self._response, "status": status, "output": list(self._output), "usage": usage}

    def _event(self, kind: str, **data: Any) -> bytes:
        number, self._number = self._number, self._number + 1
        if kind == "response.output_text.delta":
            data["logprobs"] = []
        return event_bytes({"type": kind, **data, "sequence_number": number}, kind)


def _text_parts(own: Head) -> Iterator[Json]:
    for item in own.get("output") or ():
        if isinstance(item, dict) and item.get("type") == "message":
            for part in item.get("content") or ():
                if isinstance(part, dict) and part.get("type") == "output_text":
                    yield part


_DELTAS = {
    "answer": "response.output_text.delta",
    "refusal": "response.refusal.delta",
    "reasoning": "response.reasoning_summary_text.delta",
}
_PARTS = {
    "answer": ("output_text", "text", "content_part"),
    "refusal": ("refusal", "refusal", "content_part"),
    "reasoning": ("summary_text", "text", "reasoning_summary_part"),
}
_PREFIXES = {"answer": "msg_", "refusal": "msg_", "reasoning": "rs_"}
