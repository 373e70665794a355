"""Streams in the shapes in which APIs send them, one of each kind: the words are ours."""

from __future__ import annotations

import json
from typing import Any

from amnestic.integrations.openai.dialect import Json
from tests.integrations.openai.upstreams import chat_chunk, response

__all__ = ["CHAT", "RESPONSES", "USAGE", "as_events"]

ROLE = chat_chunk({"role": "assistant", "content": "", "refusal": None})
STOP = chat_chunk({}, "stop")
USAGE = {"prompt_tokens": 9, "completion_tokens": 4, "total_tokens": 13}


def said(*pieces: str, **fields: Any) -> list[Json]:
    return [chat_chunk({"content": piece}, **fields) for piece in pieces]


def thought(**delta: Any) -> Json:
    return chat_chunk({"content": "", **delta})


def called(name: str | None, arguments: str | None, **fields: Any) -> Json:
    inner = {k: v for k, v in (("name", name), ("arguments", arguments)) if v is not None}
    return chat_chunk({"tool_calls": [{"type": "function", "function": inner, **fields}]})


def bare(*choices: Any, **fields: Any) -> Json:
    return {**chat_chunk({}), "choices": list(choices), **fields}


FILTERED = {"index": 0, "finish_reason": None, "content_filter_offsets": {"check_offset": 44}}
CITED = {
    "type": "url_citation",
    "url_citation": {
        "url": "https://weather.example/a",
        "title": "Rain",
        "start_index": 0,
        "end_index": 8,
    },
}
DETAIL = {
    "type": "reasoning.text",
    "text": "Rain, so a coat.",
    "format": "anthropic-claude-v1",
    "index": 0,
    "signature": "c2lnbmVkIHRob3VnaHQ=",
}
SEALED = {"type": "reasoning.encrypted", "data": "gAAAAABo8x", "id": "rs_1", "index": 1}
PICTURE = {
    "type": "image_url",
    "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="},
    "index": 0,
}

