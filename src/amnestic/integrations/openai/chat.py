"""The chat completions endpoint: its requests, its replies and its chunks."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterator, Mapping
from dataclasses import replace
from typing import Any

from amnestic.conversation import parse_conversation
from amnestic.exceptions import InvalidRequestError, ModelError, UnsupportedContentError
from amnestic.integrations.openai.chat_speaker import (
    CHAT_HEAD,
    ChatSpeaker,
    called,
    chat_manner,
    custom_tools,
    usage_of,
)
from amnestic.integrations.openai.chunks import (
    choice_count,
    choices_of,
    chunks,
    finish_in,
    place_in,
    take_options,
    usage_in,
)
from amnestic.integrations.openai.dialect import Json, in_front, schema_in
from amnestic.integrations.openai.wire import Event, strings_in
from amnestic.models.protocol import Delta
from amnestic.types import Conversation, Draft, Generation, Message, ToolCall

__all__ = ["ChatDialect", "ChatSpeaker", "check_parts", "edited_parts"]

_KNOWN = ("role", "content", "refusal", "tool_calls", "function_call", "id", "type", "index")
_HEADS = (*CHAT_HEAD, "choices", "object", "service_tier", "provider")
_CHOICE = ("message", "index", "logprobs", "finish_reason")
_OPTIONS = (
    "frequency_penalty logit_bias max_completion_tokens max_tokens min_p n presence_penalty "
    "response_format seed stop temperature tool_choice tools top_k top_p"
).split()


class ChatDialect:
    """`POST /chat/completions`."""

    path = "/chat/completions"

    def conversation(self, body: Json, max_chars: int) -> Conversation:
        """The messages of a request."""
        choice_count(body)
        if body.get("modalities") not in (None, ["text"]):
            raise UnsupportedContentError("'modalities' other than text cannot be reviewed")
        messages = body.get("messages")
        if not isinstance(messages, list) or not messages:
            raise InvalidRequestError("'messages' must be a list with at least one message")
        for i, message in enumerate(messages):
            check_parts(message, f"messages[{i}]")
            if isinstance(message, Mapping) and message.get("function_call") is not None:
                raise UnsupportedContentError(
                    f"messages[{i}] has a 'function_call', which is out of use; send 'tool_calls'"
                )
            if isinstance(message, Mapping) and message.get("audio") is not None:
                raise UnsupportedContentError(
                    f"messages[{i}] points to audio that the layer cannot read; send its text"
                )
        return parse_conversation(messages, max_chars=max_chars)

    def options(self, body: Json) -> Json:
        """The sampling parameters and tools of a request."""
        return take_options(body, _OPTIONS)

    def edited(self, body: Json, before: Conversation, after: Conversation) -> Json:
        """The request with the messages that the scrubber changed, or with what else is asked."""
        head = in_front(before, after)
        if head is None:
            return {**body, "messages": [_spoken(message) for message in after]}
        messages = [
            raw if old == new else _edited_message(raw, old, new)
            for raw, old, new in zip(body["messages"], before, after[len(head) :], strict=True)
        ]
        return {**body, "messages": [*map(_spoken, head), *messages]}

    def schema(self, body: Json) -> Json | None:
        """The schema of `response_format`."""
        return schema_in(body.get("response_format"))

    def generation(self, reply: Json) -> Generation:
        """The choices of a reply, each with every text that it carries."""
        first, *others = map(_draft, choices_of(reply))
        beside = strings_in({k: v for k, v in reply.items() if k not in _HEADS})
        read = "\n".join(filter(None, (first.reasoning, *beside)))
        return Generation((replace(first, reasoning=read), *others), usage_in(reply.get("usage")))

    async def deltas(
        self, events: AsyncIterable[Event], seen: dict[str, Any]
    ) -> AsyncIterator[Delta]:
        """The chunks of a streamed reply."""
        async for chunk in chunks(events, seen, CHAT_HEAD):
            for delta in _chunk_deltas(chunk):
                yield delta
            if chunk.get("usage"):
                yield Delta(usage=usage_in(chunk["usage"]))

    def reply(self, generation: Generation, body: Json, like: Json, before: Json | None) -> Json:
        """A chat completion."""
        own = (before or {}).get("choices", [])
        drafts = self.generation(before).choices if before else ()
        custom = custom_tools(body)
        choices = [
            own[i] if i < len(own) and draft == drafts[i] else _choice(i, draft, custom)
            for i, draft in enumerate(generation.choices)
        ]
        head = {**chat_manner(like, body, "chat.completion"), **_head_of(before)}
        asked = (before or {}).get("usage") or {}
        return {**head, "choices": choices, "usage": usage_of(generation.choices, body, asked)}

    def speaker(self, body: Json, like: Json) -> ChatSpeaker:
        """What says a streamed chat completion."""
        return ChatSpeaker(body, chat_manner(like, body, "chat.completion.chunk"))


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────


def check_parts(message: Any, place: str) -> None:
    """Raise `InvalidRequestError` where a message's content is a list of something but parts."""
    content = message.get("content") if isinstance(message, Mapping) else None
    if isinstance(content, list) and not all(isinstance(part, Mapping) for part in content):
        raise InvalidRequestError(f"{place}.content must be a string or a list of parts")


def _spoken(message: Message) -> Json:
    """A message of the layer's own."""
    return {"role": message.role, "content": message.text}


