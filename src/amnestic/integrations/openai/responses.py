"""The responses endpoint: its requests, its replies and its events."""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Mapping
from typing import Any

from amnestic.conversation import parse_conversation, parse_message
from amnestic.exceptions import InvalidRequestError, ModelError, UnsupportedContentError
from amnestic.integrations.openai.chat import check_parts, edited_parts
from amnestic.integrations.openai.chunks import take_options
from amnestic.integrations.openai.counts import counted_in
from amnestic.integrations.openai.dialect import (
    Json,
    fields_around,
    in_front,
    put_around,
    schema_in,
)
from amnestic.integrations.openai.item_fields import OUTPUTS, beside_item, plain_item
from amnestic.integrations.openai.part_fields import parts_kept
from amnestic.integrations.openai.responses_items import (
    ECHOED,
    call_item,
    custom_names,
    message_item,
    response_head,
    responses_usage,
)
from amnestic.integrations.openai.responses_reader import ResponseReader
from amnestic.integrations.openai.responses_replies import (
    CALLS,
    QUIET,
    draft_in,
    is_other,
    usage_in,
)
from amnestic.integrations.openai.responses_speaker import ResponsesSpeaker
from amnestic.integrations.openai.wire import DONE, BrokenOffError, Event, is_sendable, like_id
from amnestic.models.protocol import Delta
from amnestic.models.values import strings_in
from amnestic.types import Conversation, Generation, Message, Part, ToolCall

__all__ = ["ResponsesDialect"]

_HIDDEN = {
    "previous_response_id": "it points to history that this server cannot read; send the history",
    "conversation": "it points to history that this server cannot read; send the history",
    "background": "its answer would be fetched past the review; send the request without it",
    "prompt": "it points to a prompt that this server cannot read; send its text as instructions",
}
_TALK = ("input", "instructions")
_OPTIONS = "max_output_tokens temperature tool_choice tools top_p".split()


class ResponsesDialect:
    """`POST /responses`."""

    path = "/responses"
    echoed = ECHOED

    def conversation(self, body: Json, max_chars: int) -> Conversation:
        """The instructions and the input items of a request, one message each."""
        for field, reason in _HIDDEN.items():
            if body.get(field) is not None and not (field == "background" and body[field] is False):
                raise UnsupportedContentError(f"{field!r} cannot be served: {reason}")
        told = body.get("instructions")
        if told is not None and not isinstance(told, str):
            raise InvalidRequestError("'instructions' must be a string")
        head = [Message.of("system", told)] if told else []
        given = body.get("input")
        if isinstance(given, str):
            return parse_conversation([*head, Message.of("user", given)], max_chars=max_chars)
        if not isinstance(given, list):
            raise InvalidRequestError("'input' must be a string or a list of items")
        items = [_message(item, i) for i, item in enumerate(given)]
        return parse_conversation([*head, *items], max_chars=max_chars)

    def options(self, body: Json) -> Json:
        """The sampling parameters and tools of a request, in the words of chat completions."""
        found = take_options(body, _OPTIONS)
        if "max_output_tokens" in found:
            found["max_tokens"] = found.pop("max_output_tokens")
        if isinstance(found.get("tools"), list):
            found["tools"] = [_chat_tool(tool) for tool in found["tools"]]
        return found

    def edited(self, body: Json, before: Conversation, after: Conversation) -> Json:
        """The request with the items that the scrubber changed, or with what else is asked."""
        edited, given = dict(body), body["input"]
        head = in_front(before, after)
        if head is None or (head and body.get("instructions")):
            told = "\n\n".join(m.text for m in after if m.role in ("system", "developer"))
            asked = [m for m in after if m.role not in ("system", "developer")]
            spoken = [{"role": m.role, "content": m.text} for m in asked]
            return {**edited, "instructions": told, "input": spoken}
        if head:
            edited["instructions"], after = head[0].text, after[1:]
        if body.get("instructions"):
            edited["instructions"] = after[0].text
            before, after = before[1:], after[1:]
        if isinstance(given, str):
            return {**edited, "input": after[0].text}
        items = [
            item if old == new else _edited_item(item, old, new)
            for item, old, new in zip(given, before, after, strict=True)
        ]
        return {**edited, "input": [item for item in items if item is not None]}

    def around(self, body: Json) -> Json:
        """The fields of a request around its conversation, and those of its items that are not
        read with them, the names of the tools that were called among these."""
        around, given = fields_around(body, _TALK), body.get("input")
        beside = [beside_item(item) for item in given] if isinstance(given, list) else []
        return {**around, "input": beside} if any(beside) else around

    def within(self, body: Json, around: Json) -> Json:
        """The request with other fields around its conversation. A field of an item that must not
        stay takes the others along, and the tools that were called lose their names."""
        rest = {key: value for key, value in around.items() if key != "input"}
        told, given = put_around(body, rest, _TALK), body.get("input")
        if not isinstance(given, list):
            return told
        kept = around.get("input") or []
        parts = parts_kept(kept)
        items = [
            item if beside_item(item) in (None, *kept) else plain_item(item, parts)
            for item in given
        ]
        return {**told, "input": items}

    def schema(self, body: Json) -> Json | None:
        """The schema of `text.format`."""
        text = body.get("text")
        return schema_in(text.get("format")) if isinstance(text, Mapping) else None

    def generation(self, reply: Json, asked: Json | None = None) -> Generation:
        """The one choice of a reply."""
        if reply.get("error") or reply.get("status") in ("failed", "cancelled"):
            raise ModelError("the upstream failed to answer", retryable=True)
        output = reply.get("output")
        if not isinstance(output, list):
            raise ModelError("the upstream gave no output at all")
        echoed = {k for k in ECHOED if k in reply and reply[k] == (asked or {}).get(k)}
        own = {key: value for key, value in reply.items() if key not in echoed}
        return Generation((draft_in(output, own),), usage_in(reply.get("usage")))

    async def deltas(
        self, events: AsyncIterable[Event], seen: dict[str, Any], asked: Json | None = None
    ) -> AsyncIterator[Delta]:
        """The events of a streamed reply."""
        reader = ResponseReader({k: v for k, v in (asked or {}).items() if k in ECHOED})
        async for event in events:
            if event.data == DONE:
                break
            data = event.told()
            kind = str(data.get("type") or event.name)
            response = data.get("response")
            if kind in ("error", "response.failed"):
                failed = response if isinstance(response, dict) else data
                raise BrokenOffError(failed.get("error") or {**data, "type": None})
            if isinstance(response, dict) and is_sendable(response):
                seen |= response
            if kind in ("response.completed", "response.incomplete"):
                whole = self.generation(response or {}, asked)
                for delta in reader.ending(whole, data):
                    yield delta
                return
            for delta in reader.deltas(kind, data):
                yield delta
        raise ModelError("the upstream broke off its answer", retryable=True)

    def reply(self, generation: Generation, body: Json, like: Json, before: Json | None) -> Json:
        """A response."""
        draft = generation.choices[0]
        own = (before or {}).get("output") or []
        known = {str(item.get("call_id")): item for item in own if isinstance(item, Mapping)}
        items = [item for item in own if is_other(item)] if draft.reasoning and draft.beside else []
        if draft.text or draft.refusal or not draft.tool_calls:
            items.append(
                message_item(draft, like_id(_message_id(own or like.get("output")), "msg_"))
            )
        custom = custom_names(body)
        items += [known.get(c.id) or call_item(c, None, custom) for c in draft.tool_calls]
        cut = draft.finish_reason == "length"
        return {
            **response_head(body, before or like, fresh=before is None),
            "status": "incomplete" if cut else "completed",
            "incomplete_details": {"reason": "max_output_tokens"} if cut else None,
            "output": items,
            "usage": responses_usage((draft,), body, counted_in(generation, before)),
        }

    def speaker(self, body: Json, like: Json) -> ResponsesSpeaker:
        """What says a streamed response."""
        return ResponsesSpeaker(body, like)


