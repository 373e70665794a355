"""The chat completions endpoint: its requests, its replies and its chunks."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any

from amnestic.conversation import is_thought, parse_conversation
from amnestic.exceptions import InvalidRequestError, UnsupportedContentError
from amnestic.integrations.openai.chat_chunks import ChunkReader
from amnestic.integrations.openai.chat_fields import beside_message, plain_message
from amnestic.integrations.openai.chat_replies import draft_in
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
    chunks,
    generation_in,
    likelihoods_in,
    take_options,
    usage_in,
)
from amnestic.integrations.openai.counts import counted_in
from amnestic.integrations.openai.dialect import (
    Json,
    fields_around,
    in_front,
    put_around,
    schema_in,
)
from amnestic.integrations.openai.part_fields import parts_kept
from amnestic.integrations.openai.wire import Event
from amnestic.models.protocol import Delta
from amnestic.models.values import likelihoods_of
from amnestic.types import Conversation, Draft, Generation, Message, ToolCall

__all__ = ["ChatDialect", "ChatSpeaker", "check_parts", "edited_parts"]

_TALK = ("messages",)
_OPTIONS = (
    "frequency_penalty logit_bias max_completion_tokens max_tokens min_p n presence_penalty "
    "response_format seed stop temperature tool_choice tools top_k top_p"
).split()


class ChatDialect:
    """`POST /chat/completions`."""

    path = "/chat/completions"
    echoed = ()

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

    def around(self, body: Json) -> Json:
        """The fields of a request around its messages, and those of the messages that are not
        read with them, the names of the tools that were called among these."""
        around, messages = fields_around(body, _TALK), body["messages"]
        beside = [beside_message(message) for message in messages]
        return {**around, "messages": beside} if any(beside) else around

    def within(self, body: Json, around: Json) -> Json:
        """The request with other fields around its messages. A field of a message that must not
        stay takes the others along, and the tools that were called lose their names."""
        kept = around.get("messages") or []
        parts = parts_kept(kept)
        messages = [
            message if beside_message(message) in (None, *kept) else plain_message(message, parts)
            for message in body["messages"]
        ]
        rest = {key: value for key, value in around.items() if key != "messages"}
        return {**put_around(body, rest, _TALK), "messages": messages}

    def schema(self, body: Json) -> Json | None:
        """The schema of `response_format`."""
        return schema_in(body.get("response_format"))

    def generation(self, reply: Json, asked: Json | None = None) -> Generation:
        """The choices of a reply, each with every text that it carries."""
        return generation_in(reply, draft_in)

    async def deltas(
        self, events: AsyncIterable[Event], seen: dict[str, Any], asked: Json | None = None
    ) -> AsyncIterator[Delta]:
        """The chunks of a streamed reply."""
        reader = ChunkReader()
        async for chunk in chunks(events, seen, CHAT_HEAD):
            for delta in reader.deltas(chunk):
                yield delta
            if chunk.get("usage"):
                yield Delta(usage=usage_in(chunk["usage"]))
        for delta in reader.joined():
            yield delta
        for n, pieces in likelihoods_in(seen):
            for delta in reader.told(n, likelihoods_of(pieces)):
                yield delta

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
        counted = counted_in(generation, before)
        return {**head, "choices": choices, "usage": usage_of(generation.choices, body, counted)}

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
    if raw.get("function_call") is not None:
        kept["function_call"] = {**raw["function_call"], "arguments": new.tool_calls[-1].arguments}
    if calls := raw.get("tool_calls"):
        kept["tool_calls"] = [
            _edited_call(call, edited) for call, edited in zip(calls, new.tool_calls, strict=False)
        ]
    if new.reasoning and not _thinks_in_parts(raw):
        kept["reasoning_content"] = new.reasoning
    return kept


def _thinks_in_parts(raw: Mapping[str, Any]) -> bool:
    """Whether a message holds its thoughts as parts, which are signed and go where it is edited."""
    content = raw.get("content")
    return isinstance(content, list) and any(map(is_thought, content))


def _edited_call(raw: Mapping[str, Any], new: ToolCall) -> Json:
    kind, text = ("custom", "input") if raw.get("type") == "custom" else ("function", "arguments")
    return {**raw, kind: {**raw[kind], text: new.arguments}}


def edited_parts(content: Any, old: Message, new: Message) -> Any:
    """A message's content, in the shape that it came in, with the texts that were changed."""
    if content is None or isinstance(content, str):
        return new.text if new.parts else content
    content = [part for part in content if not is_thought(part)]
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
