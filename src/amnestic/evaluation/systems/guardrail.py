"""A chat model that is asked whether a question, or an answer, concerns the list."""

from __future__ import annotations

import re

from amnestic.evaluation.systems.list_reader import ListReader
from amnestic.evaluation.systems.prompts import INPUT_GUARD, OUTPUT_GUARD
from amnestic.evaluation.systems.turn import Turn, last_question
from amnestic.types import Draft, Message

__all__ = ["Guardrail"]

_YES = re.compile(r"\W*yes\b", re.IGNORECASE)


class Guardrail(ListReader):
    """Filters input and output with a chat model, after "Guardrail Baselines for Unlearning in
    LLMs" (arXiv 2403.03329, filtering). Whatever does not begin with "yes" passes, as in
    the products that parse such verdicts."""

    name = "guardrail"
    description = (
        "a chat model is asked whether the question, then whether the answer, concerns the list "
        "(Guardrail Baselines, arXiv 2403.03329, filtering)"
    )

    async def _reply(self, turn: Turn) -> tuple[Draft, str]:
        question = last_question(turn.conversation)
        if await self._says_yes(turn, INPUT_GUARD.format(subjects=self._listed, question=question)):
            return self.refused()
        draft = await turn.ask()
        told = "\n".join(text for _, text in draft.told())
        if await self._says_yes(turn, OUTPUT_GUARD.format(subjects=self._listed, answer=told)):
            return self.refused()
        return draft, "passed"

    async def _says_yes(self, turn: Turn, prompt: str) -> bool:
        options = {"temperature": 0, "max_tokens": 8}
        asked = (Message.of("user", prompt),)
        said = await turn.ask(asked, options, backend=self._model, aside=True)
        return _YES.match(said.text) is not None
