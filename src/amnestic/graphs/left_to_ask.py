"""What is left to be asked once what belongs to a target was taken out of a conversation."""

from __future__ import annotations

from dataclasses import replace

from amnestic.agents.contracts import VetVerdict
from amnestic.agents.pasted import is_request
from amnestic.agents.scrubber import NOTHING_LEFT
from amnestic.graphs.state import State
from amnestic.types import Conversation

__all__ = ["asked_now", "asks_nothing"]


def asked_now(verdict: VetVerdict, state: State, plain: Conversation) -> VetVerdict:
    """The verdict on what is left to be asked, where documents that were pasted into the question
    lost what belongs to a target: what the model did not see cannot taint its answer. Where a
    request itself leans on what went ("I like Osk. How old is she?"), it is asked as it was."""
    before, after = _last_words(state["conversation"]), _last_words(plain)
    if before == after or verdict.question.strip() != before.strip() or _leans(verdict, after):
        return verdict
    return replace(verdict, question=after, parts=(), beyond=True)


def _leans(verdict: VetVerdict, after: str) -> bool:
    """Whether one of several parts of a question is a request that is near a target, and is asked
    as it was `after` the others lost what belongs to one."""
    parts = verdict.parts if len(verdict.parts) > 1 else ()
    asked = (verdict.question[p.span.start : p.span.end].strip() for p in parts if p.assessments)
    return any(is_request(part) and part in after for part in asked)


def _last_words(conversation: Conversation) -> str:
    last = next((m for m in reversed(conversation) if m.role == "user"), None)
    return last.text if last is not None else ""


def asks_nothing(conversation: Conversation) -> bool:
    """Whether nothing is left of the last user turn."""
    return _last_words(conversation).strip() == NOTHING_LEFT