CHAT: dict[str, list[Json]] = {
    "plain": [ROLE, *said("A mild ", "day. ", "Take a ", "coat."), STOP],
    "padded": [ROLE, *said("A ", "mild day.", obfuscation="x8Kd3"), {**STOP, "obfuscation": "q"}],
    "blanks": [ROLE, *said("One", "\n", "\n", " ", "two", "  ", "."), STOP],
    "thoughts": [
        ROLE,
        *(thought(reasoning_content=p) for p in ("Let", " ", "me", "\n", "see.")),
        *said("A mild day."),
        STOP,
    ],
    "structured thoughts": [
        ROLE,
        thought(reasoning="Rain, so a coat.", reasoning_details=[DETAIL]),
        thought(reasoning_details=[SEALED]),
        *said("A coat."),
        STOP,
    ],
    "thinking blocks": [
        ROLE,
        thought(thinking_blocks=[{"type": "thinking", "thinking": "Hm.", "signature": "c2ln"}]),
        *said("A coat."),
        STOP,
    ],
    "citations": [ROLE, *said("It rains."), chat_chunk({"annotations": [CITED]}), STOP],
    "sources": [
        {**ROLE, "citations": ["https://weather.example/a"], "search_results": []},
        *said("It rains."),
        STOP,
    ],
    "pictures": [ROLE, chat_chunk({"content": "Here.", "images": [PICTURE]}), STOP],
    "content in parts": [
        chat_chunk(
            {
                "role": "assistant",
                "content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Hm."}]}],
            }
        ),
        chat_chunk({"content": [{"type": "text", "text": "A mild day."}]}),
        STOP,
    ],
    "calls at one place": [
        ROLE,
        called("rain", '{"n":1}', index=0, id="c1"),
        called("wind", '{"n":2}', index=0, id="c2"),
        chat_chunk({}, "tool_calls"),
    ],
    "calls at no place": [
        ROLE,
        called("rain", '{"n":1}', id="c1"),
        called("wind", "{}", id="c2"),
        chat_chunk({}, "tool_calls"),
    ],
    "calls in pieces": [
        ROLE,
        called("rain", "", index=0, id="c1"),
        called(None, '{"n"', index=0),
        called("", ":1}", index=0),
        chat_chunk({}, "tool_calls"),
    ],
    "a call without arguments": [
        ROLE,
        called("rain", None, index=0, id="c1"),
        chat_chunk({}, "tool_calls"),
    ],
    "a signed call": [
        ROLE,
        called(
            "rain",
            "{}",
            index=0,
            id="c1",
            extra_content={"google": {"thought_signature": "c2lnbmVk"}},
        ),
        chat_chunk({}, "tool_calls"),
    ],
    "a free call": [
        ROLE,
        chat_chunk(
            {
                "tool_calls": [
                    {
                        "index": 0,
                        "id": "c1",
                        "type": "custom",
                        "custom": {"name": "patch", "input": "+ a line"},
                    }
                ]
            }
        ),
        chat_chunk({}, "tool_calls"),
    ],
    "an old call": [
        ROLE,
        chat_chunk({"function_call": {"name": "rain", "arguments": ""}}),
        chat_chunk({"function_call": {"arguments": '{"n":1}'}}),
        chat_chunk({}, "function_call"),
    ],
    "a refusal": [
        ROLE,
        chat_chunk({"refusal": "I can't "}),
        chat_chunk({"refusal": "do it."}),
        STOP,
    ],
    "unasked usage": [
        ROLE,
        *said("A mild day."),
        {**STOP, "usage": USAGE, "x_groq": {"id": "req_1", "usage": USAGE}},
    ],
    "asked usage": [
        {**ROLE, "usage": None},
        *said("A mild day.", usage=None),
        {**STOP, "usage": None},
        bare(usage=USAGE),
    ],
    "filters": [
        bare(prompt_filter_results=[{"prompt_index": 0, "content_filter_results": {}}]),
        ROLE,
        *said("A mild day."),
        bare(FILTERED),
        STOP,
    ],
    "no ending": [ROLE, *said("A mild day.")],
    "an odd ending": [ROLE, *said("A mild day."), chat_chunk({}, "end-turn")],
    "halves": [ROLE, *said("Sun \ud83c", "\udf1e over", " all. Fine."), STOP],
    "half": [ROLE, *said("Sun \ud83c", " over all. Fine."), STOP],
    "two answers": [
        chat_chunk({"role": "assistant", "content": p}, choice={"index": i})
        for p in ("It is ", "fine. ", "Yes.")
        for i in (0, 1)
    ]
    + [chat_chunk({}, "stop", choice={"index": i}) for i in (1, 0)],
    "likely words": [
        ROLE,
        *said(
            "Fine.",
            choice={
                "logprobs": {
                    "content": [
                        {"token": "Fine.", "logprob": -0.1, "bytes": None, "top_logprobs": []}
                    ],
                    "refusal": None,
                }
            },
        ),
        STOP,
    ],
}

WHOLE = response()
ITEM = WHOLE["output"][0]


def numbered(*events: Json) -> list[Json]:
    return [{**event, "sequence_number": n} for n, event in enumerate(events)]


def replied(*items: tuple[Json, list[Json]], **fields: Any) -> list[Json]:
    """A response of items, each with the events between its beginning and its end."""
    whole = {**WHOLE, "output": [item for item, _ in items], **fields}
    begun = {**whole, "status": "in_progress", "output": [], "usage": None}
    events: list[Json] = [
        {"type": "response.created", "response": begun},
        {"type": "response.in_progress", "response": begun},
    ]
    for at, (item, inner) in enumerate(items):
        empty = {
            key: type(value)() if key in ("content", "summary", "arguments", "input") else value
            for key, value in item.items()
        }
        place = {"output_index": at}
        events.append({"type": "response.output_item.added", **place, "item": empty})
        events += [{**event, **place, "item_id": item["id"]} for event in inner]
        events.append({"type": "response.output_item.done", **place, "item": item})
    kind = "response.incomplete" if whole["status"] == "incomplete" else "response.completed"
    return numbered(*events, {"type": kind, "response": whole})


