"""Agents that are loaded when the first draft needs them.

What is far from every target is neither rewritten nor rated, and what reads documents and prose so
that the rest still reads well is a twentieth of what a process loads before its first reply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache

from amnestic.agents.contracts import Case, Rating
from amnestic.agents.roles import Critic, Rewriter
from amnestic.tools.offload import offload

__all__ = ["CriticAtNeed", "RewriterAtNeed"]


class RewriterAtNeed:
    """A `Rewriter` that is made when it is first asked."""

    def __init__(self, make: Callable[[], Rewriter]) -> None:
        self._made = cache(make)

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """What the one that is made gives."""
        rewriter = await offload(self._made)
        return await rewriter.rewrite(case, count)


class CriticAtNeed:
    """A `Critic` that is made when it is first asked."""

    def __init__(self, make: Callable[[], Critic]) -> None:
        self._made = cache(make)

    async def criticise(self, case: Case, candidates: Sequence[str]) -> tuple[Rating, ...]:
        """What the one that is made gives."""
        critic = await offload(self._made)
        return await critic.criticise(case, candidates)
