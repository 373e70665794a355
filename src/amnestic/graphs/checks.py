"""An agent's answer is used only when it is what was asked for.

A verdict that cannot be read is not a clean one: each check raises `AgentError`, and the graph
fails closed.
"""

from __future__ import annotations

from typing import Any

from amnestic.agents.contracts import Rating, Scrubbed, Vet, VetVerdict
from amnestic.exceptions import AgentError
from amnestic.types import Finding

__all__ = ["candidates", "findings", "ratings", "scrubbed", "verdict", "words"]


def verdict(answer: Any) -> VetVerdict:
    """A vetter's answer, if it is a verdict."""
    if isinstance(answer, VetVerdict) and isinstance(answer.vet, Vet):
        return answer
    raise _unreadable("vetter", answer)


def scrubbed(answer: Any) -> Scrubbed:
    """A scrubber's answer, if it is a conversation."""
    if isinstance(answer, Scrubbed) and isinstance(answer.conversation, tuple):
        return answer
    raise _unreadable("scrubber", answer)


def findings(answer: Any) -> tuple[Finding, ...]:
    """An auditor's answer, if it is a tuple of findings; `None` is not a clean verdict."""
    if isinstance(answer, tuple) and all(isinstance(f, Finding) for f in answer):
        return answer
    raise _unreadable("auditor", answer)


def candidates(answer: Any, most: int) -> tuple[str, ...]:
    """A rewriter's answer, if it is a tuple of at most `most` texts."""
    if (
        isinstance(answer, tuple)
        and len(answer) <= most
        and all(isinstance(text, str) and text.strip() for text in answer)
    ):
        return answer
    raise _unreadable("rewriter", answer)


def ratings(answer: Any, count: int) -> tuple[Rating, ...]:
    """A critic's answer, if it rates each of `count` candidates with marks from 1 to 5."""
    if (
        isinstance(answer, tuple)
        and len(answer) == count
        and all(isinstance(r, Rating) and _marked(r) for r in answer)
    ):
        return answer
    raise _unreadable("critic", answer)


def words(answer: Any) -> str:
    """An abstainer's answer, if it says something."""
    if isinstance(answer, str) and answer.strip():
        return answer
    raise _unreadable("abstainer", answer)


def _marked(rating: Rating) -> bool:
    marks = (rating.forgetting, rating.usefulness, rating.naturalness)
    return all(isinstance(mark, int) and 1 <= mark <= 5 for mark in marks)


def _unreadable(agent: str, answer: Any) -> AgentError:
    return AgentError(f"the {agent} gave a {type(answer).__name__} that cannot be read")
