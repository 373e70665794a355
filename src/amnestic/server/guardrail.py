"""LiteLLM's generic guardrail API: a gateway hands on what it is asked and what it was answered.

The request is cleaned before the gateway's model reads it, and remembered by its call id, since the
answer comes without its question. An answer is given back as it may be told; where a call of a tool
tells of a target, all of it is blocked, since a gateway takes no other call in its place.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from amnestic.agents.abstainer import worded_abstention
from amnestic.integrations.openai import ChatDialect, Json
from amnestic.models.fixed import FixedBackend
from amnestic.server.checks import json_body, read_model
from amnestic.server.documents import ERRORS
from amnestic.server.errors import ServerError
from amnestic.server.history import LONGEST_ID
from amnestic.server.service import Service
from amnestic.tools.offload import offload
from amnestic.tools.reading import settled_ends
from amnestic.types import Conversation, Draft, Generation, Message, ToolCall

__all__ = ["GuardrailRequest", "GuardrailResult", "guardrail_routes"]

_KIND = "guarded"
_UNASKED = (Message.of("user", "Please go on."),)
"""The question of an answer whose own is not known: its words are judged by what they tell."""

_MOST_ASKED = 16
"""Requests under one call id; which of more an answer belongs to is not known."""
_LOST = "The question of this answer is not known any more; please ask it again."
_AIR = {"role": "user", "content": "."}  # a history alone need not say anything


class GuardrailRequest(BaseModel):
    """What LiteLLM sends: the texts of a request or of a response, and what they stand in."""

    model_config = ConfigDict(extra="ignore")

    input_type: Literal["request", "response"]
    litellm_call_id: str | None = Field(default=None, max_length=LONGEST_ID)
    texts: list[str] | None = None
    structured_messages: list[dict[str, Any]] | None = None
    tools: list[dict[str, Any]] | None = None
    tool_calls: list[dict[str, Any]] | None = None
    request_data: dict[str, Any] = Field(default_factory=dict)
    additional_provider_specific_params: dict[str, Any] | None = None

    @property
    def blocks(self) -> bool:
        """Whether the gateway's settings want an answer blocked that would have to be changed: a
        gateway that streams what comes and takes nothing in its place can do no more."""
        return (self.additional_provider_specific_params or {}).get("on_leak") == "block"


class GuardrailResult(BaseModel):
    """What the gateway shall do: nothing, take what is given instead, or tell its caller that
    nothing can be told. `stream_holdback_chars` is how much of the end of each text of a stream has
    to wait for what comes behind it."""

    action: Literal["NONE", "GUARDRAIL_INTERVENED", "BLOCKED"]
    texts: list[str] | None = None
    structured_messages: list[dict[str, Any]] | None = None
    tools: list[dict[str, Any]] | None = None
    blocked_reason: str | None = None
    stream_holdback_chars: list[int] | None = None


def guardrail_routes(service: Service) -> APIRouter:
    """`/beta/litellm_basic_guardrail_api`, the path at which LiteLLM asks."""
    routes = APIRouter(tags=["gateways"])

    @routes.post(
        "/beta/litellm_basic_guardrail_api",
        summary="Clean what a gateway is asked and what it answers",
        responses={**ERRORS, 200: {"model": GuardrailResult}},
        response_model=GuardrailResult,
        response_model_exclude_none=True,
        openapi_extra={"requestBody": json_body(GuardrailRequest)},
    )
    async def guard(request: Request) -> GuardrailResult:
        owner, namespace = service.keys.check_gateway(request)
        asked = read_model(GuardrailRequest, await service.object_in(request))
        team = asked.request_data.get("user_api_key_team_id")
        namespace = service.settings.team_namespaces.get(str(team), namespace)
        guarding = _Guarding(service, owner, namespace)
        if asked.input_type == "request":
            return await guarding.asked(asked)
        return await guarding.answered(asked)

    return routes


class _Guarding:
    """One request of a gateway, in the namespace of its team or its key."""

    def __init__(self, service: Service, owner: bytes, namespace: str | None) -> None:
        self._service = service
        self._owner = owner
        self._layer = service.layer(namespace)
        self._dialect = ChatDialect()

    async def asked(self, given: GuardrailRequest) -> GuardrailResult:
        """What the gateway's model may read."""
        if given.tool_calls and not given.structured_messages:
            return await self._called(given)
        messages = given.structured_messages or [
            {"role": "user", "content": text} for text in given.texts or () if text.strip()
        ]
        body: Json = {"messages": messages, **({"tools": given.tools} if given.tools else {})}
        before = self._read(messages)
        await self._remember(given.litellm_call_id, messages)
        cleaned = self._dialect.within(
            body, await self._layer.aclean_fields(self._dialect.around(body))
        )
        after = await self._layer.aclean_request(before) if before else before
        if after != before:
            cleaned = self._dialect.edited(cleaned, before, after)
        result = _as_cleaned(given, body, cleaned)
        if result.action == "GUARDRAIL_INTERVENED" and given.texts:
            result.texts = [await self._text(text, _pairs(before, after)) for text in given.texts]
        return result

    async def _text(self, text: str, cleaned: dict[str, str]) -> str:
        """A text as it may be read: as it stands in the messages, or else by itself."""
        if text in cleaned or not text.strip():
            return cleaned.get(text, text)
        (alone,) = await self._layer.aclean_request(text)
        return alone.text

    async def answered(self, given: GuardrailRequest) -> GuardrailResult:
        """What the gateway's caller may be told."""
        questions = await self._questions(given.litellm_call_id)
        if not questions:
            return GuardrailResult(action="BLOCKED", blocked_reason=_LOST)
        calls = tuple(map(_call, given.tool_calls or ()))
        texts = given.texts or [""]
        told = [Draft(text, tool_calls=calls if i == 0 else ()) for i, text in enumerate(texts)]
        for question in questions:
            told = [await self._told(question, draft) for draft in told]
        said = [draft.text or draft.refusal for draft in told]
        changed = said != texts
        if told[0].tool_calls != calls or (changed and given.blocks):
            return _blocked(questions[0])
        return GuardrailResult(
            action="GUARDRAIL_INTERVENED" if changed else "NONE",
            texts=said if changed else None,
            stream_holdback_chars=[_unsettled(text) for text in said] if given.texts else None,
        )

    async def _called(self, given: GuardrailRequest) -> GuardrailResult:
        """A tool that the gateway is about to call, without the conversation around it."""
        calls = tuple(map(_call, given.tool_calls or ()))
        told = await self._told(_UNASKED, Draft(tool_calls=calls))
        return GuardrailResult(action="NONE") if told.tool_calls == calls else _blocked(_UNASKED)

    async def _told(self, question: Conversation, draft: Draft) -> Draft:
        """What may be told of a draft; what a stream may have given of it already stays."""
        stream = self._layer.astream(question, backend=FixedBackend(Generation((draft,))))
        async with stream:
            async for _ in stream:
                pass
        self._service.note(stream.receipt, self._layer.settings.namespace)
        return stream.outcome.generation.choices[0]

    async def _remember(self, call_id: str | None, messages: list[dict[str, Any]]) -> None:
        history = self._service.history
        if history is None or not call_id:
            return
        await offload(history.see, self._owner)
        await offload(history.keep, self._owner, _KIND, call_id, {"input": messages}, {})

    async def _questions(self, call_id: str | None) -> list[Conversation]:
        """All that the gateway was asked under a call id, which its callers may choose themselves;
        none where it is lost. A gateway that has never handed on what it is asked shows its answers
        alone, and none of its questions are."""
        history = self._service.history
        if history is None or not call_id:
            return [_UNASKED]
        kept = await offload(history.all, self._owner, _KIND, call_id, _MOST_ASKED + 1)
        if not kept:
            return [] if await offload(history.has_seen, self._owner) else [_UNASKED]
        if len(kept) > _MOST_ASKED:
            return []
        read = [self._read(one.asked["input"]) or _UNASKED for one in kept]
        return [question for i, question in enumerate(read) if question not in read[:i]]

    def _read(self, messages: list[dict[str, Any]]) -> Conversation:
        """A history; nothing where it has no text at all, as one of calls without arguments."""
        body = {"messages": [*messages, _AIR]}
        read = self._dialect.conversation(body, self._layer.settings.max_chars)[:-1]
        return read if any(map(_says, read)) else ()