def message(*pieces: str, **fields: Any) -> tuple[Json, list[Json]]:
    text = "".join(pieces)
    part = {**ITEM["content"][0], "text": text, **fields}
    at = {"content_index": 0}
    return {**ITEM, "content": [part]}, [
        {"type": "response.content_part.added", **at, "part": {**part, "text": ""}},
        *({"type": "response.output_text.delta", **at, "delta": p, "logprobs": []} for p in pieces),
        {"type": "response.output_text.done", **at, "text": text, "logprobs": []},
        {"type": "response.content_part.done", **at, "part": part},
    ]


def of_kind(kind: str, *inner: Json, **fields: Any) -> tuple[Json, list[Json]]:
    return {"id": f"{kind}_68af4030592c", "type": kind, "status": "completed", **fields}, [*inner]


def thinking(text: str, sealed: str | None = None) -> tuple[Json, list[Json]]:
    at, part = {"summary_index": 0}, {"type": "summary_text", "text": text}
    kind = "response.reasoning_summary"
    item = {
        "id": "rs_68af4030",
        "type": "reasoning",
        "summary": [part],
        "encrypted_content": sealed,
    }
    return item, [
        {"type": f"{kind}_part.added", **at, "part": {**part, "text": ""}},
        {"type": f"{kind}_text.delta", **at, "delta": text},
        {"type": f"{kind}_text.done", **at, "text": text},
        {"type": f"{kind}_part.done", **at, "part": part},
    ]


def arguments(kind: str, key: str, *pieces: str) -> list[Json]:
    return [
        *({"type": f"response.{kind}.delta", "delta": piece} for piece in pieces),
        {"type": f"response.{kind}.done", key: "".join(pieces)},
    ]


NOTE = {
    "type": "url_citation",
    "title": "Rain",
    "url": "https://weather.example/a",
    "start_index": 0,
    "end_index": 9,
}
CITING = message("It rains. ", "Take a coat.", annotations=[NOTE])
CITING[1].insert(
    2,
    {
        "type": "response.output_text.annotation.added",
        "content_index": 0,
        "annotation_index": 0,
        "annotation": NOTE,
    },
)
OPEN_THOUGHT = (
    {
        "id": "rs_1",
        "type": "reasoning",
        "summary": [],
        "content": [{"type": "reasoning_text", "text": "Rain, so a coat."}],
    },
    [
        {"type": "response.reasoning_text.delta", "content_index": 0, "delta": piece}
        for piece in ("Rain, ", "so a coat.")
    ]
    + [{"type": "response.reasoning_text.done", "content_index": 0, "text": "Rain, so a coat."}],
)

