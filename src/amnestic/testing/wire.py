"""The scripted server's words: OpenAI's JSON, in and out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from amnestic.types import Conversation, Draft, Generation, Message, Part, ToolCall

__all__ = [
    "chat_chunks",
    "chat_response",
    "conversation_of_chat",
    "conversation_of_responses",
    "responses_events",
    "responses_response",
]

PiecesOf = Callable[[Draft], tuple[str, ...]]


def conversation_of_chat(messages: Sequence[Mapping[str, Any]]) -> Conversation:
    """The conversation in a chat completion request.

    >>> conversation_of_chat([{"role": "user", "content": "Hi"}])[0].text
    'Hi'
    """
    return tuple(
        Message(
            message["role"],
            _parts(message.get("content")),
            tool_calls=tuple(
                ToolCall(call["id"], call["function"]["name"], call["function"]["arguments"])
                for call in message.get("tool_calls") or ()
            ),
            tool_call_id=message.get("tool_call_id"),
            name=message.get("name"),
        )
        for message in messages
    )


def conversation_of_responses(body: Mapping[str, Any]) -> Conversation:
    """The conversation in a responses request."""
    told = body.get("instructions")
    given = body.get("input") or ""
    items: Sequence[Mapping[str, Any]] = (
        [{"role": "user", "content": given}] if isinstance(given, str) else given
    )
    head = (Message.of("system", told),) if told else ()
    messages = tuple(
        Message(_role(item), _parts(item.get("content") or item.get("output"))) for item in items
    )
    return head + messages


def _role(item: Mapping[str, Any]) -> Any:
    kind = item.get("type", "message")
    return item.get("role") or {"message": "user", "function_call_output": "tool"}.get(
        kind, "assistant"
    )


def _parts(content: Any) -> tuple[Part, ...]:
    if content is None or content == "":
        return ()
    if isinstance(content, str):
        return (Part("text", content),)
    return tuple(
        Part("text", block["text"]) if "text" in block else Part(block["type"], payload=block)
        for block in content
    )


# ── Chat completions ─────────────────────────────────────────────────────────────────────────────


def chat_response(generation: Generation, model: str) -> dict[str, Any]:
    """A chat completion."""
    return {
        **_chat_head("chat.completion", model),
        "choices": [
            {
                "index": i,
                "message": _chat_message(draft),
                "finish_reason": draft.finish_reason,
                "logprobs": None,
            }
            for i, draft in enumerate(generation.choices)
        ],
        "usage": _chat_usage(generation),
    }


def chat_chunks(
    generation: Generation, model: str, pieces_of: PiecesOf
) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed chat completion."""
    head = _chat_head("chat.completion.chunk", model)
    for i, draft in enumerate(generation.choices):
        for delta in _chat_deltas(draft, pieces_of):
            choice = {"index": i, "delta": delta, "finish_reason": None}
            yield {**head, "choices": [choice]}
        end = {"index": i, "delta": {}, "finish_reason": draft.finish_reason}
        yield {**head, "choices": [end]}
    yield {**head, "choices": [], "usage": _chat_usage(generation)}


def _chat_deltas(draft: Draft, pieces_of: PiecesOf) -> Iterator[dict[str, Any]]:
    yield {"role": "assistant", "content": ""}
    if draft.reasoning:
        yield {"reasoning_content": draft.reasoning}
    if draft.refusal:
        yield {"refusal": draft.refusal}
    for piece in pieces_of(draft) if draft.text else ():
        yield {"content": piece}
    for n, call in enumerate(draft.tool_calls):
        yield {"tool_calls": [{"index": n, **_chat_call(call)}]}


def _chat_head(kind: str, model: str) -> dict[str, Any]:
    return {"id": "chatcmpl-scripted", "object": kind, "created": 0, "model": model}


def _chat_message(draft: Draft) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": draft.text or None}
    message["refusal"] = draft.refusal or None
    if draft.reasoning:
        message["reasoning_content"] = draft.reasoning
    if draft.tool_calls:
        message["tool_calls"] = [_chat_call(call) for call in draft.tool_calls]
    return message


def _chat_call(call: ToolCall) -> dict[str, Any]:
    function = {"name": call.name, "arguments": call.arguments}
    return {"id": call.id, "type": "function", "function": function}


def _chat_usage(generation: Generation) -> dict[str, int]:
    read, written = generation.usage.input_tokens, generation.usage.output_tokens
    return {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}


# ── Responses ────────────────────────────────────────────────────────────────────────────────────