def _edited_message(raw: Mapping[str, Any], old: Message, new: Message) -> Json:
    names = ("name",) if new.name == old.name else ()
    kept = {k: raw[k] for k in ("role", *names, "tool_call_id") if k in raw}
    kept["content"] = edited_parts(raw.get("content"), old, new)
    if new.tool_calls:
        calls = raw.get("tool_calls") or ()
        kept["tool_calls"] = [
            _edited_call(call, edited) for call, edited in zip(calls, new.tool_calls, strict=True)
        ]
    if new.reasoning:
        kept["reasoning_content"] = new.reasoning
    return kept


def _edited_call(raw: Mapping[str, Any], new: ToolCall) -> Json:
    kind, text = ("custom", "input") if raw.get("type") == "custom" else ("function", "arguments")
    return {**raw, kind: {**raw[kind], text: new.arguments}}


def edited_parts(content: Any, old: Message, new: Message) -> Any:
    """A message's content, in the shape that it came in, with the texts that were changed."""
    if content is None or isinstance(content, str):
        return new.text if new.parts else content
    if len(old.parts) != len(new.parts):
        return new.text
    parts = []
    for raw, before, after in zip(content, old.parts, new.parts, strict=True):
        if before == after or after.kind != "text":
            parts.append(raw)
        elif isinstance(raw, str):
            parts.append(after.text)
        else:
            parts.append({"type": raw["type"], _text_key(raw): after.text})
    return parts


def _text_key(raw: Mapping[str, Any]) -> str:
    return "refusal" if raw.get("type") == "refusal" else "text"


# ── Replies ──────────────────────────────────────────────────────────────────────────────────────


def _draft(choice: Any) -> Draft:
    message = choice.get("message") if isinstance(choice, Mapping) else None
    if not isinstance(message, Mapping):
        raise ModelError("the upstream gave a choice without a message")
    content = message.get("content")
    others = list(strings_in({k: v for k, v in message.items() if k not in _KNOWN}, but=("data",)))
    others += strings_in({k: v for k, v in choice.items() if k not in _CHOICE})
    if isinstance(content, list):
        texts = [p["text"] for p in content if isinstance(p, Mapping) and _is_text(p)]
        others += strings_in([p for p in content if not (isinstance(p, Mapping) and _is_text(p))])
        content = "".join(texts)
    refusal = message.get("refusal") or ""
    if not isinstance(refusal, str) or not isinstance(content, str | None):
        raise ModelError("the upstream gave a message that cannot be read")
    calls = [*(message.get("tool_calls") or ())]
    if message.get("function_call"):
        calls.append({"id": "", "type": "function", "function": message["function_call"]})
    return Draft(
        content or "", "\n".join(others), refusal, tuple(map(_call, calls)), finish_in(choice)
    )


def _is_text(part: Mapping[str, Any]) -> bool:
    return part.get("type") in ("text", "output_text") and isinstance(part.get("text"), str)


def _call(raw: Any) -> ToolCall:
    try:
        kind = raw.get("type") or "function"
        body = raw[kind]
        given = body["arguments"] if kind == "function" else body["input"]
        return ToolCall(str(raw.get("id") or ""), str(body["name"]), str(given))
    except (AttributeError, KeyError, TypeError):
        raise ModelError("the upstream made a tool call that cannot be read") from None


def _chunk_deltas(chunk: Json) -> Iterator[Delta]:
    for choice in chunk.get("choices") or ():
        delta = choice.get("delta") if isinstance(choice, Mapping) else None
        if not isinstance(delta, Mapping):
            raise ModelError("the upstream sent a chunk that cannot be read")
        n = place_in(choice)
        for text in strings_in({k: v for k, v in delta.items() if k not in _KNOWN}):
            yield Delta(n, "reasoning", text)
        if isinstance(delta.get("content"), str) and delta["content"]:
            yield Delta(n, "answer", delta["content"])
        if isinstance(delta.get("refusal"), str) and delta["refusal"]:
            yield Delta(n, "refusal", delta["refusal"])
        yield from _call_deltas(n, delta.get("tool_calls") or ())
        if choice.get("finish_reason"):
            yield Delta(n, finish_reason=finish_in(choice))


def _call_deltas(n: int, calls: Any) -> Iterator[Delta]:
    for call in calls:
        body = call.get("function") or call.get("custom") or {}
        text = body.get("arguments") or body.get("input") or ""
        channel, name = f"tool_call:{place_in(call)}", body.get("name")
        if not isinstance(text, str) or not isinstance(name, str | None):
            raise ModelError("the upstream made a tool call that cannot be read")
        yield Delta(n, channel, text, tool_call_id=call.get("id"), tool_name=name)


def _choice(index: int, draft: Draft, custom: frozenset[str]) -> Json:
    message: Json = {"role": "assistant", "content": draft.text or None, "refusal": None}
    if draft.refusal:
        message["refusal"] = draft.refusal
    if draft.reasoning:
        message["reasoning_content"] = draft.reasoning
    if draft.tool_calls:
        message["tool_calls"] = [
            {"id": c.id, **called(c.name, c.arguments, custom)} for c in draft.tool_calls
        ]
    elif not draft.text and not draft.refusal:
        message["content"] = ""
    finish = draft.finish_reason
    return {"index": index, "message": message, "logprobs": None, "finish_reason": finish}


def _head_of(reply: Json | None) -> Json:
    return {key: reply[key] for key in CHAT_HEAD if key in reply} if reply else {}