RESPONSES: dict[str, list[Json]] = {
    "plain": replied(message("A mild ", "day. ", "Take a coat.")),
    "padded": [
        {**event, **({"obfuscation": "aK3x"} if "delta" in event else {})}
        for event in replied(message("A mild ", "day."))
    ],
    "thoughts": replied(thinking("Rain, so a coat.", "gAAAAABo8x"), message("A coat.")),
    "open thoughts": replied(OPEN_THOUGHT, message("A coat.")),
    "sealed thoughts": replied(
        ({"id": "rs_1", "type": "reasoning", "summary": [], "encrypted_content": "gAAAAABo8x"}, []),
        message("A coat."),
    ),
    "a call": replied(
        of_kind(
            "function_call",
            *arguments("function_call_arguments", "arguments", '{"n"', ":1}"),
            name="rain",
            call_id="c1",
            arguments='{"n":1}',
        )
    ),
    "two calls": replied(
        *(
            of_kind(
                "function_call",
                *arguments("function_call_arguments", "arguments", "{}"),
                name=name,
                call_id=name,
                arguments="{}",
            )
            for name in ("rain", "wind")
        )
    ),
    "a free call": replied(
        of_kind(
            "custom_tool_call",
            *arguments("custom_tool_call_input", "input", "*** Begin", " Patch"),
            name="patch",
            call_id="c1",
            input="*** Begin Patch",
        )
    ),
    "a search": replied(
        of_kind(
            "web_search_call",
            {"type": "response.web_search_call.searching"},
            {"type": "response.web_search_call.completed"},
            action={"type": "search", "query": "weather today"},
        ),
        CITING,
    ),
    "files": replied(
        of_kind(
            "file_search_call",
            {"type": "response.file_search_call.searching"},
            queries=["weather"],
            results=[{"file_id": "f", "text": "Rain."}],
        ),
        message("It rains."),
    ),
    "a computer": replied(
        of_kind(
            "computer_call",
            call_id="c1",
            pending_safety_checks=[],
            action={"type": "type", "text": "weather"},
        )
    ),
    "a shell": replied(
        of_kind(
            "local_shell_call",
            call_id="c1",
            action={"type": "exec", "command": ["date"], "env": {}},
        )
    ),
    "a patch": replied(
        of_kind(
            "apply_patch_call",
            call_id="c1",
            operation={"type": "update_file", "path": "a.txt", "diff": "+ rain"},
        )
    ),
    "another server": replied(
        of_kind(
            "mcp_list_tools",
            server_label="w",
            tools=[{"name": "rain", "description": "Tells rain.", "input_schema": {}}],
        ),
        of_kind(
            "mcp_call",
            *arguments("mcp_call_arguments", "arguments", '{"day"', ':"today"}'),
            server_label="w",
            name="rain",
            arguments='{"day":"today"}',
            output="It rains.",
        ),
        message("It rains."),
    ),
    "a permission": replied(
        of_kind("mcp_approval_request", server_label="w", name="rain", arguments='{"day":"today"}')
    ),
    "code": replied(
        of_kind(
            "code_interpreter_call",
            *arguments("code_interpreter_call_code", "code", "print(", "1)"),
            code="print(1)",
            container_id="cn_1",
            outputs=[],
        ),
        message("It is 1."),
    ),
    "a picture": replied(
        of_kind(
            "image_generation_call",
            {
                "type": "response.image_generation_call.partial_image",
                "partial_image_index": 0,
                "partial_image_b64": "iVBORw0KGgo=",
            },
            result="iVBORw0KGgo=",
        )
    ),
    "a refusal": replied(
        (
            {**ITEM, "content": [{"type": "refusal", "refusal": "I can't do it."}]},
            [
                {"type": "response.refusal.delta", "content_index": 0, "delta": "I can't "},
                {"type": "response.refusal.delta", "content_index": 0, "delta": "do it."},
                {"type": "response.refusal.done", "content_index": 0, "refusal": "I can't do it."},
            ],
        )
    ),
    "cut off": replied(
        message("A mild"), status="incomplete", incomplete_details={"reason": "max_output_tokens"}
    ),
    "other events": [
        {"type": "codex.rate_limits", "plan": "pro"},
        {"type": "keepalive"},
        *replied(message("A mild day.")),
    ],
    "halves": replied(message("Sun \ud83c", "\udf1e over", " all. Fine.")),
    "likely words": replied(
        message(
            "Fine.",
            logprobs=[{"token": "Fine.", "logprob": -0.1, "bytes": [70], "top_logprobs": []}],
        )
    ),
}


def as_events(chunks: list[Json]) -> bytes:
    """Chunks as they are sent: those of the responses endpoint by their names."""
    named = any(str(chunk.get("type", "")).startswith("response.") for chunk in chunks)
    lines = [
        (f"event: {chunk['type']}\n" if named else "") + f"data: {json.dumps(chunk)}\n\n"
        for chunk in chunks
    ]
    return ("".join(lines) + ("" if named else "data: [DONE]\n\n")).encode()
