"""Whole-list agents as in ALU: answer, audit and erase, criticise, compose."""

from __future__ import annotations

import re
from collections.abc import Sequence
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
        erase = [
            ERASE.format(answer=draft.text, version=i + 1, versions=VERSIONS, **about)
            for i in range(VERSIONS)
        ]
        versions = await self._say_all(turn, erase, varied=True)
        rate = [CRITIC.format(answer=version, **about) for version in versions]
        ratings = [_rating(said) for said in await self._say_all(turn, rate, varied=False)]
        if sum(ratings) / len(ratings) < ENOUGH:
            return self.refused()
        best = sorted(range(VERSIONS), key=lambda i: -ratings[i])[:MERGED]
        answers = "\n".join(f"{n + 1}. {versions[i]}" for n, i in enumerate(best))
        return Draft(await self._say(turn, COMPOSE.format(answers=answers, **about))), "composed"

    async def _say(self, turn: Turn, prompt: str) -> str:
        """What the agents' model says to one prompt."""
        (said,) = await self._say_all(turn, [prompt], varied=False)
        return said

    async def _say_all(self, turn: Turn, prompts: Sequence[str], *, varied: bool) -> list[str]:
        """What it says to each of some prompts; where answers are to vary, each by a seed."""
        asked = [
            ((Message.of("user", prompt),), self._options(turn, i if varied else None))
            for i, prompt in enumerate(prompts)
        ]
        return [draft.text.strip() for draft in await turn.ask_all(asked, self._model)]

    def _options(self, turn: Turn, number: int | None) -> dict[str, Any]:
        options: dict[str, Any] = {"temperature": 0}
        if number is not None:
            seed = turn.options.get("seed") or self.options.seed
            options = {"temperature": 0.7, "seed": seed + number}
        if "max_tokens" in turn.options:
            options["max_tokens"] = turn.options["max_tokens"]
        return options


def _rating(text: str) -> float:
    """The first number from 1 to 5 that a critic says; 1 where it says none.

    >>> _rating("I'd give it a 4."), _rating("Excellent!")
    (4.0, 1.0)
    """
    found = _NUMBER.search(text)
    return float(found.group()) if found else 1.0
