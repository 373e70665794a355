"""Cleaning what goes into a model or an agent's memory: the first half of the review path alone.

A door that hands tool results, retrieved passages, summaries or memories to an agent cleans them
here before the agent, its state, its streams or its traces see them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any

from amnestic.agents.contracts import Vet, VetVerdict
from amnestic.agents.roles import Crew
from amnestic.isolation import run_isolated
from amnestic.models.values import strings_in
from amnestic.tools.offload import offload
from amnestic.types import Conversation, Message

__all__ = ["WITHHELD", "clean_fields", "clean_inputs", "clean_request"]

WITHHELD = "No result."
"""What stands in the place of a text of which nothing may stay, or that could not be judged."""


async def clean_inputs(
    crew: Crew, refresh: Callable[[], None], conversation: Conversation, namespace: str, since: int
) -> Conversation:
    """The conversation, in which the messages from `since` on hold nothing of a target.

    Those before `since` are read for what the conversation is about, and given back as they are.
    A message that is far from every target is the object that was given. Fails closed: when an
    agent fails, every message from `since` on is withheld.
    """

    async def scrubbed(verdict: VetVerdict) -> Conversation:
        company = _with_company(verdict, since, len(conversation))
        told = (await crew.scrubber.scrub(conversation, company)).conversation
        return (*conversation[:since], *told[since:])

    return await _cleaned(crew, refresh, conversation, namespace, scrubbed, since)


async def clean_request(
    crew: Crew, refresh: Callable[[], None], conversation: Conversation, namespace: str
) -> Conversation:
    """The conversation as a model elsewhere may read it: without what messages tell of a target,
    the users' questions as they were asked, since nobody takes an invented name out of the answer
    again. Fails closed as `clean_inputs` does."""

    async def scrubbed(verdict: VetVerdict) -> Conversation:
        told = await crew.scrubber.scrub(conversation, verdict)
        return told.plain or told.conversation

    return await _cleaned(crew, refresh, conversation, namespace, scrubbed, 0)


async def clean_fields(
    crew: Crew, refresh: Callable[[], None], fields: Mapping[str, Any], namespace: str
) -> dict[str, Any]:
    """The fields around a conversation, in which nothing of a target is told. Fails closed: when
    an agent fails, only those are left that hold no words at all."""
    if not any(strings_in(list(fields.values()), keys=True)):
        return dict(fields)

    async def work() -> dict[str, Any]:
        await offload(refresh)
        return await crew.scrubber.fields(fields, namespace)

    try:
        return await run_isolated(work)
    except Exception:  # noqa: BLE001 - fails closed: what could not be judged is not passed
        return {
            key: value for key, value in fields.items() if not any(strings_in(value, keys=True))
        }


async def _cleaned(
    crew: Crew,
    refresh: Callable[[], None],
    conversation: Conversation,
    namespace: str,
    scrubbed: Callable[[VetVerdict], Awaitable[Conversation]],
    since: int,
) -> Conversation:
    async def work() -> Conversation:
        await offload(refresh)
        verdict = await crew.vetter.vet(conversation, namespace)
        if verdict.vet is Vet.CLEAR:
            return conversation
        told = await scrubbed(verdict)
        return tuple(_never_blank(old, new) for old, new in zip(conversation, told, strict=True))

    try:
        return await run_isolated(work)
    except Exception:  # noqa: BLE001 - fails closed: what could not be judged is not passed
        return (*conversation[:since], *(m.with_text(WITHHELD) for m in conversation[since:]))


def _with_company(verdict: VetVerdict, since: int, count: int) -> VetVerdict:
    """The verdict, in which what the last question asks for counts as company for weak signs, and
    every message from `since` on is to be read again in that company."""
    asked = {a.target_id: a.score for part in verdict.parts for a in part.assessments}
    sticky = {**asked, **verdict.context.sticky}
    context = replace(verdict.context, sticky=sticky)
    return replace(verdict, context=context, tainted=tuple(range(since, count)))


def _never_blank(old: Message, new: Message) -> Message:
    """A message that lost all its text says so: providers refuse empty ones."""
    return new.with_text(WITHHELD) if old.text.strip() and not new.text.strip() else new
