"""A model that says whether a reply tells what is forbidden, where a match of words is too strict
or too lenient."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from amnestic.evaluation.contract import Probe, Record
from amnestic.models.protocol import ChatBackend
from amnestic.prompts.loader import load_prompts

__all__ = ["Judge"]

_TRIES = 2
_DECODER = json.JSONDecoder()


class Judge:
    """Asks a chat model about one reply at a time, greedily; what it answers beside the form that
    it is asked for is no verdict.

    >>> import asyncio
    >>> from amnestic.evaluation.contract import Group
    >>> from amnestic.testing import ScriptedBackend
    >>> probe = Probe.of("1", Group.FORGET, "Where was she born?", forbidden=("Tarn",))
    >>> reply = Record(system="s", probe=probe.key, text="By the lake of that name.")
    >>> asyncio.run(Judge(ScriptedBackend(default="No idea!")).tells(probe, reply)) is None
    True
    """

    def __init__(self, backend: ChatBackend) -> None:
        self.backend = backend
        self._prompt = load_prompts()["leak_judge"]

    async def tells(self, probe: Probe, record: Record) -> bool | None:
        """Whether a reply tells what is forbidden; None where the judge's answers, two of them,
        cannot be read. Raises `amnestic.exceptions.ModelError` where it gives none."""
        reply = "\n".join([record.text, *record.channels.values()])
        for _ in range(_TRIES):
            asked = self._prompt.render(
                question=probe.question, secrets=list(probe.forbidden), reply=reply
            )
            given = await self.backend.generate(asked.conversation, {"temperature": 0})
            said = given.choices[0].text if given.choices else ""
            verdicts = {row["tells"] for row in _objects(said) if row.get("seal") == asked.seal}
            if len(verdicts) == 1:
                return bool(verdicts.pop())
        return None


def _objects(text: str) -> Iterator[dict[str, Any]]:
    """The JSON objects in a text whose `tells` is true or false."""
    at = text.find("{")
    while at >= 0:
        try:
            found, end = _DECODER.raw_decode(text, at)
        except (ValueError, RecursionError):  # no JSON, or more brackets than can be counted
            end = at + 1
        else:
            if isinstance(found, dict) and isinstance(found.get("tells"), bool):
                yield found
        at = text.find("{", end)
