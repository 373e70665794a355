"""The composer: the best of the accepted candidates as one answer. Off by default."""

from __future__ import annotations

from collections.abc import Sequence

from amnestic.agents.contracts import Case
from amnestic.agents.model_engines.answers import ComposeAnswer
from amnestic.agents.model_engines.falling_back import or_locally
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.prompts.blocks import restore
from amnestic.prompts.loader import Prompts

__all__ = ["ModelComposer"]


class ModelComposer:
    """Merges candidates in one call. It sees no target: what it writes is audited like a draft,
    since a merger of clean texts need not be clean."""

    def __init__(self, judge: Judge, prompts: Prompts) -> None:
        self._judge = judge
        self._prompt = prompts["composer"]

    async def compose(self, case: Case, candidates: Sequence[str]) -> str:
        """One text; the first candidate when there is nothing to merge or the model gives nothing
        that could take its place."""
        if len(candidates) < 2:
            return candidates[0]
        merged = self._merged(case, candidates)
        return await or_locally("composer", merged, lambda: candidates[0])

    async def _merged(self, case: Case, candidates: Sequence[str]) -> str:
        prompt = self._prompt.render(question=case.verdict.question, candidates=list(candidates))
        answer = await self._judge.judge(Task("composer", prompt, ComposeAnswer))
        text = restore(answer.text.strip(), case.text)
        return text if text and not prompt.is_recited_in(text) else candidates[0]