def _message_id(items: Any) -> str | None:
    """The id of a message among items, for another that looks alike."""
    found = [item for item in items or () if isinstance(item, Mapping)]
    ids = (item.get("id") for item in found if item.get("type") == "message")
    return next((given for given in ids if isinstance(given, str)), None)


# ── Requests ─────────────────────────────────────────────────────────────────────────────────────


def _message(item: Any, index: int) -> Message:
    if not isinstance(item, Mapping):
        raise InvalidRequestError(f"input[{index}] must be an item with a 'type' or a 'role'")
    kind = item.get("type") or "message"
    if not isinstance(kind, str):
        raise UnsupportedContentError(f"input[{index}] has no type that is known")
    if kind == "message":
        check_parts(item, f"input[{index}]")
        return parse_message(item, index)
    if kind == "item_reference":
        raise UnsupportedContentError(
            f"input[{index}] points to an item that this server cannot read; send the item itself"
        )
    if kind in CALLS:
        whole = {CALLS[kind]: "", **{k: v for k, v in item.items() if v is not None}}
        call = ToolCall(*(_text(whole, key, index) for key in ("call_id", "name", CALLS[kind])))
        return Message("assistant", tool_calls=(call,))
    if kind in OUTPUTS:
        check_parts({"content": item.get("output")}, f"input[{index}].output")
        return parse_message({"role": "tool", "content": item.get("output"),
                              "tool_call_id": item.get("call_id")}, index)  # fmt: skip
    text = "\n".join(strings_in(item, but=QUIET))
    if kind == "reasoning":
        return Message("assistant", reasoning=text)
    return Message("tool", (Part("text", text),))


def _text(item: Mapping[str, Any], key: str, index: int) -> str:
    value = item.get(key)
    if not isinstance(value, str):
        raise InvalidRequestError(f"input[{index}].{key} must be a string")
    return value


def _edited_item(item: Json, old: Message, new: Message) -> Json | None:
    kind = item.get("type") or "message"
    if kind == "message":
        return {**item, "content": edited_parts(item.get("content"), old, new)}
    if kind in CALLS:
        return {**item, CALLS[kind]: new.tool_calls[0].arguments}
    if kind in OUTPUTS:
        return {**item, "output": edited_parts(item.get("output"), old, new)}
    return None  # what was thought or found on the way, and told of a target


def _chat_tool(tool: Any) -> Any:
    if not isinstance(tool, Mapping) or tool.get("type") != "function" or "function" in tool:
        return tool
    inner = {key: value for key, value in tool.items() if key != "type"}
    return {"type": "function", "function": inner}