def responses_response(generation: Generation, model: str) -> dict[str, Any]:
    """A response of the responses API; it has one choice."""
    draft = generation.choices[0]
    return _response(model, "completed", _output(draft), generation)


def responses_events(
    generation: Generation, model: str, pieces_of: PiecesOf
) -> Iterator[dict[str, Any]]:
    """The events of a streamed response, item by item and part by part."""
    begun = _response(model, "in_progress", [], None)
    events: list[dict[str, Any]] = [
        {"type": f"response.{kind}", "response": begun} for kind in ("created", "in_progress")
    ]
    for i, item in enumerate(_output(generation.choices[0])):
        at: dict[str, Any] = {"item_id": item["id"], "output_index": i}
        empty = {**item, **_EMPTY[item["type"]]}
        events.append({"type": "response.output_item.added", "output_index": i, "item": empty})
        events.extend(_item_events(item, at, pieces_of(generation.choices[0])))
        events.append({"type": "response.output_item.done", "output_index": i, "item": item})
    whole = responses_response(generation, model)
    events.append({"type": "response.completed", "response": whole})
    for number, event in enumerate(events):
        yield {**event, "sequence_number": number}


_EMPTY: dict[str, dict[str, Any]] = {
    "message": {"content": [], "status": "in_progress"},
    "reasoning": {"summary": []},
    "function_call": {"arguments": "", "status": "in_progress"},
}


def _item_events(
    item: Mapping[str, Any], at: dict[str, Any], pieces: Sequence[str]
) -> Iterator[dict[str, Any]]:
    """What an item says, piece by piece, and then whole."""
    if item["type"] == "function_call":
        kind, told = "response.function_call_arguments", item["arguments"]
        yield {"type": f"{kind}.delta", **at, "delta": told}
        yield {"type": f"{kind}.done", **at, "arguments": told, "name": item["name"]}
    elif item["type"] == "reasoning":
        at["summary_index"] = 0
        yield from _part_events(item["summary"][0], at, "reasoning_summary_part",
                                "reasoning_summary_text", [item["summary"][0]["text"]])  # fmt: skip
    else:
        (part,), at["content_index"] = item["content"], 0
        said = [part["refusal"]] if part["type"] == "refusal" else pieces
        yield from _part_events(part, at, "content_part", part["type"], said)


def _part_events(
    part: Mapping[str, Any], at: Mapping[str, Any], events: str, kind: str, pieces: Sequence[str]
) -> Iterator[dict[str, Any]]:
    key = "refusal" if "refusal" in part else "text"
    likely: dict[str, Any] = {"logprobs": []} if kind == "output_text" else {}
    yield {"type": f"response.{events}.added", **at, "part": {**part, key: ""}}
    for piece in pieces:
        yield {"type": f"response.{kind}.delta", **at, "delta": piece, **likely}
    yield {"type": f"response.{kind}.done", **at, key: part[key], **likely}
    yield {"type": f"response.{events}.done", **at, "part": dict(part)}


def _output(draft: Draft) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = []
    if draft.reasoning:
        summary = [{"type": "summary_text", "text": draft.reasoning}]
        items.append({"type": "reasoning", "id": "rs_1", "summary": summary})
    content = [{"type": "output_text", "text": draft.text, "annotations": []}]
    if draft.refusal:
        content = [{"type": "refusal", "refusal": draft.refusal}]
    if draft.text or draft.refusal or not draft.tool_calls:
        items.append(
            {
                "type": "message",
                "id": "msg_1",
                "status": "completed",
                "role": "assistant",
                "content": content,
            }
        )
    items.extend(
        {
            "type": "function_call",
            "id": f"fc_{i}",
            "call_id": call.id,
            "name": call.name,
            "arguments": call.arguments,
            "status": "completed",
        }
        for i, call in enumerate(draft.tool_calls)
    )
    return items


def _response(
    model: str, status: str, output: list[dict[str, Any]], generation: Generation | None
) -> dict[str, Any]:
    usage = None
    if generation is not None:
        read, written = generation.usage.input_tokens, generation.usage.output_tokens
        usage = {
            "input_tokens": read,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens": written,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": read + written,
        }
    return {
        "id": "resp_scripted",
        "object": "response",
        "created_at": 0,
        "status": status,
        "error": None,
        "incomplete_details": None,
        "instructions": None,
        "metadata": {},
        "model": model,
        "output": output,
        "parallel_tool_calls": True,
        "temperature": 0.0,
        "tool_choice": "auto",
        "tools": [],
        "top_p": 1.0,
        "usage": usage,
    }