def _as_cleaned(given: GuardrailRequest, body: Json, cleaned: Json) -> GuardrailResult:
    if cleaned == body:
        return GuardrailResult(action="NONE")
    told = GuardrailResult(action="GUARDRAIL_INTERVENED")
    if given.structured_messages and cleaned["messages"] != body["messages"]:
        told.structured_messages = cleaned["messages"]
    if cleaned.get("tools") != body.get("tools"):
        told.tools = cleaned.get("tools")
        if not told.tools:  # which a gateway takes for a word that nothing shall change
            return _blocked(())
    return told


def _pairs(before: Conversation, after: Conversation) -> dict[str, str]:
    """What has become of each text of a conversation."""
    return {
        old.text: new.text
        for was, is_now in zip(before, after, strict=True)
        for old, new in zip(was.parts, is_now.parts, strict=False)
    }


def _blocked(question: Sequence[Message]) -> GuardrailResult:
    asked = next((m.text for m in reversed(question) if m.role == "user"), "")
    return GuardrailResult(action="BLOCKED", blocked_reason=worded_abstention(asked))


def _says(message: Message) -> bool:
    texts = (message.text, message.reasoning, *(call.arguments for call in message.tool_calls))
    return bool(message.opaque_kinds) or any(text.strip() for text in texts)


def _unsettled(text: str) -> int:
    """How much of the end of a text may still become part of what has to go."""
    return len(text) - max(settled_ends(text), default=0)


def _call(raw: dict[str, Any]) -> ToolCall:
    inner = raw.get("function")
    inner = inner if isinstance(inner, dict) else {}
    found = [raw.get("id"), inner.get("name"), inner.get("arguments")]
    if not all(value is None or isinstance(value, str) for value in found):
        raise ServerError(400, "tool_calls: an id, a name and arguments are strings")
    return ToolCall(*(value or "" for value in found))
