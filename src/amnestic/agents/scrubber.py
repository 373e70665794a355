"""The scrubber: knowledge handed back in context is knowledge again, so it is taken out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from amnestic.agents.abstainer import worded_abstention
from amnestic.agents.auditor import LocalAuditor
from amnestic.agents.contracts import Scrubbed, VetVerdict
from amnestic.agents.fields import cleaned_fields
from amnestic.agents.masking import Mask, mask_of
from amnestic.agents.pasted import is_request, order_and_text
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Context
from amnestic.tools.reading import segments
from amnestic.types import Conversation, Message, Part, ToolCall

__all__ = ["NOTHING_LEFT", "LocalScrubber"]

NOTHING_LEFT = "…"
"""What stands for a turn of which nothing may stay: many models take no empty message."""

_TURNS = ("user", "assistant")


class LocalScrubber:
    """Takes out of every tainted message the sentences, lines and records that tell of a target.

    JSON, tables and records keep their shape. Questions stay as they were asked, but for the names
    of targets, in whose places invented ones stand. In the last user turn only the statements
    (documents pasted around a question) are scrubbed. An answer of which nothing is left becomes
    the sentence that says so: a model takes a mere mark for the manner in which it answers.
    """

    def __init__(self, auditor: LocalAuditor) -> None:
        self._auditor = auditor

    async def scrub(self, conversation: Conversation, verdict: VetVerdict) -> Scrubbed:
        """The conversation that the wrapped model may see."""
        return await offload(self._scrub, conversation, verdict)

    async def fields(self, fields: Mapping[str, Any], namespace: str) -> dict[str, Any]:
        """The fields around a conversation without what belongs to a target."""
        context = Context(namespace)

        def leaks(text: str) -> bool:
            return bool(self._auditor.leaks(text, "", context))

        return await offload(cleaned_fields, fields, leaks)

    def _scrub(self, conversation: Conversation, verdict: VetVerdict) -> Scrubbed:
        tainted = set(verdict.tainted)
        messages = tuple(
            self._scrub_message(message, verdict)
            if i in tainted or message.role == "user"
            else message
            for i, message in enumerate(conversation)
        )
        messages = _with_answers(conversation, messages)
        mask = self._mask(messages, verdict)
        masked = tuple(_masked(message, mask) for message in messages) if mask else messages
        changed = sum(a is not b for a, b in zip(conversation, masked, strict=True))
        return Scrubbed(masked, changed, messages, mask)

    def _mask(self, messages: Conversation, verdict: VetVerdict) -> Mask:
        """Invented names for those that users have said; one target has one in all turns."""
        mask = verdict.mask
        for message in messages:
            if message.role == "user" and message.text.strip():
                found = self._auditor.assessed(message.text, verdict.context)
                mask = mask.joined(mask_of(message.text, found))
        return mask

    def _scrub_message(self, message: Message, verdict: VetVerdict) -> Message:
        parts = tuple(self._scrub_part(part, message.role, verdict) for part in message.parts)
        calls = tuple(self._scrub_call(call, verdict) for call in message.tool_calls)
        reasoning = message.reasoning
        if reasoning and self._leaks(reasoning, verdict):
            reasoning = ""
        name = message.name
        if name and message.role != "tool" and self._leaks(name.replace("_", " "), verdict):
            name = None
        return _replaced(message, parts=parts, tool_calls=calls, reasoning=reasoning, name=name)

    def _scrub_part(self, part: Part, role: str, verdict: VetVerdict) -> Part:
        if part.kind != "text" or not part.text.strip():
            return part
        text = self._scrub_text(part.text, role, verdict)
        if role in _TURNS and not text.strip():
            text = NOTHING_LEFT
        return part if text == part.text else replace(part, text=text)

    def _scrub_text(self, text: str, role: str, verdict: VetVerdict) -> str:
        from amnestic.tools.documents import cut, redact_observation, redact_structured

        def leaks(piece: str) -> bool:
            return self._leaks(piece, verdict)

        if role != "user":
            return redact_observation(text, leaks)
        pasted = redact_structured(text, leaks)
        if pasted is not None:
            return pasted
        if len(segments(text)) < 2:
            return text
        order, given = order_and_text(text)
        return order + cut(given, lambda s: not is_request(s) and leaks(s))

    def _scrub_call(self, call: ToolCall, verdict: VetVerdict) -> ToolCall:
        from amnestic.tools.documents import redact_json_text

        arguments = redact_json_text(call.arguments, lambda s: self._leaks(s, verdict))
        if arguments is None or arguments == call.arguments:
            return call
        return replace(call, arguments=arguments)

    def _leaks(self, text: str, verdict: VetVerdict) -> bool:
        return bool(self._auditor.leaks(text, "", replace(verdict.context, reply=False)))


def _with_answers(before: Conversation, scrubbed: Conversation) -> Conversation:
    """The conversation in which every answer that is gone is one of not knowing, in the language
    of its question. One that is still to be gone on with, or that calls a tool, says nothing."""
    asked, answered = "", []
    for i, (told, message) in enumerate(zip(before, scrubbed, strict=True)):
        is_whole = i + 1 < len(before) and not message.tool_calls
        if message.role == "assistant" and is_whole and told.text != message.text:
            message = _answering(message, worded_abstention(asked))
        answered.append(message)
        asked = message.text if message.role == "user" else asked
    return tuple(answered)


def _answering(message: Message, said: str) -> Message:
    """The message with `said` at the first place of a text of which nothing is left at all."""
    texts = [i for i, part in enumerate(message.parts) if part.kind == "text"]
    if any(message.parts[i].text != NOTHING_LEFT for i in texts):
        return message
    parts = list(message.parts)
    parts[texts[0]] = replace(parts[texts[0]], text=said)
    return replace(message, parts=tuple(parts))


def _masked(message: Message, mask: Mask) -> Message:
    parts = tuple(
        replace(part, text=mask.applied(part.text)) if part.kind == "text" else part
        for part in message.parts
    )
    return _replaced(message, parts=parts)


def _replaced(message: Message, **values: Any) -> Message:
    """The message itself where nothing of it changes, which its identity tells."""
    changed = replace(message, **values)
    return message if changed == message else changed
