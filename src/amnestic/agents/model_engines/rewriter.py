"""The rewriter's model engine: the draft as someone would write it who never heard of a target."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable

from amnestic.agents.contracts import Case, Rewriter
from amnestic.agents.model_engines.agent_model import AgentModel
from amnestic.agents.model_engines.answers import RewriteAnswer
from amnestic.agents.model_engines.cards import cards_of
from amnestic.agents.model_engines.judge import Judge, Task
from amnestic.agents.model_engines.ledger import current_ledger
from amnestic.agents.model_engines.long_drafts import part_of
from amnestic.agents.model_engines.probing import Ability
from amnestic.prompts.blocks import restore
from amnestic.prompts.loader import Prompts, Rendered
from amnestic.tools.documents import is_json, keeps_form
from amnestic.tools.offload import offload
from amnestic.tools.protocols import Detector
from amnestic.tools.reading import language_of

__all__ = ["ModelRewriter"]

_LONGEST = 12_000  # characters of a draft that a model rewrites; of longer ones a part
_VARIETY = {"temperature": 0.8}
_SCAFFOLD = re.compile(r"<<<|‹‹‹|\bsubject \d+\b|\bend of draft\b|\"candidates\"", re.IGNORECASE)


class ModelRewriter:
    """Asks a model for the candidates in one structured call, or, of a model that cannot answer in
    a given form, in several plain calls at once.

    A candidate that is empty, is the draft itself, is in another language, has lost the form of a
    JSON answer, is far longer than the draft or holds pieces of the prompt is dropped. Where the
    model gives fewer than were asked for, the local engine's candidates fill up; the critic and
    the detectors judge all alike.
    """

    def __init__(
        self,
        local: Rewriter,
        detector: Detector,
        judge: Judge,
        model: AgentModel,
        prompts: Prompts,
    ) -> None:
        self._local = local
        self._detector = detector
        self._judge = judge
        self._model = model
        self._prompt = prompts["rewriter"]

    async def rewrite(self, case: Case, count: int) -> tuple[str, ...]:
        """At most `count` candidates; raises `ModelError` when the model gives no answer."""
        if len(case.text) > _LONGEST:
            return await self._in_part(case, count)
        local, given = await asyncio.gather(self._locally(case, count), self._by_model(case, count))
        return tuple(dict.fromkeys((*given[:count], *local)))[:count]

    async def _in_part(self, case: Case, count: int) -> tuple[str, ...]:
        """Candidates for a long draft: the part that leaks is rewritten. Where there is no such
        part, the local engine does it alone, and the receipt says so."""
        part = part_of(case, _LONGEST)
        if part is None:
            current_ledger().leave_out()
            return await self._locally(case, count)
        return tuple(map(part.rejoined, await self.rewrite(part.case, count)))

    async def _locally(self, case: Case, count: int) -> tuple[str, ...]:
        local = await self._local.rewrite(case, count)
        if not is_json(case.text):
            return local
        return tuple(text for text in local if keeps_form(text, case.text, case.schema))

    async def _by_model(self, case: Case, count: int) -> list[str]:
        ability = await self._judge.ability()
        inputs, in_form = await self._inputs(case, count), ability is not Ability.PLAIN
        prompt = self._prompt.render(**inputs, structured=in_form)
        given = await (self._structured(prompt) if in_form else self._plainly(inputs, count))
        return [text for text in _usable(given, case) if not prompt.is_recited_in(text)]

    async def _inputs(self, case: Case, count: int) -> dict[str, object]:
        ids = [f.target_id for f in case.findings]
        cards = await offload(cards_of, self._detector, ids)
        spans = sorted({(s.start, s.end) for f in case.findings for s in f.spans})
        return {
            "question": case.verdict.question,
            "draft": case.text,
            "targets": list(cards.values()),
            "quotes": [case.text[start:end] for start, end in spans[:12]],
            "reasons": list(case.reasons[:6]),
            "count": count,
        }

    async def _structured(self, prompt: Rendered) -> list[str]:
        answer = await self._judge.judge(Task("rewriter", prompt, RewriteAnswer))
        return answer.candidates

    async def _plainly(self, inputs: dict[str, object], count: int) -> list[str]:
        prompts = [self._prompt.render(**inputs, structured=False) for _ in range(count)]
        asked = (self._model.ask("rewriter", p.conversation, _VARIETY) for p in prompts)
        return [draft.text for draft in await asyncio.gather(*asked)]


def _usable(candidates: Iterable[str], case: Case) -> list[str]:
    restored = (restore(text.strip(), case.text) for text in candidates)
    return [text for text in dict.fromkeys(restored) if _is_usable(text, case)]


def _is_usable(text: str, case: Case) -> bool:
    if not text or text == case.text.strip() or len(text) > 2 * len(case.text) + 200:
        return False
    if _SCAFFOLD.search(text) and not _SCAFFOLD.search(case.text):
        return False
    if is_json(case.text):
        return keeps_form(text, case.text, case.schema)
    return language_of(text) == language_of(case.text) or len(text) < 40
