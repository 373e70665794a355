"""Whole-list agents as in ALU: answer, audit and erase, criticise, compose."""

from __future__ import annotations

import re
from typing import Any

from amnestic.evaluation.systems.list_reader import ListReader
from amnestic.evaluation.systems.prompts import AUDIT, COMPOSE, CRITIC, ERASE
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.types import Draft, Message

__all__ = ["WholeListAgents"]

VERSIONS, MERGED, ENOUGH = 5, 3, 4.0
"""k rewrites, the j best of them merged, and the mean rating at which they are."""

_NUMBER = re.compile(r"(?<!\d)[1-5](?!\d)")


class WholeListAgents(ListReader):
    """The published procedure of ALU (arXiv 2502.00406, and its released code), with
    prompts of this project's own.

    A plain answer is audited against the whole list. Where the auditor says NONE it is given as it
    is. Otherwise it is rewritten five times, each version is rated from 1 to 5, and where the mean
    is 4.0 or more the three best are merged; if not, it is refused. Nothing is checked after the
    merging. Where ALU shows its agents examples of each step, these are shown none.
    """

    name = "whole-list agents"
    description = (
        "four agents that are shown the whole list: answer, audit and erase (k = 5), criticise "
        "(1 to 5), compose (top 3 at a mean of 4.0) (ALU, arXiv 2502.00406)"
    )

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        draft = await turn.ask()
        about = {"question": last_question(turn.conversation), "subjects": self._listed}
        found = await self._say(turn, AUDIT.format(answer=draft.text, **about))
        if "none" in found.casefold():
            return draft, "passed"
        about["names"] = " ".join(found.split())
        versions = [
            await self._say(turn, ERASE.format(answer=draft.text, version=i + 1, versions=VERSIONS,
                                               **about), varied=i)
            for i in range(VERSIONS)
        ]  # fmt: skip
        ratings = [
            _rating(await self._say(turn, CRITIC.format(answer=v, **about))) for v in versions
        ]
        if sum(ratings) / len(ratings) < ENOUGH:
            return self.refused()
        best = sorted(range(VERSIONS), key=lambda i: -ratings[i])[:MERGED]
        answers = "\n".join(f"{n + 1}. {versions[i]}" for n, i in enumerate(best))
        return Draft(await self._say(turn, COMPOSE.format(answers=answers, **about))), "composed"

    async def _say(self, turn: Turn, prompt: str, varied: int | None = None) -> str:
        """What the agents' model says to one prompt; where answers are to vary, with a seed."""
        options: dict[str, Any] = {"temperature": 0}
        if varied is not None:
            seed = turn.options.get("seed") or self.options.seed
            options = {"temperature": 0.7, "seed": seed + varied}
        if "max_tokens" in turn.options:
            options["max_tokens"] = turn.options["max_tokens"]
        asked = (Message.of("user", prompt),)
        return (await turn.ask(asked, options, backend=self._model, aside=True)).text.strip()


def _rating(text: str) -> float:
    """The first number from 1 to 5 that a critic says; 1 where it says none.

    >>> _rating("I'd give it a 4."), _rating("Excellent!")
    (4.0, 1.0)
    """
    found = _NUMBER.search(text)
    return float(found.group()) if found else 1.0
